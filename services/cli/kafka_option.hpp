#pragma once

/// The options of subcommands that talk to Kafka themselves.

#include <string>
#include <string_view>
#include <vector>

#include "actors/core/result.hpp"
#include "services/event_log/kafka_settings.hpp"

namespace CLI {
class App;
}

namespace understudy {

struct KafkaOption {
  std::vector<std::string> files;       ///< --kafka-config
  std::vector<std::string> properties;  ///< --kafka
  std::string prefix = "understudy";
};

/// Adds --kafka, --kafka-config and --kafka-prefix.
void add_kafka_options(CLI::App& command, KafkaOption& option);

/// What `log`, which must be `kafka:BOOTSTRAP`, and the options say. Errors:
/// `invalid_input`, and those of reading a file.
[[nodiscard]] Result<KafkaSettings> kafka_settings_of(
    std::string_view log, const KafkaOption& option);

}  // namespace understudy
