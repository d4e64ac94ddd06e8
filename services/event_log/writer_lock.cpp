#include "services/event_log/writer_lock.hpp"

#include <array>
#include <cerrno>
#include <charconv>
#include <string>
#include <string_view>

#include <fcntl.h>
#include <unistd.h>

#include "services/event_log/lmdb_error.hpp"
#include "services/event_log/lmdb_format.hpp"

namespace understudy::lmdb {
namespace {

/// A lock on the whole file that belongs to the open file, not to the process:
/// it also refuses a second writer in the same process, and asking about it
/// does not take it.
struct ::flock whole_file(short type) {
  struct ::flock lock {};
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  return lock;
}

/// What the holder wrote; empty when it has not come to that yet.
std::string holder_text(int fd) {
  std::array<char, 20> text{};
  const auto count = ::pread(fd, text.data(), text.size(), 0);
  std::string pid;
  for (ssize_t at = 0; at < count && text[static_cast<std::size_t>(at)] >= '0';
       ++at) {
    pid += text[static_cast<std::size_t>(at)];
  }
  return pid;
}

std::string holder_name(int fd) {
  const auto pid = holder_text(fd);
  return pid.empty() ? "another process" : "process " + pid;
}

}  // namespace

Result<WriterLock> WriterLock::take(const std::filesystem::path& directory) {
  const auto path = directory / kWriterLock;
  Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0664));
  if (!file) return make_error(directory, "open for writing", errno);
  auto lock = whole_file(F_WRLCK);
  if (::fcntl(file.get(), F_OFD_SETLK, &lock) != 0) {
    if (errno != EAGAIN && errno != EACCES) {
      return make_error(directory, "lock", errno);
    }
    return Error{ErrorCode::already_held,
                 "log " + directory.string() + ": " + holder_name(file.get()) +
                     " has it open for writing; accepted: one writer at a "
                     "time, any number of readers"};
  }
  // The name is a courtesy to whoever is refused: the lock itself is the
  // kernel's, and a full disk must not keep a log from being opened.
  const auto pid = std::to_string(::getpid()) + '\n';
  if (::ftruncate(file.get(), 0) == 0) {
    [[maybe_unused]] const auto written =
        ::pwrite(file.get(), pid.data(), pid.size(), 0);
  }
  return WriterLock(std::move(file));
}

bool WriterLock::is_held(const std::filesystem::path& directory) {
  const Descriptor file(
      ::open((directory / kWriterLock).c_str(), O_RDONLY | O_CLOEXEC));
  auto lock = whole_file(F_RDLCK);
  return file && ::fcntl(file.get(), F_OFD_GETLK, &lock) == 0 &&
         lock.l_type != F_UNLCK;
}

std::optional<std::uint64_t> WriterLock::holder(
    const std::filesystem::path& directory) {
  if (!is_held(directory)) return std::nullopt;
  const Descriptor file(
      ::open((directory / kWriterLock).c_str(), O_RDONLY | O_CLOEXEC));
  const auto text = file ? holder_text(file.get()) : std::string();
  std::uint64_t pid = 0;
  std::from_chars(text.data(), text.data() + text.size(), pid);
  return pid;
}

}  // namespace understudy::lmdb
