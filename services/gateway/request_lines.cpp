#include "services/gateway/request_lines.hpp"

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace understudy::gateway {
namespace {

constexpr std::size_t fields_of_a_line = 10;
constexpr int socket_buffer = 4'194'304;
constexpr int pipe_size = 1'048'576;
constexpr int gathering_ms = 5;
constexpr std::size_t longest_line = 65'536;

bool read_number(std::string_view text, long& out) {
  const auto read =
      std::from_chars(text.data(), text.data() + text.size(), out);
  return read.ec == std::errc() && read.ptr == text.data() + text.size();
}

}  // namespace

std::optional<RequestLine> parse_request_line(std::string_view line) {
  while (line.ends_with('\n') || line.ends_with('\0'))
    line.remove_suffix(1);
  std::vector<std::string_view> parts;
  while (parts.size() < fields_of_a_line + 1) {
    const auto end = line.find(' ');
    parts.push_back(line.substr(0, end));
    if (end == std::string_view::npos) break;
    line.remove_prefix(end + 1);
  }
  if (parts.size() != fields_of_a_line) return std::nullopt;
  RequestLine one;
  one.backend = parts[0];
  one.endpoint = parts[1] == "-" ? "" : parts[1];
  one.server = parts[2] == "<NOSRV>" ? "" : parts[2];
  long status = 0;
  if (!read_number(parts[3], status) || !read_number(parts[4], one.queue_ms) ||
      !read_number(parts[5], one.connect_ms) ||
      !read_number(parts[6], one.response_ms) ||
      !read_number(parts[7], one.data_ms) ||
      !read_number(parts[8], one.total_ms))
    return std::nullopt;
  one.status = static_cast<int>(status);
  one.aborted = parts[9].starts_with('C');
  return one;
}

Result<std::unique_ptr<RequestLines>> RequestLines::listen(
    const std::string& path, Take take) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) {
    return Error{ErrorCode::unavailable,
                 path + ": the path is too long for a socket"};
  }
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  Descriptor socket(
      ::socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  ::unlink(path.c_str());
  if (socket.get() < 0 ||
      ::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address),
             sizeof address) != 0) {
    return Error{ErrorCode::unavailable, path + ": " + std::strerror(errno)};
  }
  ::setsockopt(socket.get(), SOL_SOCKET, SO_RCVBUF, &socket_buffer,
               sizeof socket_buffer);
  return std::unique_ptr<RequestLines>(
      new RequestLines(std::move(socket), std::move(take)));
}

Result<std::unique_ptr<RequestLines>> RequestLines::open_pipe(
    const std::string& path, Take take) {
  struct stat there {};
  if (::lstat(path.c_str(), &there) == 0 && !S_ISFIFO(there.st_mode))
    ::unlink(path.c_str());
  if (::mkfifo(path.c_str(), 0600) != 0 && errno != EEXIST)
    return Error{ErrorCode::unavailable, path + ": " + std::strerror(errno)};
  // Both ways: it has no end while nobody writes.
  Descriptor pipe(::open(path.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC));
  if (pipe.get() < 0)
    return Error{ErrorCode::unavailable, path + ": " + std::strerror(errno)};
  // As large as is allowed: a smaller one is full sooner, no more.
  for (int size = pipe_size; size > 0; size /= 2) {
    if (::fcntl(pipe.get(), F_SETPIPE_SZ, size) >= 0) break;
  }
  return std::unique_ptr<RequestLines>(
      new RequestLines(std::move(pipe), std::move(take)));
}

RequestLines::RequestLines(Descriptor source, Take take)
    : source_(std::move(source)),
      stop_(::eventfd(0, EFD_CLOEXEC)),
      take_(std::move(take)),
      thread_([this] { run(); }) {}

RequestLines::~RequestLines() {
  stopping_ = true;
  const std::uint64_t one = 1;
  while (::write(stop_.get(), &one, sizeof one) < 0 && errno == EINTR) {
  }
  thread_.join();
}

/// Lines end with a line feed or, as a datagram, where it ends.
void RequestLines::take_lines(std::string_view piece) {
  begun_ += piece;
  std::string_view left = begun_;
  for (;;) {
    const auto end = left.find('\n');
    if (end == std::string_view::npos) break;
    if (const auto parsed = parse_request_line(left.substr(0, end)))
      take_(*parsed);
    left.remove_prefix(end + 1);
  }
  begun_.erase(0, begun_.size() - left.size());
  if (begun_.size() > longest_line) begun_.clear();
}

void RequestLines::run() {
  std::array<pollfd, 2> waits{};
  waits[0] = {stop_.get(), POLLIN, 0};
  waits[1] = {source_.get(), POLLIN, 0};
  std::vector<char> piece(65'536);
  while (!stopping_) {
    ::poll(waits.data(), waits.size(), -1);
    for (;;) {
      const auto n = ::read(source_.get(), piece.data(), piece.size());
      if (n <= 0) break;
      take_lines({piece.data(), static_cast<std::size_t>(n)});
    }
    // Many at once: to wake this thread for each line costs HAProxy more
    // than to write the line.
    ::poll(waits.data(), 1, gathering_ms);
  }
}

}  // namespace understudy::gateway
