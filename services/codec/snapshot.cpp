#include "services/codec/snapshot.hpp"

#include "services/codec/fingerprint.hpp"
#include "services/codec/frame.hpp"
#include "services/codec/table_reader.hpp"
#include "services/codec/table_writer.hpp"
#include "snapshot_generated.h"

namespace understudy {
namespace {

using Tag = fb::ActorState;

constexpr Tag tag_for(const endpoint::State&) { return Tag::endpoint_State; }
constexpr Tag tag_for(const pool::State&) { return Tag::pool_State; }
constexpr Tag tag_for(const instance::State&) { return Tag::instance_State; }
constexpr Tag tag_for(const autoscaler::State&) {
  return Tag::autoscaler_State;
}

template <class State>
constexpr std::uint64_t layout = codec::layout_fingerprint<State>();

Error refused(ErrorCode code, std::string message) {
  return {code, "snapshot: " + std::move(message)};
}

/// A fleet's endpoint may hold more than a verifier's usual million tables.
bool verified(Bytes content) {
  flatbuffers::Verifier::Options options;
  options.max_tables = static_cast<flatbuffers::uoffset_t>(
      content.size() / sizeof(flatbuffers::soffset_t));
  flatbuffers::Verifier verifier(
      reinterpret_cast<const std::uint8_t*>(content.data()), content.size(),
      options);
  return fb::VerifySnapshotBuffer(verifier);
}

}  // namespace

template <class State>
void encode_snapshot(const State& state, std::uint16_t decider_version,
                     const SnapshotPlace& place, std::vector<std::byte>& out) {
  codec::Builder builder;
  const flatbuffers::Offset<void> stored(
      codec::write_table(builder, state, codec::IfEmpty::write));
  fb::FinishSnapshotBuffer(
      builder, fb::CreateSnapshot(builder, layout<State>, decider_version,
                                  place.sequence, place.version,
                                  place.delivered, tag_for(state), stored));
  const auto* start =
      reinterpret_cast<const std::byte*>(builder.GetBufferPointer());
  codec::append_frame({start, builder.GetSize()}, out);
}

template <class State>
Result<SnapshotPlace> decode_snapshot(Bytes bytes,
                                      std::uint16_t decider_version,
                                      State& state) {
  std::vector<std::byte> copy;
  const auto content = codec::open_frame(codec::aligned(bytes, copy));
  if (!content) return refused(content.error().code, content.error().message);
  if (!verified(content.value())) {
    return refused(ErrorCode::corrupt,
                   "structure does not hold; expected a FlatBuffer of "
                   "snapshot.fbs");
  }
  const auto& stored = *fb::GetSnapshot(content.value().data());
  if (stored.state_type() != tag_for(state) || stored.state() == nullptr)
    return refused(ErrorCode::corrupt, "the state of another kind of actor");
  if (stored.decider_version() != decider_version) {
    return refused(ErrorCode::too_new,
                   "rules of version " +
                       std::to_string(stored.decider_version()) +
                       "; expected " + std::to_string(decider_version));
  }
  if (stored.layout() != layout<State>) {
    return refused(ErrorCode::too_new,
                   "another layout of the state; expected this build's");
  }
  codec::TableReader reader(content.value().size());
  reader.read(*static_cast<const codec::Table*>(stored.state()), state);
  if (!reader.ok()) return reader.take_error();
  return SnapshotPlace{stored.sequence(), stored.version(), stored.delivered()};
}

#define UNDERSTUDY_SNAPSHOT_OF(State)                        \
  template void encode_snapshot(const State&, std::uint16_t, \
                                const SnapshotPlace&,        \
                                std::vector<std::byte>&);    \
  template Result<SnapshotPlace> decode_snapshot(Bytes, std::uint16_t, State&);
UNDERSTUDY_SNAPSHOT_OF(endpoint::State)
UNDERSTUDY_SNAPSHOT_OF(pool::State)
UNDERSTUDY_SNAPSHOT_OF(instance::State)
UNDERSTUDY_SNAPSHOT_OF(autoscaler::State)
#undef UNDERSTUDY_SNAPSHOT_OF

}  // namespace understudy
