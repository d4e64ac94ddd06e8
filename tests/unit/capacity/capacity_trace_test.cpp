#include "services/capacity/capacity_trace.hpp"

#include <string>
#include <vector>

#include <gmock/gmock.h>

namespace understudy {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

const std::string head =
    "understudy-capacity 1\n"
    "# comments are passed over\n"
    "start 2025-10-04T00:10:00Z\n"
    "offering 0 a3-highgpu-1g us-west1-b spot\n"
    "offering 1 a3-highgpu-1g us-west1-a on-demand\n";
const std::string rows =
    "0 0 0\n"
    "0 1 16\n"
    "600 0 3\n"
    "1200 0 0\n"
    "1200 1 7\n";
const std::string end = "end 2025-10-04T01:00:00Z\n";

const Offering west_b{"a3-highgpu-1g", "us-west1-b", Market::spot};
const Offering west_a{"a3-highgpu-1g", "us-west1-a", Market::on_demand};

Instant at_s(const CapacityTrace& trace, std::int64_t s) {
  return after_ms(trace.start(), s * 1000);
}

TEST(CapacityTrace, Is_a_step_function_of_time) {
  const auto read = CapacityTrace::parse("t", head + rows + end);
  ASSERT_TRUE(read.ok()) << read.error().message;
  const CapacityTrace& trace = read.value();
  EXPECT_EQ(to_string(trace.start()), "2025-10-04T00:10:00.000Z");
  EXPECT_EQ(to_string(trace.end()), "2025-10-04T01:00:00.000Z");
  EXPECT_THAT(trace.offerings(), testing::ElementsAre(west_b, west_a));
  EXPECT_EQ(trace.at(west_b, at_s(trace, 0)), 0U);
  EXPECT_EQ(trace.at(west_b, {at_s(trace, 600).us - 1}), 0U);
  EXPECT_EQ(trace.at(west_b, at_s(trace, 600)), 3U);
  EXPECT_EQ(trace.at(west_b, at_s(trace, 1199)), 3U);
  EXPECT_EQ(trace.at(west_b, at_s(trace, 1200)), 0U);
  EXPECT_EQ(trace.at(west_a, at_s(trace, 1199)), 16U);
  EXPECT_EQ(trace.steps(west_a).size(), 2U);
}

TEST(CapacityTrace, Holds_before_its_start_and_after_its_end) {
  const auto read = CapacityTrace::parse("t", head + rows + end);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read.value().at(west_a, {0}), 16U);
  EXPECT_EQ(read.value().at(west_a, {read.value().end().us * 2}), 7U);
}

TEST(CapacityTrace, Knows_nothing_of_other_offerings) {
  const auto read = CapacityTrace::parse("t", head + rows + end);
  ASSERT_TRUE(read.ok());
  const Offering other{"a3-highgpu-1g", "us-west1-b", Market::on_demand};
  EXPECT_EQ(read.value().at(other, read.value().start()), std::nullopt);
  EXPECT_TRUE(read.value().steps(other).empty());
}

std::string instant(const std::string& word) {
  return '\'' + word + "' and RFC 3339 such as 2025-10-04T00:10:00Z";
}

struct Bad {
  std::string text;
  std::string where_and_what;
  std::string accepted;
};

TEST(CapacityTrace, Bad_input_is_refused_with_its_place) {
  const std::vector<Bad> cases = {
      {"", "t:1: the end of the file", "'understudy-capacity 1'"},
      {"0 0 1\n", "t:1: '0 0 1' is no head", "'understudy-capacity 1'"},
      {"understudy-capacity 1\n", "t:1: the end of the file", instant("start")},
      {"understudy-capacity 1\nstart today\n", "t:2: 'start today'",
       instant("start")},
      {"understudy-capacity 1\nstart 2025-10-04T00:10:00Z\n0 0 1\n",
       "t:3: '0 0 1'", "'offering 0 TYPE ZONE MARKET'"},
      {head + "offering 3 a b spot\n", "t:6: offering number '3'",
       "2, since they count from 0"},
      {head + "offering 1 a b spot\n", "t:6: offering number '1'",
       "2, since they count from 0"},
      {head + "offering 2 a b cheap\n", "t:6: market 'cheap'",
       "on-demand, spot"},
      {head + "offering 2 a b\n", "t:6: 'offering 2 a b'",
       "'offering NUMBER TYPE ZONE MARKET'"},
      {head + "offering 2 a /b spot\n", "t:6: the name '/b'",
       "1 to 63 letters, digits and inner - . _"},
      {head + "offering 2 a3-highgpu-1g us-west1-b spot\n",
       "t:6: a3-highgpu-1g/us-west1-b/spot is named twice",
       "each offering once"},
      {head + "0 0 0\n600 0 1\n",
       "t:7: offering 1 (a3-highgpu-1g/us-west1-a/on-demand) has no value at "
       "second 0",
       "a row at second 0 for each offering"},
      {head + "0 0 0\n" + end, "t:7: offering 1 (",
       "a row at second 0 for each offering"},
      {head + rows + "1199 0 1\n", "t:11: second 1199 of offering 0 comes",
       "rows by second, then by offering, each pair once"},
      {head + rows + "1200 1 1\n", "t:11: second 1200 of offering 1 comes",
       "rows by second, then by offering, each pair once"},
      {head + rows + "1200 0 1\n", "t:11: second 1200 of offering 0 comes",
       "rows by second, then by offering, each pair once"},
      {head + rows + "1800 0 -1\n", "t:11: capacity '-1'", "0 to 1000000"},
      {head + rows + "1800 0 1000001\n", "t:11: capacity '1000001'",
       "0 to 1000000"},
      {head + rows + "1800 0 99999999999999999999\n", "t:11: capacity '9999",
       "0 to 1000000"},
      {head + rows + "1800 0 1.5\n", "t:11: capacity '1.5'", "0 to 1000000"},
      {head + rows + "-5 0 1\n", "t:11: '-5' seconds", "0 to 315360000"},
      {head + rows + "1800 2 1\n", "t:11: offering '2' is not known", "0 to 1"},
      {head + rows + "1800 0 1 x\n", "t:11: '1800 0 1 x'",
       "'SECOND OFFERING CAPACITY', or 'end'"},
      {head + rows + "1800  0 1\n", "t:11: '1800  0 1'",
       "'SECOND OFFERING CAPACITY', or 'end'"},
      {head + rows, "t:10: the end of the file", instant("end")},
      {head + rows + "end soon\n", "t:11: 'end soon'", instant("end")},
      {head + rows + "end 2025-10-04T00:20:00Z\n", "t:11: 'end 2025",
       "a time after 2025-10-04T00:30:00.000Z"},
      {head + rows + end + "1800 0 1\n", "t:12: '1800 0 1'",
       "nothing after 'end'"},
  };
  for (const Bad& bad : cases) {
    const auto read = CapacityTrace::parse("t", bad.text);
    ASSERT_FALSE(read.ok()) << bad.where_and_what;
    EXPECT_EQ(read.error().code, ErrorCode::invalid_input);
    EXPECT_THAT(read.error().message, StartsWith(bad.where_and_what));
    EXPECT_THAT(read.error().message, EndsWith("; accepted: " + bad.accepted));
    EXPECT_THAT(read.error().message, testing::Not(HasSubstr("\n")));
  }
}

TEST(CapacityTrace, A_later_version_is_too_new) {
  const auto read = CapacityTrace::parse("t", "understudy-capacity 2\n");
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().code, ErrorCode::too_new);
}

TEST(CapacityTrace, Every_cut_of_a_trace_is_noticed) {
  const std::string text = head + rows + end;
  // The last cut takes the newline alone.
  for (std::size_t length = 0; length + 1 < text.size(); ++length) {
    const auto read = CapacityTrace::parse("t", text.substr(0, length));
    ASSERT_FALSE(read.ok()) << text.substr(0, length);
  }
}

TEST(CapacityTrace, Says_which_file_is_missing) {
  const auto read = CapacityTrace::read("no/such/trace");
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace understudy
