#include "services/event_log/lmdb_error.hpp"

#include <cerrno>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <lmdb.h>

namespace understudy::lmdb {
namespace {

Error error_of(int code) { return make_error("some/log", "append", code); }

TEST(LmdbError, EveryCodeSaysWhatTheReceiverShouldDo) {
  EXPECT_EQ(error_of(MDB_CORRUPTED).code, ErrorCode::corrupt);
  EXPECT_EQ(error_of(MDB_PAGE_NOTFOUND).code, ErrorCode::corrupt);
  EXPECT_EQ(error_of(MDB_INVALID).code, ErrorCode::corrupt);
  EXPECT_EQ(error_of(MDB_TXN_FULL).code, ErrorCode::invalid_input);
  EXPECT_EQ(error_of(MDB_PANIC).code, ErrorCode::unavailable);
  EXPECT_EQ(error_of(MDB_READERS_FULL).code, ErrorCode::unavailable);
  EXPECT_EQ(error_of(MDB_BAD_TXN).code, ErrorCode::internal);
  EXPECT_EQ(error_of(ENOENT).code, ErrorCode::not_found);
  EXPECT_EQ(error_of(EACCES).code, ErrorCode::unavailable);
  EXPECT_EQ(error_of(EIO).code, ErrorCode::unavailable);
  EXPECT_EQ(error_of(EDEADLK).code, ErrorCode::invalid_input);
}

TEST(LmdbError, TheMessageNamesTheLogAndTheWork) {
  const auto message = error_of(EACCES).message;
  EXPECT_THAT(message, testing::HasSubstr("log some/log: cannot append: "));
  EXPECT_THAT(message, testing::HasSubstr("accepted: "));
}

TEST(LmdbError, AFullDiskIsCalledSo) {
  for (const int code : {ENOSPC, EDQUOT, EFBIG}) {
    EXPECT_EQ(error_of(code).code, ErrorCode::unavailable);
    EXPECT_THAT(error_of(code).message, testing::StartsWith("disk full: "));
  }
  // A short write is EIO to LMDB; here the file system has room.
  EXPECT_THAT(make_error("/", "append", EIO).message,
              testing::Not(testing::StartsWith("disk full")));
}

}  // namespace
}  // namespace understudy::lmdb
