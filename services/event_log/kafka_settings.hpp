#pragma once

/// Which cluster, which topics, and how to reach them.
///
/// Properties are librdkafka's own, by its names. A secret need not stand in
/// them: `sasl.password.file=PATH` takes the value from a file (its end of
/// line does not count), `sasl.password.env=NAME` from the environment; so it
/// is with every property. No value is ever printed.
///
/// Thread safety: plain values.

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "actors/core/result.hpp"

namespace understudy {

struct KafkaSettings {
  std::string bootstrap;  ///< `HOST:PORT[,HOST:PORT]...`
  /// Begins the name of every topic, group and transactional id.
  std::string prefix = "understudy";
  /// librdkafka's own settings, in order; a later one weighs more.
  std::vector<std::pair<std::string, std::string>> properties;

  /// `understudy.commands` for "commands".
  [[nodiscard]] std::string topic(std::string_view name) const {
    return prefix + '.' + std::string(name);
  }
};

/// `KEY=VALUE` lines as librdkafka's tools write them; empty lines and lines
/// that begin with `#` count for nothing, nor does `bootstrap.servers`, which
/// the address of the log says. Errors: as `read_text_file`, and
/// `invalid_input` with file and line, never with the value.
[[nodiscard]] Result<void> read_kafka_properties(const std::string& file,
                                                 KafkaSettings& settings);

/// All that a program is told of its cluster; `file` may be empty. Errors: as
/// `read_kafka_properties` and `check_kafka_settings`.
[[nodiscard]] Result<KafkaSettings> make_kafka_settings(
    const std::string& bootstrap, const std::string& prefix,
    const std::string& file);

/// `KEY=VALUE` from a command line. Errors: `invalid_input`.
[[nodiscard]] Result<void> add_kafka_property(std::string_view pair,
                                              KafkaSettings& settings);

/// Whether settings are such that nothing acknowledged can be lost: refuses
/// what weakens the log (`acks` other than all, transactions that are read
/// before they are committed, ...). Errors: `invalid_input`.
[[nodiscard]] Result<void> check_kafka_settings(const KafkaSettings& settings);

}  // namespace understudy
