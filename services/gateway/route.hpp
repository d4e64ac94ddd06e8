#pragma once

/// Where requests go, apart from any proxy: what the gateway makes of the
/// fleet, and keeps true in HAProxy.
///
/// Thread safety: plain values.

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace understudy::gateway {

enum class Balance : std::uint8_t {
  least_outstanding,  ///< Divided by what each instance takes at most.
  random,
};

constexpr std::array<std::string_view, 2> names_of(Balance) {
  return {"least-outstanding-requests", "random"};
}

/// One instance that takes requests, or took some that it may finish.
struct Server {
  std::string name;    ///< `ENDPOINT:INSTANCE`, unique in the fleet.
  std::string stream;  ///< Of the instance.
  std::string address;
  std::string variant;
  std::string pool;
  std::string instance_type;
  std::uint32_t max_concurrency = 1;
  bool draining = false;  ///< No new request.
  friend bool operator==(const Server&, const Server&) = default;
};

struct Route {
  Balance balance = Balance::least_outstanding;
  std::string path = "/invocations";  ///< At the instance.
  std::vector<Server> servers;        ///< In the order of their names.
  /// Why no instance takes requests; empty when one does.
  std::string reason;
  std::string message;
  std::uint32_t retry_after_s = 5;
  bool may_wait = false;  ///< An instance is to be expected soon.
  friend bool operator==(const Route&, const Route&) = default;

  [[nodiscard]] bool serving() const { return reason.empty(); }
};

/// By the name of the endpoint. Endpoints that are gone have none.
using RouteTable = std::map<std::string, Route>;

}  // namespace understudy::gateway
