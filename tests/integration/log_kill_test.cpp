/// A process that appends is killed at arbitrary points, again and again, on
/// one log. Nothing that it was told is durable may be missing afterwards.

#include <array>
#include <csignal>
#include <filesystem>
#include <memory>
#include <ostream>
#include <stdexcept>
#include <string>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include "services/event_log/lmdb_log.hpp"
#include "tests/contract/temporary_directory.hpp"
#include "tests/integration/log_kill_records.hpp"

namespace understudy::test {
namespace {

constexpr int kRounds = 50;

/// The writing program, and what it has acknowledged so far.
class KilledWriter {
 public:
  KilledWriter(const std::filesystem::path& directory, const char* durability,
               std::uint64_t seed) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("pipe");
    ::fcntl(ends[1], F_SETPIPE_SZ, 1);  // as small as the system makes it
    const auto number = std::to_string(seed);
    child_ = ::fork();
    if (child_ == 0) {
      ::dup2(ends[1], STDOUT_FILENO);
      ::execl(UNDERSTUDY_LOG_KILL_WRITER, "log_kill_writer", directory.c_str(),
              durability, number.c_str(), nullptr);
      ::_exit(127);
    }
    ::close(ends[1]);
    acknowledgements_ = ends[0];
  }
  KilledWriter(const KilledWriter&) = delete;
  KilledWriter& operator=(const KilledWriter&) = delete;
  ~KilledWriter() { ::close(acknowledgements_); }

  /// Takes one acknowledgement; false when the program has ended.
  bool take() {
    Acknowledgement said;
    if (::read(acknowledgements_, &said, sizeof(said)) != sizeof(said)) {
      return false;
    }
    acknowledged_ = said.end;
    return true;
  }

  /// Kills it and takes what it managed to say before. Its end's status.
  int kill() {
    ::kill(child_, SIGKILL);
    while (take()) {
    }
    int status = 0;
    ::waitpid(child_, &status, 0);
    return status;
  }

  /// The end that the last acknowledged append made; 0 for none.
  [[nodiscard]] std::uint64_t acknowledged() const { return acknowledged_; }

 private:
  pid_t child_ = 0;
  int acknowledgements_ = -1;
  std::uint64_t acknowledged_ = 0;
};

/// From `next`, where a batch begins, every record is whole, without a gap,
/// and so is every batch.
void expect_whole_batches(const EventLog& log, std::uint64_t next) {
  std::uint64_t batch_end = next;
  const auto outcome = log.read(next, [&](const LogRecord& record) {
    std::uint64_t first = 0;
    std::uint64_t size = 0;
    EXPECT_EQ(record.sequence, next);
    EXPECT_TRUE(is_killed_record(record, first, size)) << record.sequence;
    if (record.sequence == batch_end) {
      EXPECT_EQ(first, record.sequence);
      batch_end = first + size;
    }
    EXPECT_EQ(first + size, batch_end);
    ++next;
    return testing::Test::HasFailure() ? Visit::stop : Visit::next;
  });
  EXPECT_TRUE(outcome) << outcome.error().message;
  EXPECT_EQ(next, batch_end) << "the last batch is torn";
}

struct Case {
  const char* durability;
  std::uint64_t most_acknowledgements;
};

void PrintTo(const Case& tested, std::ostream* out) {
  *out << tested.durability;
}

class LogKill : public testing::TestWithParam<Case> {};

TEST_P(LogKill, NothingAcknowledgedIsLost) {
  const TemporaryDirectory directory;
  const auto path = directory.path() / "log";
  std::uint32_t epoch = 0;
  std::uint64_t before = 1;
  int killed_while_writing = 0;
  for (std::uint64_t round = 0; round < kRounds; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    KilledWriter writer(path, GetParam().durability, round);
    const auto wanted = mix(round) % (GetParam().most_acknowledgements + 1);
    for (std::uint64_t taken = 0; taken < wanted; ++taken) {
      ASSERT_TRUE(writer.take()) << "the writer ended by itself";
    }
    // Somewhere in an append or in the opening, not always just after one.
    for (auto turns = mix(round + 1000) % 400; turns > 0; --turns) {
      ::sched_yield();
    }
    const int status = writer.kill();
    ASSERT_TRUE(WIFSIGNALED(status)) << "the writer ended by itself";
    if (writer.acknowledged() != 0) ++killed_while_writing;

    auto log = LmdbLog::open_writer(path);
    ASSERT_TRUE(log) << log.error().message;
    EXPECT_GT(log.value()->epoch(),
              epoch + (writer.acknowledged() != 0 ? 1 : 0));
    epoch = log.value()->epoch();
    const auto end = log.value()->end();
    ASSERT_TRUE(end) << end.error().message;
    EXPECT_GE(end.value(), std::max(before, writer.acknowledged()));
    expect_whole_batches(*log.value(), round == kRounds - 1 ? 1 : before);
    before = end.value();
    if (HasFailure()) return;
  }
  EXPECT_GT(killed_while_writing, kRounds / 2);
}

INSTANTIATE_TEST_SUITE_P(durabilities, LogKill,
                         testing::Values(Case{"fsync", 10}, Case{"os", 60}),
                         testing::PrintToStringParamName());

}  // namespace
}  // namespace understudy::test
