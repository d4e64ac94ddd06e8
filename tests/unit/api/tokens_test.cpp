#include "services/api/tokens.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "tests/contract/temporary_directory.hpp"

namespace understudy {
namespace {

class TokensTest : public ::testing::Test {
 protected:
  std::string file(
      const std::string& name, const std::string& text,
      std::filesystem::perms mode = std::filesystem::perms::owner_read) {
    const auto path = directory_.path() / name;
    std::ofstream(path) << text;
    std::filesystem::permissions(path, mode);
    return path;
  }

  [[nodiscard]] std::string refusal(const ApiSettings& settings) const {
    const auto tokens = Tokens::read(settings);
    if (tokens.ok()) return "";
    EXPECT_EQ(tokens.error().code, ErrorCode::invalid_input);
    EXPECT_EQ(tokens.error().message.find('\n'), std::string::npos);
    return tokens.error().message;
  }

  test::TemporaryDirectory directory_;
};

TEST_F(TokensTest, WithoutFilesEverybodyMayOperate) {
  const auto tokens = Tokens::read({});
  ASSERT_TRUE(tokens.ok());
  EXPECT_FALSE(tokens.value().needed());
  EXPECT_EQ(tokens.value().access(""), Access::operate);
}

TEST_F(TokensTest, EachTokenAllowsItsOwn) {
  ApiSettings settings;
  settings.token_file = file("operate", "s3cret-operate\n");
  settings.read_token_file = file("read", "s3cret-read");
  const auto tokens = Tokens::read(settings);
  ASSERT_TRUE(tokens.ok()) << tokens.error().message;
  for (const auto& [given, access] : {
           std::pair{"Bearer s3cret-operate", Access::operate},
           {"bearer  s3cret-operate", Access::operate},
           {"Bearer s3cret-read", Access::read},
           {"Bearer s3cret-rea", Access::none},
           {"Bearer s3cret-readx", Access::none},
           {"Bearer ", Access::none},
           {"Bearer", Access::none},
           {"Basic s3cret-operate", Access::none},
           {"s3cret-operate", Access::none},
           {"", Access::none},
       }) {
    EXPECT_EQ(tokens.value().access(given), access) << given;
  }
}

TEST_F(TokensTest, FilesThatHoldNoSecretAreRefused) {
  using std::filesystem::perms;
  const std::string good = file("good", "abc");
  ApiSettings settings;
  for (const std::string& bad :
       {(directory_.path() / "missing").string(), file("empty", ""),
        file("line", "\n"), file("two", "a\nb\n"), file("blank", "a b"),
        file("large", std::string(5000, 'a')),
        file("open", "abc", perms::owner_read | perms::others_read),
        file("group", "abc", perms::owner_read | perms::group_read),
        directory_.path().string()}) {
    settings.token_file = bad;
    EXPECT_NE(refusal(settings), "") << bad;
    EXPECT_FALSE(check_tokens(settings).ok());
  }
  settings.token_file = "";
  settings.read_token_file = good;
  EXPECT_NE(refusal(settings), "");
  settings.token_file = file("same", "abc");
  EXPECT_NE(refusal(settings), "");
}

TEST_F(TokensTest, TakesWhatTheServiceManagerHandsOver) {
  using std::filesystem::perms;
  ApiSettings settings;
  settings.token_file =
      file("credential", "abc", perms::owner_read | perms::group_read);
  EXPECT_NE(refusal(settings), "");
  ::setenv("CREDENTIALS_DIRECTORY", directory_.path().c_str(), 1);
  EXPECT_EQ(refusal(settings), "");
  ::unsetenv("CREDENTIALS_DIRECTORY");
}

}  // namespace
}  // namespace understudy
