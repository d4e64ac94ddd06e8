#include "services/client/sse_parser.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace understudy {
namespace {

std::vector<std::string> told(const std::vector<std::string>& pieces) {
  SseParser parser;
  std::vector<std::string> all;
  for (const std::string& piece : pieces) {
    parser.feed(piece, [&](const ServerSentEvent& event) {
      all.push_back(event.id + '|' + event.type + '|' + event.data);
      return true;
    });
  }
  return all;
}

using All = std::vector<std::string>;

TEST(SseParser, events_end_with_an_empty_line) {
  EXPECT_EQ(told({"id: 0:1\nevent: a\ndata: x\n\nid:0:2\ndata:y\n\ndata: z\n"}),
            (All{"0:1|a|x", "0:2||y"}));
}

TEST(SseParser, pieces_may_end_anywhere) {
  const std::string text = "id: 0:1\r\ndata: x\r\ndata: y\r\n\r\ndata: z\n\n";
  const All whole{"0:1||x\ny", "0:1||z"};
  EXPECT_EQ(told({text}), whole);
  for (std::size_t i = 0; i <= text.size(); ++i)
    EXPECT_EQ(told({text.substr(0, i), text.substr(i)}), whole) << i;
}

TEST(SseParser, comments_and_unknown_fields_are_passed_over) {
  EXPECT_EQ(told({": at 0:7\n\nretry: 1000\n\nmood: good\ndata\n\n"}),
            (All{"||"}));
}

TEST(SseParser, an_event_without_end_is_given_up) {
  SseParser parser;
  const std::string piece(1 << 20, 'x');
  bool goes_on = true;
  int pieces = 0;
  for (; goes_on && pieces < 100; ++pieces)
    goes_on = parser.feed(piece, [](const auto&) { return true; });
  EXPECT_LT(pieces, 20);
}

TEST(SseParser, the_visitor_may_end_it) {
  SseParser parser;
  int seen = 0;
  EXPECT_FALSE(parser.feed("data: 1\n\ndata: 2\n\n", [&](const auto&) {
    ++seen;
    return false;
  }));
  EXPECT_EQ(seen, 1);
}

}  // namespace
}  // namespace understudy
