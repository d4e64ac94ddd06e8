#include "services/client/daemon_client.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/client/canned_server.hpp"

namespace understudy {
namespace {

using test::CannedServer;
using test::http_answer;
using ::testing::HasSubstr;
using ::testing::SizeIs;

Json scale(const std::string& id) {
  return {{"command", id}, {"endpoint", "chat"}, {"scale", {{"desired", 2}}}};
}

std::string problem(const std::string& reason, const std::string& detail) {
  return json_text(Json{{"reason", reason}, {"detail", detail}});
}

const std::string accepted =
    R"({"command": "c-1", "accepted": true, "position": "0:7"})";

TEST(DaemonClient, a_command_is_sent_once_when_it_is_answered) {
  const CannedServer server({http_answer("200 OK", accepted)});
  DaemonClient daemon(server.access(), {});
  const auto outcome = daemon.send(scale("c-1"), false);
  EXPECT_EQ(outcome.end, CommandEnd::accepted);
  EXPECT_EQ(outcome.answer["position"], "0:7");
  ASSERT_THAT(server.requests(), SizeIs(1));
  EXPECT_THAT(server.requests()[0], HasSubstr("POST /v1/commands HTTP/1.1"));
  EXPECT_THAT(server.requests()[0], HasSubstr(R"("command":"c-1")"));
}

TEST(DaemonClient, a_dry_run_says_so) {
  const CannedServer server({http_answer("200 OK", accepted)});
  DaemonClient daemon(server.access(), {});
  (void)daemon.send(scale("c-1"), true);
  EXPECT_THAT(server.requests()[0], HasSubstr("/v1/commands?dry-run=true "));
}

TEST(DaemonClient, a_refusal_keeps_its_reason_and_is_not_repeated) {
  const CannedServer server({http_answer(
      "409 Conflict", problem("endpoint-failed", "endpoint chat failed"))});
  DaemonClient daemon(server.access(), {});
  const auto outcome = daemon.send(scale("c-1"), false);
  EXPECT_EQ(outcome.end, CommandEnd::refused);
  EXPECT_EQ(outcome.reason, "endpoint-failed");
  EXPECT_EQ(outcome.error.message, "endpoint chat failed (endpoint-failed)");
}

TEST(DaemonClient, a_lost_answer_is_asked_for_again_with_the_same_id) {
  const CannedServer server({"",
                             http_answer("503 Service Unavailable",
                                         problem("not-ready", "recovering")),
                             http_answer("200 OK", accepted)});
  std::vector<std::string> notices;
  DaemonClient daemon(server.access(), [&](const std::string& text) {
    notices.push_back(text);
  });
  EXPECT_EQ(daemon.send(scale("c-1"), false).end, CommandEnd::accepted);
  ASSERT_THAT(server.requests(), SizeIs(3));
  for (const std::string& request : server.requests())
    EXPECT_THAT(request, HasSubstr(R"("command":"c-1")"));
  ASSERT_THAT(notices, SizeIs(1));
  EXPECT_THAT(notices[0], HasSubstr("trying again with the same id"));
}

TEST(DaemonClient, an_outcome_that_stays_unknown_says_how_to_find_out) {
  const CannedServer server({""});
  ServerAccess access = server.access();
  access.timeout = std::chrono::milliseconds(600);
  DaemonClient daemon(access, {});
  const auto outcome = daemon.send(scale("c-1"), false);
  EXPECT_EQ(outcome.end, CommandEnd::unknown);
  EXPECT_EQ(outcome.error.code, ErrorCode::unavailable);
  EXPECT_THAT(outcome.error.message, HasSubstr("is unknown"));
  EXPECT_THAT(outcome.error.message, HasSubstr("--command-id c-1"));
}

TEST(DaemonClient, who_was_never_there_has_done_nothing) {
  ServerAccess access;
  {
    const CannedServer gone(std::vector<std::string>{});
    access = gone.access();
  }
  DaemonClient daemon(access, {});
  const auto outcome = daemon.send(scale("c-1"), false);
  EXPECT_EQ(outcome.end, CommandEnd::not_done);
  EXPECT_THAT(outcome.error.message,
              HasSubstr("cannot reach the daemon at " + access.address.url()));
  const auto answer = daemon.get("/v1/endpoints");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::unavailable);
}

TEST(DaemonClient, a_question_waits_while_the_daemon_recovers) {
  const CannedServer server({http_answer("503 Service Unavailable",
                                         problem("not-ready", "recovering")),
                             http_answer("200 OK", "[1]")});
  DaemonClient daemon(server.access(), {});
  const auto json = daemon.get_json("/v1/pools", {{"endpoint", "a b"}});
  ASSERT_TRUE(json) << json.error().message;
  EXPECT_EQ(json.value(), Json::array({1}));
  EXPECT_THAT(server.requests()[0], HasSubstr("GET /v1/pools?endpoint=a%20b "));
}

TEST(DaemonClient, a_wrong_token_names_the_option) {
  const CannedServer server({http_answer(
      "401 Unauthorized", problem("unauthorized", "a token is needed"))});
  ServerAccess access = server.access();
  access.token = "abc";
  DaemonClient daemon(access, {});
  const auto answer = daemon.get("/v1/endpoints");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::invalid_input);
  EXPECT_THAT(answer.error().message, HasSubstr("--token-file"));
  EXPECT_THAT(server.requests()[0], HasSubstr("Authorization: Bearer abc\r\n"));
}

TEST(DaemonClient, what_is_no_daemon_is_told) {
  const CannedServer server(
      {http_answer("200 OK", "<html>"), http_answer("500 Sorry", "<html>")});
  DaemonClient daemon(server.access(), {});
  for (int i = 0; i < 2; ++i) {
    const auto json = daemon.get_json("/v1/endpoints");
    ASSERT_FALSE(json);
    EXPECT_THAT(json.error().message, HasSubstr("an Understudy daemon?"));
  }
}

}  // namespace
}  // namespace understudy
