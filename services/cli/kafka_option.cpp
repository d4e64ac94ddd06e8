#include "services/cli/kafka_option.hpp"

#include <CLI/CLI.hpp>

#include "services/config/log_address.hpp"

namespace understudy {

void add_kafka_options(CLI::App& command, KafkaOption& option) {
  command
      .add_option("--kafka-config", option.files,
                  "Kafka: file with settings of librdkafka, KEY=VALUE a line")
      ->envname("UNDERSTUDY_KAFKA_CONFIG_FILE")
      ->type_name("FILE")
      ->expected(1)
      ->take_all();
  command
      .add_option("--kafka", option.properties,
                  "Kafka: one setting of librdkafka; KEY.file=PATH and "
                  "KEY.env=NAME for secrets")
      ->type_name("KEY=VALUE")
      ->expected(1)
      ->take_all();
  command
      .add_option("--kafka-prefix", option.prefix,
                  "Kafka: what the names of the topics begin with (default: "
                  "understudy)")
      ->envname("UNDERSTUDY_KAFKA_PREFIX")
      ->type_name("PREFIX");
}

Result<KafkaSettings> kafka_settings_of(std::string_view log,
                                        const KafkaOption& option) {
  constexpr const char* accepted = "; accepted: kafka:HOST:PORT,...";
  if (log.empty()) {
    return Error{ErrorCode::invalid_input,
                 "no Kafka named: give --log or set UNDERSTUDY_LOG" +
                     std::string(accepted)};
  }
  auto address = parse_log_address(log);
  if (!address) {
    return Error{address.error().code,
                 "--log " + address.error().message + accepted};
  }
  if (address.value().kind != LogKind::kafka) {
    return Error{ErrorCode::invalid_input,
                 "--log " + std::string(log) + " is no Kafka" + accepted};
  }
  KafkaSettings settings;
  settings.bootstrap = std::move(address.value().rest);
  settings.prefix = option.prefix;
  for (const std::string& file : option.files) {
    if (auto read = read_kafka_properties(file, settings); !read)
      return read.error();
  }
  for (const std::string& pair : option.properties) {
    if (auto added = add_kafka_property(pair, settings); !added)
      return added.error();
  }
  if (auto good = check_kafka_settings(settings); !good) return good.error();
  return settings;
}

}  // namespace understudy
