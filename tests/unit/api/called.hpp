#pragma once

/// Asks the API without a socket, for tests.

#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "services/api/api.hpp"
#include "services/api/head.hpp"
#include "services/codec/json.hpp"
#include "tests/support/served_fleet.hpp"

namespace understudy {

struct Asked {
  std::string method = "GET";
  std::string target;
  std::string body = {};
  std::string headers = {};  ///< Lines that end with CR LF.
  std::string host = "localhost:7780";
};

inline ApiAnswer ask(Api& api, const Asked& asked) {
  std::string head = asked.method + ' ' + asked.target +
                     " HTTP/1.1\r\nHost: " + asked.host + "\r\n" +
                     asked.headers;
  if (asked.method == "POST") {
    head += "Content-Length: " + std::to_string(asked.body.size()) + "\r\n";
    if (head.find("Content-Type") == std::string::npos)
      head += "Content-Type: application/json\r\n";
  }
  ApiCall call;
  if (const auto wrong = parse_head(head + "\r\n", call))
    return answer_of(*wrong);
  call.body = asked.body;
  auto gate = api.judge(call);
  return gate.refusal ? *std::move(gate.refusal)
                      : api.answer(*gate.route, call);
}

inline std::string header(const ApiAnswer& answer, const std::string& name) {
  for (const auto& [key, value] : answer.headers) {
    if (key == name) return value;
  }
  return {};
}

/// One fleet and one API for all tests of a suite: they use endpoints of
/// their own names.
class ApiTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    fleet = std::make_unique<ServedFleet>();
    api = make({});
  }
  static void TearDownTestSuite() {
    api.reset();
    fleet.reset();
  }

  static std::unique_ptr<Api> make(const ApiSettings& settings) {
    auto tokens = Tokens::read(settings);
    EXPECT_TRUE(tokens.ok()) << tokens.error().message;
    return std::make_unique<Api>(
        settings,
        ApiParts{fleet->plane(),
                 [] { return std::string("figures 1\n"); },
                 &fleet->capacity(),
                 {}},
        std::move(tokens).value());
  }

  static ApiAnswer get(const std::string& target) {
    return ask(*api, {"GET", target});
  }
  static ApiAnswer post(const std::string& target, const std::string& body,
                        const std::string& headers = {}) {
    return ask(*api, {"POST", target, body, headers});
  }
  static Json json(const ApiAnswer& answer) { return Json::parse(answer.body); }

  /// Creates an endpoint; returns the position of the answer.
  static std::string create(const std::string& name, int count = 1) {
    const auto answer = post(
        "/v1/commands", ServedFleet::creation("create-" + name, name, count));
    EXPECT_EQ(answer.status, 200) << answer.body;
    return json(answer).value("position", "");
  }

  static void expect_problem(const ApiAnswer& answer, int status,
                             const std::string& reason) {
    EXPECT_EQ(answer.status, status) << answer.body;
    EXPECT_EQ(answer.content_type, "application/problem+json");
    EXPECT_EQ(json(answer).value("reason", ""), reason) << answer.body;
  }

  static inline std::unique_ptr<ServedFleet> fleet;
  static inline std::unique_ptr<Api> api;
};

}  // namespace understudy
