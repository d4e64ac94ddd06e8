#include <string>

#include <gtest/gtest.h>

#include "tests/unit/api/called.hpp"

namespace understudy {
namespace {

using CommandRoutes = ApiTest;

std::string scale(const std::string& command, const std::string& endpoint,
                  const std::string& variant, const std::string& desired) {
  return R"({"command":")" + command + R"(","endpoint":")" + endpoint +
         R"(","scale":{"variant":")" + variant + R"(","desired":)" + desired +
         "}}";
}

TEST_F(CommandRoutes, AnAcceptedCommandTellsItsPosition) {
  const auto answer =
      post("/v1/commands", ServedFleet::creation("c-1", "accepted"));
  ASSERT_EQ(answer.status, 200) << answer.body;
  const Json told = json(answer);
  EXPECT_EQ(told["command"], "c-1");
  EXPECT_EQ(told["endpoint"], "accepted");
  EXPECT_EQ(told["accepted"], true);
  EXPECT_TRUE(told["position"].get<std::string>().starts_with("0:"));
}

TEST_F(CommandRoutes, TheSameIdAgainGetsTheSameAnswer) {
  create("again");
  const std::string body = ServedFleet::creation("create-again", "again");
  const auto answer = post("/v1/commands", body);
  EXPECT_EQ(answer.status, 200) << answer.body;
  expect_problem(
      post("/v1/commands", ServedFleet::creation("another", "again")), 409,
      "endpoint-exists");
  expect_problem(
      post("/v1/commands", ServedFleet::creation("another", "again")), 409,
      "endpoint-exists");
}

TEST_F(CommandRoutes, AnIdMayStandInTheHeader) {
  const std::string body =
      R"({"endpoint":"nobody","scale":{"variant":"primary","desired":1}})";
  expect_problem(post("/v1/commands", body), 400, "missing-command-id");
  const auto refused =
      post("/v1/commands", body, "Idempotency-Key: \"h-1\"\r\n");
  expect_problem(refused, 404, "endpoint-not-found");
  EXPECT_EQ(json(refused)["command"], "h-1");
  expect_problem(post("/v1/commands", scale("b-1", "nobody", "primary", "1"),
                      "Idempotency-Key: h-1\r\n"),
                 400, "command-id-conflict");
  expect_problem(post("/v1/commands", scale("b-1", "nobody", "primary", "1"),
                      "Idempotency-Key: b-1\r\n"),
                 404, "endpoint-not-found");
}

TEST_F(CommandRoutes, WhatIsTriedIsNotDone) {
  const auto tried =
      post("/v1/commands?dry-run=true", ServedFleet::creation("t-1", "tried"));
  ASSERT_EQ(tried.status, 200) << tried.body;
  const Json told = json(tried);
  EXPECT_EQ(told["dry_run"], true);
  ASSERT_FALSE(told["events"].empty());
  EXPECT_EQ(told["events"][0]["type"], "endpoint-created");
  EXPECT_FALSE(told.contains("position"));
  expect_problem(
      post("/v1/commands?dry-run=true", scale("t-2", "tried", "primary", "1")),
      404, "endpoint-not-found");
  expect_problem(get("/v1/endpoints/tried"), 404, "endpoint-not-found");
  expect_problem(post("/v1/commands?dry-run=perhaps", "{}"), 400,
                 "invalid-parameter");
}

/// The first event that a command led to, as the API shows it.
Json event_of(const ApiAnswer& events, const std::string& command) {
  const Json page = Json::parse(events.body);
  for (const Json& one : page["items"]) {
    if (one.value("command", "") == command) return one;
  }
  ADD_FAILURE() << command << " in " << events.body;
  return Json::object();
}

TEST_F(CommandRoutes, EventsTellWhoSentTheCommandAndItsTrace) {
  const std::string trace =
      "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  const auto shown = [](const std::string& name, const std::string& headers) {
    const std::string command = "c-" + name;
    const auto answer =
        post("/v1/commands", ServedFleet::creation(command, name), headers);
    EXPECT_EQ(answer.status, 200) << answer.body;
    return event_of(get("/v1/events?endpoint=" + name), command);
  };
  const Json traced = shown("traced", "traceparent: " + trace + "\r\n");
  EXPECT_EQ(traced.value("authid", ""), "http");
  EXPECT_EQ(traced.value("authtype", ""), "unauthenticated");
  EXPECT_EQ(traced.value("traceparent", ""), trace);
  const Json plain = shown("untraced", "traceparent: 00-no-trace-01\r\n");
  EXPECT_EQ(plain.value("authid", ""), "http");
  EXPECT_FALSE(plain.contains("traceparent"));
  const auto told =
      get("/v1/explanations?output=table&subject=" + plain.value("id", ""));
  EXPECT_NE(told.body.find("command c-untraced by http: create endpoint "),
            std::string::npos)
      << told.body;
}

TEST_F(CommandRoutes, RefusalsSayWhere) {
  create("where");
  std::string body = ServedFleet::creation("v-1", "wrong");
  body.replace(body.find("\"priority\":2"), 12, "\"priority\":0");
  const auto refused = post("/v1/commands", body);
  expect_problem(refused, 422, "out-of-range");
  EXPECT_EQ(json(refused)["field"], "variants[0].pools[1].priority");
  EXPECT_EQ(json(refused)["value"], "0");
  EXPECT_EQ(json(refused)["accepted"], "1 to 1000");
  expect_problem(post("/v1/commands", scale("v-2", "where", "second", "1")),
                 404, "variant-not-found");
  const auto form = post("/v1/commands", scale("v-3", "where", "x", "\"1\""));
  expect_problem(form, 422, "invalid-command");
  EXPECT_EQ(json(form)["field"], "scale.desired");
}

TEST_F(CommandRoutes, OutcomesAreFoundByTheIdOfTheCommand) {
  const auto made =
      post("/v1/commands", ServedFleet::creation("o-1", "outcome"));
  ASSERT_EQ(made.status, 200) << made.body;
  const std::string position = json(made)["position"];
  const Json told = json(get("/v1/commands/o-1?after=" + position));
  EXPECT_EQ(told["accepted"], true);
  EXPECT_EQ(told["endpoint"], "outcome");
  EXPECT_EQ(told["type"], "create-endpoint");
  EXPECT_EQ(told["position"], position);
  const Json refusal =
      json(post("/v1/commands", scale("o-2", "outcome", "second", "1")));
  const std::string later = refusal["position"];
  const Json refused =
      json(get("/v1/commands/o-2?endpoint=outcome&after=" + later));
  EXPECT_EQ(refused["accepted"], false);
  EXPECT_EQ(refused["reason"], "variant-not-found");
  expect_problem(get("/v1/commands/o-3"), 404, "command-not-seen");
  expect_problem(get("/v1/commands/o-1?endpoint=other"), 404,
                 "command-not-seen");
  expect_problem(get("/v1/commands/o-1?endpoint="), 400, "invalid-parameter");
}

TEST_F(CommandRoutes, WhatIsNoCommandIsRefused) {
  expect_problem(post("/v1/commands", ""), 400, "invalid-json");
  expect_problem(post("/v1/commands", "{"), 400, "invalid-json");
  expect_problem(post("/v1/commands", "{\"command\":\"\xff\"}"), 400,
                 "invalid-json");
  expect_problem(post("/v1/commands", "[]"), 422, "invalid-command");
  expect_problem(post("/v1/commands", R"({"command":1})"), 422,
                 "invalid-command");
  expect_problem(post("/v1/commands", R"({"command":"a","endpoint":"b"})"), 422,
                 "invalid-command");
  expect_problem(post("/v1/commands", "{}", "Content-Type: text/plain\r\n"),
                 415, "unsupported-media-type");
  expect_problem(post("/v1/commands", "{}", "Content-Encoding: gzip\r\n"), 415,
                 "unsupported-media-type");
  expect_problem(post("/v1/commands", std::string(1'048'577, ' ')), 413,
                 "body-too-large");
}

}  // namespace
}  // namespace understudy
