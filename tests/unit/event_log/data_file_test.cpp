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

TEST_F(DataFileTest, NumbersThatNoLmdbWritesAreDamage) {
  make_log(10);
  overwrite(20, std::string("\x01\0\xff\0", 4));
  expect_error(lmdb::inspect(data()), ErrorCode::corrupt, "damaged head");
  overwrite(20, std::string("\x01\0\0\0", 4));
  overwrite(39, "\x40");
  expect_error(lmdb::inspect(data()), ErrorCode::corrupt, "map size");
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

}  // namespace
}  // namespace understudy::test
