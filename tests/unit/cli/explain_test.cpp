// The screens of `explain`, word for word.

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/cli/run.hpp"

namespace understudy {
namespace {

using ::testing::HasSubstr;

std::size_t longest_line(const std::string& text) {
  std::size_t longest = 0;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);)
    longest = std::max(longest, line.size());
  return longest;
}

TEST_F(SmallStory, explain_an_endpoint_shows_its_latest_fallback) {
  const auto text = out_of({"explain", "chat"});
  EXPECT_EQ(text, "");
  EXPECT_LE(longest_line(text), 100U);
}

TEST_F(SmallStory, explain_an_instance) {
  EXPECT_EQ(out_of({"explain", "chat/4-1-0"}), "");
}

TEST_F(SmallStory, explain_a_record) {
  EXPECT_EQ(out_of({"explain", "0:41"}), "");
}

}  // namespace
}  // namespace understudy
