#pragma once

/// What the demonstration's model server is told.
///
/// Thread safety: plain values.

#include <cstdint>
#include <optional>
#include <string>

namespace understudy::model_server {

struct Options {
  std::string host = "127.0.0.1";
  std::uint16_t port = 8080;
  std::string model;
  std::string instance;
  std::uint32_t slots = 8;  ///< Requests served at once; the others wait.
  std::uint32_t queue = 1000;
  std::uint32_t service_time_ms = 100;
  std::uint32_t service_spread_ms = 0;  ///< Up to so much more, by the seed.
  std::uint32_t startup_ms = 0;
  std::uint32_t tokens = 20;  ///< Of a streamed answer.
  std::uint32_t token_interval_ms = 20;
  bool stream = false;  ///< Every answer, asked for or not.
  double fail_rate = 0;
  std::uint64_t seed = 1;
  std::uint32_t memory_mb = 0;
  bool ignore_term = false;
  std::uint32_t ping_status = 200;
  bool close_connections = false;
  std::string fail_start;  ///< Said instead of starting.
  std::uint32_t exit_status = 3;
  std::uint32_t exit_after_ms = 0;  ///< 0: never.
};

/// Nothing when the program is to end now, with `exit_code`.
[[nodiscard]] std::optional<Options> parse_options(int argc,
                                                   const char* const* argv,
                                                   int& exit_code);

}  // namespace understudy::model_server
