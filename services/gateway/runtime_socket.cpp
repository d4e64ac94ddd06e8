#include "services/gateway/runtime_socket.hpp"

#include <array>
#include <cerrno>
#include <cstring>

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#include "services/event_log/descriptor.hpp"

namespace understudy::gateway {
namespace {

constexpr time_t longest_s = 5;

Error unavailable(const std::string& path, const std::string& what) {
  return {ErrorCode::unavailable, "HAProxy at " + path + ": " + what};
}

}  // namespace

Result<std::string> RuntimeSocket::ask(const std::string& command) const {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path_.size() >= sizeof address.sun_path)
    return unavailable(path_, "the path is too long for a socket");
  std::memcpy(address.sun_path, path_.c_str(), path_.size() + 1);
  const Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const timeval longest{longest_s, 0};
  if (socket.get() < 0 ||
      ::setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &longest,
                   sizeof longest) != 0 ||
      ::setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &longest,
                   sizeof longest) != 0 ||
      ::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address),
                sizeof address) != 0) {
    return unavailable(path_, std::strerror(errno));
  }
  const bool through = peer_ == Peer::through_master;
  const std::string line = (through ? "@1 " : "") + command + '\n';
  std::size_t sent = 0;
  while (sent < line.size()) {
    const auto n = ::send(socket.get(), line.data() + sent, line.size() - sent,
                          MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return unavailable(path_, std::strerror(errno));
    sent += static_cast<std::size_t>(n);
  }
  // A worker ends the connection after its answer; the master waits to hear
  // that nothing more comes.
  if (peer_ != Peer::worker) ::shutdown(socket.get(), SHUT_WR);
  std::string answer;
  std::array<char, 65536> piece{};
  for (;;) {
    const auto n = ::recv(socket.get(), piece.data(), piece.size(), 0);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return unavailable(path_, std::strerror(errno));
    if (n == 0) return answer;
    answer.append(piece.data(), static_cast<std::size_t>(n));
  }
}

std::string command_word(std::string_view text) {
  std::string word;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                       (c >= 'A' && c <= 'Z') || byte >= 0x80 || c == '-' ||
                       c == '_' || c == '.' || c == ':' || c == '/' ||
                       c == '|' || c == ',';
    if (!plain) word += '\\';
    word += byte < 0x20 || byte == 0x7f ? ' ' : c;
  }
  return word;
}

}  // namespace understudy::gateway
