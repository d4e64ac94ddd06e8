#pragma once

/// What HAProxy's figures say of the load, instance by instance.
///
/// Thread safety: functions without state, but `Demand`: one thread.

#include <map>
#include <string>

#include "services/gateway/proxy_keeper.hpp"
#include "services/gateway/route.hpp"
#include "services/load/load_report.hpp"

namespace understudy::gateway {

/// Requests that wait for an instance, held back or turned away: whoever
/// was turned away since the last look counts as one who waits.
class Demand {
 public:
  [[nodiscard]] std::uint32_t of(const std::string& endpoint,
                                 const ProxyState& state);

 private:
  std::map<std::string, std::uint64_t> arrived_;
};

[[nodiscard]] LoadReport load_facts(const std::string& gateway,
                                    const RouteTable& routes, const Look& look,
                                    Demand& demand);

}  // namespace understudy::gateway
