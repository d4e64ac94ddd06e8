#include "services/event_log/environment.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <string>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "services/event_log/lmdb_error.hpp"
#include "services/event_log/lmdb_format.hpp"
#include "services/event_log/transaction.hpp"

namespace understudy::lmdb {
namespace {

/// What a transaction may take beyond its values: branch pages, copies of
/// the pages on the way to them, the list of free pages.
constexpr std::uint64_t kSlackBytes = std::uint64_t{256} << 10;
constexpr std::uint64_t kMinStepBytes = std::uint64_t{256} << 10;
constexpr std::uint64_t kMaxStepBytes = std::uint64_t{16} << 20;

int lengthen(int fd, std::uint64_t from, std::uint64_t to) {
  const auto start = static_cast<off_t>(from);
  const auto count = static_cast<off_t>(to - from);
  if (::fallocate(fd, 0, start, count) == 0) return 0;
  if (errno != EOPNOTSUPP) return errno;
  return ::ftruncate(fd, static_cast<off_t>(to)) == 0 ? 0 : errno;
}

}  // namespace

Environment::~Environment() { ::mdb_env_close(env_); }

Error Environment::error(std::string_view doing, int code) const {
  return make_error(directory_, doing, code);
}

std::uint64_t Environment::map_bytes() const {
  MDB_envinfo info{};
  ::mdb_env_info(env_, &info);
  return info.me_mapsize;
}

int Environment::set_map(std::uint64_t map_bytes) {
  return gate_.alone([&] {
    // LMDB gives the old map up before it asks for the new one, and cannot
    // go on without: ask first whether there is room for it.
    const auto probe = std::max(map_bytes, this->map_bytes());
    void* room = ::mmap(nullptr, probe, PROT_NONE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (room == MAP_FAILED) return errno;
    ::munmap(room, probe);
    return ::mdb_env_set_mapsize(env_, map_bytes);
  });
}

Result<void> Environment::begin_writing(bool fsync) {
  struct stat status {};
  int fd = -1;
  ::mdb_env_get_fd(env_, &fd);
  if (::fstat(fd, &status) != 0) return error("open for writing", errno);
  file_bytes_ = static_cast<std::uint64_t>(status.st_size);
  ::mdb_env_set_flags(env_, MDB_NOSYNC, fsync ? 0 : 1);
  clean_readers();
  return {};
}

// The file is lengthened before it is written, so that at every moment it is
// at least as long as its head claims. LMDB alone does not keep to that: pages
// that a transaction takes at the end and gives back are never written, which
// could not be told from a file that was cut. It also finds a full disk
// before anything is written.
Result<void> Environment::reserve(std::uint64_t bytes) {
  MDB_envinfo info{};
  ::mdb_env_info(env_, &info);
  const auto used = (info.me_last_pgno + 1) * page_bytes_;
  const auto needed = used + bytes + kSlackBytes;
  if (needed <= file_bytes_) return {};
  int fd = -1;
  ::mdb_env_get_fd(env_, &fd);
  const auto step = std::clamp(used / 8, kMinStepBytes, kMaxStepBytes);
  int code = 0;
  for (const auto length : std::array{needed + step, needed}) {
    code = lengthen(fd, file_bytes_, length);
    if (code == 0) {
      file_bytes_ = length;
      return {};
    }
  }
  return error("grow beyond " + std::to_string(file_bytes_) + " bytes", code);
}

Result<void> Environment::write(std::uint64_t bytes,
                                const std::function<int(MDB_txn*)>& work) {
  for (;;) {
    if (auto reserved = reserve(bytes); !reserved) return reserved;
    gate_.enter();
    MDB_txn* transaction = nullptr;
    int code = ::mdb_txn_begin(env_, nullptr, 0, &transaction);
    if (code == 0) {
      code = work(transaction);
      if (code == 0) {
        code = ::mdb_txn_commit(transaction);
      } else {
        ::mdb_txn_abort(transaction);
      }
    }
    gate_.leave();
    if (code == 0) return {};
    if (code != MDB_MAP_FULL) return error("write", code);
    code = set_map(map_bytes() * 2);
    if (code != 0) return error("enlarge its map", code);
  }
}

Result<void> Environment::start_reading(const std::function<int()>& start) {
  constexpr int kAttempts = 8;
  int code = 0;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    if (without_table_) {
      if (auto allowed = check_access(Access::read); !allowed) return allowed;
    }
    gate_.enter();
    code = start();
    if (code == 0) return {};
    gate_.leave();
    if (code == MDB_MAP_RESIZED) {
      code = set_map(0);
      if (code != 0) return error("follow its grown map", code);
    } else if (code == MDB_READERS_FULL) {
      clean_readers();
    } else {
      break;
    }
  }
  return error("read", code);
}

Result<void> Environment::sync() {
  const int code = ::mdb_env_sync(env_, 1);
  if (code != 0) return error("flush to the disk", code);
  return {};
}

Result<void> Environment::copy_to(int fd) {
  // LMDB counts pages before it compacts, and refuses when it counted some
  // that it does not meet; a copy as it stands is a copy all the same.
  for (const unsigned how : {unsigned{MDB_CP_COMPACT}, 0U}) {
    int code = 0;
    auto copied = start_reading([&] {
      if (::ftruncate(fd, 0) != 0 || ::lseek(fd, 0, SEEK_SET) != 0)
        return errno;
      return code = ::mdb_env_copyfd2(env_, fd, how);
    });
    if (!copied && code == MDB_INCOMPATIBLE) continue;
    if (!copied && code == 0) return copied;
    if (!copied) return error("copy", code);
    stop_reading();
    if (::fsync(fd) != 0) return error("copy", errno);
    return {};
  }
  return error("copy", MDB_INCOMPATIBLE);
}

void Environment::clean_readers() {
  int dead = 0;
  ::mdb_reader_check(env_, &dead);
}

}  // namespace understudy::lmdb
