#include <array>
#include <atomic>
#include <csignal>
#include <functional>
#include <thread>

#include <fcntl.h>
#include <sys/wait.h>

#include "services/event_log/guarded.hpp"
#include "tests/unit/event_log/log_fixture.hpp"

namespace understudy::test {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLarge = 64 << 10;

/// Another process that runs `work`, says when it got as far as `ready`, and
/// then waits to be killed.
class Other {
 public:
  explicit Other(
      const std::function<void(const std::function<void()>& ready)>& work) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("pipe");
    child_ = ::fork();
    if (child_ == 0) {
      ::close(ends[0]);
      work([&] {
        [[maybe_unused]] const auto written = ::write(ends[1], "r", 1);
        for (;;)
          ::pause();
      });
      ::_exit(1);
    }
    ::close(ends[1]);
    char byte = 0;
    ready_ = ::read(ends[0], &byte, 1) == 1;
    ::close(ends[0]);
  }
  Other(const Other&) = delete;
  Other& operator=(const Other&) = delete;
  ~Other() { kill(); }

  void kill() {
    if (child_ <= 0) return;
    ::kill(child_, SIGKILL);
    ::waitpid(child_, nullptr, 0);
    child_ = 0;
  }
  [[nodiscard]] bool ready() const { return ready_; }
  [[nodiscard]] pid_t pid() const { return child_; }

 private:
  pid_t child_ = 0;
  bool ready_ = false;
};

using LmdbSharing = LogTest;

TEST_F(LmdbSharing, ASecondWriterOfThisProcessIsRefusedByName) {
  const auto log = writer();
  const auto second = LmdbLog::open_writer(path());
  expect_error(second, ErrorCode::already_held, path().string());
  expect_error(second, ErrorCode::already_held,
               "process " + std::to_string(::getpid()));
  // By another path it is still the same log.
  fs::create_directory_symlink(path(), path().parent_path() / "alias");
  expect_error(LmdbLog::open_writer(path().parent_path() / "alias"),
               ErrorCode::already_held, "alias");
  need(append(*log, 1));
}

TEST_F(LmdbSharing, AWriterOfAnotherProcessIsNamedUntilItIsKilled) {
  Other other([&](const auto& ready) {
    const auto log = writer();
    if (append(*log, 7)) ready();
  });
  ASSERT_TRUE(other.ready());
  expect_error(LmdbLog::open_writer(path()), ErrorCode::already_held,
               "process " + std::to_string(other.pid()) + " has it open");
  EXPECT_EQ(need(count(*reader())), 7U);
  other.kill();
  const auto log = writer();
  EXPECT_EQ(log->epoch(), 2U);
  EXPECT_EQ(need(count(*log)), 7U);
}

TEST_F(LmdbSharing, AChildOfForkMayReadWhatItsParentHasOpen) {
  const auto log = writer();
  need(append(*log, 7));
  for (int time = 0; time < 3; ++time) {
    EXPECT_TRUE(check_guarded("log", [&]() -> Result<void> {
      const auto again = LmdbLog::open_reader(path());
      if (!again) return again.error();
      const auto records = count(*again.value());
      if (!records) return records.error();
      if (records.value() >= 7) return {};
      return Error{ErrorCode::internal, "records are missing"};
    }));
    need(append(*log, 1));
  }
  // The child did not take the parent's lock down with it.
  expect_error(LmdbLog::open_writer(path()), ErrorCode::already_held, "");
}

TEST_F(LmdbSharing, AWriterIsFencedWhereItsLockFileWasRemoved) {
  const auto first = writer();
  need(append(*first, 3));
  fs::remove(path() / "LOCK");
  const auto second = writer();
  expect_error(append(*first, 1), ErrorCode::already_held,
               "another writer took over (epoch 2, this one has 1)");
  expect_error(first->put_meta("a", "b"), ErrorCode::already_held, "took over");
  need(append(*second, 1));
  EXPECT_EQ(need(count(*first)), 4U);
}

TEST_F(LmdbSharing, AWriterThatTakesOverFindsAllThatWasWrittenBefore) {
  auto holder = writer();
  for (int time = 0; time < 100; ++time) {
    std::atomic<bool> going = false;
    std::thread displaced([&] {
      bool written = true;
      while (written) {
        written = append(*holder, 1).ok();
        going = true;
      }
    });
    while (!going)
      std::this_thread::yield();
    fs::remove(path() / "LOCK");
    auto next = writer();
    const auto appended = append(*next, 1);
    displaced.join();
    ASSERT_TRUE(appended) << appended.error().message << ", time " << time;
    EXPECT_EQ(need(count(*next)), need(next->end()) - 1);
    holder = std::move(next);
  }
}

TEST_F(LmdbSharing, AWriterMayJoinTheReadersOfItsProcess) {
  make_log(2);
  const auto before = reader();
  auto log = writer();
  need(append(*log, 2));
  const auto after = reader();
  EXPECT_EQ(need(count(*before)), 4U);
  EXPECT_EQ(need(count(*after)), 4U);
  log.reset();
  log = writer();
  need(append(*log, 1));
  EXPECT_EQ(need(count(*before)), 5U);
}

TEST_F(LmdbSharing, OpeningAndClosingInManyThreadsIsSafe) {
  const auto log = writer();
  need(append(*log, 10));
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&] {
      for (int time = 0; time < 100; ++time) {
        EXPECT_GE(need(count(*reader())), 10U);
      }
    });
  }
  for (int time = 0; time < 100; ++time)
    need(append(*log, 1));
  for (auto& thread : threads)
    thread.join();
}

TEST_F(LmdbSharing, TheLastReaderMayCloseWhileAnotherThreadOpens) {
  make_log(10);
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&] {
      for (int time = 0; time < 100; ++time) {
        EXPECT_EQ(need(count(*reader())), 10U);
      }
    });
  }
  for (auto& thread : threads)
    thread.join();
}

TEST_F(LmdbSharing, AReaderFollowsAMapThatAnotherProcessEnlarged) {
  auto options = fast();
  options.map_bytes = 1 << 20;
  need(append(*writer(options), 10));
  const auto log = reader();
  EXPECT_EQ(need(count(*log)), 10U);
  EXPECT_TRUE(check_guarded("writer", [&]() -> Result<void> {
    const auto other = LmdbLog::open_writer(path(), options);
    if (!other) return other.error();
    for (int batch = 0; batch < 20; ++batch) {
      if (auto done = append(*other.value(), 2000); !done) return done;
    }
    return {};
  }));
  EXPECT_EQ(need(count(*log)), 40'010U);
}

TEST_F(LmdbSharing, ALongReadingLetsTheWriterReusePages) {
  make_log(20'000);
  const auto log = writer();
  const auto before = fs::file_size(data());
  const Snapshot snapshot{"a", 1, std::vector<std::byte>(kLarge)};
  need(log->read(1, [&](const LogRecord& record) {
    if (record.sequence % 50 == 0) {
      need(log->put_snapshots(std::span(&snapshot, 1)));
    }
    return Visit::next;
  }));
  // 400 times 64 KiB would be 25 MiB.
  EXPECT_LT(fs::file_size(data()), before + (std::uint64_t{8} << 20));
}

// A reader that is killed holds its state of the file until somebody notices;
// unnoticed, every replaced page would stay.
TEST_F(LmdbSharing, AKilledReaderDoesNotMakeTheFileGrow) {
  make_log(10);
  const auto log = writer();
  Other other([&](const auto& ready) {
    const auto reading = LmdbLog::open_reader(path());
    if (!reading) return;
    const auto outcome = reading.value()->read(1, [&](const LogRecord&) {
      ready();
      return Visit::stop;
    });
    if (!outcome) return;
  });
  ASSERT_TRUE(other.ready());
  other.kill();
  const Snapshot snapshot{"a", 1, std::vector<std::byte>(kLarge)};
  for (int time = 0; time < 1500; ++time) {
    need(log->put_snapshots(std::span(&snapshot, 1)));
  }
  // 1,500 times 64 KiB would be 94 MiB.
  EXPECT_LT(fs::file_size(data()), std::uint64_t{32} << 20);
}

TEST_F(LmdbSharing, AReaderThatWasKilledBeforeIsForgottenByTheNextWriter) {
  make_log(10);
  Other other([&](const auto& ready) {
    const auto reading = LmdbLog::open_reader(path());
    if (!reading) return;
    const auto outcome = reading.value()->read(1, [&](const LogRecord&) {
      ready();
      return Visit::stop;
    });
    if (!outcome) return;
  });
  ASSERT_TRUE(other.ready());
  const auto keeps_the_table_alive = reader();
  other.kill();
  const auto log = writer();
  const Snapshot snapshot{"a", 1, std::vector<std::byte>(kLarge)};
  for (int time = 0; time < 200; ++time) {
    need(log->put_snapshots(std::span(&snapshot, 1)));
  }
  EXPECT_LT(fs::file_size(data()), std::uint64_t{3} << 20);
}

}  // namespace
}  // namespace understudy::test
