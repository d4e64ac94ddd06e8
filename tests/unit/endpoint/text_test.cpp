#include "actors/endpoint/text.hpp"

#include <gtest/gtest.h>

namespace understudy::endpoint {
namespace {

TEST(EndpointText, printable_text_is_itself) {
  EXPECT_EQ(shown(""), "");
  EXPECT_EQ(shown("plain ~text"), "plain ~text");
  EXPECT_EQ(shown(std::string(64, 'x')), std::string(64, 'x'));
}

TEST(EndpointText, other_bytes_are_escaped) {
  EXPECT_EQ(shown(std::string_view("a\0b", 3)), "a\\x00b");
  EXPECT_EQ(shown("\x7f\xc3\xa9"), "\\x7f\\xc3\\xa9");
}

TEST(EndpointText, long_text_is_cut) {
  EXPECT_EQ(shown(std::string(65, 'x')), std::string(61, 'x') + "...");
  EXPECT_EQ(shown("abcdef", 5), "ab...");
  EXPECT_EQ(shown(std::string(1'000, '\n')).size(), 64U);
  EXPECT_EQ(shown("abc", 1), "a");
}

}  // namespace
}  // namespace understudy::endpoint
