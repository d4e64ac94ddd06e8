#include "services/text/text_file.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include <fcntl.h>
#include <sys/stat.h>

namespace understudy {
namespace {

struct Close {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

/// Does not wait for the other end of a pipe.
std::FILE* open_file(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  return file < 0 ? nullptr : ::fdopen(file, "rb");
}

Error cannot(const std::string& path, int error) {
  return {error == ENOENT ? ErrorCode::not_found : ErrorCode::unavailable,
          path + ": cannot be read: " + std::strerror(error) +
              "; accepted: a readable file"};
}

}  // namespace

Result<std::string> read_text_file(const std::string& path,
                                   std::size_t limit_bytes) {
  const std::unique_ptr<std::FILE, Close> file(open_file(path));
  if (!file) return cannot(path, errno);
  struct stat status {};
  if (::fstat(::fileno(file.get()), &status) != 0) return cannot(path, errno);
  if (!S_ISREG(status.st_mode)) {
    return Error{ErrorCode::unavailable,
                 path + ": no regular file; accepted: a readable file"};
  }
  std::string text;
  std::string chunk(64U << 10U, '\0');
  for (;;) {
    errno = 0;
    const std::size_t got =
        std::fread(chunk.data(), 1, chunk.size(), file.get());
    if (std::ferror(file.get()) != 0) return cannot(path, errno);
    text.append(chunk, 0, got);
    if (text.size() > limit_bytes) {
      return Error{ErrorCode::invalid_input,
                   path + ": too large; accepted: up to " +
                       std::to_string(limit_bytes) + " bytes"};
    }
    if (got == 0) return text;
  }
}

}  // namespace understudy
