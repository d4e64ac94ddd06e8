#include "services/logging/logging.hpp"

#include <algorithm>
#include <chrono>
#include <memory>

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "services/codec/json.hpp"

namespace understudy {
namespace {

spdlog::level::level_enum level_of(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return spdlog::level::debug;
    case LogLevel::info:
      return spdlog::level::info;
    case LogLevel::warning:
      return spdlog::level::warn;
    case LogLevel::error:
      break;
  }
  return spdlog::level::err;
}

struct Lines {
  std::shared_ptr<spdlog::logger> logger;
  LogFormat format = LogFormat::text;
};

Lines& lines() {
  static Lines all = [] {
    auto sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
    auto logger = std::make_shared<spdlog::logger>("understudy", sink);
    logger->set_pattern("%v");
    logger->flush_on(spdlog::level::debug);
    return Lines{logger, LogFormat::text};
  }();
  return all;
}

std::string now_text() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return to_string(Instant{
      std::chrono::duration_cast<std::chrono::microseconds>(since).count()});
}

/// As it is, or in quotes where a reader could not tell its end.
std::string value_text(const std::string& value) {
  const bool plain =
      !value.empty() && std::all_of(value.begin(), value.end(), [](char c) {
        return c > ' ' && c < '\x7f' && c != '"' && c != '=';
      });
  return plain ? value : json_text(Json(value));
}

std::string text_line(LogLevel level, std::string_view message,
                      const LogFields& fields) {
  std::string line = now_text() + ' ' + std::string(name_of(level)) + ' ';
  for (const char c : message)
    line += static_cast<unsigned char>(c) < ' ' || c == '\x7f' ? '?' : c;
  for (const auto& [name, value] : fields)
    line += ' ' + std::string(name) + '=' + value_text(value);
  return line;
}

std::string json_line(LogLevel level, std::string_view message,
                      const LogFields& fields) {
  Json line;
  line["time"] = now_text();
  line["level"] = name_of(level);
  line["message"] = message;
  for (const auto& [name, value] : fields)
    line[std::string(name)] = value;
  return json_text(line);
}

}  // namespace

void start_logging(const LoggingSettings& settings) {
  lines().logger->set_level(level_of(settings.level));
  lines().format = settings.format;
}

void log_line(LogLevel level, std::string_view message,
              const LogFields& fields) {
  const Lines& all = lines();
  if (!all.logger->should_log(level_of(level))) return;
  all.logger->log(level_of(level), "{}",
                  all.format == LogFormat::json
                      ? json_line(level, message, fields)
                      : text_line(level, message, fields));
}

}  // namespace understudy
