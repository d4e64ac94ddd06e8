#include "services/api/connection.hpp"

#include <algorithm>
#include <array>
#include <cerrno>

#include <poll.h>
#include <sys/socket.h>

namespace understudy {
namespace {

using std::chrono::milliseconds;

/// Whoever takes an answer slower than this would hold a thread for long.
constexpr std::size_t least_bytes_per_ms = 16;

bool would_block() { return errno == EAGAIN || errno == EWOULDBLOCK; }

Connection::Got receive_into(int socket, std::span<char> buffer,
                             std::size_t& got) {
  while (true) {
    const auto read = ::recv(socket, buffer.data(), buffer.size(), 0);
    if (read > 0) {
      got = static_cast<std::size_t>(read);
      return Connection::Got::bytes;
    }
    if (read < 0 && errno == EINTR) continue;
    if (read < 0 && would_block()) return Connection::Got::nothing;
    return Connection::Got::end;
  }
}

}  // namespace

Connection::Got Connection::receive() {
  std::array<char, 65'536> buffer;
  std::size_t got = 0;
  const Got what = receive_into(socket(), buffer, got);
  if (what == Got::bytes) reader.add({buffer.data(), got});
  return what;
}

Connection::Got Connection::discard() {
  std::array<char, 65'536> buffer;
  std::size_t got = 0;
  const Got what = receive_into(socket(), buffer, got);
  discarded += got;
  return what;
}

void Connection::finish_sending() { ::shutdown(socket(), SHUT_WR); }

bool Connection::send(std::string_view bytes, milliseconds longest) {
  const auto began = Steady::now();
  const auto end =
      began + longest + milliseconds(bytes.size() / least_bytes_per_ms);
  while (!bytes.empty()) {
    const auto sent =
        ::send(socket(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
      continue;
    }
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0 && !would_block()) return false;
    const auto left =
        std::chrono::duration_cast<milliseconds>(end - Steady::now());
    const auto wait = std::min(longest, left).count();
    if (wait <= 0) return false;
    pollfd one{socket(), POLLOUT, 0};
    if (::poll(&one, 1, static_cast<int>(wait)) == 0) return false;
    if ((one.revents & (POLLERR | POLLHUP | POLLNVAL)) != 0) return false;
  }
  return true;
}

void Connection::send_now(std::string_view bytes) {
  (void)!::send(socket(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
}

bool Connection::client_is_there() const {
  pollfd one{socket(), POLLRDHUP, 0};
  return ::poll(&one, 1, 0) == 0;
}

}  // namespace understudy
