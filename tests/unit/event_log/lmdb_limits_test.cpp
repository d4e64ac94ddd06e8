#include <csignal>

#include <sys/resource.h>

#include "services/event_log/guarded.hpp"
#include "tests/unit/event_log/log_fixture.hpp"

namespace understudy::test {
namespace {

namespace fs = std::filesystem;

using LmdbLimits = LogTest;

TEST_F(LmdbLimits, ABatchMayHaveAHundredThousandRecords) {
  const auto log = writer();
  need(append(*log, 100'000));
  need(append(*log, 1));
  EXPECT_EQ(need(count(*log)), 100'001U);
}

TEST_F(LmdbLimits, ARecordMayHaveSixteenMebibytesAndNoMore) {
  const auto log = writer();
  constexpr std::size_t kWords = (std::size_t{16} << 20) / 8;
  need(append(*log, 1, kWords));
  expect_error(append(*log, 1, kWords + 1), ErrorCode::invalid_input,
               "record 2 is 16777224 bytes long; accepted: multiples of 8");
  EXPECT_EQ(need(count(*log)), 1U);
}

TEST_F(LmdbLimits, AStreamNameMayHave511Bytes) {
  const auto log = writer();
  const auto put = [&](std::size_t size) {
    const Snapshot snapshot{std::string(size, 's'), 1, {}};
    return log->put_snapshots(std::span(&snapshot, 1));
  };
  need(put(511));
  expect_error(put(512), ErrorCode::invalid_input, "accepted: 1 to 511");
}

TEST_F(LmdbLimits, ASmallMapGrows) {
  auto options = fast();
  options.map_bytes = 1 << 20;
  auto log = writer(options);
  const auto beside = reader();
  for (int batch = 0; batch < 50; ++batch)
    need(append(*log, 2000));
  EXPECT_GT(fs::file_size(data()), std::uint64_t{20} << 20);
  EXPECT_EQ(need(count(*log)), 100'000U);
  EXPECT_EQ(need(count(*beside)), 100'000U);
  log.reset();
  EXPECT_EQ(need(count(*writer(options))), 100'000U);
}

TEST_F(LmdbLimits, AMapThatMustGrowInsideAVisitorIsRefusedAndNothingIsLost) {
  auto options = fast();
  options.map_bytes = 1 << 20;
  const auto log = writer(options);
  need(append(*log, 10));
  const Records large(11, 20'000);
  Result<void> inside;
  need(log->read(1, [&](const LogRecord&) {
    inside = log->append(11, large.views());
    return Visit::stop;
  }));
  expect_error(inside, ErrorCode::invalid_input, "outside of a visitor");
  need(log->append(11, large.views()));
  EXPECT_EQ(need(count(*log)), 20'010U);
}

TEST_F(LmdbLimits, TooLittleAddressSpaceIsSaid) {
  const auto outcome = check_guarded("child", [&]() -> Result<void> {
    auto options = fast();
    options.map_bytes = std::uint64_t{1} << 60;
    const auto log = LmdbLog::open_writer(path(), options);
    if (log) return Error{ErrorCode::internal, "it opened"};
    return log.error();
  });
  expect_error(outcome, ErrorCode::unavailable, "accepted: a larger address");
}

/// Appends until it fails; the number of acknowledged records as text.
Result<std::string> fill(const fs::path& path, rlim_t file_bytes,
                         const LmdbOptions& options) {
  // Without this the system ends a process that goes past the limit.
  std::signal(SIGXFSZ, SIG_IGN);
  const rlimit limit{file_bytes, file_bytes};
  if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) {
    return Error{ErrorCode::internal, "no limit"};
  }
  const auto log = LmdbLog::open_writer(path, options);
  if (!log) return log.error();
  Result<void> outcome;
  while (outcome)
    outcome = append(*log.value(), 100);
  const auto& error = outcome.error();
  if (error.code != ErrorCode::unavailable ||
      !error.message.starts_with("disk full: ")) {
    return Error{ErrorCode::internal, "not that error: " + error.message};
  }
  // Nothing may follow what failed, not even what would fit.
  const auto again = append(*log.value(), 1);
  if (again || again.error() != error) {
    return Error{ErrorCode::internal, "it went on"};
  }
  const auto records = count(*log.value());
  if (!records) return records.error();
  return std::to_string(records.value());
}

class LmdbFullDisk : public LogTest,
                     public testing::WithParamInterface<Durability> {};

TEST_P(LmdbFullDisk, NothingIsLostAndReadingGoesOn) {
  LmdbOptions options;
  options.durability = GetParam();
  const auto full = run_guarded(
      "child", [&] { return fill(path(), rlim_t{2} << 20, options); });
  const auto records = std::stoull(need(full));
  EXPECT_GT(records, 1000U);
  EXPECT_EQ(records % 100, 0U);
  const auto log = writer(options);
  EXPECT_EQ(need(log->end()), records + 1);
  need(append(*log, 100));
  EXPECT_EQ(need(count(*log)), records + 100);
}

INSTANTIATE_TEST_SUITE_P(durabilities, LmdbFullDisk,
                         testing::Values(Durability::fsync, Durability::os),
                         [](const auto& tested) {
                           return tested.param == Durability::os ? "os"
                                                                 : "fsync";
                         });

/// Lets this process's files grow to `bytes`; more can be allowed again.
void allow(rlim_t bytes) {
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit limit{};
  ::getrlimit(RLIMIT_FSIZE, &limit);
  limit.rlim_cur = bytes;
  ::setrlimit(RLIMIT_FSIZE, &limit);
}

/// Fails, makes room, and opens again beside a reader that stayed; `limit`
/// decides whether the file cannot grow or what it has cannot be written.
Result<std::string> fail_and_open_again(const fs::path& path,
                                        const LmdbOptions& options,
                                        rlim_t limit) {
  auto log = LmdbLog::open_writer(path, options);
  if (!log) return log.error();
  const auto beside = LmdbLog::open_reader(path);
  if (!beside) return beside.error();
  std::uint64_t acknowledged = 0;
  Result<void> outcome;
  for (int batch = 0; outcome && batch < 10'000; ++batch) {
    if (batch == 50) allow(limit);
    outcome = append(*log.value(), 100);
    if (outcome) acknowledged += 100;
  }
  if (outcome) return Error{ErrorCode::internal, "it never failed"};
  const auto left = count(*beside.value());
  if (!left || left.value() != acknowledged)
    return Error{ErrorCode::internal, "the reader lost something"};
  allow(RLIM_INFINITY);
  // The old object refuses for good; the lock is its own until it goes.
  if (append(*log.value(), 1)) return Error{ErrorCode::internal, "it went on"};
  if (LmdbLog::open_writer(path, options))
    return Error{ErrorCode::internal, "two writers"};
  log.value().reset();
  auto again = LmdbLog::open_writer(path, options);
  if (!again) return again.error();
  if (auto more = append(*again.value(), 100); !more) return more.error();
  const auto seen = count(*beside.value());
  if (!seen) return seen.error();
  if (seen.value() != acknowledged + 100 || again.value()->epoch() != 2)
    return Error{ErrorCode::internal, "something is missing"};
  return outcome.error().message;
}

TEST_P(LmdbFullDisk, InTheSameProcessANewWriterGoesOnOnceThereIsRoom) {
  LmdbOptions options;
  options.durability = GetParam();
  const auto full = run_guarded("child", [&] {
    return fail_and_open_again(path(), options, rlim_t{3} << 20);
  });
  EXPECT_THAT(need(full), testing::StartsWith("disk full: "));
}

TEST_P(LmdbFullDisk, SoItDoesWhenTheCommitItselfFailed) {
  LmdbOptions options;
  options.durability = GetParam();
  // Below the file's length: the pages that are there cannot be written.
  const auto failed = run_guarded("child", [&] {
    return fail_and_open_again(path(), options, rlim_t{64} << 10);
  });
  EXPECT_THAT(need(failed), testing::HasSubstr("cannot write"));
}

TEST_F(LmdbLimits, ALogThatCannotBeMadeForLackOfRoomIsMadeLater) {
  const auto outcome = check_guarded("child", [&]() -> Result<void> {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{10'000, 10'000};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    const auto log = LmdbLog::open_writer(path());
    if (log) return Error{ErrorCode::internal, "it opened"};
    return log.error();
  });
  expect_error(outcome, ErrorCode::unavailable, "cannot make a log");
  EXPECT_FALSE(fs::exists(data()));
  make_log(1);
  EXPECT_EQ(need(count(*reader())), 1U);
}

TEST_F(LmdbLimits, NoRoomForSnapshotsDoesNotEndTheLog) {
  const auto outcome = check_guarded("child", [&]() -> Result<void> {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{rlim_t{4} << 20, rlim_t{4} << 20};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    const auto log = LmdbLog::open_writer(path(), fast());
    if (!log) return log.error();
    const Snapshot large{"a", 1, std::vector<std::byte>(std::size_t{8} << 20)};
    const auto put = log.value()->put_snapshots(std::span(&large, 1));
    if (put || !put.error().message.starts_with("disk full: ")) {
      return Error{ErrorCode::internal, "the snapshot did fit"};
    }
    return append(*log.value(), 10);
  });
  EXPECT_TRUE(outcome) << outcome.error().message;
  EXPECT_EQ(need(count(*reader())), 10U);
}

}  // namespace
}  // namespace understudy::test
