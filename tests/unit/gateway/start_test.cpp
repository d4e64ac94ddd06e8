// What keeps a gateway from starting.

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "services/gateway/directory_lock.hpp"
#include "services/gateway/token_file.hpp"

namespace understudy::gateway {
namespace {

using ::testing::HasSubstr;

class GatewayStart : public ::testing::Test {
 protected:
  GatewayStart() {
    std::string pattern =
        std::filesystem::temp_directory_path() / "understudy-start-XXXXXX";
    directory_ = ::mkdtemp(pattern.data());
  }
  ~GatewayStart() override { std::filesystem::remove_all(directory_); }

  std::string token_file(const std::string& text) const {
    const std::string path = directory_ + "/tokens";
    std::ofstream(path) << text;
    ::chmod(path.c_str(), 0600);
    return path;
  }

  std::string directory_;
};

TEST_F(GatewayStart, one_gateway_for_each_directory) {
  {
    const auto first = DirectoryLock::take(directory_);
    ASSERT_TRUE(first.ok());
    const auto second = DirectoryLock::take(directory_);
    ASSERT_FALSE(second.ok());
    EXPECT_EQ(second.error().code, ErrorCode::already_held);
    EXPECT_THAT(second.error().message,
                HasSubstr("process " + std::to_string(::getpid()) +
                          " is the gateway there"));
  }
  EXPECT_TRUE(DirectoryLock::take(directory_).ok());
}

TEST_F(GatewayStart, a_token_file_without_a_token_lets_nobody_in) {
  for (const char* text : {"", "\n", "# none yet\n"}) {
    const auto tokens = read_token_map(token_file(text));
    ASSERT_FALSE(tokens.ok()) << text;
    EXPECT_THAT(tokens.error().message, HasSubstr("no token in it"));
  }
  const auto tokens = read_token_map(token_file("* secret\n"));
  ASSERT_TRUE(tokens.ok());
  EXPECT_EQ(tokens.value().size(), 1U);
}

}  // namespace
}  // namespace understudy::gateway
