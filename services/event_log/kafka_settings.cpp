#include "services/event_log/kafka_settings.hpp"

#include <cstdlib>
#include <optional>
#include <span>

#include "services/text/line_reader.hpp"
#include "services/text/text_file.hpp"

namespace understudy {
namespace {

constexpr std::size_t longest_file_bytes = 1 << 20;

/// What must be so for the log to hold what it says. Users may not say
/// otherwise; saying the same is fine.
struct Fixed {
  std::string_view key;
  std::string_view value;
  std::string_view why;
};
constexpr Fixed fixed[] = {
    {"acks", "all", "an acknowledged event would be lost with one broker"},
    {"request.required.acks", "all",
     "an acknowledged event would be lost with one broker"},
    {"enable.idempotence", "true", "retries would double events"},
    {"isolation.level", "read_committed",
     "events would be seen that were never committed"},
    {"enable.auto.commit", "false", "positions are kept in the journal"},
    {"enable.auto.offset.store", "false", "positions are kept in the journal"},
};
/// What is Understudy's own business.
constexpr std::string_view own[] = {"bootstrap.servers",
                                    "metadata.broker.list",
                                    "group.id",
                                    "transactional.id",
                                    "enable.partition.eof",
                                    "partitioner",
                                    "auto.offset.reset",
                                    "group.instance.id",
                                    "partition.assignment.strategy"};

Error refused(const std::string& message) {
  return {ErrorCode::invalid_input, message};
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

/// The value itself, when `key` says where it is to be found.
Result<void> add(std::string key, std::string value, KafkaSettings& settings) {
  constexpr std::string_view in_file = ".file";
  constexpr std::string_view in_environment = ".env";
  if (key.ends_with(in_file)) {
    const auto text = read_text_file(value, longest_file_bytes);
    if (!text) return text.error();
    key.resize(key.size() - in_file.size());
    value = text.value();
    while (value.ends_with('\n') || value.ends_with('\r'))
      value.pop_back();
  } else if (key.ends_with(in_environment)) {
    const char* found = std::getenv(value.c_str());
    if (found == nullptr) {
      return refused("Kafka property " + key + ": the environment has no " +
                     value);
    }
    key.resize(key.size() - in_environment.size());
    value = found;
  }
  settings.properties.emplace_back(std::move(key), std::move(value));
  return {};
}

}  // namespace

Result<void> add_kafka_property(std::string_view pair,
                                KafkaSettings& settings) {
  const auto equals = pair.find('=');
  const auto key = trimmed(pair.substr(0, equals));
  if (equals == std::string_view::npos || key.empty()) {
    // The whole of it may be a secret put in the wrong place.
    return refused(
        "a Kafka property is not of the form KEY=VALUE; accepted: one of "
        "librdkafka's settings, such as security.protocol=SSL");
  }
  return add(std::string(key), std::string(trimmed(pair.substr(equals + 1))),
             settings);
}

Result<void> read_kafka_properties(const std::string& file,
                                   KafkaSettings& settings) {
  const auto text = read_text_file(file, longest_file_bytes);
  if (!text) return text.error();
  std::string_view rest = text.value();
  for (std::size_t line = 1; !rest.empty(); ++line) {
    const auto end = rest.find('\n');
    const auto one = trimmed(rest.substr(0, end));
    rest = end == std::string_view::npos ? "" : rest.substr(end + 1);
    if (one.empty() || one.front() == '#') continue;
    // The tools that share the file need it; here the log's address says it.
    if (trimmed(one.substr(0, one.find('='))) == "bootstrap.servers") continue;
    if (auto added = add_kafka_property(one, settings); !added) {
      return Error{added.error().code, file + ':' + std::to_string(line) +
                                           ": " + added.error().message};
    }
  }
  return {};
}

/// librdkafka takes a port modulo 65536, and passes over what is no address.
Result<void> check_brokers(std::string_view list) {
  if (list.empty())
    return refused("no Kafka broker named; accepted: kafka:HOST:PORT,...");
  while (true) {
    const auto end = list.find(',');
    const auto one = list.substr(0, end);
    const auto colon = one.rfind(':');
    const bool has_port = colon != std::string_view::npos;
    // A colon within brackets belongs to an address of IPv6.
    const bool bracketed = has_port && one.find(']', colon) != one.npos;
    const auto host = bracketed ? one : one.substr(0, colon);
    const auto port = has_port && !bracketed
                          ? parse_number(one.substr(colon + 1), 65'535)
                          : std::optional<std::uint64_t>(9092);
    const bool plain = host.starts_with('[') ||
                       host.find_first_of(": \t") == std::string_view::npos;
    if (host.empty() || !plain || port.value_or(0) == 0) {
      return refused("Kafka broker '" + std::string(one) +
                     "'; accepted: HOST:PORT with a port from 1 to 65535, and "
                     "commas between several");
    }
    if (end == std::string_view::npos) return {};
    list.remove_prefix(end + 1);
  }
}

Result<void> check_kafka_settings(const KafkaSettings& settings) {
  if (auto good = check_brokers(settings.bootstrap); !good) return good;
  if (settings.prefix.empty() || settings.prefix.size() > 200 ||
      settings.prefix.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKL"
                                        "MNOPQRSTUVWXYZ0123456789._-") !=
          std::string::npos) {
    return refused("Kafka prefix '" + settings.prefix +
                   "'; accepted: 1 to 200 letters, digits, '.', '_', '-'");
  }
  for (const auto& [key, value] : settings.properties) {
    for (const Fixed& one : fixed) {
      const bool same =
          value == one.value || (one.value == "all" && value == "-1");
      if (key == one.key && !same) {
        return refused("Kafka property " + key + " must be " +
                       std::string(one.value) + ": else " +
                       std::string(one.why));
      }
    }
    for (const std::string_view one : own) {
      if (key == one) {
        return refused("Kafka property " + key +
                       " is set by Understudy itself; leave it out");
      }
    }
  }
  return {};
}

Result<KafkaSettings> make_kafka_settings(const std::string& bootstrap,
                                          const std::string& prefix,
                                          const std::string& file) {
  KafkaSettings settings;
  settings.bootstrap = bootstrap;
  settings.prefix = prefix;
  if (!file.empty()) {
    if (auto read = read_kafka_properties(file, settings); !read)
      return read.error();
  }
  if (auto good = check_kafka_settings(settings); !good) return good.error();
  return settings;
}

}  // namespace understudy
