/// The embedded log against bare LMDB with the same bytes, in one run.
///
///     event_log_benchmark [DIRECTORY]
///
/// DIRECTORY (default: a fresh one below the temporary directory) decides
/// which disk is measured; the files are removed at the end. Appends take
/// turns batch by batch; of scans the best of several rounds counts, because
/// the machine's other work only ever makes a round slower.

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include <lmdb.h>

#include "services/event_log/lmdb_log.hpp"
#include "tests/contract/temporary_directory.hpp"

namespace understudy {
namespace {

constexpr std::size_t kRecordBytes = 200;
constexpr int kRounds = 7;
constexpr std::uint64_t kMapBytes = std::uint64_t{64} << 30;
constexpr std::uint64_t kScanned = 2'000'000;

using Clock = std::chrono::steady_clock;

void require(bool good, const std::string& what) {
  if (good) return;
  std::fprintf(stderr, "event_log_benchmark: %s\n", what.c_str());
  std::exit(1);
}

void require(int code) { require(code == 0, ::mdb_strerror(code)); }

template <class T>
T taken(Result<T> outcome) {
  if (!outcome) require(false, outcome.error().message);
  return std::move(outcome).value();
}

double seconds(const std::function<void()>& work) {
  const auto begin = Clock::now();
  work();
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

/// LMDB as its documentation shows it: one database, values appended.
class BareLmdb {
 public:
  BareLmdb(const std::filesystem::path& directory, unsigned flags,
           const char* database) {
    require(::mdb_env_create(&env_));
    require(::mdb_env_set_mapsize(env_, kMapBytes));
    require(::mdb_env_set_maxdbs(env_, 3));
    require(::mdb_env_open(env_, directory.c_str(), flags, 0644));
    const bool reading = (flags & MDB_RDONLY) != 0;
    MDB_txn* transaction = nullptr;
    require(
        ::mdb_txn_begin(env_, nullptr, reading ? MDB_RDONLY : 0, &transaction));
    require(::mdb_dbi_open(transaction, database,
                           reading ? 0 : MDB_CREATE | MDB_INTEGERKEY, &dbi_));
    require(::mdb_txn_commit(transaction));
  }
  BareLmdb(const BareLmdb&) = delete;
  BareLmdb& operator=(const BareLmdb&) = delete;
  ~BareLmdb() { ::mdb_env_close(env_); }

  void append(std::uint64_t first, std::span<const Bytes> records) {
    MDB_txn* transaction = nullptr;
    MDB_cursor* cursor = nullptr;
    require(::mdb_txn_begin(env_, nullptr, 0, &transaction));
    require(::mdb_cursor_open(transaction, dbi_, &cursor));
    for (const auto& record : records) {
      MDB_val key{sizeof(first), &first};
      MDB_val value{record.size(), const_cast<std::byte*>(record.data())};
      require(::mdb_cursor_put(cursor, &key, &value, MDB_APPEND));
      ++first;
    }
    ::mdb_cursor_close(cursor);
    require(::mdb_txn_commit(transaction));
  }

  std::uint64_t scan() {
    MDB_txn* transaction = nullptr;
    MDB_cursor* cursor = nullptr;
    require(::mdb_txn_begin(env_, nullptr, MDB_RDONLY, &transaction));
    require(::mdb_cursor_open(transaction, dbi_, &cursor));
    std::uint64_t sum = 0;
    MDB_val key{};
    MDB_val value{};
    while (::mdb_cursor_get(cursor, &key, &value, MDB_NEXT) == 0) {
      sum += *static_cast<const std::uint64_t*>(value.mv_data);
    }
    ::mdb_cursor_close(cursor);
    ::mdb_txn_abort(transaction);
    return sum;
  }

 private:
  MDB_env* env_ = nullptr;
  MDB_dbi dbi_ = 0;
};

struct Workload {
  std::vector<std::uint64_t> words;
  std::vector<Bytes> views;

  explicit Workload(std::size_t batch)
      : words(batch * kRecordBytes / sizeof(std::uint64_t)) {
    for (std::size_t at = 0; at < words.size(); ++at)
      words[at] = at * at;
    const auto bytes = std::as_bytes(std::span(words));
    for (std::size_t at = 0; at < batch; ++at) {
      views.push_back(bytes.subspan(at * kRecordBytes, kRecordBytes));
    }
  }
};

void print(const std::string& what, double ours_per_s, double bare_per_s) {
  std::printf("%-28s %12.0f %12.0f %7.0f%%\n", what.c_str(), ours_per_s,
              bare_per_s, 100 * ours_per_s / bare_per_s);
}

/// Batch by batch in turns, so that both sides meet the same disk.
void compare_appends(const std::filesystem::path& directory,
                     Durability durability, std::size_t batch,
                     std::uint64_t batches) {
  const Workload load(batch);
  const auto mine = directory / "mine";
  const auto its = directory / "bare";
  std::filesystem::create_directory(its);
  double ours = 0;
  double bare = 0;
  {
    const bool os = durability == Durability::os;
    LmdbOptions options;
    options.durability = durability;
    const auto log = taken(LmdbLog::open_writer(mine, options));
    BareLmdb lmdb(its, os ? MDB_NOSYNC : 0, "records");
    const auto append_ours = [&](std::uint64_t at) {
      ours += seconds([&] {
        const auto done = log->append(at * batch + 1, load.views);
        if (!done) require(false, done.error().message);
      });
    };
    const auto append_bare = [&](std::uint64_t at) {
      bare += seconds([&] { lmdb.append(at * batch + 1, load.views); });
    };
    for (std::uint64_t at = 0; at < batches; ++at) {
      if (at % 2 == 0) append_ours(at);
      append_bare(at);
      if (at % 2 != 0) append_ours(at);
    }
  }
  std::filesystem::remove_all(mine);
  std::filesystem::remove_all(its);
  const auto count = static_cast<double>(batch * batches);
  print(std::string("append ") +
            (durability == Durability::os ? "os    " : "fsync ") +
            std::to_string(batch) + " a batch",
        count / ours, count / bare);
}

void compare_scans(const std::filesystem::path& directory) {
  constexpr std::size_t kBatch = 1000;
  const Workload load(kBatch);
  const auto path = directory / "scanned";
  LmdbOptions options;
  options.durability = Durability::os;
  auto log = taken(LmdbLog::open_writer(path, options));
  for (std::uint64_t at = 0; at < kScanned / kBatch; ++at) {
    const auto done = log->append(at * kBatch + 1, load.views);
    if (!done) require(false, done.error().message);
  }
  double ours = 1e9;
  double bare = 1e9;
  std::uint64_t sums[2] = {0, 0};
  for (int round = 0; round < kRounds; ++round) {
    log = nullptr;
    log = taken(LmdbLog::open_reader(path));
    ours = std::min(
        ours, seconds([&] {
          sums[0] = 0;
          const auto done = log->read(1, [&](const LogRecord& record) {
            sums[0] +=
                *reinterpret_cast<const std::uint64_t*>(record.bytes.data());
            return Visit::next;
          });
          if (!done) require(false, done.error().message);
        }));
    // One process must not hold the same file twice.
    log = nullptr;
    BareLmdb lmdb(path, MDB_RDONLY, "records");
    bare = std::min(bare, seconds([&] { sums[1] = lmdb.scan(); }));
  }
  require(sums[0] == sums[1], "the two scans differ");
  const auto count = static_cast<double>(kScanned);
  print("scan, warm", count / ours, count / bare);
}

int run(const std::filesystem::path& directory) {
  std::printf("records of %zu bytes\n%-28s %12s %12s %8s\n", kRecordBytes, "",
              "log, 1/s", "LMDB, 1/s", "ratio");
  compare_appends(directory, Durability::fsync, 1, 1000);
  compare_appends(directory, Durability::fsync, 100, 1000);
  compare_appends(directory, Durability::fsync, 1000, 1000);
  compare_appends(directory, Durability::os, 1, 100'000);
  compare_appends(directory, Durability::os, 100, 10'000);
  compare_appends(directory, Durability::os, 1000, 2000);
  compare_scans(directory);
  return 0;
}

}  // namespace
}  // namespace understudy

int main(int argc, char** argv) {
  if (argc > 2) {
    std::fprintf(stderr, "usage: event_log_benchmark [DIRECTORY]\n");
    return 2;
  }
  if (argc == 2) {
    const auto below = std::filesystem::path(argv[1]) / "event_log_benchmark";
    std::filesystem::create_directories(below);
    const int outcome = understudy::run(below);
    std::filesystem::remove_all(below);
    return outcome;
  }
  const understudy::test::TemporaryDirectory fresh;
  return understudy::run(fresh.path());
}
