#include "services/text/line_reader.hpp"

#include <gmock/gmock.h>

namespace understudy {
namespace {

using testing::ElementsAre;

TEST(LineReader, Counts_lines_and_passes_over_comments) {
  LineReader in("f", "# head\n\na b\r\n  c\n#\nd");
  ASSERT_TRUE(in.next());
  EXPECT_EQ(in.line(), 3U);
  EXPECT_THAT(in.fields(), ElementsAre("a", "b"));
  ASSERT_TRUE(in.next());
  EXPECT_EQ(in.line(), 4U);
  EXPECT_THAT(in.fields(), ElementsAre("", "", "c"));
  ASSERT_TRUE(in.next());
  EXPECT_THAT(in.fields(), ElementsAre("d"));
  EXPECT_EQ(in.line(), 6U);
  EXPECT_FALSE(in.next());
  EXPECT_TRUE(in.fields().empty());
}

TEST(LineReader, Says_where_and_what) {
  LineReader in("some/file", "a\nb\n");
  in.next();
  in.next();
  const Error error = in.error("'b' is wrong", "a");
  EXPECT_EQ(error.code, ErrorCode::invalid_input);
  EXPECT_EQ(error.message, "some/file:2: 'b' is wrong; accepted: a");
}

TEST(LineReader, Numbers_are_digits_up_to_a_limit) {
  EXPECT_EQ(parse_number("0", 10), 0U);
  EXPECT_EQ(parse_number("10", 10), 10U);
  for (const char* text : {"", "11", "-1", "+1", " 1", "1 ", "1.0", "0x1",
                           "1e3", "a", "99999999999999999999999"}) {
    EXPECT_EQ(parse_number(text, 10), std::nullopt) << text;
  }
}

TEST(LineReader, Quotes_stay_on_one_line) {
  EXPECT_EQ(in_quotes("a b"), "'a b'");
  EXPECT_EQ(in_quotes(std::string_view("a\n\0\x7f\xff", 5)),
            "'a" + std::string(4, '?') + '\'');
  EXPECT_EQ(in_quotes(std::string(100, 'x')),
            '\'' + std::string(60, 'x') + "...'");
}

}  // namespace
}  // namespace understudy
