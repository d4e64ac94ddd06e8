#include "services/api/request_reader.hpp"

#include <string>

#include <gtest/gtest.h>

#include "services/api/chunked_body.hpp"

namespace understudy {
namespace {

using State = RequestReader::State;

constexpr std::size_t max_body = 100;

Api::Gate admit(ApiCall&) { return {}; }

std::string post(const std::string& headers, const std::string& body) {
  return "POST / HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n" + body;
}

/// What becomes of bytes that arrive `step` at a time.
RequestReader read(const std::string& bytes, std::size_t step) {
  RequestReader reader(max_body);
  for (std::size_t i = 0; i < bytes.size(); i += step) {
    reader.add(std::string_view(bytes).substr(i, step));
    if (reader.advance(admit) == State::done) break;
  }
  return reader;
}

TEST(RequestReader, TakesBodiesHoweverTheyArrive) {
  for (const std::string& request :
       {post("Content-Length: 11\r\n", "hello world"),
        post("Transfer-Encoding: chunked\r\n",
             "5\r\nhello\r\n6;x=y\r\n world\r\n0\r\n\r\n"),
        "\r\n" + post("Content-Length: 11\r\n", "hello world")}) {
    for (const std::size_t step : {1U, 2U, 7U, 1000U}) {
      RequestReader reader = read(request, step);
      ASSERT_EQ(reader.state(), State::done) << request << step;
      EXPECT_FALSE(reader.gate().refusal) << reader.gate().refusal->body;
      EXPECT_EQ(reader.call().body, "hello world");
    }
  }
}

TEST(RequestReader, KeepsWhatComesAfterARequest) {
  RequestReader reader(max_body);
  reader.add(post("Content-Length: 2\r\n", "abGET /x HTTP/1.1\r\nHost: a"));
  EXPECT_EQ(reader.advance(admit), State::done);
  EXPECT_EQ(reader.call().body, "ab");
  reader.next();
  EXPECT_EQ(reader.advance(admit), State::head);
  reader.add("\r\n\r\n");
  EXPECT_EQ(reader.advance(admit), State::done);
  EXPECT_EQ(reader.call().path, std::vector<std::string>{"x"});
  EXPECT_EQ(reader.buffered(), 0U);
}

TEST(RequestReader, RefusesAHeadBeforeItsBody) {
  RequestReader reader(max_body);
  reader.add(post("Content-Length: 50\r\nExpect: 100-continue\r\n", ""));
  const auto state = reader.advance([](ApiCall&) {
    Api::Gate gate;
    gate.refusal = ApiAnswer{};
    return gate;
  });
  EXPECT_EQ(state, State::done);
  EXPECT_FALSE(reader.call().keep_alive);
  EXPECT_FALSE(reader.take_wish_to_continue());
}

TEST(RequestReader, LetsAClientSendItsBodyOnce) {
  RequestReader reader(max_body);
  reader.add(post("Content-Length: 1\r\nExpect: 100-continue\r\n", ""));
  EXPECT_EQ(reader.advance(admit), State::body);
  EXPECT_TRUE(reader.take_wish_to_continue());
  EXPECT_FALSE(reader.take_wish_to_continue());
}

TEST(RequestReader, EndsWhatCannotBecomeARequest) {
  const std::string chunked = "Transfer-Encoding: chunked\r\n";
  for (const auto& [bytes, status] : {
           std::pair{std::string("\x16\x03\x01\x02"), 400},
           {std::string("GET / HTTP/1.1\n"), 400},
           {"GET /" + std::string(9'000, 'a'), 414},
           {"GET / HTTP/1.1\r\na: " + std::string(17'000, 'a'), 431},
           {post(chunked, "x\r\n"), 400},
           {post(chunked, "\r\n"), 400},
           {post(chunked, "-1\r\n"), 400},
           {post(chunked, "1\r\nab\r\n"), 400},
           {post(chunked, "1\n"), 400},
           {post(chunked, "0\r\nTrailer: x\r\n"), 400},
           {post(chunked, std::string(300, '1')), 400},
           {post(chunked, "fffffffffffffffff\r\n"), 400},
           {post(chunked, "65\r\n"), 413},
           {post(chunked, "64\r\n" + std::string(100, 'a') + "\r\n1\r\n"), 413},
       }) {
    RequestReader reader = read(bytes, 10'000);
    ASSERT_EQ(reader.state(), State::done) << bytes.substr(0, 80);
    ASSERT_TRUE(reader.gate().refusal) << bytes.substr(0, 80);
    EXPECT_EQ(reader.gate().refusal->status, status) << bytes.substr(0, 80);
    EXPECT_FALSE(reader.call().keep_alive);
  }
}

}  // namespace
}  // namespace understudy
