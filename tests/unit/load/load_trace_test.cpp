#include "services/load/load_trace.hpp"

#include <string>
#include <vector>

#include <gmock/gmock.h>

namespace understudy {
namespace {

using testing::EndsWith;
using testing::StartsWith;

const std::string head =
    "understudy-load 1\n"
    "start 2025-10-04T00:10:00Z\n"
    "step 600\n";
const std::string good = head + "0 212780\n600 190213\n1200 0\nend 1800\n";

TEST(LoadTrace, Has_one_rate_for_each_step) {
  const auto read = LoadTrace::parse("t", good);
  ASSERT_TRUE(read.ok()) << read.error().message;
  const LoadTrace& trace = read.value();
  EXPECT_EQ(trace.steps(), 3U);
  EXPECT_EQ(to_string(trace.end()), "2025-10-04T00:40:00.000Z");
  const Instant start = trace.start();
  EXPECT_EQ(trace.rate_milli(start), 212'780);
  EXPECT_EQ(trace.rate_milli({after_ms(start, 600'000).us - 1}), 212'780);
  EXPECT_EQ(trace.rate_milli(after_ms(start, 600'000)), 190'213);
  EXPECT_EQ(trace.next_change(start), after_ms(start, 600'000));
  EXPECT_EQ(trace.next_change({after_ms(start, 600'000).us - 1}),
            after_ms(start, 600'000));
}

TEST(LoadTrace, Begins_again_after_its_end) {
  const auto read = LoadTrace::parse("t", good);
  ASSERT_TRUE(read.ok());
  const LoadTrace& trace = read.value();
  for (const int rounds : {-3, -1, 1, 2}) {
    const Instant start = after_ms(trace.start(), rounds * 1'800'000LL);
    EXPECT_EQ(trace.rate_milli(start), 212'780) << rounds;
    EXPECT_EQ(trace.rate_milli(after_ms(start, 1'799'999)), 0) << rounds;
    EXPECT_EQ(trace.next_change(start), after_ms(start, 600'000)) << rounds;
  }
}

TEST(LoadTrace, Bad_input_is_refused_with_its_place) {
  struct Bad {
    std::string text;
    std::string where_and_what;
    std::string accepted;
  };
  const std::vector<Bad> cases = {
      {"", "t:1: the end of the file", "'understudy-load 1'"},
      {"understudy-capacity 1\n", "t:1: 'understudy-capacity 1'",
       "'understudy-load 1'"},
      {"understudy-load 1\nstart now\n", "t:2: 'start now'",
       "'start' and RFC 3339 such as 2025-10-04T00:10:00Z"},
      {"understudy-load 1\nstart 2025-10-04T00:10:00Z\nstep 0\n",
       "t:3: 'step 0'", "'step SECONDS', 1 to 86400"},
      {head, "t:3: the end of the file", "'0 RATE_MILLI', the first row"},
      {head + "end 0\n", "t:4: 'end 0'", "'0 RATE_MILLI', the first row"},
      {head + "600 1\n", "t:4: '600 1'",
       "second 0 next: one row for each step"},
      {head + "0 1\n1200 1\n", "t:5: '1200 1'",
       "second 600 next: one row for each step"},
      {head + "0 1\n0 1\n", "t:5: '0 1'",
       "second 600 next: one row for each step"},
      {head + "0 -1\n", "t:4: '0 -1'", "a rate of 0 to 1000000000"},
      {head + "0 1.5\n", "t:4: '0 1.5'", "a rate of 0 to 1000000000"},
      {head + "0 1000000001\n", "t:4: '0 10", "a rate of 0 to 1000000000"},
      {head + "0 1 2\n", "t:4: '0 1 2'", "'SECOND RATE_MILLI', or 'end'"},
      {head + "0 1\n", "t:4: the end of the file",
       "'end 600', or the next row"},
      {head + "0 1\nend 1200\n", "t:5: 'end 1200'",
       "'end 600', or the next row"},
      {good + "x\n", "t:8: 'x'", "nothing after 'end'"},
  };
  for (const Bad& bad : cases) {
    const auto read = LoadTrace::parse("t", bad.text);
    ASSERT_FALSE(read.ok()) << bad.where_and_what;
    EXPECT_THAT(read.error().message, StartsWith(bad.where_and_what));
    EXPECT_THAT(read.error().message, EndsWith("; accepted: " + bad.accepted));
  }
  EXPECT_EQ(LoadTrace::parse("t", "understudy-load 2\n").error().code,
            ErrorCode::too_new);
  EXPECT_EQ(LoadTrace::read("no/such/trace").error().code,
            ErrorCode::not_found);
}

TEST(LoadTrace, Every_cut_of_a_trace_is_noticed) {
  for (std::size_t length = 0; length + 1 < good.size(); ++length)
    EXPECT_FALSE(LoadTrace::parse("t", good.substr(0, length)).ok()) << length;
}

}  // namespace
}  // namespace understudy
