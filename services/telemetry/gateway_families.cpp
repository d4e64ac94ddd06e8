#include "services/telemetry/gateway_families.hpp"

namespace understudy::telemetry {
namespace {

using Labels = std::vector<std::string_view>;

const Labels none{};
const Labels by_endpoint{"endpoint"};
const Labels by_pool{"endpoint", "variant", "pool", "instance_type"};
const Labels by_pool_code{"endpoint", "variant", "pool", "instance_type",
                          "code"};

/// From a small model on fast hardware to a long generation.
const std::vector<double> model_s{0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5,
                                  1,     2.5,  5,     10,   30,  60,   300};
/// What the gateway adds: a millisecond, or the time in its queue.
const std::vector<double> overhead_s{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                     0.1,   0.25,   0.5,   1,    5,     30};
const std::vector<double> queue_s{0.001, 0.01, 0.05, 0.1, 0.5, 1,
                                  2.5,   5,    10,   30,  60};

constexpr auto counter = FamilyType::counter;
constexpr auto gauge = FamilyType::gauge;
constexpr auto histogram = FamilyType::histogram;

}  // namespace

const std::vector<GatewayFamilySpec>& gateway_families() {
  static const std::vector<GatewayFamilySpec> all{
      {GatewayFamily::requests, "understudy_gateway_requests_total", counter,
       "Invocations: finished requests that an instance got, by the class of "
       "its answer: 2xx, 4xx, 5xx, or aborted when there was none.",
       by_pool_code},
      {GatewayFamily::refused,
       "understudy_gateway_refused_total",
       counter,
       "Requests that no instance got, by the gateway's answer; 503 are "
       "no-capacity failures. Without an endpoint: names that are none.",
       {"endpoint", "code"}},
      {GatewayFamily::in_flight, "understudy_gateway_requests_in_flight", gauge,
       "Concurrent requests at instances, until the last byte.", by_pool},
      {GatewayFamily::queued, "understudy_gateway_requests_queued", gauge,
       "Requests that wait for an instance.", by_endpoint},
      {GatewayFamily::model_latency, "understudy_gateway_model_latency_seconds",
       histogram,
       "From the connection to the instance to the last byte of its answer.",
       by_pool, model_s},
      {GatewayFamily::overhead_latency,
       "understudy_gateway_overhead_latency_seconds", histogram,
       "Time of a request beyond its model latency, waiting included.", by_pool,
       overhead_s},
      {GatewayFamily::queue_time, "understudy_gateway_queue_seconds", histogram,
       "Time that requests waited for a place at an instance.", by_endpoint,
       queue_s},
      {GatewayFamily::ready, "understudy_gateway_ready", gauge,
       "Whether the routes are known and HAProxy holds them.", none},
      {GatewayFamily::haproxy_starts, "understudy_gateway_haproxy_starts_total",
       counter, "Times that HAProxy was started.", none},
      {GatewayFamily::haproxy_reloads,
       "understudy_gateway_haproxy_reloads_total", counter,
       "Times that HAProxy was reloaded.", none},
      {GatewayFamily::lines_dropped, "understudy_gateway_lines_dropped_total",
       counter,
       "Requests that HAProxy could not tell of, so that they are not "
       "counted here.",
       none},
      {GatewayFamily::records, "understudy_gateway_records_total", counter,
       "Records of the log that were read.", none},
      {GatewayFamily::build_info,
       "understudy_gateway_build_info",
       gauge,
       "Always 1; the version of the program.",
       {"version"}},
  };
  return all;
}

}  // namespace understudy::telemetry
