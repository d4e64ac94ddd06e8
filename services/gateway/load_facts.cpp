#include "services/gateway/load_facts.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace understudy::gateway {
namespace {

/// What is in flight in processes that a reload replaced.
std::map<std::string, std::uint32_t> leaving_by_server(const Look& look) {
  std::map<std::string, std::uint32_t> in_flight;
  for (const StatRow& row : look.leaving)
    in_flight[row.server] += row.current;
  return in_flight;
}

}  // namespace

std::uint32_t Demand::of(const std::string& endpoint, const ProxyState& state) {
  const auto found = state.waiting.find(endpoint);
  if (found == state.waiting.end()) {
    arrived_.erase(endpoint);
    return 0;
  }
  std::uint64_t& before = arrived_[endpoint];
  // A HAProxy that began anew counts from the beginning.
  const std::uint64_t since = found->second.arrived >= before
                                  ? found->second.arrived - before
                                  : found->second.arrived;
  before = found->second.arrived;
  const std::uint64_t most = std::numeric_limits<std::uint32_t>::max();
  return std::max(found->second.now,
                  static_cast<std::uint32_t>(std::min(since, most)));
}

LoadReport load_facts(const std::string& gateway, const RouteTable& routes,
                      const Look& look, Demand& demand) {
  LoadReport report;
  report.gateway = gateway;
  const auto leaving = leaving_by_server(look);
  std::map<std::string, const ServerState*> states;
  for (const ServerState& one : look.state.servers)
    states[one.backend + '/' + one.name] = &one;
  std::map<std::string, const StatRow*> figures;
  std::map<std::string, std::uint32_t> queued;
  for (const StatRow& row : look.state.figures) {
    figures[row.backend + '/' + row.server] = &row;
    queued[row.backend] += row.queued;
  }
  for (const auto& [endpoint, slot] : look.assignment.slots) {
    ReportedEndpoint one;
    one.endpoint = endpoint;
    one.queued = queued[slot] + demand.of(endpoint, look.state);
    for (const Server& server : routes.at(endpoint).servers) {
      ReportedInstance fact;
      fact.instance = server.name.substr(server.name.find(':') + 1);
      const auto old = leaving.find(server.name);
      if (old != leaving.end()) fact.in_flight = old->second;
      const std::string full = slot + '/' + server.name;
      const auto state = states.find(full);
      // One that HAProxy does not have gets nothing from it.
      fact.draining = state == states.end() ? server.draining
                                            : state->second->draining ||
                                                  state->second->maintenance;
      if (const auto row = figures.find(full); row != figures.end()) {
        fact.in_flight += row->second->current;
        fact.rate = row->second->rate;
        fact.requests = row->second->total;
        fact.errors_4xx = row->second->errors_4xx;
        fact.errors_5xx = row->second->errors_5xx;
        fact.response_ms = row->second->response_ms;
      }
      one.instances.push_back(std::move(fact));
    }
    report.endpoints.push_back(std::move(one));
  }
  return report;
}

}  // namespace understudy::gateway
