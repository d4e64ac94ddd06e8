#include <atomic>
#include <csignal>
#include <thread>

#include <sys/resource.h>
#include <sys/wait.h>

#include "services/event_log/guarded.hpp"
#include "tests/unit/event_log/bare_lmdb.hpp"
#include "tests/unit/event_log/log_fixture.hpp"

namespace understudy::test {
namespace {

namespace fs = std::filesystem;

class LmdbBackup : public LogTest {
 protected:
  [[nodiscard]] fs::path copy() const { return path().parent_path() / "copy"; }
  [[nodiscard]] fs::path second() const {
    return path().parent_path() / "second" / "log";
  }
  [[nodiscard]] std::unique_ptr<LmdbLog> open(const fs::path& where) const {
    return need(LmdbLog::open_reader(where));
  }
  static Result<void> approve(const LogRecord&) { return {}; }
  /// Names in the directory above the log.
  [[nodiscard]] std::vector<std::string> beside() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(path().parent_path()))
      names.push_back(entry.path().filename());
    std::sort(names.begin(), names.end());
    return names;
  }
};

TEST_F(LmdbBackup, IsAWholeLogWithoutTheRoomThatWasFree) {
  const auto log = writer();
  need(append(*log, 500));
  const Snapshot large{"a", 500, std::vector<std::byte>(1 << 20)};
  need(log->put_snapshots(std::span(&large, 1)));
  need(log->drop_snapshots());
  const Snapshot small{"b", 500, std::vector<std::byte>(10)};
  need(log->put_snapshots(std::span(&small, 1)));
  need(log->put_meta("scenario", "main"));

  const auto made = need(log->backup(copy()));
  EXPECT_EQ(made.last, 500U);
  EXPECT_EQ(made.bytes, fs::file_size(copy() / "data.mdb"));
  EXPECT_LT(made.bytes + (1 << 20), fs::file_size(data()));
  EXPECT_THAT(beside(), testing::ElementsAre("copy", "log"));
  const auto found = open(copy());
  EXPECT_EQ(need(count(*found)), 500U);
  EXPECT_EQ(found->epoch(), log->epoch());
  EXPECT_EQ(need(found->get_meta("scenario")), "main");
  EXPECT_EQ(need(found->facts()).snapshots, 1U);
}

TEST_F(LmdbBackup, OfAnEmptyLogAndOfAReader) {
  make_log(0);
  EXPECT_EQ(need(reader()->backup(copy())).last, 0U);
  EXPECT_EQ(need(count(*open(copy()))), 0U);
}

TEST_F(LmdbBackup, WhatIsThereIsNotTouched) {
  make_log(3);
  fs::create_directory(copy());
  expect_error(reader()->backup(copy()), ErrorCode::invalid_input,
               "accepted: a new name");
  EXPECT_TRUE(fs::is_empty(copy()));
  expect_error(reader()->backup(path()), ErrorCode::invalid_input, "there");
  expect_error(reader()->backup(copy() / ""), ErrorCode::invalid_input,
               "there");
  expect_error(reader()->backup(copy() / "no" / "such"), ErrorCode::not_found,
               "make the backup");
  EXPECT_THAT(beside(), testing::ElementsAre("copy", "log"));
}

TEST_F(LmdbBackup, TakenWhileAWriterWorksIsOneStateOfWholeBatches) {
  constexpr std::size_t kBatch = 7;
  const auto log = writer();
  need(append(*log, kBatch));
  std::atomic<bool> done = false;
  std::thread appends([&] {
    while (!done.load())
      ASSERT_TRUE(append(*log, kBatch));
  });
  std::uint64_t last = 0;
  for (int at = 0; at < 10; ++at) {
    const auto target = copy().string() + std::to_string(at);
    // As another process would: it shares nothing with the writer.
    const auto made = run_guarded("child", [&]() -> Result<std::string> {
      const auto from = LmdbLog::open_reader(path());
      if (!from) return from.error();
      const auto report = from.value()->backup(target);
      if (!report) return report.error();
      return std::to_string(report.value().last);
    });
    const auto records = std::stoull(need(made));
    EXPECT_EQ(records % kBatch, 0U);
    EXPECT_GE(records, last);
    last = records;
    EXPECT_EQ(need(count(*open(target))), records);
  }
  done = true;
  appends.join();
  EXPECT_GE(need(log->end()), last);
}

TEST_F(LmdbBackup, WithoutRoomNothingIsLeft) {
  make_log(5000);
  const auto outcome = check_guarded("child", [&]() -> Result<void> {
    std::signal(SIGXFSZ, SIG_IGN);
    const auto log = LmdbLog::open_reader(path());
    if (!log) return log.error();
    const rlimit limit{rlim_t{64} << 10, rlim_t{64} << 10};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    const auto made = log.value()->backup(copy());
    if (made) return Error{ErrorCode::internal, "it fitted"};
    return made.error();
  });
  expect_error(outcome, ErrorCode::unavailable, "disk full: ");
  EXPECT_THAT(beside(), testing::ElementsAre("log"));
}

TEST_F(LmdbBackup, RestoredItIsTheLogAndItsWriterBeginsAnEpoch) {
  make_log(300);
  need(reader()->backup(copy()));
  const auto restored = need(LmdbLog::restore(copy(), second(), approve));
  EXPECT_EQ(restored.last, 300U);
  EXPECT_EQ(restored.bytes, fs::file_size(second() / "data.mdb"));
  EXPECT_FALSE(fs::exists(second() / "data.new"));
  const auto log = need(LmdbLog::open_writer(second(), fast()));
  EXPECT_EQ(log->epoch(), 2U);
  need(append(*log, 5));
  EXPECT_EQ(need(count(*log)), 305U);
  EXPECT_EQ(need(count(*open(copy()))), 300U);
}

TEST_F(LmdbBackup, ALogThatIsThereIsNeverReplaced) {
  make_log(10);
  need(reader()->backup(copy()));
  expect_error(LmdbLog::restore(copy(), path(), approve),
               ErrorCode::invalid_input, "move this one away first");
  {
    const auto log = writer();
    expect_error(LmdbLog::restore(copy(), path(), approve),
                 ErrorCode::already_held, std::to_string(::getpid()));
  }
  fs::create_directories(second());
  std::ofstream(second() / "notes.txt") << "mine";
  expect_error(LmdbLog::restore(copy(), second(), approve),
               ErrorCode::invalid_input, "it holds notes.txt");
  EXPECT_EQ(need(count(*reader())), 10U);
}

TEST_F(LmdbBackup, ABackupThatDoesNotHoldPutsNothingThere) {
  make_log(10);
  need(reader()->backup(copy()));
  expect_error(LmdbLog::restore(copy(), second(),
                                [](const LogRecord& record) -> Result<void> {
                                  if (record.sequence < 7) return {};
                                  return Error{ErrorCode::corrupt, "0:7: no"};
                                }),
               ErrorCode::corrupt, "0:7: no");
  expect_error(LmdbLog::restore(copy() / "no", second(), approve),
               ErrorCode::not_found, "data.mdb");
  put_bare(copy(), "meta", "format", std::string("\x02\0\0\0\0\0\0\0", 8));
  expect_error(LmdbLog::restore(copy(), second(), approve), ErrorCode::too_new,
               "format 2");
  fs::resize_file(copy() / "data.mdb", 10'000);
  expect_error(LmdbLog::restore(copy(), second(), approve), ErrorCode::corrupt,
               "cut short");
  EXPECT_FALSE(fs::exists(second()));
}

TEST_F(LmdbBackup, RestoringGoesIntoWhatAnUnluckyStartLeft) {
  make_log(10);
  need(reader()->backup(copy()));
  fs::create_directories(second());
  std::ofstream(second() / "LOCK") << "4711\n";
  std::ofstream(second() / "data.new") << "half";
  std::ofstream(second() / "lock.mdb") << "of an older log";
  need(LmdbLog::restore(copy(), second(), approve));
  EXPECT_EQ(need(count(*open(second()))), 10U);
}

using LmdbFacts = LogTest;

TEST_F(LmdbFacts, SayHowTheFileIsUsed) {
  auto options = fast();
  options.created = Instant{1'700'000'000'000'000};
  auto log = writer(options);
  need(append(*log, 1000));
  const Snapshot large{"a", 1000, std::vector<std::byte>(1 << 20)};
  need(log->put_snapshots(std::span(&large, 1)));
  auto facts = need(log->facts());
  EXPECT_EQ(facts.format, 1U);
  EXPECT_EQ(facts.epoch, 1U);
  EXPECT_EQ(facts.created, options.created);
  EXPECT_EQ(facts.records, 1000U);
  EXPECT_EQ(facts.snapshots, 1U);
  EXPECT_EQ(facts.file_bytes, fs::file_size(data()));
  EXPECT_TRUE(facts.has_writer);
  EXPECT_EQ(facts.writer_pid, static_cast<std::uint64_t>(::getpid()));
  EXPECT_EQ(facts.readers, 0U);
  const auto used = facts.used_pages;
  EXPECT_GT(used * facts.page_bytes, std::uint64_t{1} << 20);
  need(log->drop_snapshots());
  facts = need(log->facts());
  EXPECT_GT(facts.free_pages * facts.page_bytes, std::uint64_t{1} << 20);
  EXPECT_LT(facts.used_pages + 250, used);
  EXPECT_LE((facts.used_pages + facts.free_pages) * facts.page_bytes,
            facts.file_bytes);
  log.reset();
  facts = need(reader()->facts());
  EXPECT_FALSE(facts.has_writer);
  EXPECT_EQ(facts.writer_pid, 0U);
}

TEST_F(LmdbFacts, AppendsAreCountedAndTold) {
  std::vector<LogCommit> told;
  auto options = fast();
  options.on_commit = [&](const LogCommit& one) { told.push_back(one); };
  const auto log = writer(options);
  EXPECT_EQ(log->statistics().commits, 0U);
  need(append(*log, 10));
  need(append(*log, 5));
  need(log->append(16, {}));
  EXPECT_FALSE(log->append(7, Records(7, 1).views()));
  ASSERT_EQ(told.size(), 2U);
  EXPECT_EQ(told[0].records, 10U);
  EXPECT_EQ(told[0].bytes, 2000U);
  EXPECT_EQ(told[1].records, 5U);
  const auto counted = log->statistics();
  EXPECT_EQ(counted.commits, 2U);
  EXPECT_EQ(counted.records, 15U);
  EXPECT_EQ(counted.bytes, 3000U);
  EXPECT_EQ(counted.last_commit_us, told[1].duration_us);
  EXPECT_EQ(counted.file_bytes, fs::file_size(data()));
}

}  // namespace
}  // namespace understudy::test
