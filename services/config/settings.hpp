#pragma once

/// What the daemon can be told, and from where: a file, then the environment,
/// then the command line; what comes later weighs more.
///
/// The names are one for all three: `api.listen` in the file is
/// UNDERSTUDY_API_LISTEN in the environment and `--set api.listen=...` on the
/// command line. deploy/understudyd.yaml holds every key with its default and
/// what it means.
///
/// Thread safety: plain values.

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "actors/core/describe.hpp"
#include "actors/core/result.hpp"

namespace understudy {

enum class LogLevel : std::uint8_t { debug, info, warning, error };

constexpr std::array<std::string_view, 4> names_of(LogLevel) {
  return {"debug", "info", "warning", "error"};
}

enum class LogFormat : std::uint8_t { text, json };

constexpr std::array<std::string_view, 2> names_of(LogFormat) {
  return {"text", "json"};
}

struct ClockSettings {
  std::uint32_t speed = 1;  ///< Times real time; simulated capacity only.
  UNDERSTUDY_FIELDS(ClockSettings, speed)
};

struct SimulationSettings {
  /// Where the simulated provider keeps what it holds, so that it outlives
  /// the daemon as a real one does; empty: it is taken from the log.
  std::string held_file;
  UNDERSTUDY_FIELDS(SimulationSettings, held_file)
};

enum class TopicDemand : std::uint8_t { any, production };

constexpr std::array<std::string_view, 2> names_of(TopicDemand) {
  return {"any", "production"};
}

struct KafkaSection {
  /// Begins the names of topics, of the daemons' group, of transactions.
  std::string prefix = "understudy";
  /// librdkafka's own settings, KEY=VALUE a line; empty: none.
  std::string config_file;
  /// `production` refuses topics that the loss of one broker could lose.
  TopicDemand topics = TopicDemand::any;
  UNDERSTUDY_FIELDS(KafkaSection, prefix, config_file, topics)
};

struct ProcessSettings {
  /// Where the process provider keeps what runs; all daemons of a machine
  /// that offer the same processes share it.
  std::string directory = "/var/lib/understudy/instances";
  UNDERSTUDY_FIELDS(ProcessSettings, directory)
};

struct ApiSettings {
  std::string listen = "127.0.0.1:7780";
  /// Files that hold one bearer token each. Without them everybody who
  /// reaches the address may do everything.
  std::string token_file;
  std::string read_token_file;
  std::uint32_t threads = 32;  ///< Requests at once, followers not counted.
  std::uint32_t max_followers = 256;
  std::uint32_t max_body_bytes = 1'048'576;
  std::uint32_t max_commands = 1024;  ///< Under way at once.
  std::uint32_t command_timeout_ms = 10'000;
  std::uint32_t io_timeout_ms = 10'000;  ///< A client that stands still.
  UNDERSTUDY_FIELDS(ApiSettings, listen, token_file, read_token_file, threads,
                    max_followers, max_body_bytes, max_commands,
                    command_timeout_ms, io_timeout_ms)
};

struct MetricsSettings {
  /// So many have series of their own in /metrics.
  std::uint32_t max_endpoints = 1'000;
  UNDERSTUDY_FIELDS(MetricsSettings, max_endpoints)
};

struct EffectSettings {
  std::uint32_t max_calls = 256;  ///< To the provider, at once.
  std::uint32_t max_calls_per_endpoint = 32;
  std::uint32_t call_timeout_ms = 120'000;
  UNDERSTUDY_FIELDS(EffectSettings, max_calls, max_calls_per_endpoint,
                    call_timeout_ms)
};

struct RuntimeSettings {
  std::uint32_t threads = 2;
  std::uint32_t max_live_actors = 10'000;
  std::uint32_t sweep_interval_s = 60;
  std::uint64_t snapshot_records = 200'000;
  std::uint32_t stop_timeout_ms = 20'000;
  UNDERSTUDY_FIELDS(RuntimeSettings, threads, max_live_actors, sweep_interval_s,
                    snapshot_records, stop_timeout_ms)
};

struct LoggingSettings {
  LogLevel level = LogLevel::info;
  LogFormat format = LogFormat::text;
  UNDERSTUDY_FIELDS(LoggingSettings, level, format)
};

struct Settings {
  std::string log = "embedded:/var/lib/understudy/log";  ///< log_address.hpp.
  /// `simulated:FILE`, a capacity trace or a scenario, or `process:FILE`, a
  /// catalogue of processes.
  std::string capacity;
  std::string owner = "understudy";
  KafkaSection kafka;
  ClockSettings clock;
  SimulationSettings simulation;
  ProcessSettings process;
  ApiSettings api;
  MetricsSettings metrics;
  EffectSettings effects;
  RuntimeSettings runtime;
  LoggingSettings logging;
  UNDERSTUDY_FIELDS(Settings, log, capacity, owner, kafka, clock, simulation,
                    process, api, metrics, effects, runtime, logging)
};

struct SettingsSources {
  std::string file;  ///< Empty: none.
  /// The value of an environment variable, if it is set.
  std::function<std::optional<std::string>(const std::string&)> environment;
  /// Key and value, in the order of the command line.
  std::vector<std::pair<std::string, std::string>> flags;
};

/// All three, checked. Errors: as `read_text_file`, and `invalid_input` that
/// names where the value came from, the key, and what is accepted; an
/// UNDERSTUDY_ variable that means nothing is told by environment_names.hpp.
[[nodiscard]] Result<Settings> read_settings(const SettingsSources& sources);

/// `api.listen` as UNDERSTUDY_API_LISTEN.
[[nodiscard]] std::string environment_name(std::string_view key);

/// Every key that holds a value, in the order of the fields.
[[nodiscard]] std::vector<std::string> settings_keys();

/// `HOST:PORT` taken apart; port 0 stands for a free one. Nothing when it is
/// not of that form.
struct ListenAddress {
  std::string host;
  std::uint16_t port = 0;
  [[nodiscard]] bool loopback() const;
};
[[nodiscard]] std::optional<ListenAddress> parse_listen(std::string_view text);

}  // namespace understudy
