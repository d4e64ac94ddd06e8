#include "services/client/server_address.hpp"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/contract/temporary_directory.hpp"

namespace understudy {
namespace {

using ::testing::HasSubstr;

std::string url(const std::string& text) {
  const auto address = parse_server(text);
  return address ? address.value().url() : "none";
}

TEST(ServerAddress, takes_urls_and_bare_addresses) {
  EXPECT_EQ(url("http://127.0.0.1:7780"), "http://127.0.0.1:7780");
  EXPECT_EQ(url("http://box/"), "http://box:7780");
  EXPECT_EQ(url("box:80"), "http://box:80");
  EXPECT_EQ(url("https://box.example"), "https://box.example:443");
  EXPECT_EQ(url("http://[::1]:9"), "http://[::1]:9");
  EXPECT_EQ(url("[fe80::1]"), "http://[fe80::1]:7780");
}

TEST(ServerAddress, refuses_everything_else) {
  for (const char* text :
       {"", "http://", "ftp://box", "http://box/path", "box:0", "box:70000",
        "box:", "box:1x", "http://user@box", "[::1", "a b", "http://box?x"}) {
    const auto address = parse_server(text);
    ASSERT_FALSE(address) << text;
    EXPECT_THAT(address.error().message, HasSubstr("accepted: http://HOST"));
  }
}

TEST(ServerAddress, a_token_is_one_line_of_a_file) {
  const test::TemporaryDirectory directory;
  const auto path = (directory.path() / "token").string();
  const auto token = [&](const std::string& text) {
    std::ofstream(path, std::ios::trunc) << text;
    const auto read = read_token_file(path);
    return read ? read.value() : "none";
  };
  EXPECT_EQ(token("secret\n"), "secret");
  EXPECT_EQ(token("secret\r\n"), "secret");
  EXPECT_EQ(token(""), "none");
  EXPECT_EQ(token("two words"), "none");
  EXPECT_EQ(token("a\nb\n"), "none");
  EXPECT_FALSE(read_token_file(path + ".gone"));
}

TEST(ServerAddress, what_a_url_may_not_hold_is_encoded) {
  EXPECT_EQ(percent_encoded("chat/1-2&a=\xc3\xa9 ~"),
            "chat%2F1-2%26a%3D%C3%A9%20~");
}

}  // namespace
}  // namespace understudy
