#include "services/event_log/kafka_hanging.hpp"

#include <limits>
#include <optional>
#include <utility>

#include "actors/core/instant.hpp"
#include "services/event_log/kafka_commands.hpp"
#include "services/event_log/kafka_cursor.hpp"
#include "services/event_log/kafka_journal.hpp"
#include "services/event_log/kafka_producer.hpp"
#include "services/text/line_reader.hpp"

namespace understudy::kafka {
namespace {

/// So far it is quicker to read than to look for a place.
constexpr std::uint64_t near_enough = 256;
constexpr std::size_t most_headers = 8;
constexpr std::int64_t us_per_ms = 1000;

/// What is told of a message once it is gone.
struct Seen {
  std::string when;
  std::string key;  ///< Empty: none.
  TextHeaders headers;

  [[nodiscard]] std::optional<std::string> header(std::string_view name) const {
    for (const auto& [one, text] : headers) {
      if (one == name) return text;
    }
    return std::nullopt;
  }
};

Seen seen(const rd_kafka_message_t& message) {
  Seen one;
  rd_kafka_timestamp_type_t kind{};
  const std::int64_t ms = rd_kafka_message_timestamp(&message, &kind);
  if (ms >= 0) one.when = to_string(Instant{ms * us_per_ms});
  if (message.key != nullptr)
    one.key.assign(static_cast<const char*>(message.key), message.key_len);
  one.headers = headers_of(message);
  return one;
}

/// The message at `offset`, committed or not.
Result<std::optional<Seen>> read_open(const KafkaSettings& settings,
                                      const std::string& topic,
                                      std::uint32_t partition,
                                      std::uint64_t offset) {
  auto made =
      Cursor::make(settings, topic, partition, Isolation::read_uncommitted);
  if (!made) return made.error();
  Cursor& cursor = *made.value();
  if (auto there = cursor.seek(offset); !there) return there.error();
  std::optional<Seen> found;
  const auto done = cursor.read_to(
      offset + 1, [&](const rd_kafka_message_t& message) -> Result<Visit> {
        found = seen(message);
        return Visit::stop;
      });
  if (!done) return done.error();
  return found;
}

std::optional<std::uint32_t> epoch_of(
    const std::optional<std::string_view>& text) {
  if (!text) return std::nullopt;
  const auto number =
      parse_number(*text, std::numeric_limits<std::uint32_t>::max());
  if (!number) return std::nullopt;
  return static_cast<std::uint32_t>(*number);
}

/// The epoch that the first message from `from` on names.
Result<std::optional<std::uint32_t>> epoch_after(Cursor& cursor,
                                                 std::uint64_t from,
                                                 std::uint64_t end) {
  if (auto there = cursor.seek(from); !there) return there.error();
  std::optional<std::uint32_t> found;
  const auto done = cursor.read_to(
      end, [&](const rd_kafka_message_t& message) -> Result<Visit> {
        found = epoch_of(header_of(message, epoch_header));
        return found ? Visit::stop : Visit::next;
      });
  if (!done) return done.error();
  return found;
}

/// The claim of an epoch. Epochs only grow, so its place is found by halving.
Result<std::optional<Seen>> find_claim(const KafkaSettings& settings,
                                       std::uint32_t partition,
                                       std::uint32_t epoch, std::uint64_t end) {
  auto made = Cursor::make(settings, settings.topic("journal"), partition);
  if (!made) return made.error();
  Cursor& cursor = *made.value();
  std::uint64_t low = 0;
  for (std::uint64_t high = end; high - low > near_enough;) {
    const std::uint64_t middle = low + (high - low) / 2;
    const auto there = epoch_after(cursor, middle, high);
    if (!there) return there.error();
    const bool later = !there.value() || *there.value() >= epoch;
    (later ? high : low) = middle;
  }
  if (auto there = cursor.seek(low); !there) return there.error();
  std::optional<Seen> found;
  const auto done = cursor.read_to(
      end, [&](const rd_kafka_message_t& message) -> Result<Visit> {
        const auto named = epoch_of(header_of(message, epoch_header));
        if (!named || *named < epoch) return Visit::next;
        if (*named == epoch && header_of(message, kind_header) == claim_kind)
          found = seen(message);
        return Visit::stop;
      });
  if (!done) return done.error();
  return found;
}

std::string daemon_text(const Seen& message) {
  return "the daemon at " + in_quotes(*message.header(writer_header)) +
         ", transactional id " +
         in_quotes(message.header(transactional_id_header).value_or(""));
}

std::string of_epoch(const KafkaSettings& settings, std::uint32_t partition,
                     std::uint32_t epoch, std::uint64_t end) {
  const std::string text =
      "its first message names epoch " + std::to_string(epoch);
  const auto claim = find_claim(settings, partition, epoch, end);
  if (!claim) return text + "; who claimed it: " + claim.error().message;
  if (!claim.value()) return text + ", which nobody claimed";
  if (!claim.value()->header(writer_header))
    return text + ", claimed by a daemon of a version that does not say where";
  return text + ", claimed by " + daemon_text(*claim.value());
}

std::string foreign(const Seen& message) {
  std::string text = "no daemon wrote it: its first message has ";
  text += message.key.empty() ? "no key" : "the key " + in_quotes(message.key);
  if (message.headers.empty()) return text + " and no headers";
  text += " and the headers ";
  std::size_t count = 0;
  for (const auto& [name, value] : message.headers) {
    if (count == most_headers) return text + ", ...";
    text +=
        (count++ == 0 ? "" : ", ") + in_quotes(name) + ' ' + in_quotes(value);
  }
  return text;
}

std::string whose(const KafkaSettings& settings, const std::string& topic,
                  std::uint32_t partition, std::uint64_t offset,
                  const Seen& message) {
  if (topic == settings.topic("journal")) {
    if (message.header(writer_header))
      return daemon_text(message) + ", began it";
    const auto epoch = message.header(epoch_header);
    if (const auto number = epoch_of(epoch); number && *number > 0)
      return of_epoch(settings, partition, *number, offset);
  } else if (const auto from = message.header(forwarded_header)) {
    return "whichever daemon had partition " +
           from->substr(0, from->find(':')) +
           " began it, to forward the command at " + in_quotes(*from);
  }
  return foreign(message);
}

std::string tool(const KafkaSettings& settings, const std::string& what) {
  std::string text =
      "kafka-transactions.sh --bootstrap-server " + settings.bootstrap;
  for (const auto& [key, value] : settings.properties) {
    if (!key.starts_with("security.") && !key.starts_with("sasl.")) continue;
    text += " --command-config FILE";
    break;
  }
  return text + ' ' + what;
}

}  // namespace

std::string describe_hanging(const KafkaSettings& settings,
                             const std::string& topic, std::uint32_t partition,
                             std::uint64_t offset) {
  std::string text = "a transaction hangs that began at Kafka offset " +
                     std::to_string(offset);
  const auto first = read_open(settings, topic, partition, offset);
  if (!first) {
    text += "; its first message cannot be read: " + first.error().message;
  } else if (!first.value()) {
    text += "; its first message is not there";
  } else {
    if (!first.value()->when.empty()) text += " at " + first.value()->when;
    text += "; " + whose(settings, topic, partition, offset, *first.value());
  }
  const std::string place =
      " --topic " + topic + " --partition " + std::to_string(partition);
  return text + "; to see its producer: " +
         tool(settings, "describe-producers" + place) + "; to end it: " +
         tool(settings,
              "abort" + place + " --start-offset " + std::to_string(offset));
}

}  // namespace understudy::kafka
