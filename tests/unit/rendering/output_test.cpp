#include "services/rendering/output.hpp"

#include <sstream>

#include <gtest/gtest.h>

#include "actors/core/instant.hpp"

namespace understudy {
namespace {

TEST(Output, tables_have_two_spaces_between_columns_and_none_at_the_end) {
  Table table({"NAME", "AGE"});
  table.add({"a", "5s"});
  table.add({"longer-name", ""});
  std::ostringstream out;
  table.write(out);
  EXPECT_EQ(out.str(),
            "NAME         AGE\n"
            "a            5s\n"
            "longer-name  <none>\n");
}

TEST(Output, columns_count_characters_and_control_characters_are_shown) {
  Table table({"N", "X"});
  table.add({"\xc3\xa4\xc3\xb6", "1"});
  table.add({"a\nb", "2"});
  std::ostringstream out;
  table.write(out);
  EXPECT_EQ(out.str(), "N       X\n\xc3\xa4\xc3\xb6      1\na\\x0ab  2\n");
}

TEST(Output, times_ages_shares_money) {
  const Instant at{1'767'225'600'123'456};
  EXPECT_EQ(time_text(at), "2026-01-01T00:00:00Z");
  EXPECT_EQ(time_text({}), "<none>");
  EXPECT_EQ(time_text(Instant::never()), "<none>");
  EXPECT_EQ(age_text(at, after_ms(at, 90'500)), "1m30s");
  EXPECT_EQ(age_text(at, at), "0s");
  EXPECT_EQ(age_text(at, after_ms(at, -5'000)), "0s");
  EXPECT_EQ(share_text(986'505), "98.65%");
  EXPECT_EQ(share_text(1'000'000), "100.00%");
  EXPECT_EQ(share_text(40), "0.00%");
  EXPECT_EQ(money_text(15'007'777), "$15.01");
  EXPECT_EQ(money_text(12'345'678'900'000), "$12,345,678.90");
  EXPECT_EQ(money_text(-5'000), "-$0.01");
  EXPECT_EQ(hours_text(21'610'000), "6.0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1'234'567), "1,234,567");
  EXPECT_EQ(position_text(17), "0:17");
  EXPECT_EQ(digest_text(0xabcULL), "0000000000000abc");
}

TEST(Output, long_lines_are_wrapped_between_words) {
  std::ostringstream out;
  write_wrapped(out, "one two three four", 4, 14);
  EXPECT_EQ(out.str(), "one two\n    three four\n");
  out.str({});
  write_wrapped(out, "averylongwordwithoutspaces x", 2, 10);
  EXPECT_EQ(out.str(), "averylongwordwithoutspaces\n  x\n");
  out.str({});
  write_wrapped(out, "", 2);
  EXPECT_EQ(out.str(), "\n");
}

TEST(Output, what_a_terminal_would_obey_is_shown_instead) {
  EXPECT_EQ(visible("plain \xc3\xa4 \xe2\x82\xac"),
            "plain \xc3\xa4 \xe2\x82\xac");
  EXPECT_EQ(visible("\x1b[2J\t\x7f"), "\\x1b[2J\\x09\\x7f");
  EXPECT_EQ(visible("a\xc2\x9b"
                    "b"),
            "a\\xc2\\x9bb");
  EXPECT_EQ(visible("\xff\xc3"), "\\xff\\xc3");
  std::ostringstream out;
  write_wrapped(out, "one\x1btwo", 2);
  EXPECT_EQ(out.str(), "one\\x1btwo\n");
}

TEST(Output, yaml_quotes_every_text_and_keeps_the_order) {
  Json json = envelope("Thing");
  json["text"] = "yes";
  json["number"] = 12;
  json["nothing"] = nullptr;
  json["list"] = Json::array({"a", true});
  json["empty"] = Json::array();
  std::ostringstream out;
  EXPECT_TRUE(write_structured(out, Output::yaml, json));
  EXPECT_EQ(out.str(),
            "apiVersion: \"understudy/v1\"\n"
            "kind: \"Thing\"\n"
            "text: \"yes\"\n"
            "number: 12\n"
            "nothing: ~\n"
            "list:\n"
            "  - \"a\"\n"
            "  - true\n"
            "empty: []\n");
}

}  // namespace
}  // namespace understudy
