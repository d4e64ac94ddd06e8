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
  EXPECT_EQ(json(unknown)["accepted"], "output, all, after");
}

}  // namespace
}  // namespace understudy
