#include <atomic>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "tests/unit/api/called.hpp"

namespace understudy {
namespace {

class EventRoutes : public ApiTest {
 protected:
  /// Refused commands, which leave one event each.
  static void refuse(int from, int to) {
    for (int i = from; i < to; ++i) {
      const auto answer =
          post("/v1/commands", R"({"command":"r-)" + std::to_string(i) +
                                   R"(","endpoint":"nobody","delete":{}})");
      ASSERT_EQ(answer.status, 404) << answer.body;
    }
  }

  /// What a stream sends until `text` was in it.
  static std::string until(EventStream& stream, const std::string& text) {
    std::string all;
    while (!stream.ended() && all.find(text) == std::string::npos)
      all += stream.next();
    return all;
  }
};

TEST_F(EventRoutes, PagesLeadFromOneToTheNext) {
  create("paged", 2);
  std::string after = "0:0";
  std::uint64_t last = 0;
  std::set<std::string> types;
  while (true) {
    const auto page = json(get("/v1/events?limit=3&after=" + after));
    ASSERT_LE(page["items"].size(), 3U);
    for (const Json& event : page["items"]) {
      const auto id = event["id"].get<std::string>();
      const std::uint64_t sequence = std::stoull(id.substr(2));
      EXPECT_GT(sequence, last);
      last = sequence;
      types.insert(event["type"].get<std::string>());
    }
    EXPECT_EQ(page["next"], "0:" + std::to_string(last));
    after = page["next"];
    if (!page["more"].get<bool>()) break;
  }
  EXPECT_TRUE(types.contains("endpoint-created"));
}

TEST_F(EventRoutes, MayBeOfOneEndpointAndSomeTypes) {
  create("chosen");
  create("other");
  const auto page = json(
      get("/v1/events?endpoint=chosen&type=endpoint-created,endpoint-deleted"));
  ASSERT_EQ(page["items"].size(), 1U) << page;
  EXPECT_EQ(page["items"][0]["subject"], "endpoint/chosen");
  const auto wrong = get("/v1/events?type=endpoint-created,invented");
  expect_problem(wrong, 400, "invalid-parameter");
  EXPECT_NE(json(wrong)["accepted"].get<std::string>().find("scale-in"),
            std::string::npos);
}

TEST_F(EventRoutes, MayBeginAtATime) {
  create("timed");
  const auto all = json(get("/v1/events?limit=1000"));
  const auto& event = all["items"].back();
  const auto since =
      json(get("/v1/events?since=" + event["time"].get<std::string>()));
  ASSERT_FALSE(since["items"].empty());
  for (const Json& one : since["items"])
    EXPECT_GE(one["time"], event["time"]);
  EXPECT_TRUE(
      json(get("/v1/events?since=2099-01-01T00:00:00Z"))["items"].empty());
  EXPECT_EQ(
      json(get("/v1/events?since=1980-01-01T00:00:00Z&limit=1000"))["items"][0]
                                                                   ["id"],
      "0:1");
}

TEST_F(EventRoutes, WrongQuestionsAreRefused) {
  for (const char* query :
       {"after=1", "after=0:-1", "since=yesterday", "limit=0", "limit=1001",
        "limit=x", "follow=perhaps", "after=0:1&since=2026-01-01T00:00:00Z"})
    expect_problem(get(std::string("/v1/events?") + query), 400,
                   "invalid-parameter");
  const auto beyond = get("/v1/events?after=0:99999999");
  expect_problem(beyond, 410, "position-out-of-range");
  EXPECT_TRUE(json(beyond).contains("oldest"));
  EXPECT_TRUE(json(beyond).contains("newest"));
  expect_problem(ask(*api, {"GET", "/v1/events", "",
                            "Accept: text/event-stream\r\nLast-Event-ID: "
                            "0:99999999\r\n"}),
                 410, "position-out-of-range");
  expect_problem(
      ask(*api, {"GET", "/v1/events?follow=true", "", "Last-Event-ID: x\r\n"}),
      400, "invalid-parameter");
}

TEST_F(EventRoutes, AStreamBeginsNowAndGoesOn) {
  const auto answer =
      get("/v1/events?follow=true&endpoint=streamed&type="
          "endpoint-created");
  ASSERT_TRUE(answer.stream) << answer.body;
  EXPECT_EQ(answer.content_type, "text/event-stream");
  EXPECT_NE(answer.stream->next().find("retry:"), std::string::npos);
  create("passed-over");
  create("streamed");
  const std::string text = until(*answer.stream, "\n\n");
  EXPECT_TRUE(text.starts_with("id: 0:")) << text;
  EXPECT_NE(text.find("\nevent: endpoint-created\ndata: {"), std::string::npos);
  EXPECT_NE(text.find("endpoint/streamed"), std::string::npos);
  EXPECT_EQ(text.find("passed-over"), std::string::npos);
}

TEST_F(EventRoutes, AStreamThatIsFarBehindReadsTheLog) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([i] { refuse(i * 1200, (i + 1) * 1200); });
  for (auto& thread : threads)
    thread.join();
  const auto last = fleet->plane().follower().seen();
  ASSERT_GT(last, EventFeed::kept);
  const auto answer = ask(
      *api, {"GET", "/v1/events?follow=true", "", "Last-Event-ID: 0:0\r\n"});
  ASSERT_TRUE(answer.stream) << answer.body;
  const std::string all =
      until(*answer.stream, "id: 0:" + std::to_string(last) + '\n');
  std::uint64_t expected = 1;
  for (std::size_t at = 0; (at = all.find("id: 0:", at)) != std::string::npos;
       ++at)
    ASSERT_EQ(std::stoull(all.substr(at + 6)), expected++);
  EXPECT_GT(expected, last);
}

TEST_F(EventRoutes, FollowersAreBounded) {
  ApiSettings settings;
  settings.max_followers = 2;
  const auto small = make(settings);
  const Asked asked{"GET", "/v1/events?follow=true"};
  auto first = ask(*small, asked);
  const auto second = ask(*small, asked);
  ASSERT_TRUE(first.stream && second.stream);
  const auto third = ask(*small, asked);
  expect_problem(third, 503, "too-many-followers");
  EXPECT_EQ(json(third)["accepted"], "2 followers");
  EXPECT_NE(header(third, "Retry-After"), "");
  first.stream.reset();
  EXPECT_TRUE(ask(*small, asked).stream);
  small->followers().stop();
  (void)second.stream->next();
  const std::string end = second.stream->next();
  EXPECT_TRUE(end.starts_with("event: stopping\n")) << end;
  EXPECT_TRUE(second.stream->ended());
}

TEST_F(EventRoutes, ExplainAndCount) {
  const std::string position = create("explained");
  const auto told =
      get("/v1/explanations?subject=" + position + "&after=" + position);
  EXPECT_EQ(told.status, 200) << told.body;
  EXPECT_EQ(json(told)["kind"], "RecordExplanation");
  EXPECT_EQ(get("/v1/explanations?output=table&subject=" + position).status,
            200);
  expect_problem(get("/v1/explanations?subject=nobody-here"), 404, "not-found");
  expect_problem(get("/v1/explanations"), 400, "invalid-parameter");
  const auto counted = get("/v1/statistics?endpoint=explained");
  EXPECT_EQ(counted.status, 200) << counted.body;
  EXPECT_EQ(json(counted)["endpoints"][0]["name"], "explained");
  EXPECT_EQ(get("/v1/statistics?output=table").status, 200);
  expect_problem(get("/v1/statistics?endpoint=nobody-here"), 404, "not-found");
  expect_problem(get("/v1/statistics?since=2026-01-02T00:00:00Z&until=2026-01-"
                     "01T00:00:00Z"),
                 400, "invalid-parameter");
}

}  // namespace
}  // namespace understudy
