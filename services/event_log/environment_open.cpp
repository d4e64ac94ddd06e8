#include <cerrno>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <tuple>

#include <fcntl.h>
#include <unistd.h>

#include "services/event_log/data_file.hpp"
#include "services/event_log/descriptor.hpp"
#include "services/event_log/environment.hpp"
#include "services/event_log/guarded.hpp"
#include "services/event_log/lmdb_error.hpp"
#include "services/event_log/lmdb_format.hpp"
#include "services/event_log/transaction.hpp"
#include "services/event_log/writer_lock.hpp"

namespace understudy::lmdb {
namespace {

constexpr unsigned kMaxReaders = 1024;
constexpr MDB_dbi kDatabases = 3;
constexpr mdb_mode_t kFileMode = 0664;

/// Process, device, inode. The process is part of it because a child of fork
/// inherits the table but must not use what is in it.
using Key = std::tuple<pid_t, std::uint64_t, std::uint64_t>;

struct Registry {
  std::mutex mutex;
  std::condition_variable closed;
  std::map<Key, std::weak_ptr<Environment>> open;
};

Registry& registry() {
  static auto* const instance = new Registry;
  return *instance;
}

bool may_write(const std::filesystem::path& path) {
  return ::faccessat(AT_FDCWD, path.c_str(), W_OK, AT_EACCESS) == 0;
}

/// LMDB's checks of its own file end the process. Say of what it died.
[[noreturn]] void end_with_reason(MDB_env* env, const char* failed) {
  const char* directory = nullptr;
  ::mdb_env_get_path(env, &directory);
  if (!is_guarded()) {
    std::fprintf(stderr, "log %s: the file is damaged: %s\n", directory,
                 failed);
  }
  std::abort();
}

int sync_directory(const std::filesystem::path& path) {
  const Descriptor directory(
      ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return directory && ::fsync(directory.get()) == 0 ? 0 : errno;
}

int fill_new(MDB_env* env, const std::string& file, std::int64_t created_us) {
  int code = ::mdb_env_set_maxdbs(env, kDatabases);
  if (code == 0) {
    code =
        ::mdb_env_open(env, file.c_str(), MDB_NOSUBDIR | MDB_NOLOCK, kFileMode);
  }
  MDB_txn* transaction = nullptr;
  if (code == 0) code = ::mdb_txn_begin(env, nullptr, 0, &transaction);
  if (code != 0) return code;
  MDB_dbi database = 0;
  const auto make = [&](const char* name, unsigned flags) {
    if (code == 0) {
      code = ::mdb_dbi_open(transaction, name, MDB_CREATE | flags, &database);
    }
  };
  const auto put = [&](const char* key, std::uint64_t number) {
    if (code == 0) code = put_number(transaction, database, key, number);
  };
  make(kRecords, MDB_INTEGERKEY);
  make(kSnapshots, 0);
  make(kMeta, 0);
  put(kFormatKey, kFormat);
  put(kEpochKey, 0);
  if (created_us != 0) {
    put(kCreatedKey, static_cast<std::uint64_t>(created_us));
  }
  if (code == 0) return ::mdb_txn_commit(transaction);
  ::mdb_txn_abort(transaction);
  return code;
}

}  // namespace

Result<void> Environment::create(const std::filesystem::path& directory,
                                 std::int64_t created_us) {
  const auto unfinished = directory / kUnfinished;
  ::unlink(unfinished.c_str());
  MDB_env* env = nullptr;
  int code = ::mdb_env_create(&env);
  if (code == 0) {
    code = fill_new(env, unfinished.string(), created_us);
    ::mdb_env_close(env);
  }
  if (code != 0) return make_error(directory, "make a log", code);
  // A reader table belongs to one data file; this one is new.
  ::unlink((directory / kReaderTable).c_str());
  if (::rename(unfinished.c_str(), (directory / kDataFile).c_str()) != 0) {
    return make_error(directory, "make a log", errno);
  }
  code = sync_directory(directory);
  // Where the directory is new, its own name matters as well; where it is
  // not, this user may have no access above it.
  sync_directory(directory / "..");
  if (code != 0) return make_error(directory, "make a log", code);
  return {};
}

Environment::Environment(std::filesystem::path directory)
    : directory_(std::move(directory)) {}

Result<void> Environment::check_access(Access access) const {
  if (access == Access::write && read_only_) {
    return error("open for writing", EACCES);
  }
  if (without_table_ && WriterLock::is_held(directory_)) {
    return Error{ErrorCode::unavailable,
                 "log " + directory_.string() +
                     ": a writer has it open, and this user may not write "
                     "lock.mdb, in which readers sign in; accepted: a user "
                     "or group that may"};
  }
  return {};
}

Result<void> Environment::check_format(MDB_txn* transaction) const {
  std::uint64_t format = 0;
  const int code = get_number(transaction, meta_, kFormatKey, format);
  if (code != 0) return error("read its format", code);
  if (format == 0 || format > kFormatsBeyond) {
    return Error{ErrorCode::corrupt, "log " + directory_.string() +
                                         ": damaged format number " +
                                         std::to_string(format)};
  }
  if (format > kFormat) {
    return Error{ErrorCode::too_new,
                 "log " + directory_.string() + ": format " +
                     std::to_string(format) + "; accepted: up to " +
                     std::to_string(kFormat) + ": use a newer build"};
  }
  return {};
}

Result<void> Environment::open_databases() {
  Reading reading(*this);
  if (auto begun = reading.refresh(); !begun) return begun;
  const auto open_one = [&](const char* name, MDB_dbi& database) {
    return ::mdb_dbi_open(reading.get(), name, 0, &database);
  };
  int code = open_one(kMeta, meta_);
  if (code == 0) {
    if (auto known = check_format(reading.get()); !known) return known;
    code = open_one(kRecords, records_);
  }
  if (code == 0) code = open_one(kSnapshots, snapshots_);
  unsigned flags = 0;
  if (code == 0) code = ::mdb_dbi_flags(reading.get(), records_, &flags);
  if (code == MDB_NOTFOUND || (code == 0 && (flags & MDB_INTEGERKEY) == 0)) {
    return Error{ErrorCode::corrupt, "log " + directory_.string() +
                                         ": an LMDB file, but no event log"};
  }
  if (code == 0) code = reading.finish();
  if (code != 0) return error("open", code);
  return {};
}

Result<std::unique_ptr<Environment>> Environment::open_file(
    const std::filesystem::path& directory, std::uint64_t map_bytes) {
  std::unique_ptr<Environment> made(new Environment(directory));
  const auto table = directory / kReaderTable;
  const bool table_is_ours =
      may_write(table) || (::access(table.c_str(), F_OK) != 0 &&
                           errno == ENOENT && may_write(directory));
  made->without_table_ = !table_is_ours;
  made->read_only_ = !table_is_ours || !may_write(directory / kDataFile);
  if (auto allowed = made->check_access(Access::read); !allowed) {
    return allowed.error();
  }
  // Transactions, not threads, own places in the reader table.
  unsigned flags = MDB_NOTLS;
  if (made->read_only_) flags |= MDB_RDONLY;
  if (made->without_table_) flags |= MDB_NOLOCK;
  int code = ::mdb_env_create(&made->env_);
  if (code == 0) code = ::mdb_env_set_maxdbs(made->env_, kDatabases);
  if (code == 0) code = ::mdb_env_set_assert(made->env_, end_with_reason);
  if (code == 0) code = ::mdb_env_set_maxreaders(made->env_, kMaxReaders);
  if (code == 0) code = ::mdb_env_set_mapsize(made->env_, map_bytes);
  if (code == 0) {
    code = ::mdb_env_open(made->env_, directory.c_str(), flags, kFileMode);
  }
  if (code != 0) return make_error(directory, "open", code);
  if (auto opened = made->open_databases(); !opened) return opened.error();
  return made;
}

Result<std::shared_ptr<Environment>> Environment::open(
    const std::filesystem::path& directory, Access access,
    std::uint64_t map_bytes) {
  const auto found = inspect(directory / kDataFile);
  if (!found) return found.error();
  const Key key{::getpid(), found.value().device, found.value().inode};
  auto& known = registry();
  std::shared_ptr<Environment> shared;
  std::unique_lock lock(known.mutex);
  // An entry without an owner is being closed: opening the file before that
  // is over would make two handles for a moment.
  known.closed.wait(lock, [&] {
    const auto at = known.open.find(key);
    if (at != known.open.end()) shared = at->second.lock();
    return at == known.open.end() || shared != nullptr;
  });
  if (shared == nullptr) {
    auto opened = open_file(directory, map_bytes);
    if (!opened) return opened.error();
    opened.value()->page_bytes_ = found.value().page_bytes;
    shared.reset(opened.value().release(), [key](Environment* last) {
      auto& table = registry();
      const std::scoped_lock guard(table.mutex);
      delete last;
      table.open.erase(key);
      table.closed.notify_all();
    });
    known.open.emplace(key, shared);
  }
  lock.unlock();
  if (auto allowed = shared->check_access(access); !allowed) {
    return allowed.error();
  }
  return shared;
}

}  // namespace understudy::lmdb
