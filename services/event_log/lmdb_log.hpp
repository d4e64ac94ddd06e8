#pragma once

/// The embedded log: one LMDB file in a directory, no server.
///
/// One process writes, any number of processes read while it does, in place
/// and without copies. README.md in this folder describes the files.
/// Thread safety: one thread appends, one keeps snapshots; any number of
/// threads read at the same time, through one object or several. Ownership:
/// objects of one process that opened the same log share its file, and may
/// outlive one another. After fork the child opens the log anew.

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "actors/core/instant.hpp"
#include "actors/ports/event_log.hpp"
#include "services/event_log/fair_mutex.hpp"
#include "services/event_log/log_facts.hpp"

struct MDB_txn;

namespace understudy {

namespace lmdb {
class Environment;
class WriterLock;
}  // namespace lmdb

/// What an acknowledged append survives.
enum class Durability : std::uint8_t {
  fsync,  ///< The machine's end too: power cut, kernel crash.
  os,     ///< The process's end only. After a power cut the whole log may be
          ///< unreadable: for logs that can be made again.
};

/// What was appended through one object since it was opened.
struct LogStatistics {
  std::uint64_t commits = 0;
  std::uint64_t records = 0;
  std::uint64_t bytes = 0;
  std::int64_t last_commit_us = 0;
  std::uint64_t file_bytes = 0;
};

/// What was copied: the last record of the copy, and its size.
struct CopyReport {
  std::uint64_t last = 0;
  std::uint64_t bytes = 0;
};

struct LmdbOptions {
  Durability durability = Durability::fsync;
  /// Address space for the file, not disk or memory; it grows when needed.
  std::uint64_t map_bytes = std::uint64_t{64} << 30;
  /// Recorded when the log is new; 0 records nothing.
  Instant created{};
  /// What the disk must have room for beyond the log, set aside at opening.
  std::uint64_t room_bytes = 0;
  /// Called after each append, on its thread; may be empty.
  std::function<void(const LogCommit&)> on_commit;
};

class LmdbLog final : public EventLog {
 public:
  /// Opens the log for writing and begins a new epoch; makes the directory
  /// and the log where they are missing. Errors: `already_held` when a
  /// writer has it open, `corrupt` when the file is no log or is cut short,
  /// `too_new`, `unavailable` when the directory cannot be written,
  /// `invalid_input` when the path names something else.
  [[nodiscard]] static Result<std::unique_ptr<LmdbLog>> open_writer(
      const std::filesystem::path& directory, const LmdbOptions& options = {});

  /// Opens the log for reading. Errors as above, and `not_found` when there
  /// is no log. Sees what a writer appends later; `append` and the like
  /// are refused with `invalid_input`.
  [[nodiscard]] static Result<std::unique_ptr<LmdbLog>> open_reader(
      const std::filesystem::path& directory);

  ~LmdbLog() override;
  LmdbLog(const LmdbLog&) = delete;
  LmdbLog& operator=(const LmdbLog&) = delete;

  /// Beyond the port: a record is a multiple of 8 bytes long, not empty, and
  /// at most 16 MiB (`invalid_input`), so that every record lies aligned.
  Result<void> append(std::uint64_t first,
                      std::span<const Bytes> records) override;
  Result<std::uint64_t> end() const override;

  /// Visits exactly what was in the log when it began, however long that
  /// takes, and holds a state of the file for 1024 records at a time, so
  /// that the writer can reuse its pages meanwhile. The visitor may append.
  Result<void> read(
      std::uint64_t from,
      const std::function<Visit(const LogRecord&)>& visit) const override;

  /// A writer's own; for a reader the one it found when it was opened.
  [[nodiscard]] std::uint32_t epoch() const override { return epoch_; }

  /// Stream names are 1 to 511 bytes long.
  Result<void> put_snapshots(std::span<const Snapshot> batch) override;
  Result<void> read_snapshots(
      const std::function<Visit(const Snapshot&)>& visit) const override;
  Result<void> remove_snapshots(std::span<const std::string> streams) override;
  Result<void> drop_snapshots() override;

  /// Facts about the whole log, such as the scenario and seed that made it.
  /// Keys are 1 to 500 bytes long. `get_meta` of an unknown key: `not_found`.
  Result<void> put_meta(std::string_view key, std::string_view value);
  Result<std::string> get_meta(std::string_view key) const;
  /// When the log was made, where its maker said so: `not_found` otherwise.
  Result<Instant> created() const;

  /// Whether the log's name still leads to the file that is open here: LMDB
  /// would go on in one that was removed. Each writing asks it first. Any
  /// thread. Errors: `unavailable`.
  [[nodiscard]] Result<void> check_place() const;

  /// Flushes to the disk what `Durability::os` left to the system.
  Result<void> sync();

  /// Any thread, at any time.
  [[nodiscard]] LogStatistics statistics() const;

  /// Reads how the file is used. Any process may, while a writer works.
  Result<LogFacts> facts() const;

  /// Makes `target`, a directory with a copy of one consistent state of this
  /// log: a whole log that can be read where it is. Any process may, while a
  /// writer works; the file grows meanwhile as with any long reading.
  /// `target` is there whole and durable, or not at all. Errors:
  /// `invalid_input` when it is there already, `unavailable` when it cannot
  /// be written.
  Result<CopyReport> backup(const std::filesystem::path& target) const;

  /// Puts a copy of the log `backup` into `directory`, new or empty, once
  /// every record was read without a gap and `check` approved it. Errors:
  /// those of opening and reading the backup and of `check`; `already_held`
  /// when a writer has `directory` open; `invalid_input` when something is
  /// in it. On error no log is there.
  [[nodiscard]] static Result<CopyReport> restore(
      const std::filesystem::path& backup,
      const std::filesystem::path& directory,
      const std::function<Result<void>(const LogRecord&)>& check);

 private:
  explicit LmdbLog(std::filesystem::path directory);

  static Result<void> make_directory(const std::filesystem::path& directory);
  Result<void> begin_epoch(const LmdbOptions& options);
  Result<void> load_epoch();
  Result<void> check_writable() const;
  Result<void> write(std::uint64_t bytes,
                     const std::function<int(MDB_txn*)>& work);
  Result<void> append_batch(std::uint64_t first, std::span<const Bytes> records,
                            LogCommit& commit);
  Result<std::uint64_t> find_end() const;
  [[nodiscard]] Error gap(std::uint64_t sequence) const;

  std::filesystem::path directory_;
  std::unique_ptr<lmdb::WriterLock> lock_;  // given back after the file
  std::shared_ptr<lmdb::Environment> environment_;
  std::uint32_t epoch_ = 0;
  std::atomic<std::uint64_t> end_ = 1;  ///< The writer's; readers ask.

  lmdb::FairMutex writing_;
  std::optional<Error> broken_;  ///< Why nothing may be written any more.
  std::uint64_t commits_ = 0;
  std::uint64_t next_transaction_ = 0;  ///< When nobody else has written.

  std::function<void(const LogCommit&)> on_commit_;
  struct {
    std::atomic<std::uint64_t> commits = 0;
    std::atomic<std::uint64_t> records = 0;
    std::atomic<std::uint64_t> bytes = 0;
    std::atomic<std::int64_t> last_commit_us = 0;
    std::atomic<std::uint64_t> file_bytes = 0;
  } counted_;
};

}  // namespace understudy
