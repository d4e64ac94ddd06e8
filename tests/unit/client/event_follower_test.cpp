#include "services/client/event_follower.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/client/canned_server.hpp"

namespace understudy {
namespace {

using test::CannedServer;
using test::event_stream;
using test::http_answer;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr std::chrono::milliseconds long_enough{30'000};

/// Takes news until there are so many events, or an end.
FollowerNews take(EventFollower& follower, std::size_t events) {
  FollowerNews all;
  while (all.events.size() < events && !all.error) {
    FollowerNews news = follower.next(long_enough);
    if (news.empty()) break;
    all.error = news.error;
    for (auto& one : news.events)
      all.events.push_back(std::move(one));
    for (auto& one : news.notices)
      all.notices.push_back(std::move(one));
  }
  return all;
}

TEST(EventFollower, goes_on_after_the_last_event_when_the_connection_breaks) {
  const CannedServer server(
      {event_stream(": hello\n\nid: 0:5\ndata: {\"n\":1}\n\n"
                    "id: 0:9\ndata: {\"cut"),
       event_stream("id: 0:9\ndata: {\"n\":2}\n\n"
                    "event: stopping\ndata: {}\n\n"),
       event_stream("id: 0:12\ndata: {\"n\":3}\n\n")});
  EventFollower follower(server.access(), {{"endpoint", "chat"}}, 4);
  const FollowerNews news = take(follower, 3);
  ASSERT_EQ(news.events.size(), 3);
  EXPECT_EQ(news.events[0].position, 5);
  EXPECT_EQ(news.events[1].json, R"({"n":2})");
  EXPECT_EQ(news.events[2].position, 12);
  const auto requests = server.requests();
  EXPECT_THAT(requests[0], HasSubstr("/v1/events?endpoint=chat&follow=true "));
  EXPECT_THAT(requests[0], HasSubstr("Last-Event-ID: 0:4\r\n"));
  EXPECT_THAT(requests[1], HasSubstr("Last-Event-ID: 0:5\r\n"));
  EXPECT_THAT(requests[2], HasSubstr("Last-Event-ID: 0:9\r\n"));
  ASSERT_THAT(news.notices, Not(IsEmpty()));
  EXPECT_THAT(news.notices[0], HasSubstr("was lost; trying again"));
}

TEST(EventFollower, waits_while_the_daemon_has_no_room) {
  const CannedServer server(
      {http_answer("503 Service Unavailable",
                   R"({"reason": "too-many-followers", "detail": "full"})"),
       event_stream("id: 0:5\ndata: {}\n\n")});
  EventFollower follower(server.access(), {}, std::nullopt);
  const FollowerNews news = take(follower, 1);
  ASSERT_EQ(news.events.size(), 1);
  ASSERT_GE(news.notices.size(), 2);
  EXPECT_THAT(news.notices[0], HasSubstr("full"));
  EXPECT_THAT(news.notices[1], HasSubstr("connected again"));
}

TEST(EventFollower, ends_when_the_position_is_not_in_the_log) {
  const CannedServer server(
      {http_answer("410 Gone", R"({"reason": "position-out-of-range",
                      "detail": "the log does not hold 0:77"})")});
  EventFollower follower(server.access(), {}, 77);
  const FollowerNews news = take(follower, 1);
  ASSERT_TRUE(news.error);
  EXPECT_THAT(news.error->message, HasSubstr("does not hold 0:77"));
}

TEST(EventFollower, waits_for_a_daemon_that_answered_before) {
  ServerAccess access;
  {
    const CannedServer gone(std::vector<std::string>{});
    access = gone.access();
  }
  EventFollower follower(access, {}, 7, EventFollower::Daemon::answered);
  const FollowerNews news = follower.next(long_enough);
  EXPECT_FALSE(news.error);
  ASSERT_EQ(news.notices.size(), 1);
}

TEST(EventFollower, ends_when_there_was_never_a_daemon) {
  ServerAccess access;
  {
    const CannedServer gone(std::vector<std::string>{});
    access = gone.access();
  }
  EventFollower follower(access, {}, std::nullopt);
  const FollowerNews news = take(follower, 1);
  ASSERT_TRUE(news.error);
  EXPECT_EQ(news.error->code, ErrorCode::unavailable);
}

}  // namespace
}  // namespace understudy
