#include "services/gateway/addresses.hpp"

#include <array>
#include <memory>

#include <netdb.h>
#include <sys/socket.h>

#include "services/config/settings.hpp"

namespace understudy::gateway {

std::string numeric_address(const std::string& address) {
  const auto parts = parse_listen(address);
  if (!parts || parts->port == 0) return {};
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(parts->host.c_str(), nullptr, &hints, &found) != 0)
    return {};
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owned(
      found, &::freeaddrinfo);
  std::array<char, 64> host{};
  if (::getnameinfo(found->ai_addr, found->ai_addrlen, host.data(), host.size(),
                    nullptr, 0, NI_NUMERICHOST) != 0)
    return {};
  const std::string name(host.data());
  const bool six = name.find(':') != std::string::npos;
  return (six ? '[' + name + ']' : name) + ':' + std::to_string(parts->port);
}

}  // namespace understudy::gateway
