#pragma once

/// One LMDB environment per log and process.
///
/// LMDB forbids a process to open the same file twice (closing one handle
/// would drop the other's locks), so whoever opens a log that is already
/// open here shares its environment, whatever path led to it.
/// Thread safety: any thread; one writes at a time. Not usable after fork:
/// a child opens the log anew.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>

#include <lmdb.h>

#include "actors/core/result.hpp"
#include "services/event_log/gate.hpp"

namespace understudy::lmdb {

/// `read` opens for writing too where that is allowed, so that a writer of
/// the same process can join later.
enum class Access : std::uint8_t { read, write };

class Environment {
 public:
  /// `map_bytes` 0 takes what the log's last writer chose. Errors: those of
  /// `inspect`; `corrupt` when it is not an event log; `too_new`;
  /// `unavailable` when it may not be read, or not be written.
  [[nodiscard]] static Result<std::shared_ptr<Environment>> open(
      const std::filesystem::path& directory, Access access,
      std::uint64_t map_bytes);

  /// Makes a new data file, whole or not at all: it gets its name when it is
  /// complete. Only for the holder of the writer's lock. Unit: microseconds
  /// since the Unix epoch, 0 for unknown.
  [[nodiscard]] static Result<void> create(
      const std::filesystem::path& directory, std::int64_t created_us);

  ~Environment();
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

  /// Runs `work` in a write transaction and commits it when `work` returns
  /// 0; otherwise nothing is changed and its code becomes the error. May run
  /// `work` again after the map has grown. `bytes` bounds what it stores.
  Result<void> write(std::uint64_t bytes,
                     const std::function<int(MDB_txn*)>& work);

  /// Makes the file long enough for values of `bytes`; `write` does it too.
  /// On error nothing has changed.
  Result<void> reserve(std::uint64_t bytes);

  /// Starts a read transaction with `start`, again after the map was
  /// adjusted or the reader table cleaned. The gate is entered on success.
  Result<void> start_reading(const std::function<int()>& start);
  void stop_reading() { gate_.leave(); }

  /// Before the first `write` of a writer: whether its commits wait for the
  /// disk. Also measures the file, which others may have written meanwhile.
  Result<void> begin_writing(bool fsync);
  Result<void> sync();
  /// Writes one consistent state into the empty file `fd`, without the pages
  /// that are not in use, and flushes it to the disk.
  Result<void> copy_to(int fd);
  /// Frees the places of readers whose process has ended.
  void clean_readers();

  [[nodiscard]] Error error(std::string_view doing, int code) const;
  [[nodiscard]] MDB_env* get() const { return env_; }
  [[nodiscard]] std::uint64_t page_bytes() const { return page_bytes_; }
  [[nodiscard]] std::uint64_t file_bytes() const { return file_bytes_; }
  [[nodiscard]] MDB_dbi records() const { return records_; }
  [[nodiscard]] MDB_dbi snapshots() const { return snapshots_; }
  [[nodiscard]] MDB_dbi meta() const { return meta_; }

 private:
  explicit Environment(std::filesystem::path directory);

  [[nodiscard]] static Result<std::unique_ptr<Environment>> open_file(
      const std::filesystem::path& directory, std::uint64_t map_bytes);
  Result<void> check_access(Access access) const;
  Result<void> open_databases();
  Result<void> check_format(MDB_txn* transaction) const;
  int set_map(std::uint64_t map_bytes);
  [[nodiscard]] std::uint64_t map_bytes() const;

  std::filesystem::path directory_;
  MDB_env* env_ = nullptr;
  bool read_only_ = false;
  bool without_table_ = false;  ///< No reader table: see README.md.
  MDB_dbi records_ = 0;
  MDB_dbi snapshots_ = 0;
  MDB_dbi meta_ = 0;
  std::uint64_t page_bytes_ = 0;
  std::uint64_t file_bytes_ = 0;  ///< Known to be there; the writer's.
  Gate gate_;
};

}  // namespace understudy::lmdb
