// How far commands are dealt with: what is written down, and what is done
// again after it was read back.

#include "services/control/command_window.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace understudy {
namespace {

TEST(CommandWindow, begins_where_the_journal_says) {
  CommandWindow window;
  ASSERT_TRUE(window.begin("1042+1044,1047"));
  EXPECT_EQ(window.next(), 1042U);
  EXPECT_TRUE(window.take(1042));
  EXPECT_TRUE(window.take(1043));
  EXPECT_FALSE(window.take(1044));
  EXPECT_TRUE(window.take(1046));
  EXPECT_FALSE(window.take(1047));
  EXPECT_TRUE(window.take(1048));
}

TEST(CommandWindow, what_is_no_such_text_is_refused) {
  for (const char* text : {"", "x", "1+", "1+x", "1,2", "-1", "1+2,", "1 "}) {
    CommandWindow window;
    const bool empty_list = std::string_view(text) == "1+";
    EXPECT_EQ(window.begin(text).ok(), empty_list) << text;
  }
}

TEST(CommandWindow, answers_may_come_in_any_order) {
  CommandWindow window;
  ASSERT_TRUE(window.begin("0"));
  for (std::uint64_t offset = 0; offset < 5; ++offset)
    ASSERT_TRUE(window.take(offset));
  EXPECT_EQ(window.text_with({}), "0");
  EXPECT_EQ(window.text_with({1, 3}), "0+1,3");
  window.done(1);
  window.done(3);
  EXPECT_EQ(window.text_with({}), "0+1,3");
  EXPECT_EQ(window.text_with({0}), "2+3");
  window.done(0);
  EXPECT_EQ(window.text_with({2}), "4");
  window.done(2);
  window.done(4);
  EXPECT_EQ(window.text_with({}), "5");
  EXPECT_EQ(window.under_way(), 0U);
}

TEST(CommandWindow, offsets_that_hold_no_message_count_as_done) {
  CommandWindow window;
  ASSERT_TRUE(window.begin("0"));
  ASSERT_TRUE(window.take(3));
  ASSERT_TRUE(window.take(9));
  window.done(3);
  EXPECT_EQ(window.text_with({}), "9");
  window.done(9);
  EXPECT_EQ(window.text_with({}), "10");
}

TEST(CommandWindow, a_command_is_found_by_its_id_until_it_is_done) {
  CommandWindow window;
  ASSERT_TRUE(window.begin("7"));
  ASSERT_TRUE(window.take(7));
  ASSERT_TRUE(window.take(8));
  window.name(7, "chat", "c-1");
  window.name(8, "chat", "c-1");  // sent twice: the first one is decided on
  EXPECT_EQ(window.find("chat", "c-1"), 7U);
  EXPECT_FALSE(window.find("other", "c-1"));
  window.done(7);
  EXPECT_FALSE(window.find("chat", "c-1"));
  window.done(8);
  EXPECT_EQ(window.next(), 9U);
}

/// A crash at any moment: what was durable is not done again, and nothing
/// that was not is left out.
RC_GTEST_PROP(CommandWindow, a_successor_does_the_rest, ()) {
  const auto count = *rc::gen::inRange<std::uint64_t>(1, 40);
  CommandWindow window;
  RC_ASSERT(window.begin("0").ok());
  std::set<std::uint64_t> durable;
  std::string written = "0";
  std::uint64_t next = 0;
  const auto steps = *rc::gen::container<std::vector<std::uint8_t>>(
      rc::gen::arbitrary<std::uint8_t>());
  std::vector<std::uint64_t> open;
  for (const std::uint8_t step : steps) {
    if (step % 3 != 0 && next < count) {
      RC_ASSERT(window.take(next));
      open.push_back(next++);
    } else if (!open.empty()) {
      // One transaction decides some of those that are open.
      std::vector<std::uint64_t> decided;
      std::vector<std::uint64_t> left;
      for (const std::uint64_t one : open)
        ((one + step) % 2 == 0 ? decided : left).push_back(one);
      written = window.text_with(decided);
      for (const std::uint64_t one : decided) {
        durable.insert(one);
        window.done(one);
      }
      open = left;
    }
  }
  // The first one gets no further than to read on; the second one does it.
  for (int life = 0; life < 2; ++life) {
    CommandWindow successor;
    RC_ASSERT(successor.begin(written).ok());
    for (std::uint64_t offset = 0; offset < next; ++offset) {
      const bool again = offset >= successor.next() && successor.take(offset);
      RC_ASSERT(again == !durable.contains(offset));
    }
    written = successor.text_with({});
  }
}

}  // namespace
}  // namespace understudy
