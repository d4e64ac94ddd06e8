#include "services/event_log/guarded.hpp"
#include "tests/unit/event_log/bare_lmdb.hpp"
#include "tests/unit/event_log/log_fixture.hpp"

namespace understudy::test {
namespace {

namespace fs = std::filesystem;

using LmdbOpen = LogTest;

TEST_F(LmdbOpen, AReaderNeedsALog) {
  expect_error(LmdbLog::open_reader(path()), ErrorCode::not_found,
               path().string());
  EXPECT_FALSE(fs::exists(path())) << "reading must not make anything";
  fs::create_directory(path());
  expect_error(LmdbLog::open_reader(path()), ErrorCode::not_found, "data.mdb");
  EXPECT_TRUE(fs::is_empty(path()));
}

TEST_F(LmdbOpen, AWriterMakesItsDirectories) {
  const auto deep = path() / "a" / "b";
  const auto log = need(LmdbLog::open_writer(deep));
  need(append(*log, 1));
  EXPECT_TRUE(fs::exists(deep / "data.mdb"));
}

TEST_F(LmdbOpen, AFileIsNoDirectory) {
  std::ofstream(path()) << "x";
  expect_error(LmdbLog::open_writer(path()), ErrorCode::invalid_input,
               "accepted: a directory");
}

TEST_F(LmdbOpen, WhatIsNoLogIsCorruptAndStaysAsItIs) {
  for (const auto& content :
       {std::string(), std::string("hello"), std::string(50'000, 'x')}) {
    write_data_file(content);
    expect_error(LmdbLog::open_reader(path()), ErrorCode::corrupt, "data.mdb");
    expect_error(LmdbLog::open_writer(path()), ErrorCode::corrupt, "data.mdb");
    EXPECT_EQ(fs::file_size(data()), content.size());
  }
}

TEST_F(LmdbOpen, AnotherProgramsLmdbFileIsNoLog) {
  fs::create_directory(path());
  with_database(path(), "other", MDB_CREATE, [](MDB_txn*, MDB_dbi) {});
  expect_error(LmdbLog::open_reader(path()), ErrorCode::corrupt,
               "no event log");
  expect_error(LmdbLog::open_writer(path()), ErrorCode::corrupt,
               "no event log");
}

TEST_F(LmdbOpen, ANewerFormatIsTooNewWithBothNumbersAndIsNotTouched) {
  make_log(3);
  put_bare(path(), "meta", "format", std::string("\x07\0\0\0\0\0\0\0", 8));
  expect_error(LmdbLog::open_reader(path()), ErrorCode::too_new,
               "format 7; accepted: up to 1");
  expect_error(LmdbLog::open_writer(path()), ErrorCode::too_new,
               "format 7; accepted: up to 1");
  put_bare(path(), "meta", "format", std::string("\x01\0\0\0\0\0\0\0", 8));
  EXPECT_EQ(reader()->epoch(), 1U) << "a refused writer began an epoch";
}

TEST_F(LmdbOpen, AFormatNumberThatNoBuildWritesIsDamage) {
  make_log(3);
  for (const auto& number : {std::string(8, '\0'), std::string(8, '\x11')}) {
    put_bare(path(), "meta", "format", number);
    expect_error(LmdbLog::open_reader(path()), ErrorCode::corrupt, "format");
  }
}

TEST_F(LmdbOpen, ADamagedOrFinishedEpochIsCorrupt) {
  make_log(3);
  put_bare(path(), "meta", "epoch", "short");
  expect_error(LmdbLog::open_writer(path()), ErrorCode::corrupt, "epoch");
  put_bare(path(), "meta", "epoch", std::string("\xff\xff\xff\xff\0\0\0\0", 8));
  expect_error(LmdbLog::open_writer(path()), ErrorCode::corrupt, "epoch");
}

TEST_F(LmdbOpen, ALogThatWasNeverFinishedIsBegunAnew) {
  fs::create_directory(path());
  std::ofstream(path() / "data.new") << "half";
  std::ofstream(path() / "lock.mdb") << "of an older log";
  const auto log = writer();
  need(append(*log, 2));
  EXPECT_FALSE(fs::exists(path() / "data.new"));
  EXPECT_EQ(need(count(*log)), 2U);
}

TEST_F(LmdbOpen, ALogThatWasTakenAwayIsNotBegunAnew) {
  make_log(5);
  fs::remove(data());
  expect_error(LmdbLog::open_writer(path()), ErrorCode::corrupt,
               "data.mdb is gone");
  fs::remove(path() / "lock.mdb");
  need(append(*writer(), 1));
}

TEST_F(LmdbOpen, ACopyOfTheDataFileAloneIsTheLog) {
  make_log(500);
  const auto copy = path().parent_path() / "copy";
  fs::create_directory(copy);
  fs::copy_file(data(), copy / "data.mdb");
  EXPECT_EQ(need(count(*need(LmdbLog::open_reader(copy)))), 500U);
  const auto log = need(LmdbLog::open_writer(copy));
  need(append(*log, 1));
  EXPECT_EQ(need(count(*log)), 501U);
  EXPECT_EQ(need(count(*reader())), 500U);
}

TEST_F(LmdbOpen, ALogInPlaceOfOneThatSomebodyStillReadsIsALogOfItsOwn) {
  for (std::size_t records = 1; records <= 4; ++records) {
    fs::remove_all(path());
    {
      const auto log = writer();
      for (std::size_t at = 0; at < records; ++at)
        need(append(*log, 1));
    }
    const auto of_the_old = reader();
    fs::remove(data());
    fs::remove(path() / "lock.mdb");
    const auto log = writer();
    EXPECT_EQ(log->epoch(), 1U);
    need(append(*log, 7));
    EXPECT_EQ(need(count(*log)), 7U);
    EXPECT_EQ(need(count(*of_the_old)), records);
  }
}

TEST_F(LmdbOpen, ADirectoryThatMayNotBeWrittenIsUnavailable) {
  let_others_in();
  fs::create_directory(path());
  fs::permissions(path(), fs::perms::owner_read | fs::perms::owner_exec |
                              fs::perms::others_read | fs::perms::others_exec);
  const auto outcome = check_guarded("child", [&]() -> Result<void> {
    if (auto dropped = drop_privilege(); !dropped) return dropped;
    const auto opened = LmdbLog::open_writer(path());
    if (opened) return Error{ErrorCode::internal, "it opened"};
    return opened.error();
  });
  expect_error(outcome, ErrorCode::unavailable,
               "Permission denied; accepted: a directory that this user");
  const auto below = check_guarded("child", [&]() -> Result<void> {
    if (auto dropped = drop_privilege(); !dropped) return dropped;
    const auto opened = LmdbLog::open_writer(path() / "below");
    if (opened) return Error{ErrorCode::internal, "it opened"};
    return opened.error();
  });
  expect_error(below, ErrorCode::unavailable, "cannot make the directory");
}

/// Reads as a user who may not write; the number of records as text.
Result<std::string> read_without_privilege(const fs::path& path,
                                           const Result<void>& dropped) {
  if (!dropped) return dropped.error();
  const auto log = LmdbLog::open_reader(path);
  if (!log) return log.error();
  const auto records = count(*log.value());
  if (!records) return records.error();
  return std::to_string(records.value());
}

class LmdbReadOnly : public LogTest {
 protected:
  Result<std::string> read() const {
    return run_guarded("child", [&] {
      return read_without_privilege(path(), drop_privilege());
    });
  }
  /// Nobody may write below the log's directory any more.
  void make_read_only() const {
    let_others_in();
    using fs::perms;
    for (const auto& entry : fs::directory_iterator(path())) {
      fs::permissions(entry.path(), perms::owner_read | perms::others_read);
    }
    fs::permissions(path(), perms::owner_read | perms::owner_exec |
                                perms::others_read | perms::others_exec);
  }
};

TEST_F(LmdbReadOnly, ALogThatMayNotBeWrittenCanBeRead) {
  make_log(500);
  make_read_only();
  EXPECT_EQ(need(read()), "500");
}

TEST_F(LmdbReadOnly, ALogWithoutItsReaderTableCanBeRead) {
  make_log(500);
  fs::remove(path() / "lock.mdb");
  make_read_only();
  EXPECT_EQ(need(read()), "500");
  EXPECT_FALSE(fs::exists(path() / "lock.mdb"));
}

TEST_F(LmdbReadOnly, AReaderWhoCannotSignInIsRefusedWhileThereIsAWriter) {
  const auto log = writer();
  need(append(*log, 5));
  make_read_only();
  expect_error(read(), ErrorCode::unavailable, "a writer has it open");
}

TEST_F(LmdbReadOnly, AReaderMayWriteTheTableButNotTheLog) {
  make_log(500);
  make_read_only();
  fs::permissions(path() / "lock.mdb", fs::perms::all);
  EXPECT_EQ(need(read()), "500");
}

}  // namespace
}  // namespace understudy::test
