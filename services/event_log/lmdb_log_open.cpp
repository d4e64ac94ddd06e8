#include <cerrno>
#include <limits>
#include <system_error>
#include <utility>

#include <lmdb.h>
#include <sys/stat.h>

#include "services/event_log/environment.hpp"
#include "services/event_log/lmdb_format.hpp"
#include "services/event_log/lmdb_log.hpp"
#include "services/event_log/transaction.hpp"
#include "services/event_log/writer_lock.hpp"

namespace understudy {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxMetaKeyBytes = 500;
constexpr std::uint64_t kSmallBytes = 4096;

Result<std::string> meta_name(std::string_view key) {
  if (key.empty() || key.size() > kMaxMetaKeyBytes) {
    return Error{ErrorCode::invalid_input,
                 "a key of " + std::to_string(key.size()) +
                     " bytes; accepted: 1 to " +
                     std::to_string(kMaxMetaKeyBytes)};
  }
  return std::string(lmdb::kUserPrefix).append(key);
}

/// A log was here and is gone: what made it never began a new one since. An
/// empty one in its place would pass for a fleet that has nothing.
bool taken_away(const fs::path& directory) {
  std::error_code failure;
  return !fs::exists(directory / lmdb::kDataFile, failure) &&
         !fs::exists(directory / lmdb::kUnfinished, failure) &&
         fs::exists(directory / "lock.mdb", failure);
}

}  // namespace

LmdbLog::LmdbLog(fs::path directory) : directory_(std::move(directory)) {}
LmdbLog::~LmdbLog() = default;

Result<void> LmdbLog::make_directory(const fs::path& directory) {
  std::error_code failure;
  if (fs::is_directory(directory, failure)) return {};
  if (fs::exists(directory, failure)) {
    return Error{ErrorCode::invalid_input,
                 "log " + directory.string() +
                     ": not a directory; accepted: a directory, or a new name"};
  }
  fs::create_directories(directory, failure);
  if (!failure) return {};
  return Error{ErrorCode::unavailable,
               "log " + directory.string() +
                   ": cannot make the directory: " + failure.message()};
}

Result<std::unique_ptr<LmdbLog>> LmdbLog::open_writer(
    const fs::path& directory, const LmdbOptions& options) {
  if (auto made = make_directory(directory); !made) return made.error();
  if (taken_away(directory)) {
    return Error{ErrorCode::corrupt,
                 "log " + directory.string() +
                     ": data.mdb is gone, and lock.mdb says that a log was "
                     "here; accepted: data.mdb put back, or a directory "
                     "without lock.mdb for a new log"};
  }
  auto lock = lmdb::WriterLock::take(directory);
  if (!lock) return lock.error();
  std::unique_ptr<LmdbLog> log(new LmdbLog(directory));
  log->lock_ = std::make_unique<lmdb::WriterLock>(std::move(lock).value());

  std::error_code failure;
  if (!fs::exists(directory / lmdb::kDataFile, failure)) {
    auto created = lmdb::Environment::create(directory, options.created.us);
    if (!created) return created.error();
  }
  auto opened = lmdb::Environment::open(directory, lmdb::Access::write,
                                        options.map_bytes);
  if (!opened) return opened.error();
  log->environment_ = std::move(opened).value();
  log->on_commit_ = options.on_commit;
  if (auto begun = log->begin_epoch(options); !begun) return begun.error();
  return log;
}

Result<std::unique_ptr<LmdbLog>> LmdbLog::open_reader(
    const fs::path& directory) {
  auto opened = lmdb::Environment::open(directory, lmdb::Access::read, 0);
  if (!opened) return opened.error();
  std::unique_ptr<LmdbLog> log(new LmdbLog(directory));
  log->environment_ = std::move(opened).value();
  if (auto loaded = log->load_epoch(); !loaded) return loaded.error();
  return log;
}

Result<void> LmdbLog::check_place() const {
  struct stat open {};
  struct stat named {};
  int fd = -1;
  ::mdb_env_get_fd(environment_->get(), &fd);
  const auto file = directory_ / lmdb::kDataFile;
  if (::fstat(fd, &open) != 0) return environment_->error("look at it", errno);
  const bool there = ::stat(file.c_str(), &named) == 0;
  if (!there && errno != ENOENT && errno != ENOTDIR)
    return environment_->error("look at it", errno);
  if (there && open.st_dev == named.st_dev && open.st_ino == named.st_ino)
    return {};
  return Error{ErrorCode::unavailable,
               "log " + directory_.string() + ": " + lmdb::kDataFile +
                   (there ? " was replaced" : " was removed or moved away") +
                   " while it was open; accepted: the same file back in its "
                   "place, or a restart with the log that is to go on"};
}

Result<void> LmdbLog::load_epoch() {
  lmdb::Reading reading(*environment_);
  if (auto begun = reading.refresh(); !begun) return begun;
  std::uint64_t epoch = 0;
  const int code = lmdb::get_number(reading.get(), environment_->meta(),
                                    lmdb::kEpochKey, epoch);
  if (code != 0) return environment_->error("read its epoch", code);
  if (epoch >= std::numeric_limits<std::uint32_t>::max()) {
    return Error{ErrorCode::corrupt, "log " + directory_.string() + ": epoch " +
                                         std::to_string(epoch) +
                                         " is out of range"};
  }
  epoch_ = static_cast<std::uint32_t>(epoch);
  return {};
}

Result<void> LmdbLog::begin_epoch(const LmdbOptions& options) {
  const bool fsync = options.durability == Durability::fsync;
  if (auto begun = environment_->begin_writing(fsync); !begun) return begun;
  if (auto loaded = load_epoch(); !loaded) return loaded;
  // A damaged log is refused before anything is written to it.
  if (const auto found = find_end(); !found) return found.error();
  if (auto room = environment_->reserve(options.room_bytes); !room) return room;
  auto written = write(kSmallBytes, [&](MDB_txn* transaction) {
    return lmdb::put_number(transaction, environment_->meta(), lmdb::kEpochKey,
                            epoch_ + std::uint64_t{1});
  });
  if (!written) return written;
  ++epoch_;
  // Where the lock's file was removed, the writer before this one may have
  // gone on until now; from here on the epoch keeps it out.
  const auto end = find_end();
  if (!end) return end.error();
  end_.store(end.value());
  return {};
}

Result<void> LmdbLog::put_meta(std::string_view key, std::string_view value) {
  const std::scoped_lock lock(writing_);
  if (auto writable = check_writable(); !writable) return writable;
  const auto name = meta_name(key);
  if (!name) return name.error();
  return write(value.size() + kSmallBytes, [&](MDB_txn* transaction) {
    auto stored_key = lmdb::to_value(name.value());
    auto stored_value = lmdb::to_value(value);
    return ::mdb_put(transaction, environment_->meta(), &stored_key,
                     &stored_value, 0);
  });
}

Result<std::string> LmdbLog::get_meta(std::string_view key) const {
  const auto name = meta_name(key);
  if (!name) return name.error();
  lmdb::Reading reading(*environment_);
  if (auto begun = reading.refresh(); !begun) return begun.error();
  auto stored_key = lmdb::to_value(name.value());
  MDB_val value{};
  const int code =
      ::mdb_get(reading.get(), environment_->meta(), &stored_key, &value);
  if (code == MDB_NOTFOUND) {
    return Error{ErrorCode::not_found, "log " + directory_.string() +
                                           " says nothing of '" +
                                           std::string(key) + '\''};
  }
  if (code != 0) return environment_->error("read", code);
  return std::string(lmdb::to_text(value));
}

Result<Instant> LmdbLog::created() const {
  lmdb::Reading reading(*environment_);
  if (auto begun = reading.refresh(); !begun) return begun.error();
  std::uint64_t created_us = 0;
  const int code = lmdb::get_number(reading.get(), environment_->meta(),
                                    lmdb::kCreatedKey, created_us);
  if (code == MDB_NOTFOUND) {
    return Error{ErrorCode::not_found,
                 "log " + directory_.string() + " says not when it was made"};
  }
  if (code != 0) return environment_->error("read", code);
  return Instant{static_cast<std::int64_t>(created_us)};
}

}  // namespace understudy
