#include "services/event_log/data_file.hpp"

#include "tests/unit/event_log/log_fixture.hpp"

namespace understudy::test {
namespace {

class DataFileTest : public LogTest {
 protected:
  void overwrite(std::uint64_t at, const std::string& bytes) const {
    std::fstream file(data(), std::ios::binary | std::ios::in | std::ios::out);
    file.seekp(static_cast<std::streamoff>(at));
    file << bytes;
  }
};

TEST_F(DataFileTest, AHealthyFileIsAtLeastAsLongAsItClaims) {
  make_log(1000);
  const auto found = need(lmdb::inspect(data()));
  EXPECT_GE(found.page_bytes, 512U);
  EXPECT_GT(found.claimed_bytes, 1000U * 200U);
  EXPECT_LE(found.claimed_bytes, found.file_bytes);
  EXPECT_EQ(found.file_bytes, std::filesystem::file_size(data()));
}

TEST_F(DataFileTest, AMissingFileIsNotFound) {
  expect_error(lmdb::inspect(path() / "none"), ErrorCode::not_found, "none");
}

TEST_F(DataFileTest, WhatIsNoLmdbFileIsCorrupt) {
  write_data_file("");
  expect_error(lmdb::inspect(data()), ErrorCode::corrupt, "empty");
  write_data_file("short");
  expect_error(lmdb::inspect(data()), ErrorCode::corrupt, "cut short");
  write_data_file(std::string(100'000, 'x'));
  expect_error(lmdb::inspect(data()), ErrorCode::corrupt, "not a log");
  write_data_file(std::string(100'000, '\0'));
  expect_error(lmdb::inspect(data()), ErrorCode::corrupt, "not a log");
}

TEST_F(DataFileTest, ADamagedHeadIsCorrupt) {
  make_log(10);
  const auto page = need(lmdb::inspect(data())).page_bytes;
  overwrite(page + 16, "xxxx");
  expect_error(lmdb::inspect(data()), ErrorCode::corrupt, "not a log");
}

TEST_F(DataFileTest, APageSizeThatCannotBeIsCorrupt) {
  make_log(10);
  for (const auto& size :
       {std::string("\x03\x10\0\0", 4), std::string("\0\0\0\0", 4),
        std::string("\0\0\0\x40", 4)}) {
    overwrite(40, size);
    expect_error(lmdb::inspect(data()), ErrorCode::corrupt, "page size");
  }
}

TEST_F(DataFileTest, ANewerLmdbIsTooNewWithBothNumbers) {
  make_log(10);
  overwrite(20, std::string("\x02\0\0\0", 4));
  expect_error(lmdb::inspect(data()), ErrorCode::too_new,
               "data version 2; accepted: 1");
}

TEST_F(DataFileTest, AFileThatWasCutSaysHowMuchIsThere) {
  make_log(1000);
  const auto found = need(lmdb::inspect(data()));
  std::filesystem::resize_file(data(), found.claimed_bytes);
  need(lmdb::inspect(data()));
  std::filesystem::resize_file(data(), found.claimed_bytes - 1);
  const auto pages = found.claimed_bytes / found.page_bytes;
  expect_error(lmdb::inspect(data()), ErrorCode::corrupt,
               "only " + std::to_string(pages - 1) + " pages");
}

// LMDB need not write a page that a transaction took and gave back; the
// writer still never leaves a file that looks cut.
TEST_F(DataFileTest, NoOrderOfWritesLeavesAFileThatLooksCut) {
  const auto log = writer();
  std::uint64_t state = 1;
  const auto next = [&state](std::uint64_t below) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    return (state >> 33) % below;
  };
  for (int step = 0; step < 400; ++step) {
    switch (next(4)) {
      case 0:
        need(append(*log, 1 + next(50), 1 + next(700)));
        break;
      case 1:
        need(log->put_meta("key" + std::to_string(next(9)),
                           std::string(next(20'000), 'v')));
        break;
      case 2: {
        std::vector<Snapshot> batch;
        for (std::uint64_t left = next(40); left > 0; --left) {
          batch.push_back({"stream" + std::to_string(next(60)), 1,
                           std::vector<std::byte>(next(9000))});
        }
        need(log->put_snapshots(batch));
        break;
      }
      default:
        if (next(10) == 0) need(log->drop_snapshots());
    }
    const auto found = lmdb::inspect(data());
    ASSERT_TRUE(found) << "step " << step << ": " << found.error().message;
  }
}

}  // namespace
}  // namespace understudy::test
