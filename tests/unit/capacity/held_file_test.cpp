// What a simulated provider holds, kept across processes.

#include "services/capacity/held_file.hpp"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace understudy {
namespace {

using ::testing::HasSubstr;

class HeldFileTest : public ::testing::Test {
 protected:
  HeldFileTest()
      : path_(std::filesystem::temp_directory_path() /
              ("held-" + std::to_string(::getpid()))) {
    std::filesystem::remove(path_);
  }
  ~HeldFileTest() override { std::filesystem::remove(path_); }

  std::unique_ptr<HeldFile> open() {
    auto file = HeldFile::open(path_);
    EXPECT_TRUE(file.ok()) << (file.ok() ? "" : file.error().message);
    return std::move(file).value();
  }

  std::filesystem::path path_;
};

HeldInstance instance(const std::string& token, std::uint32_t index,
                      std::int64_t at) {
  return {"me", token, index, {"h100", "zone-a", Market::spot}, {at}};
}

TEST_F(HeldFileTest, knows_what_was_launched_and_is_not_gone) {
  {
    const auto file = open();
    EXPECT_TRUE(file->held().empty());
    file->launched(instance("chat/p/w/1-1", 0, 7));
    file->launched(instance("chat/p/w/1-1", 1, 7));
    file->launched(instance("a/p/w/1-1", 0, 9));
    file->gone("chat/p/w/1-1", 0);
  }
  const auto held = open()->held();
  ASSERT_EQ(held.size(), 2U);
  EXPECT_EQ(held[0].token, "chat/p/w/1-1");
  EXPECT_EQ(held[0].index, 1U);
  EXPECT_EQ(held[0].launched_at.us, 7);
  EXPECT_EQ(held[0].offering.market, Market::spot);
  EXPECT_EQ(held[1].owner, "me");
}

TEST_F(HeldFileTest, a_cut_last_line_counts_for_nothing) {
  open()->launched(instance("chat/p/w/1-1", 0, 7));
  std::ofstream(path_, std::ios::app) << "- chat/p/w/1-1";
  EXPECT_EQ(open()->held().size(), 1U);
  open()->launched(instance("chat/p/w/2-1", 0, 8));
  EXPECT_EQ(open()->held().size(), 2U);
}

TEST_F(HeldFileTest, says_which_line_it_cannot_read) {
  std::ofstream(path_) << "- chat/p/w/1-1 0\n+ me chat\n";
  const auto file = HeldFile::open(path_);
  ASSERT_FALSE(file.ok());
  EXPECT_EQ(file.error().code, ErrorCode::corrupt);
  EXPECT_THAT(file.error().message, HasSubstr(":2: "));
  EXPECT_FALSE(HeldFile::open("/nonexistent/x").ok());
}

}  // namespace
}  // namespace understudy
