#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include "tests/unit/api/called.hpp"

namespace understudy {
namespace {

using FleetRoutes = ApiTest;

TEST_F(FleetRoutes, ShowWhatAnAnsweredCommandDid) {
  const std::string position = create("shown", 3);
  const auto answer = get("/v1/endpoints/shown?after=" + position);
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.content_type, "application/json");
  const Json told = json(answer);
  EXPECT_EQ(told["kind"], "EndpointList");
  ASSERT_EQ(told["items"].size(), 1U);
  EXPECT_EQ(told["items"][0]["name"], "shown");
  EXPECT_TRUE(header(answer, "Understudy-Position").starts_with("0:"));
  EXPECT_TRUE(header(answer, "Understudy-Time").starts_with("2026-"));
}

TEST_F(FleetRoutes, ComeInEveryForm) {
  const std::string position = create("forms");
  for (const char* list : {"endpoints", "pools", "instances", "operations"}) {
    for (const auto& [form, type] : {std::pair{"json", "application/json"},
                                     {"yaml", "application/yaml"},
                                     {"table", "text/plain; charset=utf-8"},
                                     {"wide", "text/plain; charset=utf-8"},
                                     {"name", "text/plain; charset=utf-8"}}) {
      const auto answer =
          get(std::string("/v1/") + list + "?all=true&output=" + form +
              "&after=" + position);
      EXPECT_EQ(answer.status, 200) << answer.body;
      EXPECT_EQ(answer.content_type, type);
    }
    expect_problem(get(std::string("/v1/") + list + "?output=xml"), 400,
                   "invalid-parameter");
  }
  const auto table = get("/v1/pools?endpoint=forms&output=table");
  EXPECT_NE(table.body.find("in-zone-b"), std::string::npos) << table.body;
}

TEST_F(FleetRoutes, SayWhatIsNotThere) {
  const std::string position = create("there");
  (void)get("/v1/endpoints?after=" + position);
  for (const char* target :
       {"/v1/endpoints/nobody", "/v1/endpoints/nobody/description",
        "/v1/endpoints/nobody/specification", "/v1/pools?endpoint=nobody",
        "/v1/instances?endpoint=nobody"})
    expect_problem(get(target), 404, "endpoint-not-found");
  expect_problem(get("/v1/operations?endpoint=there&id=99"), 404, "not-found");
}

TEST_F(FleetRoutes, DescribeAnEndpoint) {
  const std::string position = create("described");
  const std::string path = "/v1/endpoints/described/description";
  const auto told = json(get(path + "?after=" + position));
  EXPECT_EQ(told["name"], "described");
  const auto text = get(path + "?output=table");
  EXPECT_NE(text.body.find("in-zone-c"), std::string::npos) << text.body;
  expect_problem(get(path + "?output=wide"), 400, "invalid-parameter");
}

TEST_F(FleetRoutes, ASpecificationIsWhatCreateAccepts) {
  const std::string position = create("specified", 2);
  const auto answer =
      get("/v1/endpoints/specified/specification?after=" + position);
  ASSERT_EQ(answer.status, 200) << answer.body;
  Json command = Json::object();
  command["command"] = "copy";
  command["endpoint"] = "copied";
  command["create"]["spec"] = json(answer);
  EXPECT_EQ(command["create"]["spec"]["name"], "specified");
  command["create"]["spec"]["name"] = "copied";
  const auto copied = post("/v1/commands", json_text(command));
  ASSERT_EQ(copied.status, 200) << copied.body;
  Json copy = json(get("/v1/endpoints/copied/specification?after=" +
                       json(copied)["position"].get<std::string>()));
  EXPECT_EQ(copy, command["create"]["spec"]);
}

TEST_F(FleetRoutes, RefuseWhatIsNoPosition) {
  for (const char* after :
       {"1", "0:", "0:x", "0:-1", "0:1234567890123456789", ""}) {
    expect_problem(get(std::string("/v1/endpoints?after=") + after), 400,
                   "invalid-parameter");
  }
  expect_problem(get("/v1/endpoints?all=maybe"), 400, "invalid-parameter");
  const auto unknown = get("/v1/endpoints?ouput=json");
  expect_problem(unknown, 400, "invalid-parameter");
  EXPECT_EQ(json(unknown)["accepted"],
            "output, all, after, limit, continue, at");
}

TEST_F(FleetRoutes, ComeInPages) {
  create("page-1", 3);
  create("page-2", 2);
  const std::string position = create("page-3", 1);
  (void)get("/v1/endpoints?after=" + position);
  for (const std::string what :
       {"endpoints", "pools", "instances", "operations"}) {
    // Of one moment, so that what goes on in the fleet does not count.
    const std::string path =
        "/v1/" + what + "?all=true&output=name&at=" +
        header(get("/v1/endpoints"), "Understudy-Position");
    const auto whole = get(path);
    ASSERT_EQ(whole.status, 200) << whole.body;
    EXPECT_EQ(header(whole, "Understudy-Continue"), "") << "all on one page";
    std::string rows;
    std::string next;
    std::size_t pages = 0;
    do {
      const auto page = get(path + "&limit=1&continue=" + next);
      ASSERT_EQ(page.status, 200) << page.body;
      EXPECT_LE(std::ranges::count(page.body, '\n'), 1);
      rows += page.body;
      next = header(page, "Understudy-Continue");
      ASSERT_LT(++pages, 1000U);
    } while (!next.empty());
    EXPECT_EQ(rows, whole.body);
    // Instances may be still to come.
    EXPECT_GE(pages, what == "instances" ? 1U : 3U) << what;
  }
  const auto first = json(get("/v1/pools?endpoint=page-1&limit=2"));
  EXPECT_EQ(first["items"].size(), 2U);
  const auto last = json(get("/v1/pools?endpoint=page-1&limit=2&continue=" +
                             first["continue"].get<std::string>()));
  EXPECT_EQ(last["items"].size(), 1U);
  EXPECT_FALSE(last.contains("continue"));
}

TEST_F(FleetRoutes, PagesGoOnAfterARowThatIsGone) {
  const std::string position = create("gone-b", 1);
  (void)get("/v1/endpoints?after=" + position);
  const auto rest = [](const std::string& what, const std::string& from) {
    return get("/v1/" + what + "?all=true&output=name&limit=1&continue=" + from)
        .body;
  };
  EXPECT_EQ(rest("endpoints", "endpoint/gone-a"), "endpoint/gone-b\n");
  EXPECT_EQ(rest("pools", "pool/gone-a/primary/x"),
            "pool/gone-b/primary/in-zone-a\n");
  EXPECT_EQ(rest("pools", "pool/gone-b/primary/x"),
            "pool/gone-b/primary/in-zone-a\n");
  EXPECT_TRUE(rest("operations", "operation/gone-b/0")
                  .starts_with("operation/gone-b/"));
  for (const char* wrong : {"x", "pool/", "endpoint/a", "pool/a"}) {
    expect_problem(get(std::string("/v1/pools?continue=") + wrong), 400,
                   "invalid-parameter");
  }
  for (const char* limit : {"0", "10001", "-1", "x", ""}) {
    expect_problem(get(std::string("/v1/pools?limit=") + limit), 400,
                   "invalid-parameter");
  }
}

TEST_F(FleetRoutes, ShowThePast) {
  const std::string before = create("past-a");
  const std::string position = create("past-b");
  (void)get("/v1/endpoints?after=" + position);
  const auto names = get("/v1/endpoints?output=name&at=" + before);
  ASSERT_EQ(names.status, 200) << names.body;
  EXPECT_EQ(header(names, "Understudy-Position"), before);
  EXPECT_NE(names.body.find("past-a"), std::string::npos);
  EXPECT_EQ(names.body.find("past-b"), std::string::npos);
  const std::string path = "/v1/endpoints/past-b";
  EXPECT_EQ(get(path).status, 200);
  expect_problem(get(path + "?at=" + before), 404, "endpoint-not-found");
  expect_problem(get(path + "/description?at=" + before), 404,
                 "endpoint-not-found");
  const auto then = get(path + "/description?at=" + position);
  ASSERT_EQ(then.status, 200) << then.body;
  EXPECT_EQ(header(then, "Understudy-Position"), position);
  expect_problem(get("/v1/pools?at=0:99999999"), 410, "position-out-of-range");
  EXPECT_EQ(json(get("/v1/pools?at=2025-01-01T00:00:00Z"))["items"].size(), 0U);
  for (const char* wrong : {"", "yesterday", "x:1"})
    expect_problem(get(std::string("/v1/pools?at=") + wrong), 400,
                   "invalid-parameter");
}

TEST_F(FleetRoutes, ShowThePastToOneAtATime) {
  const std::string position = create("past-one");
  (void)get("/v1/endpoints?after=" + position);
  {
    const auto taken = api->readings().whole();
    ASSERT_TRUE(taken.had());
    expect_problem(get("/v1/pools?at=" + position), 503, "overloaded");
    EXPECT_EQ(get("/v1/pools").status, 200);
  }
  EXPECT_EQ(get("/v1/pools?at=" + position).status, 200);
}

}  // namespace
}  // namespace understudy
