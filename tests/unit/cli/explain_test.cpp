// The screens of `explain`, word for word: golden/*.txt.

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/rendering/output.hpp"
#include "tests/unit/cli/run.hpp"

namespace understudy {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string golden(const std::string& name) {
  std::ifstream file(std::string(UNDERSTUDY_SOURCE_DIR) +
                     "/tests/unit/cli/golden/" + name + ".txt");
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::size_t longest_line(const std::string& text) {
  std::size_t longest = 0;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);)
    longest = std::max(longest, line.size());
  return longest;
}

TEST_F(SmallStory, explain_an_endpoint_shows_its_latest_fallback) {
  const auto text = out_of({"explain", "chat"});
  EXPECT_EQ(text, golden("explain_fallback"));
  EXPECT_LE(longest_line(text), 100U);
  EXPECT_EQ(out_of({"explain", "0:48"}), text);
  const auto json = Json::parse(out_of({"explain", "chat", "-o", "json"}));
  EXPECT_EQ(json["kind"], "FallbackExplanation");
  EXPECT_EQ(json["decision"]["position"], 48);
  EXPECT_EQ(json["operation"]["pools"][0]["offerings"][1]["code"], "STOCKOUT");
}

TEST_F(SmallStory, explain_an_earlier_fallback_by_its_position) {
  const auto text = out_of({"explain", "0:18"});
  EXPECT_THAT(text, StartsWith("Fallback of endpoint chat, variant primary, "
                               "at 2026-01-01T00:00:04Z, 0:18\n"));
  EXPECT_THAT(text, HasSubstr("outside: command create-1: create endpoint "
                              "chat\n"));
  EXPECT_THAT(text,
              HasSubstr("gpu/zone-b/spot  3 asked, launched 2, refused 1: "));
}

TEST_F(SmallStory, explain_an_instance) {
  EXPECT_EQ(out_of({"explain", "chat/4-1-0"}), golden("explain_instance"));
}

TEST_F(SmallStory, explain_a_record) {
  const auto text = out_of({"explain", "0:41"});
  EXPECT_EQ(text, golden("explain_record"));
  EXPECT_LE(longest_line(text), 100U);
}

TEST_F(SmallStory, a_chain_goes_back_to_the_first_cause) {
  const auto text = out_of({"explain", "0:48", "--chain"});
  EXPECT_THAT(text, HasSubstr("CAUSED BY, the input from outside first\n"
                              "             2026-01-01T01:00:00Z  outside: the "
                              "provider says that it is gone: host failed\n"));
  EXPECT_THAT(text, HasSubstr("0:44       2026-01-01T01:00:02Z  "
                              "launch-attempted: asking for 1 of "
                              "gpu/zone-b/spot\n"));
}

TEST_F(LoggedTest, an_endpoint_that_never_fell_back) {
  TinyRuntime tiny(story_start);
  tiny.capacity[story_offering("zone-a")] = 10;
  tiny.submit(story_endpoint(),
              endpoint::CreateEndpoint{"create-1", story_spec(1)});
  tiny.run_for(600'000);
  tiny.submit(story_endpoint(),
              endpoint::ScaleVariant{"scale-1", "primary", 2, {}});
  tiny.run_for(600'000);
  write(tiny);
  EXPECT_THAT(out_of({"explain", "chat"}),
              StartsWith("Endpoint chat never fell back; this is its latest "
                         "decision.\n\n"));
}

/// Both offerings of the first pool cool down when it is asked again.
TEST_F(LoggedTest, a_pool_that_is_cooling_down_is_said_to_be_passed_over) {
  TinyRuntime tiny(story_start);
  tiny.capacity[story_offering("zone-c")] = 100;
  tiny.submit(story_endpoint(),
              endpoint::CreateEndpoint{"create-1", story_spec(1)});
  tiny.run_for(20'000);
  tiny.submit(StreamId::instance("chat", InstanceId::make({2}, 1, 0)),
              instance::Gone{"host failed"});
  tiny.run_for(20'000);
  write(tiny);
  const auto text = out_of({"explain", "chat/3-1-0"});
  EXPECT_THAT(text, HasSubstr("pool first, priority 1: not asked: cooling "
                              "down until\n"));
  EXPECT_THAT(text, HasSubstr("2026-01-01T00:00:56Z since 0:11 (capacity"));
}

/// A walk that finds nothing, and the one after the first pool opened.
TEST_F(LoggedTest, walks_before_and_after_are_told_in_few_words) {
  TinyRuntime tiny(story_start);
  tiny.submit(story_endpoint(),
              endpoint::CreateEndpoint{"create-1", story_spec(1)});
  tiny.run_for(600'000);
  tiny.capacity[story_offering("zone-c")] = 100;
  tiny.run_for(900'000);
  write(tiny);
  const auto text = out_of({"explain", "chat"});
  EXPECT_THAT(text, HasSubstr("before this, in vain or in part\n"));
  EXPECT_LE(longest_line(text), 100U);
  const auto first = out_of({"explain", "0:14"});
  EXPECT_THAT(first, HasSubstr("the pools were gone through 9 more times\n"));
}

}  // namespace
}  // namespace understudy
