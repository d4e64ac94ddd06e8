#include "services/capacity/process_reading.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "services/text/line_reader.hpp"

namespace understudy {
namespace {

Error not_kept(const std::string& ref) {
  return {ErrorCode::not_found, in_quotes(ref) +
                                    ": no output is kept of it; accepted: an "
                                    "instance of this machine"};
}

std::uint64_t size_of(int file) {
  struct stat status {};
  return ::fstat(file, &status) == 0 && status.st_size > 0
             ? static_cast<std::uint64_t>(status.st_size)
             : 0;
}

/// Where the last `lines` lines begin, as far as `most` bytes reach.
std::uint64_t last_lines_begin(int file, std::uint64_t size,
                               std::uint64_t lines, std::size_t most) {
  const std::uint64_t begin = size > most ? size - most : 0;
  std::string text(static_cast<std::size_t>(size - begin), '\0');
  const ssize_t got =
      ::pread(file, text.data(), text.size(), static_cast<off_t>(begin));
  text.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
  if (lines == 0) return size;
  std::size_t at = text.size();
  if (at > 0 && text[at - 1] == '\n') --at;
  while (at > 0) {
    if (text[at - 1] == '\n' && --lines == 0) break;
    --at;
  }
  return begin + at;
}

}  // namespace

Result<OutputPiece> read_process_output(const ProcessDirectory& directory,
                                        const std::string& provider_ref,
                                        const OutputPlace& from,
                                        std::size_t most) {
  const auto place = parse_process_ref(provider_ref);
  if (!place) return not_kept(provider_ref);
  // Before its output, so that nothing written before the end is missed.
  const bool gone = directory.has(*place, "gone");
  const Descriptor file(::open(directory.file(*place, "output").c_str(),
                               O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!file) return not_kept(provider_ref);
  const std::uint64_t size = size_of(file.get());
  std::uint64_t at = from.offset;
  if (from.from_end) {
    at = last_lines_begin(file.get(), size, from.offset, most);
  } else if (at > size) {
    at = 0;
  }
  OutputPiece piece;
  piece.bytes.resize(most);
  const ssize_t got =
      ::pread(file.get(), piece.bytes.data(), most, static_cast<off_t>(at));
  piece.bytes.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
  piece.next = at + piece.bytes.size();
  piece.gone = gone;
  return piece;
}

}  // namespace understudy
