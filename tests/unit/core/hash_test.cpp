#include "actors/core/hash.hpp"

#include <limits>
#include <set>

#include <gtest/gtest.h>

namespace understudy {
namespace {

// Published values of FNV-1a and SplitMix64: hashes reach the log, so these
// may never change.
TEST(Hash, text_is_fnv_1a) {
  EXPECT_EQ(hash_text(""), 0xcbf29ce484222325U);
  EXPECT_EQ(hash_text("a"), 0xaf63dc4c8601ec8cU);
  EXPECT_EQ(hash_text("foobar"), 0x85944171f73967e8U);
  EXPECT_EQ(hash_text("understudy"), 0x5ea5b44fcb9bb796U);
}

TEST(Hash, text_continues_from_its_seed) {
  EXPECT_EQ(hash_text("b", hash_text("a")), hash_text("ab"));
}

TEST(Hash, text_reads_bytes_as_unsigned) {
  EXPECT_EQ(hash_text("\xff"), (0xcbf29ce484222325U ^ 0xffU) * 0x100000001b3U);
}

TEST(Hash, mix_is_split_mix_64) {
  EXPECT_EQ(mix(0), 0xe220a8397b1dcdafU);
  EXPECT_EQ(mix(1), 0x910a2dec89025cc1U);
  EXPECT_EQ(mix(std::numeric_limits<std::uint64_t>::max()),
            0xe4d971771b652c20U);
  EXPECT_EQ(mix(1'234'567), 6'457'827'717'110'365'317U);
  EXPECT_EQ(mix(1'234'567 + 0x9e3779b97f4a7c15U), 3'203'168'211'198'807'973U);
}

TEST(Hash, pick_is_fixed) {
  const std::int64_t expected[] = {17, -35, -7, 0, 34, 21};
  for (std::uint64_t seed = 0; seed < 6; ++seed) {
    EXPECT_EQ(pick(seed, -50, 50), expected[seed]);
  }
}

TEST(Hash, pick_reaches_the_whole_range_and_stays_inside) {
  std::set<std::int64_t> seen;
  for (std::uint64_t seed = 0; seed < 1'000; ++seed) {
    seen.insert(pick(seed, 3, 12));
  }
  EXPECT_EQ(seen.size(), 10U);
  EXPECT_EQ(*seen.begin(), 3);
  EXPECT_EQ(*seen.rbegin(), 12);
}

TEST(Hash, pick_of_an_empty_range_is_its_low_end) {
  EXPECT_EQ(pick(7, 5, 5), 5);
  EXPECT_EQ(pick(7, 5, 4), 5);
}

static_assert(hash_text("constant") != 0 && mix(1) != 1);

}  // namespace
}  // namespace understudy
