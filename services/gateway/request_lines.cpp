#include "services/gateway/request_lines.hpp"

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <utility>
#include <vector>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace understudy::gateway {
namespace {

constexpr std::size_t fields_of_a_line = 9;
constexpr int socket_buffer = 4'194'304;

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
  one.endpoint = parts[0] == "-" ? "" : parts[0];
  one.server = parts[1] == "-" ? "" : parts[1];
  long status = 0;
  if (!read_number(parts[2], status) || !read_number(parts[3], one.queue_ms) ||
      !read_number(parts[4], one.connect_ms) ||
      !read_number(parts[5], one.response_ms) ||
      !read_number(parts[6], one.data_ms) ||
      !read_number(parts[7], one.total_ms))
    return std::nullopt;
  one.status = static_cast<int>(status);
  one.aborted = parts[8].starts_with('C');
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
  Descriptor socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
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

RequestLines::RequestLines(Descriptor socket, Take take)
    : socket_(std::move(socket)),
      take_(std::move(take)),
      thread_([this] { run(); }) {}

RequestLines::~RequestLines() {
  ::shutdown(socket_.get(), SHUT_RDWR);
  thread_.join();
}

void RequestLines::run() {
  std::array<char, 4096> line{};
  for (;;) {
    const auto n = ::recv(socket_.get(), line.data(), line.size(), 0);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return;
    const auto parsed = parse_request_line(
        std::string_view(line.data(), static_cast<std::size_t>(n)));
    if (parsed) take_(*parsed);
  }
}

}  // namespace understudy::gateway
