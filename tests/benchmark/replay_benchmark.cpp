/// What replay, commands and simulated time cost, as ratios of one run:
///   replay_benchmark
/// Processor time, not wall time, so that a busy machine says nothing else.

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <flatbuffers/flatbuffers.h>

#include "actors/runtime/verify.hpp"
#include "record_generated.h"
#include "services/codec/frame.hpp"
#include "services/codec/record_codec.hpp"
#include "services/event_log/lmdb_log.hpp"
#include "services/simulation/simulation.hpp"
#include "tests/contract/temporary_directory.hpp"
#include "tests/support/memory_log.hpp"
#include "tests/support/rig.hpp"

namespace understudy {
namespace {

double seconds() {
  timespec now{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) +
         static_cast<double>(now.tv_nsec) * 1e-9;
}

/// Runs `work` a few times and takes the best.
template <class Work>
double best_of(int times, Work work) {
  double best = 1e9;
  for (int i = 0; i < times; ++i) {
    const double before = seconds();
    work();
    best = std::min(best, seconds() - before);
  }
  return best;
}

/// A fleet of many endpoints, so that states do not fit a cache.
void write_fleet(EventLog& log, int endpoints) {
  RigOptions options;
  Rig rig(log, options);
  UNDERSTUDY_CHECK(rig.open().ok());
  rig.partition->start();
  for (int n = 0; n < endpoints; ++n) {
    const std::string name = "chat-" + std::to_string(n);
    auto spec = three_pools(name, 3);
    spec.variants[0].pools.erase(spec.variants[0].pools.begin() + 1);
    rig.partition->submit(StreamId::endpoint(name),
                          endpoint::CreateEndpoint{"create", spec});
  }
  rig.partition->settle();
  rig.run_for(600'000);
  rig.partition->stop();
}

void replay_rates(const char* what, const EventLog& log) {
  const auto codec = make_record_codec();
  std::uint64_t records = 0;
  std::uint64_t bytes = 0;
  const double scan = best_of(5, [&] {
    records = bytes = 0;
    (void)log.read(1, [&](const LogRecord& entry) {
      const auto frame = codec::open_frame(entry.bytes);
      const auto content = frame.value();
      flatbuffers::Verifier verifier(
          reinterpret_cast<const std::uint8_t*>(content.data()),
          content.size());
      UNDERSTUDY_CHECK(fb::VerifyRecordBuffer(verifier));
      ++records;
      bytes += entry.bytes.size();
      return Visit::next;
    });
  });
  std::vector<Fleet> fleets(3);  // giving them up again is not replay
  const double fold = best_of(3, [&, next = std::size_t{0}]() mutable {
    UNDERSTUDY_CHECK(replay(log, *codec, fleets[next++]).ok());
  });
  const double count = static_cast<double>(records);
  std::printf(
      "%-22s %8llu records of %llu bytes: replay %.2f M/s, scan and verify "
      "%.2f M/s, ratio %.2f\n",
      what, static_cast<unsigned long long>(records),
      static_cast<unsigned long long>(bytes / records), count / fold / 1e6,
      count / scan / 1e6, scan / fold);
}

/// Commands that change something and ask nothing of the outside.
void command_cost() {
  constexpr int commands = 20'000;
  MemoryLog log;
  Rig rig(log);
  UNDERSTUDY_CHECK(rig.open().ok());
  rig.partition->start();
  const auto run = [&](int base) {
    for (int n = 0; n < commands; ++n) {
      rig.partition->submit(
          StreamId::endpoint("chat-" + std::to_string(n % 1000)),
          endpoint::ScaleVariant{std::to_string(base + n), "primary", 1, {}});
      if (n % 1000 == 999) rig.partition->settle();
    }
  };
  run(0);
  const double actors =
      best_of(3, [&, base = 0]() mutable { run(base += commands); });
  const double plain = best_of(3, [&] {
    std::map<std::string, endpoint::State> states;
    for (int n = 0; n < commands; ++n) {
      auto& state = states["chat-" + std::to_string(n % 1000)];
      (void)endpoint::Decider::decide(
          state, endpoint::ScaleVariant{std::to_string(n), "primary", 1, {}},
          {n + 1});
    }
  });
  std::printf(
      "a refused command        through the actors %.2f us, decide alone "
      "%.2f us, ratio %.1f\n",
      actors / commands * 1e6, plain / commands * 1e6, actors / plain);
}

void scenario_speed(const std::string& path, EventLog& log) {
  auto document = read_scenario(path);
  UNDERSTUDY_CHECK(document.ok());
  const double before = seconds();
  const auto result = simulate(document.value(), log);
  const double spent = seconds() - before;
  UNDERSTUDY_CHECK(result.ok());
  const auto& at = result.value().reached;
  std::printf(
      "%-22s %.1f days in %.2f s: %.0f virtual seconds per second, %llu "
      "records\n",
      document.value().scenario.name.c_str(),
      static_cast<double>(ms_between(at.start, at.now)) / 86'400'000.0, spent,
      static_cast<double>(ms_between(at.start, at.now)) / 1000.0 / spent,
      static_cast<unsigned long long>(at.sequence));
}

std::unique_ptr<LmdbLog> new_log(const std::filesystem::path& path) {
  LmdbOptions options;
  options.durability = Durability::os;
  auto log = LmdbLog::open_writer(path, options);
  UNDERSTUDY_CHECK(log.ok());
  return std::move(log).value();
}

}  // namespace
}  // namespace understudy

int main() {
  using namespace understudy;
  const test::TemporaryDirectory folder;
  const std::string scenarios =
      std::string(UNDERSTUDY_SOURCE_DIR) + "/deploy/scenarios/";
  const auto main_log = new_log(folder.path() / "main");
  const auto scarce_log = new_log(folder.path() / "scarce");
  const auto fleet_log = new_log(folder.path() / "fleet");
  scenario_speed(scenarios + "main.yaml", *main_log);
  scenario_speed(scenarios + "scarce.yaml", *scarce_log);
  replay_rates("scarce scenario", *scarce_log);
  write_fleet(*fleet_log, 20'000);
  replay_rates("20,000 new endpoints", *fleet_log);
  command_cost();
}
