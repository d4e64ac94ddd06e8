#pragma once

/// A control plane whose surroundings answer at once, for benchmarks of what
/// the daemon itself costs. Zone-c has everything, the other zones nothing.

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "services/clock/wall_clock.hpp"
#include "services/control/embedded_plane.hpp"
#include "tests/support/rig.hpp"

namespace understudy {

using Steady = std::chrono::steady_clock;
using std::chrono::milliseconds;

inline constexpr milliseconds long_enough{600'000};

inline double seconds_since(Steady::time_point begin) {
  return std::chrono::duration<double>(Steady::now() - begin).count();
}

/// Answers from a thread of its own, at once: zone-c has everything, the
/// other zones nothing.
class PromptCapacity final : public CapacityProvider {
 public:
  PromptCapacity() : thread_([this] { run(); }) {}
  ~PromptCapacity() override {
    put({});
    thread_.join();
  }

  void launch(const LaunchCall& call,
              std::function<void(LaunchAnswer)> done) override {
    const auto now = Steady::now();
    const std::string endpoint = call.token.substr(0, call.token.find('/'));
    {
      const std::lock_guard lock(mutex_);
      const auto refused = refused_.find(endpoint);
      if (refused != refused_.end()) {
        waits_us.push_back(
            std::chrono::duration<double, std::micro>(now - refused->second)
                .count());
        refused_.erase(refused);
      }
    }
    put([this, call, endpoint, done = std::move(done)] {
      LaunchAnswer answer;
      if (call.offering.zone == "zone-c") {
        for (std::uint32_t i = 0; i < call.count; ++i) {
          answer.granted.push_back(
              {call.token + '-' + std::to_string(i), "h:1", call.token, i});
        }
      } else {
        answer.refused = call.count;
        answer.kind = RefusalKind::capacity;
        const std::lock_guard lock(mutex_);
        refused_[endpoint] = Steady::now();
      }
      done(std::move(answer));
    });
  }
  void terminate(const std::string&, Instant,
                 std::function<void(TerminateAnswer)> done) override {
    put([done = std::move(done)] { done(TerminateAnswer::gone); });
  }
  /// Never answered: it forgets what it launched when it ends, and a list
  /// without them would say that they are lost.
  void list(
      const std::string&,
      std::function<void(Result<std::vector<ProviderInstance>>)>) override {}
  void on_notice(std::function<void(ProviderNotice)>) override {}

  std::vector<double> waits_us;

 private:
  void put(std::function<void()> work) {
    const std::lock_guard lock(work_mutex_);
    work_.push_back(std::move(work));
    changed_.notify_one();
  }

  void run() {
    while (true) {
      std::unique_lock lock(work_mutex_);
      changed_.wait(lock, [this] { return !work_.empty(); });
      auto work = std::move(work_.front());
      work_.pop_front();
      lock.unlock();
      if (!work) return;
      work();
    }
  }

  std::mutex mutex_;
  std::map<std::string, Steady::time_point> refused_;
  std::mutex work_mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> work_;
  std::thread thread_;
};

/// Instances are ready at once; nothing is ever in flight.
class PromptProbe final : public HealthProbe {
 public:
  explicit PromptProbe(Clock& clock) : clock_(clock) {}
  void watch(const WatchCall& call,
             std::function<void(ProbeOutcome)> report) override {
    clock_.at(clock_.now(), "probe", [call, report = std::move(report)] {
      report({true, false, call.healthy_threshold, {}});
    });
  }
  void await_drained(const DrainCall&,
                     std::function<void(std::uint32_t)> done) override {
    clock_.at(clock_.now(), "drain", [done = std::move(done)] { done(0); });
  }
  void forget(const std::string&) override {}

 private:
  Clock& clock_;
};

class PromptSurroundings final : public Surroundings {
 public:
  World world() override { return {clock_, capacity, probe_, load_}; }
  void see(const Record&) override {}
  void recovered() override {}

 private:
  WallClock clock_;
  PromptProbe probe_{clock_};
  NoLoad load_;

 public:
  PromptCapacity capacity;
};

inline std::string endpoint_name(int n) { return "chat-" + std::to_string(n); }

inline Command create(int n, std::uint32_t count) {
  auto spec = three_pools(endpoint_name(n), count);
  return {endpoint_name(n),
          endpoint::CreateEndpoint{"create", std::move(spec)}};
}

inline std::unique_ptr<ControlPlane> open(const std::string& directory,
                                          Surroundings& surroundings) {
  ControlOptions options;
  options.log_directory = directory;
  options.max_commands = 100'000;
  options.host.snapshot_records = 0;
  auto plane = EmbeddedPlane::open(options, surroundings, {}, {});
  UNDERSTUDY_CHECK(plane.ok());
  UNDERSTUDY_CHECK(plane.value()->await_ready(long_enough));
  return std::move(plane).value();
}

}  // namespace understudy
