#include "services/api/head.hpp"

#include <gtest/gtest.h>

namespace understudy {
namespace {

std::string reason_of(const std::string& head) {
  ApiCall call;
  const auto wrong = parse_head(head, call);
  return wrong ? wrong->reason : "";
}

std::string with(const std::string& line, const std::string& headers = "") {
  return line + "\r\nHost: localhost\r\n" + headers + "\r\n";
}

TEST(Head, IsTakenApart) {
  ApiCall call;
  const auto wrong = parse_head(
      with("GET /v1/endpoints/a%2Fb?type=a,b&follow&since=1+2 HTTP/1.1",
           "X-Thing:  some value \r\nContent-Length: 12\r\n"),
      call);
  ASSERT_FALSE(wrong) << wrong->detail;
  EXPECT_EQ(call.method, "GET");
  EXPECT_EQ(call.path, (std::vector<std::string>{"v1", "endpoints", "a/b"}));
  ASSERT_TRUE(call.parameter("type"));
  EXPECT_EQ(*call.parameter("type"), "a,b");
  EXPECT_EQ(*call.parameter("follow"), "");
  EXPECT_EQ(*call.parameter("since"), "1+2");
  EXPECT_EQ(call.parameter("other"), nullptr);
  EXPECT_EQ(*call.header("x-thing"), "some value");
  EXPECT_EQ(call.content_length, 12U);
  EXPECT_TRUE(call.keep_alive);
  EXPECT_TRUE(call.has_body());
}

TEST(Head, SaysWhetherTheConnectionStays) {
  for (const auto& [head, stays] :
       {std::pair{with("GET / HTTP/1.1"), true},
        {with("GET / HTTP/1.1", "Connection: Close\r\n"), false},
        {with("GET / HTTP/1.0"), false},
        {with("GET / HTTP/1.0", "Connection: keep-alive\r\n"), true}}) {
    ApiCall call;
    ASSERT_FALSE(parse_head(head, call)) << head;
    EXPECT_EQ(call.keep_alive, stays) << head;
  }
}

TEST(Head, AsSentToAProxyIsTaken) {
  ApiCall call;
  ASSERT_FALSE(parse_head(with("GET http://localhost/livez HTTP/1.1"), call));
  EXPECT_EQ(call.path, std::vector<std::string>{"livez"});
}

TEST(Head, BadRequestsAreRefused) {
  using namespace std::string_literals;
  for (const std::string& head : {
           "GET /\r\nHost: localhost\r\n\r\n"s,
           "GET\r\n\r\n"s,
           "\r\n"s,
           "GET / HTTP/1.1\nHost: localhost\n\n"s,
           "GET / HTTP/1.1\r\nHost: localhost\n\r\n"s,
           "GET / HTTP/1.1\r\n\r\n"s,
           "GET / SMTP/1.1\r\nHost: localhost\r\n\r\n"s,
           with("G(T / HTTP/1.1"),
           with("GET  / HTTP/1.1"),
           with("GET v1 HTTP/1.1"),
           with("GET /a b HTTP/1.1"),
           with("GET /%zz HTTP/1.1"),
           with("GET /% HTTP/1.1"),
           with("GET /%0 HTTP/1.1"),
           with("GET /a%00 HTTP/1.1"),
           with("GET /a%0a HTTP/1.1"),
           with("GET /\x80 HTTP/1.1"),
           with("GET /%ff HTTP/1.1"),
           with("GET /?a=%00 HTTP/1.1"),
           with("GET /?a=%7f HTTP/1.1"),
           with("GET /?%=1 HTTP/1.1"),
           with("GET / HTTP/1.1", "Host: other\r\n"),
           with("GET / HTTP/1.1", "Name : value\r\n"),
           with("GET / HTTP/1.1", "name\r\n"),
           with("GET / HTTP/1.1", ": value\r\n"),
           with("GET / HTTP/1.1", "a: b\r\n folded\r\n"),
           with("GET / HTTP/1.1", "a: b\x01\r\n"),
           with("GET / HTTP/1.1", "a: b\0c\r\n"s),
           with("GET / HTTP/1.1", "a: b\rc\r\n"),
           with("POST / HTTP/1.1", "Content-Length: -1\r\n"),
           with("POST / HTTP/1.1", "Content-Length: 1x\r\n"),
           with("POST / HTTP/1.1", "Content-Length: +1\r\n"),
           with("POST / HTTP/1.1", "Content-Length: 1, 1\r\n"),
           with("POST / HTTP/1.1",
                "Content-Length: 99999999999999999999999\r\n"),
           with("POST / HTTP/1.1",
                "Content-Length: 1\r\nContent-Length: 2\r\n"),
           with("POST / HTTP/1.1",
                "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n"),
           with("POST / HTTP/1.0", "Transfer-Encoding: chunked\r\n"),
           with("POST / HTTP/1.1", "Expect: much\r\n"),
       }) {
    EXPECT_EQ(reason_of(head), "bad-request") << head;
  }
}

TEST(Head, OtherRefusalsSayWhich) {
  EXPECT_EQ(reason_of(with("GET / HTTP/2.0")), "unsupported-version");
  EXPECT_EQ(reason_of(with("POST / HTTP/1.1", "Transfer-Encoding: gzip\r\n")),
            "not-implemented");
  EXPECT_EQ(reason_of(with("GET /?a=1&a=2 HTTP/1.1")), "invalid-parameter");
  EXPECT_EQ(reason_of(with("GET /" + std::string(3000, 'a') + " HTTP/1.1")),
            "target-too-long");
  EXPECT_EQ(reason_of(with("GET /?" + std::string(9000, 'a') + " HTTP/1.1")),
            "target-too-long");
  EXPECT_EQ(reason_of(with("GET / HTTP/1.1",
                           "a: " + std::string(9000, 'a') + "\r\n")),
            "headers-too-large");
  std::string many;
  for (int i = 0; i < 101; ++i)
    many += "a: b\r\n";
  EXPECT_EQ(reason_of(with("GET / HTTP/1.1", many)), "headers-too-large");
}

}  // namespace
}  // namespace understudy
