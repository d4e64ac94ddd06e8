#include "services/capacity/simulated_probe.hpp"

#include <algorithm>
#include <utility>

namespace understudy {

SimulatedProbe::SimulatedProbe(Clock& clock, InstanceWorld world,
                               std::uint64_t seed)
    : clock_(clock), world_(world), seed_(seed), timers_(clock) {}

void SimulatedProbe::watch(const WatchCall& call,
                           std::function<void(ProbeOutcome)> report) {
  ProbeOutcome outcome;
  if (draw_chance(world_.start_failure_milli, seed_, "start-failure",
                  call.provider_ref)) {
    outcome = {false, true, 1, "the container ended before it was ready"};
  } else {
    outcome = {true, false, call.healthy_threshold, ""};
  }
  const Instant known = draw_after(call.launched_at, world_.startup, seed_,
                                   "startup", call.provider_ref);
  const std::lock_guard lock(mutex_);
  Watch& watch = watches_[call.stream];
  timers_.cancel(watch.timer);
  watch = {call, std::move(report), 0};
  watch.timer = timers_.at(
      std::max(known, clock_.now()), "probe:start:" + call.stream,
      [this, stream = call.stream, outcome] { this->report(stream, outcome); });
}

void SimulatedProbe::await_drained(const DrainCall& call,
                                   std::function<void(std::uint32_t)> done) {
  const Instant empty =
      draw_after(call.since, world_.drain, seed_, "drain", call.stream);
  const std::uint32_t left = empty > call.deadline ? 1 : 0;
  const Instant answer = std::max(std::min(empty, call.deadline), clock_.now());
  const std::lock_guard lock(mutex_);
  Drain& drain = drains_[call.stream];
  timers_.cancel(drain.timer);
  drain.done = std::move(done);
  drain.timer =
      timers_.at(answer, "probe:drained:" + call.stream,
                 [this, stream = call.stream, left] { drained(stream, left); });
}

void SimulatedProbe::forget(const std::string& stream) {
  const std::lock_guard lock(mutex_);
  if (const auto found = watches_.find(stream); found != watches_.end()) {
    timers_.cancel(found->second.timer);
    watches_.erase(found);
  }
  if (const auto found = drains_.find(stream); found != drains_.end()) {
    timers_.cancel(found->second.timer);
    drains_.erase(found);
  }
}

void SimulatedProbe::make_unhealthy(const std::string& stream,
                                    const std::string& detail) {
  const std::lock_guard lock(mutex_);
  const auto found = watches_.find(stream);
  if (found == watches_.end()) return;
  const ProbeOutcome outcome{false, false,
                             found->second.call.unhealthy_threshold, detail};
  timers_.at(clock_.now(), "probe:unhealthy:" + stream,
             [this, stream, outcome] { report(stream, outcome); });
}

void SimulatedProbe::report(const std::string& stream,
                            const ProbeOutcome& outcome) {
  std::function<void(ProbeOutcome)> tell;
  {
    const std::lock_guard lock(mutex_);
    const auto found = watches_.find(stream);
    if (found == watches_.end()) return;
    tell = found->second.report;
  }
  tell(outcome);
}

void SimulatedProbe::drained(const std::string& stream, std::uint32_t left) {
  std::function<void(std::uint32_t)> tell;
  {
    const std::lock_guard lock(mutex_);
    const auto found = drains_.find(stream);
    if (found == drains_.end()) return;
    tell = std::move(found->second.done);
    drains_.erase(found);
  }
  tell(left);
}

}  // namespace understudy
