#include "services/api/listening.hpp"

#include <cerrno>
#include <cstring>
#include <memory>
#include <string>

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace understudy {
namespace {

struct Free {
  void operator()(addrinfo* found) const { ::freeaddrinfo(found); }
};

/// Two daemons must not share a port, so no SO_REUSEPORT. Connections of a
/// former daemon that linger are no hindrance.
Descriptor try_one(const addrinfo& one) {
  Descriptor socket(::socket(one.ai_family,
                             one.ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK,
                             one.ai_protocol));
  if (!socket) return Descriptor();
  const int on = 1;
  ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  if (::bind(socket.get(), one.ai_addr, one.ai_addrlen) != 0 ||
      ::listen(socket.get(), SOMAXCONN) != 0) {
    const int error = errno;
    socket.reset();
    errno = error;
  }
  return socket;
}

}  // namespace

Result<Descriptor> listen_on(const ListenAddress& address) {
  const std::string where =
      "api.listen: " + address.host + " port " + std::to_string(address.port);
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  wanted.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* all = nullptr;
  const std::string port = std::to_string(address.port);
  const int failed =
      ::getaddrinfo(address.host.c_str(), port.c_str(), &wanted, &all);
  if (failed != 0) {
    return Error{ErrorCode::unavailable,
                 where + ": " + ::gai_strerror(failed) +
                     "; accepted: an address of this machine"};
  }
  const std::unique_ptr<addrinfo, Free> found(all);
  int error = 0;
  for (const addrinfo* one = all; one; one = one->ai_next) {
    Descriptor socket = try_one(*one);
    if (socket) return socket;
    error = errno;
  }
  return Error{
      ErrorCode::unavailable,
      where + ": " + std::strerror(error) +
          (error == EADDRINUSE ? "; accepted: a port that is free" : "")};
}

std::uint16_t port_of(const Descriptor& listening) {
  sockaddr_storage address{};
  socklen_t size = sizeof(address);
  ::getsockname(listening.get(), reinterpret_cast<sockaddr*>(&address), &size);
  const in_port_t port =
      address.ss_family == AF_INET6
          ? reinterpret_cast<const sockaddr_in6&>(address).sin6_port
          : reinterpret_cast<const sockaddr_in&>(address).sin_port;
  return ntohs(port);
}

}  // namespace understudy
