/// The API over real sockets: what clients do that are slow, greedy, frozen,
/// or speak something else.

#include <algorithm>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "services/api/api_server.hpp"
#include "tests/integration/raw_client.hpp"
#include "tests/support/served_fleet.hpp"

namespace understudy {
namespace {

const std::string live = "GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n";
const std::string follow =
    "GET /v1/events?follow=true HTTP/1.1\r\nHost: localhost\r\n\r\n";

class ApiSocket : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { fleet = std::make_unique<ServedFleet>(); }
  static void TearDownTestSuite() { fleet.reset(); }

  void serve(ApiSettings settings = {}) {
    settings.listen = "127.0.0.1:0";
    auto started = ApiServer::start(
        settings,
        {fleet->plane(), [] { return std::string(); }, &fleet->capacity(),
         [this](const ApiRequest& request) {
           const std::lock_guard lock(mutex_);
           served_.push_back(request);
         }});
    ASSERT_TRUE(started.ok()) << started.error().message;
    server_ = std::move(started).value();
  }

  RawClient client(int receive_buffer = 0) {
    return RawClient(server_->port(), receive_buffer);
  }

  std::string answer_to(const std::string& request) {
    RawClient one = client();
    one.send(request);
    one.finish_sending();
    return one.read_all();
  }

  static std::string post(const std::string& body) {
    return "POST /v1/commands HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
           "application/json\r\nContent-Length: " +
           std::to_string(body.size()) + "\r\n\r\n" + body;
  }
  static std::string refused(const std::string& id) {
    return post(R"({"command":")" + id +
                R"(","endpoint":"nobody","delete":{}})");
  }

  static inline std::unique_ptr<ServedFleet> fleet;
  std::mutex mutex_;
  std::vector<ApiRequest> served_;
  std::unique_ptr<ApiServer> server_;
};

TEST_F(ApiSocket, AnswersOneRequestAfterTheOther) {
  serve();
  RawClient one = client();
  for (int i = 0; i < 20; ++i) {
    one.send(live);
    const std::string answer = one.read_answer();
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 OK\r\n")) << answer;
    EXPECT_TRUE(answer.ends_with("\r\n\r\nok\n")) << answer;
    EXPECT_NE(answer.find("X-Content-Type-Options: nosniff"),
              std::string::npos);
    EXPECT_NE(answer.find("Cache-Control: no-store"), std::string::npos);
  }
  one.send(live + live + refused("piped"));
  EXPECT_TRUE(one.read_answer().starts_with("HTTP/1.1 200"));
  EXPECT_TRUE(one.read_answer().starts_with("HTTP/1.1 200"));
  EXPECT_TRUE(one.read_answer().starts_with("HTTP/1.1 404"));
  one.send(
      "HEAD /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  const std::string head = one.read_all();
  EXPECT_TRUE(head.starts_with("HTTP/1.1 200")) << head;
  EXPECT_TRUE(head.ends_with("\r\n\r\n")) << head;
}

TEST_F(ApiSocket, TellsOfEachRequestByItsRoute) {
  serve();
  (void)answer_to("GET /v1/endpoints/nobody HTTP/1.0\r\n\r\n");
  (void)answer_to("GET /secret HTTP/1.0\r\n\r\n");
  (void)answer_to("BREW / HTTP/1.0\r\n\r\n");
  server_->stop();
  ASSERT_EQ(served_.size(), 3U);
  EXPECT_EQ(served_[0].route, "/v1/endpoints/{name}");
  EXPECT_EQ(served_[0].method, "GET");
  EXPECT_EQ(served_[0].status, 404);
  EXPECT_EQ(served_[1].route, "none");
  EXPECT_EQ(served_[2].method, "none");
  EXPECT_EQ(served_[2].status, 405);
}

TEST_F(ApiSocket, RefusesWhatIsNotHttp) {
  serve();
  for (const std::string& request : {
           std::string("\x16\x03\x01\x02\x00\x01\x00", 7),
           std::string("\0\0\0\0", 4),
           std::string("GET / HTTP/1.1\n\n"),
           std::string("GET /%00 HTTP/1.1\r\nHost: localhost\r\n\r\n"),
           std::string("GET / HTTP/1.1\r\n\r\n"),
           std::string("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: "
                       "1\r\nTransfer-Encoding: chunked\r\n\r\n"),
       }) {
    const std::string answer = answer_to(request);
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 400")) << answer;
    EXPECT_NE(answer.find("Connection: close"), std::string::npos) << answer;
    EXPECT_NE(answer.find("application/problem+json"), std::string::npos);
  }
  EXPECT_TRUE(answer_to("GET /" + std::string(20'000, 'a'))
                  .starts_with("HTTP/1.1 414"));
  EXPECT_TRUE(answer_to("GET / HTTP/1.1\r\nx: " + std::string(20'000, 'a'))
                  .starts_with("HTTP/1.1 431"));
  EXPECT_TRUE(answer_to(live).starts_with("HTTP/1.1 200"));
}

TEST_F(ApiSocket, RefusesALargeBodyUnread) {
  serve();
  RawClient one = client();
  one.send(
      "POST /v1/commands HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
      "application/json\r\nContent-Length: 104857600\r\n\r\n");
  const std::string answer = one.read_all();
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 413")) << answer;
  // Whoever sends on nevertheless is told so too, and cut off.
  RawClient two = client();
  two.send(
      "POST /v1/commands HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
      "application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
  const std::string chunk = "10000\r\n" + std::string(65'536, ' ') + "\r\n";
  for (int i = 0; i < 20; ++i)
    two.send(chunk);
  EXPECT_TRUE(two.read_all().starts_with("HTTP/1.1 413"));
}

TEST_F(ApiSocket, TakesBodiesInChunksAndAfterLeave) {
  serve();
  RawClient one = client();
  one.send(
      "POST /v1/commands HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
      "application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
  for (const char c :
       std::string(R"({"command":"chunks","endpoint":"nobody","delete":{}})"))
    one.send("1\r\n" + std::string(1, c) + "\r\n");
  one.send("0\r\n\r\n");
  EXPECT_TRUE(one.read_answer().starts_with("HTTP/1.1 404"));
  one.send(
      "POST /v1/commands HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
      "application/json\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(one.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  one.send("{}");
  EXPECT_TRUE(one.read_answer().starts_with("HTTP/1.1 400"));
}

TEST_F(ApiSocket, CutsOffSlowClients) {
  ApiSettings settings;
  settings.io_timeout_ms = 200;
  settings.threads = 1;
  serve(settings);
  RawClient silent = client();
  RawClient head = client();
  head.send("GET /livez HTTP/1.1\r\n");
  RawClient body = client();
  body.send(
      "POST /v1/commands HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
      "application/json\r\nContent-Length: 10\r\n\r\n{");
  EXPECT_TRUE(answer_to(live).starts_with("HTTP/1.1 200"));
  EXPECT_TRUE(head.read_all().starts_with("HTTP/1.1 408"));
  EXPECT_TRUE(body.read_all().starts_with("HTTP/1.1 408"));
  EXPECT_EQ(silent.read_all(), "");
}

TEST_F(ApiSocket, IdleConnectionsKeepNobodyOut) {
  ApiSettings settings;
  settings.threads = 1;
  settings.max_followers = 1;
  serve(settings);
  std::vector<RawClient> idle;
  for (int i = 0; i < 40; ++i) {
    idle.push_back(client());
    idle.back().send(live);
    EXPECT_TRUE(idle.back().read_answer().starts_with("HTTP/1.1 200")) << i;
  }
}

TEST_F(ApiSocket, FollowersAndRequestsLeaveEachOtherAlone) {
  ApiSettings settings;
  settings.threads = 1;
  settings.max_followers = 2;
  serve(settings);
  RawClient first = client();
  RawClient second = client();
  for (RawClient* one : {&first, &second}) {
    one->send(follow);
    EXPECT_NE(one->read_until("retry: 1000").find("text/event-stream"),
              std::string::npos);
  }
  EXPECT_EQ(server_->followers(), 2U);
  const std::string third = answer_to(follow);
  EXPECT_TRUE(third.starts_with("HTTP/1.1 503")) << third;
  EXPECT_NE(third.find("too-many-followers"), std::string::npos);
  EXPECT_TRUE(answer_to(refused("seen")).starts_with("HTTP/1.1 404"));
  EXPECT_NE(first.read_until("event: command-refused\n").find("id: 0:"),
            std::string::npos);
  server_->stop();
  const std::string end = second.read_all();
  EXPECT_NE(end.find("event: command-refused"), std::string::npos);
  EXPECT_NE(end.find("event: stopping\n"), std::string::npos);
  EXPECT_TRUE(end.ends_with("0\r\n\r\n")) << end;
  EXPECT_EQ(server_->followers(), 0U);
}

TEST_F(ApiSocket, FrozenFollowersAreDropped) {
  ApiSettings settings;
  settings.io_timeout_ms = 200;
  settings.max_followers = 8;
  serve(settings);
  std::vector<RawClient> frozen;
  for (int i = 0; i < 8; ++i) {
    frozen.push_back(client(4096));
    frozen.back().send(follow);
    (void)frozen.back().read_until("retry");
  }
  RawClient busy = client();
  int sent = 0;
  while (server_->followers() > 0 && sent < 20'000) {
    busy.send(refused("frozen-" + std::to_string(++sent)));
    ASSERT_TRUE(busy.read_answer().starts_with("HTTP/1.1 404"));
  }
  EXPECT_EQ(server_->followers(), 0U) << sent;
}

TEST_F(ApiSocket, SurvivesNoise) {
  ApiSettings settings;
  settings.io_timeout_ms = 1000;
  serve(settings);
  std::mt19937 random(7);
  const auto below = [&](std::size_t n) {
    return std::uniform_int_distribution<std::size_t>(0, n - 1)(random);
  };
  const std::vector<std::string> seeds{
      live, refused("noise"),
      "POST /v1/capacity HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
      "application/json\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n"
      "\r\n",
      "GET /v1/events?limit=3&type=scale-in HTTP/1.1\r\nHost: [::1]\r\n\r\n"};
  for (int i = 0; i < 400; ++i) {
    std::string request = seeds[below(seeds.size())];
    for (std::size_t changes = 1 + below(4); changes > 0; --changes) {
      const std::size_t at = below(request.size());
      switch (below(4)) {
        case 0:
          request[at] = static_cast<char>(below(256));
          break;
        case 1:
          request.erase(at, 1 + below(8));
          break;
        case 2:
          request.insert(at, request.substr(below(request.size()), below(40)));
          break;
        default:
          request.insert(at, 1 + below(3), "\r\n\0%"[below(4)]);
      }
      if (request.empty()) request = "\r\n";
    }
    const std::string answer = answer_to(request);
    if (!answer.empty()) {
      EXPECT_TRUE(answer.starts_with("HTTP/1.1 ")) << request << answer;
      EXPECT_FALSE(answer.starts_with("HTTP/1.1 500")) << request << answer;
    }
  }
  EXPECT_TRUE(answer_to(live).starts_with("HTTP/1.1 200"));
}

TEST_F(ApiSocket, APortIsServedOnce) {
  serve();
  ApiSettings settings;
  settings.listen = "127.0.0.1:" + std::to_string(server_->port());
  const auto second =
      ApiServer::start(settings, {fleet->plane(), {}, nullptr, {}});
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code, ErrorCode::unavailable);
  settings.listen = "no-such-host.invalid:1";
  EXPECT_FALSE(
      ApiServer::start(settings, {fleet->plane(), {}, nullptr, {}}).ok());
}

}  // namespace
}  // namespace understudy
