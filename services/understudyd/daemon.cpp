#include "services/understudyd/daemon.hpp"

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>

#include "services/api/api_server.hpp"
#include "services/api/tokens.hpp"
#include "services/codec/record_codec.hpp"
#include "services/config/log_address.hpp"
#include "services/control/control_plane.hpp"
#include "services/control/simulated_surroundings.hpp"
#include "services/event_log/lmdb_log.hpp"
#include "services/logging/logging.hpp"
#include "services/telemetry/telemetry.hpp"
#include "services/text/version.hpp"
#include "services/understudyd/deadline.hpp"
#include "services/understudyd/event_lines.hpp"
#include "services/understudyd/notify.hpp"
#include "services/understudyd/signals.hpp"

namespace understudy {
namespace {

using std::chrono::milliseconds;

std::string after_colon(const std::string& text) {
  return text.substr(text.find(':') + 1);
}

/// Settings were checked: the log is an embedded one.
std::string directory_of(const Settings& settings) {
  return embedded_directory(settings.log).value();
}

struct LogEnd {
  std::uint64_t sequence = 0;
  Instant time;
};

/// Where the log ends; zeros when there is none yet.
Result<LogEnd> end_of(const std::string& directory) {
  const auto log = LmdbLog::open_reader(directory);
  if (!log) {
    if (log.error().code == ErrorCode::not_found) return LogEnd{};
    return log.error();
  }
  const auto end = log.value()->end();
  if (!end) return end.error();
  LogEnd found{end.value() - 1, {}};
  if (found.sequence == 0) return found;
  const auto codec = make_record_codec();
  const auto read =
      log.value()->read(found.sequence, [&](const LogRecord& entry) {
        const auto record = codec->decode(entry.bytes);
        if (record) found.time = record.value().time;
        return Visit::stop;
      });
  if (!read) return read.error();
  return found;
}

CapacityLimits limits_of(const Settings& settings) {
  const EffectSettings& effects = settings.effects;
  return {{effects.max_calls, effects.max_calls_per_endpoint},
          effects.call_timeout_ms};
}

ControlOptions control_options(const Settings& settings, Telemetry& telemetry) {
  ControlOptions options;
  options.log_directory = directory_of(settings);
  options.owner = settings.owner;
  options.threads = settings.runtime.threads;
  options.max_live = settings.runtime.max_live_actors;
  options.max_commands = settings.api.max_commands;
  options.sweep_interval_s = settings.runtime.sweep_interval_s;
  options.snapshot_records = settings.runtime.snapshot_records;
  options.log.on_commit = [&telemetry](const LogCommit& commit) {
    telemetry.committed(commit.duration_us, commit.records, commit.bytes);
  };
  return options;
}

void tell_phase(const Readiness& now) {
  const bool failed = now.phase == Phase::failed;
  log_line(
      failed ? LogLevel::error : LogLevel::info,
      failed ? "the log failed; trying again: " + now.message : now.message,
      {{"phase", std::string(name_of(now.phase))},
       {"records", std::to_string(now.total)}});
  notify_status(std::string(name_of(now.phase)) + ": " + now.message);
  if (now.phase == Phase::ready) notify_ready();
}

int fail(const Error& error) {
  log_line(LogLevel::error, error.message);
  return 1;
}

class Daemon {
 public:
  explicit Daemon(const Settings& settings) : settings_(settings) {}

  Result<void> start() {
    const auto end = end_of(directory_of(settings_));
    if (!end) return end.error();
    auto surroundings = SimulatedSurroundings::open(
        {after_colon(settings_.capacity), settings_.owner,
         settings_.clock.speed, end.value().time, limits_of(settings_),
         settings_.simulation.held_file});
    if (!surroundings) return surroundings.error();
    surroundings_ = std::move(surroundings).value();
    const std::uint64_t from = end.value().sequence;
    ControlEvents events;
    events.phase_changed = tell_phase;
    events.stream_stopped = [this](const StreamId& stream,
                                   const std::string& reason) {
      telemetry_.stream_stopped(stream);
      log_line(LogLevel::error, "a stream is stopped: " + reason,
               {{"stream", stream.text}});
    };
    auto plane = ControlPlane::open(
        control_options(settings_, telemetry_), *surroundings_,
        {[this, from](const Record& record, const FleetView& view) {
           telemetry_.see(record, view, from);
         },
         tell_events(from)},
        events);
    if (!plane) return plane.error();
    plane_ = std::move(plane).value();
    return start_api();
  }

  void stop() {
    notify_stopping();
    if (api_) api_->stop();
    if (plane_) plane_->stop();
  }

  [[nodiscard]] bool alive() const {
    return plane_->readiness().phase != Phase::stopping;
  }

 private:
  Result<void> start_api() {
    auto api = ApiServer::start(
        settings_.api, {*plane_,
                        [this] {
                          return telemetry_.text(*plane_,
                                                 api_ ? api_->followers() : 0);
                        },
                        &surroundings_->capacity(),
                        [this](const ApiRequest& one) {
                          telemetry_.served(one.route, one.method, one.status,
                                            one.duration_us);
                        }});
    if (!api) return api.error();
    api_ = std::move(api).value();
    log_line(LogLevel::info, "listening",
             {{"address", settings_.api.listen},
              {"port", std::to_string(api_->port())},
              {"token", settings_.api.token_file.empty() ? "none" : "needed"}});
    return {};
  }

  const Settings& settings_;
  Telemetry telemetry_{version, settings_.metrics.max_endpoints};
  std::unique_ptr<SimulatedSurroundings> surroundings_;
  std::unique_ptr<ControlPlane> plane_;
  std::unique_ptr<ApiServer> api_;
};

}  // namespace

int run_daemon(const Settings& settings) {
  StopSignals signals;
  start_logging(settings.logging);
  log_line(LogLevel::info, "understudyd starts",
           {{"version", version},
            {"log", settings.log},
            {"capacity", settings.capacity}});
  // Before anything that is owed is begun.
  if (auto tokens = check_tokens(settings.api); !tokens) {
    fail(tokens.error());
    return 2;
  }
  auto daemon = std::make_unique<Daemon>(settings);
  if (auto started = daemon->start(); !started) return fail(started.error());
  {
    const Watchdog watchdog([&daemon] { return daemon->alive(); });
    while (!signals.wait(milliseconds(1000))) {
    }
  }
  log_line(LogLevel::info, "stopping");
  // Whoever hangs must not keep the daemon: the log is good at any moment.
  const Deadline deadline(milliseconds(settings.runtime.stop_timeout_ms));
  daemon->stop();
  daemon.reset();
  log_line(LogLevel::info, "stopped");
  return 0;
}

Result<void> check_daemon(const Settings& settings) {
  const auto end = end_of(directory_of(settings));
  if (!end) return end.error();
  const auto world = SimulatedSurroundings::open(
      {after_colon(settings.capacity), settings.owner, 1, {}, {}, {}});
  if (!world) return world.error();
  return check_tokens(settings.api);
}

}  // namespace understudy
