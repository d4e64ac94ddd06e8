/// What a live control plane costs, on a real log with fsync:
///   control_benchmark [ENDPOINTS]
/// From a refusal to the next pool's launch call; commands per second;
/// recovery of a large fleet; what that fleet costs at rest.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <sys/resource.h>

#include "services/codec/record_codec.hpp"
#include "services/codec/rest_codec.hpp"
#include "tests/benchmark/prompt_plane.hpp"
#include "tests/contract/temporary_directory.hpp"
#include "tests/support/rig.hpp"

namespace understudy {
namespace {

double processor_seconds() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  const auto of = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) +
           static_cast<double>(t.tv_usec) * 1e-6;
  };
  return of(used.ru_utime) + of(used.ru_stime);
}

double resident_mib() {
  std::ifstream file("/proc/self/statm");
  long pages = 0;
  file >> pages >> pages;
  return static_cast<double>(pages) * 4096 / (1 << 20);
}

void await_in_service(ControlPlane& plane, std::size_t endpoints) {
  while (true) {
    const auto seen = plane.follower().seen();
    const auto ready = plane.follower().with_view([](const FleetView& view) {
      std::size_t count = 0;
      for (const auto& [name, one] : view.endpoints())
        count += one.endpoint.status == EndpointStatus::in_service;
      return count;
    });
    if (ready >= endpoints) return;
    (void)plane.follower().feed().next(seen, 1, long_enough);
  }
}

double at_share(std::vector<double>& values, double share) {
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(
      static_cast<double>(values.size() - 1) * share)];
}

/// What one commit costs here: of one record, by the log alone.
void bare_commit(const std::string& directory) {
  auto log = LmdbLog::open_writer(directory);
  UNDERSTUDY_CHECK(log.ok());
  const std::vector<std::byte> record(320);
  const std::vector<Bytes> records{record};
  std::vector<double> took_us;
  for (std::uint64_t i = 1; i <= 200; ++i) {
    const auto begin = Steady::now();
    UNDERSTUDY_CHECK(log.value()->append(i, records).ok());
    took_us.push_back(1e6 * seconds_since(begin));
  }
  std::printf("one commit               p50 %.2f ms, p99 %.2f ms\n",
              at_share(took_us, 0.5) / 1000, at_share(took_us, 0.99) / 1000);
}

void refusal_to_launch(const std::string& directory, int endpoints, int burst) {
  PromptSurroundings surroundings;
  const auto plane = open(directory, surroundings);
  for (int n = 0; n < endpoints; n += burst) {
    std::vector<std::thread> senders;
    for (int i = n; i < n + burst; ++i) {
      senders.emplace_back(
          [&plane, i] { (void)plane->execute(create(i, 1), long_enough); });
    }
    for (auto& one : senders)
      one.join();
    await_in_service(*plane, static_cast<std::size_t>(n + burst));
  }
  plane->stop();
  auto& waits = surroundings.capacity.waits_us;
  std::printf(
      "refusal to next launch   %3d at once: p50 %.2f ms, p99 %.2f ms, "
      "longest %.2f ms, of %zu\n",
      burst, at_share(waits, 0.5) / 1000, at_share(waits, 0.99) / 1000,
      at_share(waits, 1) / 1000, waits.size());
}

/// A scale to what is wanted already: recorded, and asks for nothing.
void commands_per_second(const std::string& directory, int senders) {
  constexpr int each = 400;
  PromptSurroundings surroundings;
  const auto plane = open(directory, surroundings);
  for (int n = 0; n < senders; ++n)
    (void)plane->execute(create(n, 1), long_enough);
  const auto begin = Steady::now();
  std::vector<std::thread> threads;
  for (int n = 0; n < senders; ++n) {
    threads.emplace_back([&plane, n] {
      for (int i = 0; i < each; ++i) {
        const endpoint::ScaleVariant scale{
            "s" + std::to_string(i), "primary", i % 2 == 0 ? 2U : 1U, {}};
        (void)plane->execute({endpoint_name(n), scale}, long_enough);
      }
    });
  }
  for (auto& one : threads)
    one.join();
  const double spent = seconds_since(begin);
  std::printf(
      "commands                 %3d at once: %.0f a second, each answered "
      "when durable\n",
      senders, senders * each / spent);
}

void write_fleet(const std::string& directory, int endpoints) {
  LmdbOptions options;
  options.durability = Durability::os;
  auto log = LmdbLog::open_writer(directory, options);
  UNDERSTUDY_CHECK(log.ok());
  Rig rig(*log.value());
  UNDERSTUDY_CHECK(rig.open().ok());
  rig.partition->start();
  for (int n = 0; n < endpoints; ++n) {
    auto spec = three_pools(endpoint_name(n), 3);
    std::rotate(spec.variants[0].pools.begin(),
                spec.variants[0].pools.begin() + 2,
                spec.variants[0].pools.end());
    spec.variants[0].pools.resize(1);
    rig.partition->submit(StreamId::endpoint(endpoint_name(n)),
                          endpoint::CreateEndpoint{"create", spec});
    if (n % 1000 == 999) rig.partition->settle();
  }
  rig.partition->settle();
  rig.run_for(3'600'000);
  rig.partition->stop();
}

void recovery(const std::string& directory, int endpoints) {
  write_fleet(directory, endpoints);
  const double before_mib = resident_mib();
  for (const bool from_snapshots : {false, true}) {
    PromptSurroundings surroundings;
    const auto begin = Steady::now();
    const auto plane = open(directory, surroundings);
    const double spent = seconds_since(begin);
    std::printf(
        "recovery %-15s %llu records, %d endpoints: ready after %.1f s, "
        "%.0f MiB more\n",
        from_snapshots ? "from snapshots" : "from the log",
        static_cast<unsigned long long>(plane->follower().seen()), endpoints,
        spent, resident_mib() - before_mib);
    if (!from_snapshots) continue;
    std::this_thread::sleep_for(milliseconds(5000));
    const double used = processor_seconds();
    const auto idle = Steady::now();
    std::this_thread::sleep_for(milliseconds(10'000));
    std::printf("at rest                  %.2f %% of a core\n",
                100 * (processor_seconds() - used) / seconds_since(idle));
  }
}

int run(int endpoints) {
  const test::TemporaryDirectory folder;
  const auto path = [&folder](const char* name) {
    return (folder.path() / name).string();
  };
  bare_commit(path("bare"));
  refusal_to_launch(path("one"), 200, 1);
  refusal_to_launch(path("many"), 2000, 50);
  commands_per_second(path("c1"), 1);
  commands_per_second(path("c64"), 64);
  recovery(path("fleet"), endpoints);
  return 0;
}

}  // namespace
}  // namespace understudy

int main(int argc, char** argv) {
  const int endpoints = argc > 1 ? std::atoi(argv[1]) : 100'000;
  return understudy::run(endpoints);
}
