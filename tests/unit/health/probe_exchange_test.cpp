#include "services/health/probe_exchange.hpp"

#include <string>

#include <gmock/gmock.h>
#include <poll.h>

#include "tests/unit/health/small_server.hpp"

namespace understudy {
namespace {

using testing::HasSubstr;

TEST(ProbeExchangeTest, Status_lines_are_read_strictly) {
  EXPECT_EQ(parse_status_line("HTTP/1.1 200 OK"), 200);
  EXPECT_EQ(parse_status_line("HTTP/1.0 503"), 503);
  EXPECT_EQ(parse_status_line("HTTP/1.1 404 "), 404);
  for (const char* wrong :
       {"", "HTTP/1.1", "HTTP/1.1 20", "HTTP/1.1 2000", "HTTP/1.1 099 x",
        "HTTP/2.0 200 OK", "HTTP/1.1-200 OK", "HTTP/1.1 2x0 OK", "200 OK"}) {
    EXPECT_FALSE(parse_status_line(wrong)) << wrong;
  }
}

ProbeExchange exchanged(const std::string& address) {
  ProbeExchange one(address, "/ping");
  while (!one.over()) {
    pollfd ready{one.descriptor(), one.events(), 0};
    ::poll(&ready, 1, -1);
    one.go_on();
  }
  return one;
}

TEST(ProbeExchangeTest, A_status_comes_back) {
  test::SmallServer server("HTTP/1.1 503 Busy\r\n\r\n");
  EXPECT_EQ(exchanged(server.address()).status(), 503);
  EXPECT_THAT(server.last_request(), HasSubstr("GET /ping HTTP/1.1\r\n"));
  EXPECT_THAT(server.last_request(),
              HasSubstr("Host: " + server.address() + "\r\n"));
}

TEST(ProbeExchangeTest, Trouble_is_named) {
  test::SmallServer server("");
  EXPECT_THAT(exchanged(server.address()).trouble(),
              HasSubstr("without an answer"));
  server.say("SSH-2.0-x\r\n");
  EXPECT_THAT(exchanged(server.address()).trouble(), HasSubstr("no HTTP"));
  server.say(std::string(5000, 'x'));
  EXPECT_THAT(exchanged(server.address()).trouble(), HasSubstr("no HTTP"));
  EXPECT_THAT(exchanged("127.0.0.1:1").trouble(), HasSubstr("cannot connect"));
  EXPECT_THAT(exchanged("nowhere").trouble(), HasSubstr("HOST:PORT"));
  EXPECT_THAT(exchanged("a.example:80").trouble(), HasSubstr("no IP address"));
}

}  // namespace
}  // namespace understudy
