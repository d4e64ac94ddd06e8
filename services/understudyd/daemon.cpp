#include "services/understudyd/daemon.hpp"

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "services/api/api_server.hpp"
#include "services/api/tokens.hpp"
#include "services/api/waiting_room.hpp"
#include "services/clock/wall_clock.hpp"
#include "services/config/log_address.hpp"
#include "services/control/kafka_load.hpp"
#include "services/load/gateway_load.hpp"
#include "services/logging/logging.hpp"
#include "services/telemetry/telemetry.hpp"
#include "services/text/version.hpp"
#include "services/understudyd/deadline.hpp"
#include "services/understudyd/event_lines.hpp"
#include "services/understudyd/log_ends.hpp"
#include "services/understudyd/notify.hpp"
#include "services/understudyd/open_plane.hpp"
#include "services/understudyd/outside.hpp"
#include "services/understudyd/signals.hpp"

namespace understudy {
namespace {

using std::chrono::milliseconds;

/// Between two attempts to find the log.
constexpr milliseconds start_interval{1'000};

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

/// The exit code says whether another start may go better: 1, or 2 when the
/// settings, or a file that they name, are as wrong the next time.
int fail(const Error& error, bool settings_are_good) {
  log_line(LogLevel::error, error.message);
  return settings_are_good ? 1 : 2;
}

/// Of what is nobody's but the settings': not the log, which may be in use.
Result<void> check_named_files(const Settings& settings) {
  if (on_kafka(settings)) {
    if (auto kafka = kafka_settings_of(settings); !kafka) return kafka.error();
  }
  return check_outside(settings);
}

class Daemon {
 public:
  explicit Daemon(const Settings& settings) : settings_(settings) {}

  /// Finds its log and begins to work.
  Result<void> open() {
    auto ends = find_log_ends(settings_);
    if (!ends) return ends.error();
    ends_ = std::move(ends).value();
    auto opened = open_outside(settings_, ends_.time, load_);
    if (!opened) return opened.error();
    outside_ = std::move(opened).value();
    if (auto done = open_load(); !done) return done;
    ControlEvents events;
    events.phase_changed = tell_phase;
    events.stream_stopped = [this](const StreamId& stream,
                                   const std::string& reason) {
      telemetry_.stream_stopped(stream);
      log_line(LogLevel::error, "a stream is stopped: " + reason,
               {{"stream", stream.text}});
    };
    auto plane = open_plane(
        settings_, *outside_.surroundings, telemetry_,
        {[this](const Record& record, const FleetView& view) {
           telemetry_.see(record, view, ends_.before(record.sequence));
         },
         [this](const Record& record, const FleetView&) { load_.see(record); },
         [this](const Record& record, const FleetView&) {
           if (record.sequence > ends_.before(record.sequence))
             tell_event(record);
         }},
        events, [this](KafkaFigures& figures) {
          if (kafka_load_) kafka_load_->add_figures(figures);
        });
    if (!plane) return plane.error();
    plane_ = std::move(plane).value();
    return {};
  }

  /// REQUIRES: it is open.
  Result<void> serve(Descriptor listening) {
    auto api = ApiServer::start(
        settings_.api,
        {*plane_,
         [this] {
           return telemetry_.text(*plane_, api_ ? api_->followers() : 0);
         },
         outside_.capacity,
         [this](const ApiRequest& one) {
           telemetry_.served(one.route, one.method, one.status,
                             one.duration_us);
         },
         outside_.output, load_desk_},
        std::move(listening));
    if (!api) return api.error();
    api_ = std::move(api).value();
    log_line(LogLevel::info, "listening",
             {{"address", settings_.api.listen},
              {"port", std::to_string(api_->port())},
              {"token", settings_.api.token_file.empty() ? "none" : "needed"}});
    return {};
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
  /// Where gateways report: here, or on a topic that all daemons read.
  Result<void> open_load() {
    load_desk_ = outside_.load;
    if (load_desk_ == nullptr || !on_kafka(settings_)) return {};
    const auto kafka = kafka_settings_of(settings_);
    if (!kafka) return kafka.error();
    auto opened = KafkaLoad::open(kafka.value(), *outside_.load);
    if (!opened) return opened.error();
    kafka_load_ = std::move(opened).value();
    load_desk_ = kafka_load_.get();
    return {};
  }

  const Settings& settings_;
  LogEnds ends_;
  Telemetry telemetry_{version, settings_.metrics.max_endpoints};
  WallClock load_clock_;
  GatewayLoad load_{load_clock_};
  Outside outside_;
  std::unique_ptr<KafkaLoad> kafka_load_;  ///< Null on an embedded log.
  LoadDesk* load_desk_ = nullptr;          ///< Null: load is not metered.
  std::unique_ptr<ControlPlane> plane_;
  std::unique_ptr<ApiServer> api_;
};

/// Brokers come and go: whoever waits for them need not be started anew.
bool worth_waiting(const Settings& settings, const Error& error) {
  return on_kafka(settings) && error.code == ErrorCode::unavailable &&
         check_named_files(settings);
}

struct Started {
  std::unique_ptr<Daemon> daemon;  ///< Null: it was told to stop before.
  std::optional<Error> error;
};

/// Starts it, again and again where its log may come, and says so to those
/// who ask meanwhile. Each new reason is told once.
Started start_when_possible(const Settings& settings, StopSignals& signals,
                            Descriptor listening) {
  std::unique_ptr<WaitingRoom> room;
  if (on_kafka(settings)) {
    auto opened = WaitingRoom::open(settings.api, listening);
    if (!opened) return {nullptr, opened.error()};
    room = std::move(opened).value();
  }
  std::string told;
  while (true) {
    auto daemon = std::make_unique<Daemon>(settings);
    const auto opened = daemon->open();
    if (opened) {
      room.reset();  // From here on the daemon answers for itself.
      const auto served = daemon->serve(std::move(listening));
      if (!served) return {nullptr, served.error()};
      return {std::move(daemon), {}};
    }
    const Error& error = opened.error();
    if (!worth_waiting(settings, error)) return {nullptr, error};
    room->tell(error.message);
    if (error.message != told) {
      told = error.message;
      log_line(LogLevel::error, "cannot start yet; trying again: " + told);
      notify_status("waits for the log: " + told);
    }
    if (signals.wait(start_interval)) return {};
  }
}

}  // namespace

int run_daemon(const Settings& settings,
               const std::vector<std::string>& warnings) {
  StopSignals signals;
  start_logging(settings.logging);
  for (const std::string& one : warnings)
    log_line(LogLevel::warning, one);
  log_line(LogLevel::info, "understudyd starts",
           {{"version", version},
            {"log", settings.log},
            {"capacity", settings.capacity}});
  // Before anything that is owed is begun.
  if (auto tokens = check_tokens(settings.api); !tokens)
    return fail(tokens.error(), false);
  auto listening = ApiServer::bind(settings.api);
  if (!listening)
    return fail(listening.error(), bool(check_named_files(settings)));
  auto [daemon, error] =
      start_when_possible(settings, signals, std::move(listening).value());
  if (error) return fail(*error, bool(check_named_files(settings)));
  if (!daemon) return 0;
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
  // The cluster need not be there when settings are checked.
  if (!on_kafka(settings)) {
    if (auto ends = find_log_ends(settings); !ends) return ends.error();
  }
  if (auto good = check_named_files(settings); !good) return good;
  return check_tokens(settings.api);
}

}  // namespace understudy
