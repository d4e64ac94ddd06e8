#include "services/health/http_probe.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "services/event_log/descriptor.hpp"
#include "services/health/probe_exchange.hpp"

namespace understudy {
namespace {

using Steady = std::chrono::steady_clock;
using std::chrono::milliseconds;

/// Between two looks at what a draining instance has in flight.
constexpr milliseconds drain_interval{100};
constexpr milliseconds longest_wait{1000};

struct Watch {
  WatchCall call;
  std::function<void(ProbeOutcome)> report;
  std::uint64_t life = 0;  ///< Tells a watch from a later one of its name.
  Steady::time_point due;
  std::uint32_t good = 0;
  std::uint32_t bad = 0;
  bool was_ready = false;
  bool over = false;  ///< It ended, and was told to have failed to start.
  bool probing = false;
};

struct Drain {
  DrainCall call;
  std::function<void(std::uint32_t)> done;
  std::optional<std::uint32_t> left;
};

struct Flight {
  std::string stream;
  std::uint64_t life = 0;
  Steady::time_point deadline;
  std::uint32_t timeout_ms = 0;
  ProbeExchange exchange;
};

}  // namespace

class HttpProbe::Inside {
 public:
  Inside(Clock& clock, HttpProbeOptions options)
      : clock_(clock),
        options_(std::move(options)),
        wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
        thread_([this] { run(); }) {}

  ~Inside() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    wake();
    thread_.join();
  }

  void watch(const WatchCall& call, std::function<void(ProbeOutcome)> report) {
    {
      const std::lock_guard lock(mutex_);
      Watch& watch = watches_[call.stream];
      watch = {};
      watch.call = call;
      watch.report = std::move(report);
      watch.life = ++lives_;
      watch.due = Steady::now();
    }
    wake();
  }

  void await_drained(const DrainCall& call,
                     std::function<void(std::uint32_t)> done) {
    {
      const std::lock_guard lock(mutex_);
      drains_[call.stream] = {call, std::move(done), std::nullopt};
    }
    wake();
  }

  void forget(const std::string& stream) {
    std::unique_lock lock(mutex_);
    watches_.erase(stream);
    drains_.erase(stream);
    // A report that has begun is over before this is.
    if (std::this_thread::get_id() == thread_.get_id()) return;
    told_.wait(lock, [&] { return telling_ != stream; });
  }

  Seen ended(const std::string& ref, const std::string& detail) {
    std::unique_lock lock(mutex_);
    for (auto& [stream, watch] : watches_) {
      if (watch.call.provider_ref != ref) continue;
      if (watch.was_ready) return Seen::serving;
      fail_start(lock, stream, detail);
      return Seen::starting;
    }
    return Seen::unknown;
  }

 private:
  void wake() const {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written =
        ::write(wake_.get(), &one, sizeof(one));
  }

  /// Calls `tell` without the lock, so that `forget` can wait for it.
  void tell(std::unique_lock<std::mutex>& lock, const std::string& stream,
            const std::function<void()>& tell) {
    told_.wait(lock, [&] { return telling_.empty(); });
    telling_ = stream;
    lock.unlock();
    tell();
    lock.lock();
    telling_.clear();
    told_.notify_all();
  }

  void fail_start(std::unique_lock<std::mutex>& lock, const std::string& stream,
                  const std::string& detail) {
    Watch& watch = watches_.at(stream);
    if (std::exchange(watch.over, true)) return;
    tell(lock, stream, [report = watch.report, detail] {
      report({false, true, 1, detail});
    });
  }

  void run() {
    while (go_round()) {
      std::vector<pollfd> all{{wake_.get(), POLLIN, 0}};
      for (const Flight& flight : flights_)
        all.push_back(
            {flight.exchange.descriptor(), flight.exchange.events(), 0});
      ::poll(all.data(), all.size(), wait_ms());
      std::uint64_t count = 0;
      [[maybe_unused]] const auto got =
          ::read(wake_.get(), &count, sizeof(count));
      for (std::size_t i = 0; i < flights_.size(); ++i) {
        if (all[i + 1].revents != 0) flights_[i].exchange.go_on();
      }
      land();
    }
  }

  /// False when it is to end.
  bool go_round() {
    begin_probes();
    land();
    look_at_drains();
    const std::lock_guard lock(mutex_);
    return !stopping_;
  }

  [[nodiscard]] int wait_ms() {
    const std::lock_guard lock(mutex_);
    Steady::time_point next = Steady::now() + longest_wait;
    if (flights_.size() < options_.most_at_once) {
      for (const auto& [stream, watch] : watches_) {
        if (!watch.probing) next = std::min(next, watch.due);
      }
    }
    for (const Flight& flight : flights_)
      next = std::min(next, flight.deadline);
    if (!drains_.empty()) next = std::min(next, Steady::now() + drain_interval);
    const auto wait =
        std::chrono::ceil<milliseconds>(next - Steady::now()).count();
    return static_cast<int>(std::max<std::int64_t>(wait, 0));
  }

  void begin_probes() {
    const auto now = Steady::now();
    {
      const std::lock_guard lock(mutex_);
      std::vector<Watch*> due;
      for (auto& [stream, watch] : watches_) {
        if (!watch.probing && watch.due <= now) due.push_back(&watch);
      }
      // Whoever waited longest is first, where not all can be.
      std::sort(due.begin(), due.end(), [](const Watch* a, const Watch* b) {
        return std::tie(a->due, a->life) < std::tie(b->due, b->life);
      });
      for (Watch* watch : due) {
        if (flights_.size() >= options_.most_at_once) break;
        begin(*watch, now);
      }
    }
  }

  void begin(Watch& watch, Steady::time_point now) {
    const milliseconds interval(std::max(watch.call.probe_interval_ms, 1U));
    watch.probing = true;
    watch.due += interval;
    // What was missed is not made up for.
    if (watch.due <= now) watch.due = now + interval;
    const std::uint32_t timeout_ms = watch.call.probe_timeout_ms;
    flights_.push_back(
        {watch.call.stream, watch.life, now + milliseconds(timeout_ms),
         timeout_ms, ProbeExchange(watch.call.address, watch.call.ping_path)});
  }

  /// Takes what came to an end out of the air.
  void land() {
    const auto now = Steady::now();
    for (std::size_t i = 0; i < flights_.size();) {
      Flight& flight = flights_[i];
      if (!flight.exchange.over() && now < flight.deadline) {
        ++i;
        continue;
      }
      const Flight landed = std::move(flight);
      flights_.erase(flights_.begin() + static_cast<std::ptrdiff_t>(i));
      count(landed);
    }
  }

  static std::string detail_of(const Flight& flight) {
    const ProbeExchange& exchange = flight.exchange;
    if (exchange.status())
      return "the ping was answered with " + std::to_string(*exchange.status());
    if (exchange.over()) return "the ping failed: " + exchange.trouble();
    return "the ping got " + exchange.waited_for() + " within " +
           std::to_string(flight.timeout_ms) + " ms";
  }

  void count(const Flight& flight) {
    bool good = flight.exchange.status() == 200;
    std::optional<std::string> end;
    std::string ref;
    std::unique_lock lock(mutex_);
    auto found = watches_.find(flight.stream);
    if (found == watches_.end() || found->second.life != flight.life) return;
    found->second.probing = false;
    if (!good && !found->second.was_ready && options_.how_it_ended) {
      ref = found->second.call.provider_ref;
      lock.unlock();
      end = options_.how_it_ended(ref);
      lock.lock();
      found = watches_.find(flight.stream);
      if (found == watches_.end() || found->second.life != flight.life) return;
    }
    if (end) {
      fail_start(lock, flight.stream, *end);
      found = watches_.find(flight.stream);
      if (found == watches_.end() || found->second.life != flight.life) return;
    }
    Watch& watch = found->second;
    // Somebody else may have its port.
    good = good && !watch.over;
    watch.good = good ? watch.good + 1 : 0;
    watch.bad = good ? 0 : watch.bad + 1;
    const std::uint32_t reached = good ? watch.good : watch.bad;
    const std::uint32_t threshold =
        good ? watch.call.healthy_threshold : watch.call.unhealthy_threshold;
    // One that was ready before this watch began takes no failed start for
    // an answer, only bad probes: no need to wait for them.
    if (watch.over && reached < threshold) watch.due = Steady::now();
    if (reached != std::max(threshold, 1U)) return;
    watch.was_ready = watch.was_ready || good;
    const std::string detail = end.value_or(detail_of(flight));
    tell(lock, flight.stream, [report = watch.report, good, reached, detail] {
      report({good, false, reached, good ? std::string() : detail});
    });
  }

  /// What is left of a drain that is to be answered now.
  std::optional<std::uint32_t> answer_of(Drain& drain) const {
    if (options_.load == nullptr) return 0;
    const auto now_left = options_.load->in_flight(drain.call.stream);
    if (now_left) drain.left = now_left;
    if (now_left == 0U) return 0;
    if (clock_.now() < drain.call.deadline) return std::nullopt;
    return drain.left.value_or(0);
  }

  void look_at_drains() {
    std::unique_lock lock(mutex_);
    std::vector<std::string> streams;
    for (const auto& [stream, drain] : drains_)
      streams.push_back(stream);
    for (const std::string& stream : streams) {
      const auto found = drains_.find(stream);
      if (found == drains_.end()) continue;
      const auto left = answer_of(found->second);
      if (!left) continue;
      const auto done = std::move(found->second.done);
      drains_.erase(found);
      tell(lock, stream, [&] { done(*left); });
    }
  }

  Clock& clock_;
  const HttpProbeOptions options_;
  std::vector<Flight> flights_;  ///< Its thread's alone.

  std::mutex mutex_;
  std::condition_variable told_;
  std::map<std::string, Watch> watches_;  ///< By stream.
  std::map<std::string, Drain> drains_;   ///< By stream.
  std::string telling_;                   ///< Whose report runs.
  std::uint64_t lives_ = 0;
  bool stopping_ = false;
  Descriptor wake_;
  std::thread thread_;  // Last: it uses everything above.
};

HttpProbe::HttpProbe(Clock& clock, HttpProbeOptions options)
    : inside_(std::make_unique<Inside>(clock, std::move(options))) {}
HttpProbe::~HttpProbe() = default;

void HttpProbe::watch(const WatchCall& call,
                      std::function<void(ProbeOutcome)> report) {
  inside_->watch(call, std::move(report));
}

void HttpProbe::await_drained(const DrainCall& call,
                              std::function<void(std::uint32_t)> done) {
  inside_->await_drained(call, std::move(done));
}

void HttpProbe::forget(const std::string& stream) { inside_->forget(stream); }

HttpProbe::Seen HttpProbe::ended(const std::string& provider_ref,
                                 const std::string& detail) {
  return inside_->ended(provider_ref, detail);
}

}  // namespace understudy
