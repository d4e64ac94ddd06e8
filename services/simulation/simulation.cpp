#include "services/simulation/simulation.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "actors/runtime/partition.hpp"
#include "services/capacity/simulated_capacity.hpp"
#include "services/capacity/simulated_probe.hpp"
#include "services/clock/virtual_clock.hpp"
#include "services/codec/record_codec.hpp"
#include "services/load/simulated_load.hpp"
#include "services/simulation/world_follower.hpp"

namespace understudy {
namespace {

constexpr const char* owner = "understudy";
constexpr std::int64_t hour_ms = 3'600'000;

Instant end_of(const ScenarioDocument& input) {
  return after_ms(input.capacity.start(),
                  static_cast<std::int64_t>(input.scenario.duration_s) * 1000);
}

class Simulation {
 public:
  Simulation(const ScenarioDocument& input, EventLog& log,
             const SimulationOptions& options)
      : input_(input),
        start_(input.capacity.start()),
        end_(end_of(input)),
        scenario_(input.scenario),
        log_(log),
        options_(options),
        codec_(make_record_codec()),
        clock_(start_),
        capacity_(clock_, input.capacity, scenario_.world.provider,
                  scenario_.seed),
        probe_(clock_, scenario_.world.instances, scenario_.seed),
        load_(clock_),
        follower_(load_, owner),
        runtime_(Runtime::Mode::stepped),
        stream_(StreamId::endpoint(scenario_.endpoint.name)) {
    for (std::size_t i = 0; i < scenario_.loads.size(); ++i) {
      load_.add(scenario_.endpoint.name, scenario_.loads[i].variant,
                input_.loads[i], scenario_.loads[i].profile);
    }
  }

  Result<SimulationResult> run() {
    if (auto opened = open(); !opened) return opened.error();
    const std::uint64_t before = partition_->fleet().sequence();
    const Instant from = partition_->fleet().time();
    schedule(before == 0 ? start_ : from);
    partition_->start();
    partition_->sweep();
    partition_->settle();
    const bool interrupted = go();
    partition_->stop();
    if (failure_) return *failure_;
    SimulationResult result;
    result.reached = progress();
    result.resumed_from = before;
    result.digest = partition_->fleet().digest();
    result.launches = capacity_.totals();
    result.status = status();
    result.interrupted = interrupted;
    for (const auto& one : scenario_.loads) {
      result.loads[one.variant] =
          load_.totals(scenario_.endpoint.name, one.variant, clock_.now());
    }
    return result;
  }

 private:
  [[nodiscard]] std::string status() const {
    const Rest* rest = partition_->fleet().find(stream_.text);
    if (rest == nullptr) return "absent";
    const auto& state =
        *std::get<std::unique_ptr<endpoint::State>>(rest->state);
    std::string text(name_of(state.status));
    if (!state.failure_message.empty()) text += ": " + state.failure_message;
    return text;
  }

  /// Recovers the runtime and tells the world what the log holds.
  Result<void> open() {
    PartitionEvents events;
    events.committed = [this](std::uint64_t) { follow(); };
    events.failed = [this](const Error& error) { failure_ = error; };
    auto opened =
        Partition::open(runtime_, log_, *codec_,
                        {clock_, capacity_, probe_, load_}, {owner}, events);
    if (!opened) return opened.error();
    partition_ = std::move(opened).value();
    follow();
    if (failure_) return *failure_;
    if (partition_->fleet().time() > clock_.now()) {
      clock_.advance_to(partition_->fleet().time());
    }
    capacity_.restore(follower_.held());
    return {};
  }

  /// Shows the world the records that are new.
  void follow() {
    const auto read = log_.read(seen_ + 1, [this](const LogRecord& entry) {
      const auto decoded = codec_->decode_into(entry.bytes, record_);
      if (!decoded) {
        failure_ = decoded.error();
        return Visit::stop;
      }
      follower_.see(record_);
      seen_ = entry.sequence;
      return Visit::next;
    });
    if (!read) failure_ = read.error();
  }

  /// Sets a timer for everything that is to be done at or after `from`. A
  /// command that the log holds already is known by its id; what is done to
  /// the world itself is done again from the start.
  void schedule(Instant from) {
    at(start_, from, "create", [this] {
      partition_->submit(
          stream_, endpoint::CreateEndpoint{"create", scenario_.endpoint});
    });
    std::size_t number = 0;
    for (const auto& command : scenario_.commands) {
      const std::string id = "command-" + std::to_string(++number);
      const Instant due =
          after_ms(start_, static_cast<std::int64_t>(command.at_s) * 1000);
      const bool of_world = command.action == ScenarioAction::close ||
                            command.action == ScenarioAction::open;
      if (of_world && due < from) {
        perform(command, id);
        continue;
      }
      at(due, from, id, [this, command, id] { perform(command, id); });
    }
  }

  void at(Instant due, Instant from, const std::string& id,
          std::function<void()> act) {
    if (due >= from) clock_.at(due, "command:" + id, std::move(act));
  }

  void perform(const ScenarioCommand& command, const std::string& id) {
    switch (command.action) {
      case ScenarioAction::scale:
        partition_->submit(
            stream_,
            endpoint::ScaleVariant{id, command.variant, command.desired, {}});
        break;
      case ScenarioAction::delete_endpoint:
        partition_->submit(stream_, endpoint::DeleteEndpoint{id});
        break;
      case ScenarioAction::close:
        capacity_.close(command.offering);
        break;
      case ScenarioAction::open:
        capacity_.open(command.offering);
        break;
    }
  }

  /// True when it was interrupted.
  bool go() {
    Instant report = after_ms(clock_.now(), hour_ms);
    while (clock_.fire_next(end_)) {
      partition_->settle();
      if (failure_) return false;
      if (options_.interrupted && options_.interrupted()) return true;
      if (clock_.now() >= report) {
        if (options_.progress) options_.progress(progress());
        report = after_ms(clock_.now(), hour_ms);
      }
    }
    clock_.advance_to(std::max(clock_.now(), end_));
    if (options_.progress) options_.progress(progress());
    return false;
  }

  [[nodiscard]] SimulationProgress progress() const {
    return {start_, clock_.now(), end_, seen_};
  }

  const ScenarioDocument& input_;
  const Instant start_;
  const Instant end_;
  const Scenario& scenario_;
  EventLog& log_;
  const SimulationOptions& options_;
  std::unique_ptr<RecordCodec> codec_;
  VirtualClock clock_;
  SimulatedCapacity capacity_;
  SimulatedProbe probe_;
  SimulatedLoad load_;
  WorldFollower follower_;
  Runtime runtime_;
  StreamId stream_;
  std::unique_ptr<Partition> partition_;
  Record record_;
  std::uint64_t seen_ = 0;
  std::optional<Error> failure_;
};

}  // namespace

Result<SimulationResult> simulate(const ScenarioDocument& input, EventLog& log,
                                  const SimulationOptions& options) {
  return Simulation(input, log, options).run();
}

}  // namespace understudy
