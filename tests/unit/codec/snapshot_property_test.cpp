#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "services/codec/snapshot.hpp"
#include "tests/support/generate.hpp"

namespace understudy {
namespace {

using testing::any;

SnapshotPlace any_place() {
  return {*any<std::uint64_t>(), *any<std::uint64_t>(), *any<std::uint64_t>()};
}

template <class State>
void gives_back() {
  const auto state = *any<State>();
  const auto place = any_place();
  const auto version = *any<std::uint16_t>();
  std::vector<std::byte> bytes;
  encode_snapshot(state, version, place, bytes);
  auto decoded = *any<State>();
  const auto found = decode_snapshot(bytes, version, decoded);
  RC_ASSERT(found.ok());
  RC_ASSERT((found.value() == place));
  RC_ASSERT((decoded == state));
  std::vector<std::byte> again;
  encode_snapshot(decoded, version, place, again);
  RC_ASSERT(again == bytes);
}

RC_GTEST_PROP(Snapshot, GivesBackAnEndpoint, ()) {
  gives_back<endpoint::State>();
}
RC_GTEST_PROP(Snapshot, GivesBackAPool, ()) { gives_back<pool::State>(); }
RC_GTEST_PROP(Snapshot, GivesBackAnInstance, ()) {
  gives_back<instance::State>();
}
RC_GTEST_PROP(Snapshot, GivesBackAnAutoscaler, ()) {
  gives_back<autoscaler::State>();
}

RC_GTEST_PROP(Snapshot, RefusesEveryBitFlip, ()) {
  std::vector<std::byte> bytes;
  encode_snapshot(*any<pool::State>(), 1, any_place(), bytes);
  const auto at = *rc::gen::inRange<std::size_t>(0, bytes.size());
  bytes[at] ^= std::byte{1} << *rc::gen::inRange(0, 8);
  pool::State state;
  const auto decoded = decode_snapshot(bytes, 1, state);
  RC_ASSERT_FALSE(decoded.ok());
  RC_ASSERT((decoded.error().code == ErrorCode::corrupt));
}

}  // namespace
}  // namespace understudy
