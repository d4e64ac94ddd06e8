#include "services/load/waiting_line.hpp"

#include <gtest/gtest.h>

namespace understudy {
namespace {

TEST(WaitingLine, First_come_first_served) {
  WaitingLine line;
  line.join(1, 10);
  line.join(1, 5);
  line.join(2, 20);
  EXPECT_TRUE(line.length() == 35);
  EXPECT_TRUE(line.serve(12) == 12);
  EXPECT_TRUE(line.serve(10) == 10);
  EXPECT_TRUE(line.length() == 13);
  EXPECT_TRUE(line.serve(100) == 13);
  EXPECT_TRUE(line.length() == 0);
  EXPECT_TRUE(line.serve(1) == 0);
}

TEST(WaitingLine, Who_waited_too_long_gives_up) {
  WaitingLine line;
  line.join(1, 10);
  line.join(2, 20);
  EXPECT_TRUE(line.give_up({1'999'999}) == 0);
  EXPECT_TRUE(line.give_up({2'000'000}) == 10);
  EXPECT_TRUE(line.give_up({2'000'000}) == 0);
  EXPECT_TRUE(line.length() == 20);
  EXPECT_TRUE(line.give_up({3'000'000}) == 20);
}

}  // namespace
}  // namespace understudy
