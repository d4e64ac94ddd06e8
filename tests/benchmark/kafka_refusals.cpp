// From a refusal to the next pool's launch call, where the log is on Kafka:
//   kafka_refusals BOOTSTRAP PREFIX ENDPOINTS AT_ONCE
// The control plane of one daemon, its topics there already, a provider that
// answers at once; measured at the provider, from its refusal to the call
// that follows: decided, written, committed, readable. Prints a line of JSON.

#include <algorithm>
#include <cstdlib>

#include "services/control/kafka_plane.hpp"
#include "tests/benchmark/prompt_plane.hpp"

namespace understudy {
namespace {

void await_in_service(ControlPlane& plane, std::size_t endpoints) {
  while (true) {
    const auto seen = plane.follower().seen();
    const auto ready = plane.follower().with_view([](const FleetView& view) {
      return static_cast<std::size_t>(std::count_if(
          view.endpoints().begin(), view.endpoints().end(),
          [](const auto& one) {
            return one.second.endpoint.status == EndpointStatus::in_service;
          }));
    });
    if (ready >= endpoints) return;
    (void)plane.follower().feed().next(seen, 1, milliseconds(100));
  }
}

double at_share(const std::vector<double>& sorted, double share) {
  return sorted[static_cast<std::size_t>(
             static_cast<double>(sorted.size() - 1) * share)] /
         1000;
}

int run(const std::string& bootstrap, const std::string& prefix, int endpoints,
        int at_once) {
  PromptSurroundings surroundings;
  KafkaPlaneOptions options;
  options.kafka.bootstrap = bootstrap;
  options.kafka.prefix = prefix;
  options.max_commands = 100'000;
  options.host.snapshot_records = 0;
  auto opened = KafkaPlane::open(std::move(options), surroundings, {}, {});
  if (!opened) {
    std::fprintf(stderr, "error: %s\n", opened.error().message.c_str());
    return 1;
  }
  const std::unique_ptr<KafkaPlane> plane = std::move(opened).value();
  UNDERSTUDY_CHECK(plane->await_ready(long_enough));
  for (int done = 0; done < endpoints; done += at_once) {
    std::vector<std::thread> senders;
    for (int n = done; n < done + at_once; ++n) {
      senders.emplace_back(
          [&plane, n] { (void)plane->execute(create(n, 1), long_enough); });
    }
    for (auto& one : senders)
      one.join();
    await_in_service(*plane, static_cast<std::size_t>(done + at_once));
    // The first round opens connections and warms what comes after it.
    if (done == 0) surroundings.capacity.waits_us.clear();
  }
  plane->stop();
  auto& waits = surroundings.capacity.waits_us;
  std::sort(waits.begin(), waits.end());
  std::printf(
      "{\"at_once\": %d, \"refusals\": %zu, \"p50_ms\": %.3f, "
      "\"p99_ms\": %.3f, \"longest_ms\": %.3f}\n",
      at_once, waits.size(), at_share(waits, 0.5), at_share(waits, 0.99),
      at_share(waits, 1));
  return 0;
}

}  // namespace
}  // namespace understudy

int main(int argc, char** argv) {
  if (argc != 5) {
    std::fprintf(stderr,
                 "usage: kafka_refusals BOOTSTRAP PREFIX ENDPOINTS AT_ONCE\n");
    return 2;
  }
  return understudy::run(argv[1], argv[2], std::atoi(argv[3]),
                         std::atoi(argv[4]));
}
