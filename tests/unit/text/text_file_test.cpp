#include "services/text/text_file.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>

namespace understudy {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class TextFile : public testing::Test {
 protected:
  TextFile() {
    std::string name = testing::TempDir() + "text_file_XXXXXX";
    folder_ = mkdtemp(name.data());
  }
  ~TextFile() override { std::filesystem::remove_all(folder_); }

  std::string file(const std::string& content) {
    std::string path = folder_ + "/file";
    std::ofstream(path, std::ios::binary) << content;
    return path;
  }

  std::string folder_;
};

TEST_F(TextFile, Gives_the_bytes) {
  const std::string content = "a\r\n" + std::string(200'000, 'x') + '\0' + "b";
  const auto text = read_text_file(file(content), 1'000'000);
  ASSERT_TRUE(text.ok());
  EXPECT_EQ(text.value(), content);
}

TEST_F(TextFile, Says_what_is_missing) {
  const auto text = read_text_file(folder_ + "/none", 10);
  ASSERT_FALSE(text.ok());
  EXPECT_EQ(text.error().code, ErrorCode::not_found);
  EXPECT_THAT(text.error().message, StartsWith(folder_ + "/none: "));
}

TEST_F(TextFile, Refuses_a_folder) {
  const auto text = read_text_file(folder_, 10);
  ASSERT_FALSE(text.ok());
  EXPECT_EQ(text.error().code, ErrorCode::unavailable);
}

TEST_F(TextFile, Refuses_what_is_too_large) {
  EXPECT_TRUE(read_text_file(file("0123456789"), 10).ok());
  const auto text = read_text_file(file("01234567890"), 10);
  ASSERT_FALSE(text.ok());
  EXPECT_THAT(text.error().message, HasSubstr("accepted: up to 10 bytes"));
}

}  // namespace
}  // namespace understudy
