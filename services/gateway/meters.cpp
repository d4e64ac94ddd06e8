#include "services/gateway/meters.hpp"

#include <utility>

namespace understudy::gateway {
namespace {

/// A request may end long after its instance left the routes.
constexpr int most_looks_since = 3600;

double seconds(long ms) {
  return ms < 0 ? -1.0 : static_cast<double>(ms) / 1000;
}

/// From the connection to the last byte; negative when none was made.
double model_time(const RequestLine& line) {
  if (line.response_ms < 0) return -1;
  const long data = line.data_ms < 0 ? 0 : line.data_ms;
  const long connect = line.connect_ms < 0 ? 0 : line.connect_ms;
  return seconds(connect + line.response_ms + data);
}

}  // namespace

Result<void> Meters::listen(const ProxyOptions& options) {
  const auto take_one = [this](const RequestLine& line) { take(line); };
  auto lines =
      options.has_lines_pipe
          ? RequestLines::open_pipe(options.file(lines_pipe_file), take_one)
          : RequestLines::listen(options.file(lines_socket_file), take_one);
  if (!lines) return lines.error();
  lines_ = std::move(lines).value();
  return {};
}

void Meters::stop() { lines_.reset(); }

void Meters::take(const RequestLine& line) {
  telemetry::FinishedRequest request;
  {
    const std::lock_guard lock(mutex_);
    // Names of no endpoint would be as many as anybody likes.
    if (endpoints_.contains(line.endpoint)) request.by.endpoint = line.endpoint;
    if (const auto slot = slots_.find(line.backend); slot != slots_.end())
      request.by.endpoint = slot->second;
    if (!line.server.empty()) {
      const auto found = servers_.find(line.server);
      if (found == servers_.end()) return;
      request.by = found->second.by;
    }
  }
  request.status = line.status;
  request.aborted = line.aborted;
  request.queue_s = seconds(line.queue_ms);
  request.model_s = model_time(line);
  request.total_s = seconds(line.total_ms);
  figures_.finished(request);
}

void Meters::looked(const RouteTable& routes, const LoadReport& report,
                    const Look& look) {
  const std::lock_guard lock(mutex_);
  slots_.clear();
  for (const auto& [endpoint, slot] : look.assignment.slots)
    slots_[slot] = endpoint;
  for (auto& [name, known] : servers_)
    ++known.looks_since;
  std::set<std::string> endpoints;
  for (const auto& [endpoint, route] : routes) {
    endpoints.insert(endpoint);
    for (const Server& one : route.servers) {
      servers_[one.name] = {
          {endpoint, one.variant, one.pool, one.instance_type}, 0};
    }
  }
  std::erase_if(servers_, [](const auto& one) {
    return one.second.looks_since > most_looks_since;
  });
  for (const std::string& one : endpoints_) {
    if (!endpoints.contains(one)) figures_.forget(one);
  }
  endpoints_ = std::move(endpoints);
  now_.in_flight.clear();
  now_.queued.clear();
  now_.lines_dropped = look.state.dropped_lines;
  for (const ReportedEndpoint& endpoint : report.endpoints) {
    now_.queued[endpoint.endpoint] = endpoint.queued;
    for (const ReportedInstance& one : endpoint.instances) {
      const auto known = servers_.find(endpoint.endpoint + ':' + one.instance);
      if (known != servers_.end())
        now_.in_flight[known->second.by] += one.in_flight;
    }
  }
}

std::string Meters::text(telemetry::GatewayNow now) const {
  {
    const std::lock_guard lock(mutex_);
    now.in_flight = now_.in_flight;
    now.queued = now_.queued;
    now.lines_dropped = now_.lines_dropped;
  }
  return figures_.text(now);
}

}  // namespace understudy::gateway
