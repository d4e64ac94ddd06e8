#include "services/gateway/fleet_routes.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace understudy::gateway {
namespace {

constexpr std::uint32_t soonest_retry_s = 1;
constexpr std::uint32_t latest_retry_s = 60;

/// `text` as it may stand in a path, a map and a command of the proxy.
std::string safe_path(const std::string& text) {
  constexpr std::string_view plain = "-._~/!$&()*+,:@=%";
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string path;
  for (const char c : text.empty() ? std::string("/invocations") : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool word = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                      (c >= 'A' && c <= 'Z');
    if (word || plain.find(c) != std::string_view::npos) {
      path += c;
    } else {
      path += '%';
      path += digits[byte >> 4U];
      path += digits[byte & 15U];
    }
  }
  return path;
}

std::vector<Server> servers_of(const EndpointHistory& history,
                               const RouteFacts& facts) {
  std::vector<Server> servers;
  for (const auto& [id, instance] : history.instances) {
    const bool draining =
        instance.status == InstanceStatus::draining && instance.ready_at.us;
    if (!instance.serving() && !draining) continue;
    if (instance.address.empty()) continue;
    Server server;
    server.name = history.endpoint.name + ':' + to_string(id);
    server.stream = StreamId::instance(history.endpoint.name, id).text;
    server.address = instance.address;
    server.variant = instance.variant;
    server.pool = instance.pool;
    server.instance_type = instance.offering.instance_type;
    const auto most = facts.max_concurrency.find(server.stream);
    if (most != facts.max_concurrency.end())
      server.max_concurrency = std::max(most->second, 1U);
    server.draining = draining;
    servers.push_back(std::move(server));
  }
  std::sort(servers.begin(), servers.end(),
            [](const Server& a, const Server& b) { return a.name < b.name; });
  return servers;
}

/// The operation that waits until a pool may be asked again, if one does.
const OperationView* waiting_operation(const EndpointHistory& history) {
  const OperationView* found = nullptr;
  for (const auto& [id, one] : history.operations) {
    if (one.status == OperationStatus::waiting && one.missing() > 0)
      found = &one;
  }
  return found;
}

std::string refusals_of(const EndpointHistory& history) {
  std::string text;
  for (const VariantView& variant : history.endpoint.variants) {
    for (const PoolView& pool : variant.pools) {
      text += (text.empty() ? "" : "; ") + pool.spec.name + ": ";
      text += pool.last_refusal ? pool.last_refusal->code.empty()
                                      ? name_of(pool.last_refusal->kind)
                                      : pool.last_refusal->code
                                : "not refused";
    }
  }
  return text;
}

void refused(const EndpointHistory& history, const OperationView& waiting,
             Instant now, Route& route) {
  route.reason = "all-pools-refused";
  route.message = "every pool refused: " + refusals_of(history);
  const std::int64_t wait_s = (ms_between(now, waiting.retry_at) + 999) / 1000;
  route.retry_after_s = static_cast<std::uint32_t>(
      std::clamp<std::int64_t>(wait_s, soonest_retry_s, latest_retry_s));
}

void in_service_without(const EndpointHistory& history, Route& route) {
  std::uint32_t desired = 0;
  for (const VariantView& variant : history.endpoint.variants)
    desired += variant.desired;
  route.may_wait = true;
  if (desired == 0) {
    route.reason = "scaled-to-zero";
    route.message = "no instance is wanted now; this request asks for one";
  } else {
    route.reason = "scaling";
    route.message = "an instance is on its way";
  }
}

/// Why nothing takes requests.
void explain(const EndpointHistory& history, Instant now, Route& route) {
  const OperationView* waiting = waiting_operation(history);
  switch (history.endpoint.status) {
    case EndpointStatus::failed:
      route.reason = "failed";
      route.message = history.endpoint.failure_message.empty()
                          ? history.endpoint.failure_reason
                          : history.endpoint.failure_message;
      route.retry_after_s = latest_retry_s;
      return;
    case EndpointStatus::deleting:
    case EndpointStatus::deleted:
      route.reason = "deleting";
      route.message = "the endpoint is being deleted";
      route.retry_after_s = latest_retry_s;
      return;
    case EndpointStatus::creating:
      if (waiting != nullptr) return refused(history, *waiting, now, route);
      route.reason = "creating";
      route.message = "the endpoint is being created";
      route.retry_after_s = 10;
      return;
    case EndpointStatus::in_service:
      in_service_without(history, route);
      if (waiting != nullptr) refused(history, *waiting, now, route);
      return;
  }
}

}  // namespace

RouteTable derive_routes(const FleetView& view, const RouteFacts& facts) {
  RouteTable table;
  for (const auto& [name, history] : view.endpoints()) {
    if (history.endpoint.status == EndpointStatus::deleted) continue;
    const auto known = facts.endpoints.find(name);
    if (known == facts.endpoints.end()) continue;
    Route& route = table[name];
    route.balance = known->second.balance;
    route.path = safe_path(known->second.path);
    route.servers = servers_of(history, facts);
    const bool serving =
        std::any_of(route.servers.begin(), route.servers.end(),
                    [](const Server& one) { return !one.draining; });
    if (!serving) explain(history, view.time(), route);
  }
  return table;
}

FleetRoutes::FleetRoutes() : view_(FleetViewOptions{0, 1, 1, 1}) {}

void FleetRoutes::specify(const EndpointSpec& spec) {
  RouteFacts::Variant& variant = facts_.endpoints[spec.name];
  if (spec.variants.empty()) return;
  const VariantSpec& first = spec.variants.front();
  variant.balance = first.routing == RoutingStrategy::random
                        ? Balance::random
                        : Balance::least_outstanding;
  variant.path = first.invocations();
}

void FleetRoutes::see(const Record& record) {
  view_.see(record);
  const AnyEvent& event = record.event;
  if (const auto* made = std::get_if<endpoint::EndpointCreated>(&event)) {
    specify(made->spec);
  } else if (const auto* changed =
                 std::get_if<endpoint::EndpointUpdated>(&event)) {
    specify(changed->spec);
  } else if (std::holds_alternative<endpoint::EndpointDeleted>(event)) {
    facts_.endpoints.erase(std::string(record.stream.endpoint_name()));
  } else if (const auto* born =
                 std::get_if<instance::InstanceRegistered>(&event)) {
    facts_.max_concurrency[record.stream.text] = born->max_concurrency;
  } else if (std::holds_alternative<instance::InstanceTerminated>(event) ||
             std::holds_alternative<instance::InstanceLost>(event)) {
    facts_.max_concurrency.erase(record.stream.text);
  }
}

}  // namespace understudy::gateway
