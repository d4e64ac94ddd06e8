/// The document and the table of routes say the same.

#include "services/api/openapi.hpp"

#include <algorithm>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "services/api/routes.hpp"
#include "services/codec/json.hpp"

namespace understudy {
namespace {

Json document() { return Json::parse(openapi_document()); }

std::string lower(std::string_view method) {
  return method == "GET" ? "get" : "post";
}

/// What `$ref` names, or the value itself.
Json resolved(const Json& whole, const Json& value) {
  if (!value.contains("$ref")) return value;
  const auto pointer = value["$ref"].get<std::string>().substr(1);
  return whole.at(Json::json_pointer(pointer));
}

std::set<std::string> query_parameters(const Json& whole, const Json& call) {
  std::set<std::string> names;
  if (!call.contains("parameters")) return names;
  for (const Json& given : call["parameters"]) {
    const Json parameter = resolved(whole, given);
    if (parameter["in"] == "query") names.insert(parameter["name"]);
  }
  return names;
}

TEST(OpenApi, DescribesEveryRoute) {
  const Json whole = document();
  for (const Route& route : routes()) {
    const std::string pattern(route.pattern);
    ASSERT_TRUE(whole["paths"].contains(pattern)) << pattern;
    const Json& path = whole["paths"][pattern];
    ASSERT_TRUE(path.contains(lower(route.method))) << pattern;
    const Json& call = path[lower(route.method)];
    EXPECT_EQ(
        query_parameters(whole, call),
        std::set<std::string>(route.parameters.begin(), route.parameters.end()))
        << pattern;
    EXPECT_EQ(call.contains("requestBody"), route.takes_body) << pattern;
    EXPECT_EQ(call.contains("security"), route.access == Access::none)
        << pattern;
    EXPECT_TRUE(call["responses"].contains("200")) << pattern;
  }
}

TEST(OpenApi, DescribesNoOtherRoute) {
  const Json whole = document();
  for (const auto& [pattern, path] : whole["paths"].items()) {
    for (const auto& [method, call] : path.items()) {
      const bool found = std::any_of(
          routes().begin(), routes().end(), [&](const Route& route) {
            return route.pattern == pattern && lower(route.method) == method;
          });
      EXPECT_TRUE(found) << method << ' ' << pattern;
    }
  }
}

void check_references(const Json& whole, const Json& value) {
  if (value.is_object() && value.contains("$ref")) {
    const auto pointer = value["$ref"].get<std::string>().substr(1);
    EXPECT_TRUE(whole.contains(Json::json_pointer(pointer))) << pointer;
  }
  if (!value.is_structured()) return;
  for (const Json& inner : value)
    check_references(whole, inner);
}

TEST(OpenApi, NamesOnlyWhatItHolds) {
  const Json whole = document();
  EXPECT_EQ(whole["openapi"], "3.1.0");
  check_references(whole, whole);
}

TEST(Routes, FindTheirNamesAndMethods) {
  ApiCall call;
  call.method = "HEAD";
  call.path = {"v1", "endpoints", "chat", "description"};
  const Match found = match_route(call);
  ASSERT_TRUE(found.route);
  EXPECT_EQ(found.pattern, "/v1/endpoints/{name}/description");
  EXPECT_EQ(call.name("name"), "chat");
  call.method = "DELETE";
  const Match refused = match_route(call);
  EXPECT_FALSE(refused.route);
  EXPECT_EQ(refused.allowed, "GET, HEAD");
  for (const std::vector<std::string>& path : {std::vector<std::string>{"v1"},
                                               {"v1", "endpoints", ""},
                                               {"v1", "endpoints", "chat", ""},
                                               {"V1", "endpoints"},
                                               {"*"}}) {
    ApiCall other;
    other.method = "GET";
    other.path = path;
    EXPECT_TRUE(match_route(other).pattern.empty()) << path.back();
  }
}

}  // namespace
}  // namespace understudy
