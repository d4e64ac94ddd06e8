#include "services/gateway/directory_lock.hpp"

#include <array>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace understudy::gateway {
namespace {

std::string holder_of(int file) {
  std::array<char, 20> text{};
  const auto size = ::pread(file, text.data(), text.size(), 0);
  const std::string pid(text.data(),
                        static_cast<std::size_t>(size > 0 ? size : 0));
  return pid.empty() ? "another process" : "process " + pid;
}

}  // namespace

Result<DirectoryLock> DirectoryLock::take(const std::string& directory) {
  const std::string path = directory + "/gateway.lock";
  Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!file) {
    return Error{ErrorCode::unavailable,
                 "cannot write " + path + ": " + std::strerror(errno)};
  }
  if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
    return Error{ErrorCode::already_held,
                 "haproxy.directory " + directory + ": " +
                     holder_of(file.get()) +
                     " is the gateway there; accepted: one gateway for each "
                     "directory"};
  }
  const std::string pid = std::to_string(::getpid());
  if (::ftruncate(file.get(), 0) == 0) {
    [[maybe_unused]] const auto written =
        ::pwrite(file.get(), pid.data(), pid.size(), 0);
  }
  return DirectoryLock(std::move(file));
}

}  // namespace understudy::gateway
