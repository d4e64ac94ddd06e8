#include "services/cli/line_diff.hpp"

#include <sstream>

#include <gtest/gtest.h>

namespace understudy {
namespace {

std::string diff(const std::string& before, const std::string& after,
                 bool color = false) {
  std::ostringstream out;
  write_line_diff(out, {"a", split_lines(before)}, {"b", split_lines(after)},
                  color);
  return out.str();
}

TEST(LineDiff, says_nothing_of_what_is_the_same) {
  EXPECT_EQ(diff("", ""), "");
  EXPECT_EQ(diff("x\ny\n", "x\ny\n"), "");
}

TEST(LineDiff, shows_three_lines_around_a_change) {
  EXPECT_EQ(
      diff("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n"),
      "--- a\n+++ b\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n");
}

TEST(LineDiff, shows_changes_far_apart_in_parts) {
  std::string before;
  std::string after;
  for (int i = 0; i < 20; ++i) {
    before += std::to_string(i) + '\n';
    if (i != 2) after += std::to_string(i) + '\n';
    if (i == 15) after += "new\n";
  }
  EXPECT_EQ(diff(before, after),
            "--- a\n+++ b\n@@ -1,6 +1,5 @@\n 0\n 1\n-2\n 3\n 4\n 5\n"
            "@@ -14,6 +13,7 @@\n 13\n 14\n 15\n+new\n 16\n 17\n 18\n");
}

TEST(LineDiff, shows_what_is_new_or_gone_as_a_whole) {
  EXPECT_EQ(diff("", "x\n"), "--- a\n+++ b\n@@ -0,0 +1 @@\n+x\n");
  EXPECT_EQ(diff("x\ny\n", ""), "--- a\n+++ b\n@@ -1,2 +0,0 @@\n-x\n-y\n");
}

TEST(LineDiff, colors_lines_where_there_are_colors) {
  EXPECT_EQ(
      diff("x\n", "y\n", true),
      "--- a\n+++ b\n@@ -1 +1 @@\n\x1b[31m-x\x1b[0m\n\x1b[32m+y\x1b[0m\n");
}

TEST(LineDiff, replaces_what_is_too_long_to_compare) {
  std::string before;
  std::string after;
  for (int i = 0; i < 5000; ++i) {
    before += "a" + std::to_string(i) + '\n';
    after += "b" + std::to_string(i) + '\n';
  }
  EXPECT_TRUE(
      diff(before, after)
          .starts_with("--- a\n+++ b\n@@ -1,5000 +1,5000 @@\n-a0\n-a1\n"));
}

}  // namespace
}  // namespace understudy
