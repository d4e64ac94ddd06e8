/// Who may ask what, and what the API says of itself and of capacity.

#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include "tests/unit/api/called.hpp"

namespace understudy {
namespace {

class Gate : public ApiTest {
 protected:
  static ApiSettings with_tokens() {
    ApiSettings settings;
    for (const auto& [name, file] : {std::pair{"operate", &settings.token_file},
                                     {"read", &settings.read_token_file}}) {
      *file = fleet->path() / name;
      std::ofstream(*file) << name << "-token\n";
      std::filesystem::permissions(*file, std::filesystem::perms::owner_read);
    }
    return settings;
  }
};

TEST_F(Gate, TokensDecideWhoMayWhat) {
  const auto guarded = make(with_tokens());
  const std::string body = R"({"command":"x","endpoint":"y","delete":{}})";
  const auto status = [&](const char* method, const char* target,
                          const std::string& token) {
    return ask(*guarded,
               {method, target, body,
                token.empty() ? "" : "Authorization: Bearer " + token + "\r\n"})
        .status;
  };
  for (const char* open : {"/livez", "/readyz", "/", "/openapi.json"})
    EXPECT_EQ(status("GET", open, ""), 200) << open;
  for (const char* target : {"/v1/endpoints", "/metrics", "/v1/events",
                             "/v1/capacity", "/v1/version"}) {
    EXPECT_EQ(status("GET", target, ""), 401) << target;
    EXPECT_EQ(status("GET", target, "wrong"), 401) << target;
    EXPECT_EQ(status("GET", target, "read-token"), 200) << target;
    EXPECT_EQ(status("GET", target, "operate-token"), 200) << target;
  }
  EXPECT_EQ(status("POST", "/v1/commands", ""), 401);
  EXPECT_EQ(status("POST", "/v1/commands", "read-token"), 403);
  EXPECT_EQ(status("POST", "/v1/commands", "operate-token"), 404);
  EXPECT_EQ(status("POST", "/v1/capacity", "read-token"), 403);
  const auto refused = ask(*guarded, {"GET", "/v1/endpoints"});
  EXPECT_TRUE(header(refused, "WWW-Authenticate").starts_with("Bearer "));
  // With a token a page cannot ask, whatever it calls this host.
  EXPECT_EQ(ask(*guarded, {"GET", "/livez", "", "", "example.org"}).status,
            200);
}

TEST_F(Gate, WithoutTokensOnlyLocalNamesAreAnswered) {
  for (const char* host : {"localhost", "LOCALHOST:1", "127.0.0.1:7780",
                           "[::1]", "[::1]:80", "localhost."})
    EXPECT_EQ(ask(*api, {"GET", "/livez", "", "", host}).status, 200) << host;
  for (const char* host : {"example.org", "localhost.example.org",
                           "example.org:7780", "127.0.0.2", "[::2]", ""})
    expect_problem(ask(*api, {"GET", "/livez", "", "", host}), 421,
                   "untrusted-host");
}

TEST_F(Gate, PathsAndMethodsAreKnownOrRefused) {
  expect_problem(get("/v2"), 404, "no-such-path");
  expect_problem(get("/v1/endpoints/a/b"), 404, "no-such-path");
  expect_problem(get("//"), 404, "no-such-path");
  const auto refused = ask(*api, {"DELETE", "/v1/endpoints"});
  expect_problem(refused, 405, "method-not-allowed");
  EXPECT_EQ(header(refused, "Allow"), "GET, HEAD");
  EXPECT_EQ(header(ask(*api, {"PUT", "/v1/capacity"}), "Allow"),
            "GET, HEAD, POST");
  for (const char* method : {"PUT", "POST", "PATCH", "OPTIONS", "TRACE"})
    EXPECT_EQ(ask(*api, {method, "/livez"}).status, 405) << method;
  EXPECT_EQ(ask(*api, {"HEAD", "/livez"}).status, 200);
  expect_problem(ask(*api, {"GET", "/livez", "", "Content-Length: 1\r\n"}), 400,
                 "bad-request");
}

TEST_F(Gate, TellsHowTheDaemonIs) {
  EXPECT_EQ(get("/livez").body, "ok\n");
  EXPECT_EQ(json(get("/readyz"))["phase"], "ready");
  EXPECT_TRUE(get("/readyz?verbose").body.starts_with("ready: "));
  EXPECT_EQ(get("/metrics").body, "figures 1\n");
  EXPECT_EQ(get("/metrics").content_type,
            "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_NE(json(get("/v1/version"))["version"], "");
  EXPECT_EQ(json(get("/openapi.json"))["openapi"], "3.1.0");
  EXPECT_NE(get("/docs/problems").body.find("endpoint-exists"),
            std::string::npos);
  EXPECT_NE(get("/").body.find("/openapi.json"), std::string::npos);
}

TEST_F(Gate, CapacityIsShownAndChanged) {
  const auto of = [](const std::string& zone) {
    const Json list = json(get("/v1/capacity"));
    for (const Json& one : list["items"]) {
      if (one["zone"] == zone) return one;
    }
    return Json();
  };
  const auto change = [](const std::string& rest) {
    return post("/v1/capacity",
                R"({"offering":{"instance_type":"gpu","zone":"zone-b",)"
                R"("market":"spot"},)" +
                    rest + '}');
  };
  EXPECT_EQ(of("zone-b")["capacity"], 2);
  EXPECT_EQ(json(change(R"("action":"close")"))["closed"], true);
  EXPECT_EQ(of("zone-b")["closed"], true);
  EXPECT_EQ(json(change(R"("action":"open")"))["closed"], false);
  const auto throttled =
      json(change(R"("action":"throttle","calls":3,"retry_after_ms":500)"));
  EXPECT_EQ(throttled["scripts"][0]["action"], "throttle");
  EXPECT_EQ(throttled["scripts"][0]["calls"], 3);
  EXPECT_EQ(throttled["scripts"][0]["retry_after_ms"], 500);
  for (const char* action : {"quota", "infeasible", "unknown"})
    EXPECT_EQ(change(std::string(R"("action":")") + action + '"').status, 200);
  EXPECT_EQ(of("zone-b")["scripts"].size(), 4U);
  EXPECT_NE(get("/v1/capacity?output=table").body.find("throttlex3"),
            std::string::npos);
  expect_problem(change(R"("action":"burn")"), 422, "invalid-command");
  expect_problem(change(R"("calls":1)"), 422, "invalid-command");
  expect_problem(change(R"("action":"quota","calls":0)"), 422, "out-of-range");
  expect_problem(change(R"("action":"quota","what":0)"), 422,
                 "invalid-command");
  expect_problem(
      post("/v1/capacity", R"({"offering":{"instance_type":"gpu","zone":"z"},)"
                           R"("action":"close"})"),
      404, "offering-not-found");
  expect_problem(post("/v1/capacity", "x"), 400, "invalid-json");
}

}  // namespace
}  // namespace understudy
