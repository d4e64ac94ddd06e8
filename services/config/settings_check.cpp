#include "services/config/settings_check.hpp"

#include <optional>
#include <string>
#include <string_view>

#include "actors/core/ids.hpp"
#include "services/config/log_address.hpp"
#include "services/text/line_reader.hpp"

namespace understudy {
namespace {

struct Range {
  const char* key;
  std::uint64_t value;
  std::uint64_t min;
  std::uint64_t max;
};

std::vector<Range> ranges_of(const Settings& s) {
  return {
      {"clock.speed", s.clock.speed, 1, 100'000},
      {"api.threads", s.api.threads, 1, 1024},
      {"api.max_followers", s.api.max_followers, 1, 4096},
      {"api.max_body_bytes", s.api.max_body_bytes, 1024, 16'777'216},
      {"api.max_commands", s.api.max_commands, 1, 100'000},
      {"api.command_timeout_ms", s.api.command_timeout_ms, 100, 600'000},
      {"api.io_timeout_ms", s.api.io_timeout_ms, 100, 600'000},
      {"metrics.max_endpoints", s.metrics.max_endpoints, 0, 1'000'000},
      {"effects.max_calls", s.effects.max_calls, 1, 10'000},
      {"effects.max_calls_per_endpoint", s.effects.max_calls_per_endpoint, 1,
       10'000},
      {"effects.call_timeout_ms", s.effects.call_timeout_ms, 1000, 3'600'000},
      {"runtime.threads", s.runtime.threads, 1, 64},
      {"runtime.max_live_actors", s.runtime.max_live_actors, 1, 1'000'000},
      {"runtime.sweep_interval_s", s.runtime.sweep_interval_s, 1, 86'400},
      {"runtime.snapshot_records", s.runtime.snapshot_records, 0,
       1'000'000'000'000},
      {"runtime.stop_timeout_ms", s.runtime.stop_timeout_ms, 1000, 600'000},
  };
}

bool names_file(std::string_view text, std::string_view kind) {
  return text.starts_with(kind) && text.size() > kind.size();
}

std::optional<Error> check_texts(const Settings& s, const Places& places) {
  if (const auto log = parse_log_address(s.log); !log) {
    return places.error(
        "log", log.error().message,
        std::string(log_address_forms) + " or kafka:HOST:PORT,...");
  }
  if (!names_file(s.capacity, "simulated:") &&
      !names_file(s.capacity, "process:")) {
    return places.error("capacity",
                        s.capacity.empty() ? "missing" : in_quotes(s.capacity),
                        "simulated:FILE, a capacity trace or a scenario, or "
                        "process:FILE, a catalogue of processes");
  }
  if (s.process.directory.empty()) {
    return places.error("process.directory", in_quotes(s.process.directory),
                        "a directory");
  }
  if (!valid_name(s.owner)) {
    return places.error("owner", in_quotes(s.owner),
                        "1 to 63 letters, digits and inner hyphens");
  }
  const auto listen = parse_listen(s.api.listen);
  if (!listen) {
    return places.error("api.listen", in_quotes(s.api.listen),
                        "HOST:PORT, such as 127.0.0.1:7780");
  }
  if (!listen->loopback() && s.api.token_file.empty()) {
    return places.error(
        "api.listen",
        in_quotes(s.api.listen) + " can be reached from other machines",
        "a loopback address, or api.token_file with it");
  }
  return std::nullopt;
}

}  // namespace

Result<void> check_settings(const Settings& settings, const Places& places) {
  for (const Range& one : ranges_of(settings)) {
    if (one.value >= one.min && one.value <= one.max) continue;
    return places.error(
        one.key, std::to_string(one.value),
        std::to_string(one.min) + " to " + std::to_string(one.max));
  }
  if (auto wrong = check_texts(settings, places)) return *wrong;
  return {};
}

}  // namespace understudy
