#include "services/text/text_file.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

namespace understudy {
namespace {

struct Close {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

Error cannot(const std::string& path, int error) {
  return {error == ENOENT ? ErrorCode::not_found : ErrorCode::unavailable,
          path + ": cannot be read: " + std::strerror(error) +
              "; accepted: a readable file"};
}

}  // namespace

Result<std::string> read_text_file(const std::string& path,
                                   std::size_t limit_bytes) {
  const std::unique_ptr<std::FILE, Close> file(std::fopen(path.c_str(), "rbe"));
  if (!file) return cannot(path, errno);
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
