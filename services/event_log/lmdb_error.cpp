#include "services/event_log/lmdb_error.hpp"

#include <cerrno>
#include <string>

#include <lmdb.h>
#include <sys/statvfs.h>

namespace understudy::lmdb {
namespace {

constexpr unsigned long kNoRoomBytes = 1UL << 20;

bool without_room(const std::filesystem::path& directory) {
  struct statvfs file_system {};
  return ::statvfs(directory.c_str(), &file_system) == 0 &&
         file_system.f_bavail * file_system.f_frsize < kNoRoomBytes;
}

bool disk_full(const std::filesystem::path& directory, int code) {
  return code == ENOSPC || code == EDQUOT || code == EFBIG ||
         (code == EIO && without_room(directory));
}

ErrorCode kind(int code) {
  switch (code) {
    case MDB_CORRUPTED:
    case MDB_PAGE_NOTFOUND:
    case MDB_INVALID:
    case MDB_INCOMPATIBLE:
    case MDB_BAD_VALSIZE:
    case MDB_NOTFOUND:
    case MDB_CURSOR_FULL:  // a tree deeper than any that LMDB makes
      return ErrorCode::corrupt;
    case MDB_TXN_FULL:
    case EDEADLK:
      return ErrorCode::invalid_input;
    case MDB_PANIC:
    case MDB_READERS_FULL:
    case MDB_MAP_FULL:
    case MDB_MAP_RESIZED:
    case MDB_VERSION_MISMATCH:
      return ErrorCode::unavailable;
    case ENOENT:
      return ErrorCode::not_found;
    default:
      return code > 0 ? ErrorCode::unavailable : ErrorCode::internal;
  }
}

std::string_view hint(int code) {
  switch (code) {
    case MDB_TXN_FULL:
      return "; accepted: a smaller batch";
    case MDB_PANIC:
      return "; the storage failed before: open the log again";
    case MDB_READERS_FULL:
      return "; accepted: fewer processes and threads that read at once";
    case MDB_VERSION_MISMATCH:
      return "; a program with another LMDB has the log open";
    case ENOMEM:
      return "; accepted: a larger address space (ulimit -v) or a smaller map";
    case EDEADLK:
      return "; its map has to grow: accepted outside of a visitor only";
    case EACCES:
    case EPERM:
    case EROFS:
      return "; accepted: a directory that this user may write";
    default:
      return "";
  }
}

}  // namespace

Error make_error(const std::filesystem::path& directory, std::string_view doing,
                 int code) {
  std::string message = "log " + directory.string() + ": cannot ";
  message.append(doing).append(": ").append(::mdb_strerror(code));
  if (disk_full(directory, code)) {
    message.insert(0, "disk full: ");
    message.append("; nothing was lost: make room, then open the log again");
    return {ErrorCode::unavailable, std::move(message)};
  }
  message.append(hint(code));
  return {kind(code), std::move(message)};
}

}  // namespace understudy::lmdb
