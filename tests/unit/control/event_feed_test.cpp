// The feed of the latest events: order, waiting, falling behind.

#include "services/control/event_feed.hpp"

#include <thread>

#include <gtest/gtest.h>

namespace understudy {
namespace {

using std::chrono::milliseconds;

FeedEvent event(std::uint64_t sequence) {
  return {sequence, "chat", "scale-out", "{}"};
}

TEST(EventFeed, gives_what_comes_after_a_position) {
  EventFeed feed;
  for (std::uint64_t i = 1; i <= 10; ++i)
    feed.add(event(i));
  const auto page = feed.next(4, 3, milliseconds(0));
  ASSERT_EQ(page.events.size(), 3U);
  EXPECT_EQ(page.events.front()->sequence, 5U);
  EXPECT_FALSE(page.behind);
  EXPECT_TRUE(feed.next(10, 3, milliseconds(0)).events.empty());
}

TEST(EventFeed, says_so_when_a_reader_fell_behind) {
  EventFeed feed;
  for (std::uint64_t i = 1; i <= EventFeed::kept + 5; ++i)
    feed.add(event(i));
  EXPECT_TRUE(feed.next(4, 1, milliseconds(0)).behind);
  EXPECT_FALSE(feed.next(5, 1, milliseconds(0)).behind);
}

TEST(EventFeed, a_history_that_was_not_rendered_is_behind_too) {
  EventFeed feed;
  feed.add(event(100));
  EXPECT_TRUE(feed.next(50, 1, milliseconds(0)).behind);
  EXPECT_FALSE(feed.next(99, 1, milliseconds(0)).behind);
}

TEST(EventFeed, wakes_who_waits) {
  EventFeed feed;
  std::thread writer([&feed] { feed.add(event(1)); });
  EXPECT_EQ(feed.next(0, 1, std::chrono::minutes(5)).events.size(), 1U);
  writer.join();
  std::thread closer([&feed] { feed.close(); });
  EXPECT_TRUE(feed.next(1, 1, std::chrono::minutes(5)).closed);
  closer.join();
}

}  // namespace
}  // namespace understudy
