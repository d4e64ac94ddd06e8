// What a simulated provider holds, kept across processes.

#include "services/capacity/held_file.hpp"

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
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
    EXPECT_TRUE(file->launched({instance("chat/p/w/1-1", 0, 7),
                                instance("chat/p/w/1-1", 1, 7)})
                    .ok());
    EXPECT_TRUE(file->launched({instance("a/p/w/1-1", 0, 9)}).ok());
    EXPECT_TRUE(file->gone("chat/p/w/1-1", 0).ok());
    EXPECT_EQ(file->held().size(), 2U);
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
  ASSERT_TRUE(open()->launched({instance("chat/p/w/1-1", 0, 7)}).ok());
  std::ofstream(path_, std::ios::app) << "- chat/p/w/1-1";
  EXPECT_EQ(open()->held().size(), 1U);
  ASSERT_TRUE(open()->launched({instance("chat/p/w/2-1", 0, 8)}).ok());
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

/// No file may grow beyond so many bytes: a disk that is full.
class FullDisk {
 public:
  explicit FullDisk(std::uintmax_t bytes) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    former_ = std::signal(SIGXFSZ, SIG_IGN);
    rlimit full = before_;
    full.rlim_cur = bytes;
    ::setrlimit(RLIMIT_FSIZE, &full);
  }
  ~FullDisk() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, former_);
  }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;

 private:
  rlimit before_{};
  void (*former_)(int) = nullptr;
};

TEST_F(HeldFileTest, a_full_disk_takes_all_of_a_launch_or_nothing) {
  const auto file = open();
  ASSERT_TRUE(file->launched({instance("a", 0, 1), instance("b", 0, 2)}).ok());
  const auto size = std::filesystem::file_size(path_);
  {
    const FullDisk full(size + 10);
    const auto refused = file->launched({instance("c", 0, 3)});
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, ErrorCode::unavailable);
    EXPECT_THAT(refused.error().message, HasSubstr(path_.string()));
    EXPECT_EQ(std::filesystem::file_size(path_), size);
  }
  {
    const FullDisk full(size);
    EXPECT_FALSE(file->gone("a", 0).ok());
  }
  ASSERT_TRUE(file->launched({instance("d", 0, 4)}).ok());
  const auto held = open()->held();
  ASSERT_EQ(held.size(), 2U) << "the end was written with the next launch";
  EXPECT_EQ(held[0].token, "b");
  EXPECT_EQ(held[1].token, "d");
}

TEST_F(HeldFileTest, does_not_grow_with_what_is_gone) {
  std::uintmax_t largest = 0;
  {
    const auto file = open();
    ASSERT_TRUE(file->launched({instance("stays", 0, 1)}).ok());
    for (int i = 0; i < 30'000; ++i) {
      const std::string token = "t" + std::to_string(i);
      ASSERT_TRUE(file->launched({instance(token, 0, 2)}).ok());
      ASSERT_TRUE(file->gone(token, 0).ok());
      largest = std::max(largest, std::filesystem::file_size(path_));
    }
  }
  EXPECT_LT(largest, 600'000U);
  const auto held = open()->held();
  ASSERT_EQ(held.size(), 1U);
  EXPECT_EQ(held[0].token, "stays");
}

}  // namespace
}  // namespace understudy
