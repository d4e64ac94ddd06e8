#include "tests/support/tiny_runtime.hpp"

#include <gtest/gtest.h>

#include "actors/runtime/verify.hpp"
#include "services/codec/record_codec.hpp"
#include "tests/support/memory_log.hpp"
#include "tests/support/small_story.hpp"

namespace understudy {
namespace {

TEST(TinyRuntime, its_log_verifies) {
  const TinyRuntime tiny = small_story();
  const auto codec = make_record_codec();
  MemoryLog log;
  std::uint64_t sequence = 0;
  for (const Record& record : tiny.records()) {
    std::vector<std::byte> bytes;
    codec->encode(record, bytes);
    const Bytes view(bytes);
    ASSERT_TRUE(log.append(++sequence, {&view, 1}).ok());
  }
  const auto verified = verify(log, *codec);
  ASSERT_TRUE(verified.ok()) << verified.error().message;
  EXPECT_TRUE(verified.value().ok());
  EXPECT_EQ(verified.value().records, tiny.records().size());
  EXPECT_EQ(verified.value().digest, tiny.fleet().digest());
}

}  // namespace
}  // namespace understudy
