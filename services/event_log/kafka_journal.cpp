#include "services/event_log/kafka_journal.hpp"

#include <charconv>
#include <cstring>
#include <utility>

namespace understudy::kafka {
namespace {

template <class Number>
bool parse(std::string_view text, Number& number) {
  const auto* const end = text.data() + text.size();
  const auto [stop, wrong] = std::from_chars(text.data(), end, number);
  return wrong == std::errc{} && stop == end && !text.empty();
}

}  // namespace

struct JournalFilter::Fields {
  std::uint64_t sequence = 0;
  std::uint32_t epoch = 0;
  std::uint32_t partitions = 0;
  std::string_view kind;
  std::optional<std::string_view> commands;
  bool good = true;

  explicit Fields(const Peeked& peeked)
      : sequence(peeked.sequence), epoch(peeked.epoch) {}

  explicit Fields(const rd_kafka_message_t& message) {
    rd_kafka_headers_t* headers = nullptr;
    if (rd_kafka_message_headers(&message, &headers) !=
        RD_KAFKA_RESP_ERR_NO_ERROR)
      return;
    const char* name = nullptr;
    const void* value = nullptr;
    std::size_t size = 0;
    for (std::size_t at = 0;
         rd_kafka_header_get_all(headers, at, &name, &value, &size) ==
         RD_KAFKA_RESP_ERR_NO_ERROR;
         ++at) {
      take(name, {static_cast<const char*>(value), size});
    }
  }

 private:
  void take(std::string_view name, std::string_view value) {
    if (name == sequence_header) {
      good = parse(value, sequence) && good;
    } else if (name == epoch_header) {
      good = parse(value, epoch) && good;
    } else if (name == partitions_header) {
      good = parse(value, partitions) && good;
    } else if (name == kind_header) {
      kind = value;
    } else if (name == commands_header) {
      commands = value;
    }
  }
};

std::optional<std::string_view> header_of(const rd_kafka_message_t& message,
                                          const char* name) {
  rd_kafka_headers_t* headers = nullptr;
  const void* value = nullptr;
  std::size_t size = 0;
  if (rd_kafka_message_headers(&message, &headers) !=
          RD_KAFKA_RESP_ERR_NO_ERROR ||
      rd_kafka_header_get_last(headers, name, &value, &size) !=
          RD_KAFKA_RESP_ERR_NO_ERROR)
    return std::nullopt;
  return std::string_view(static_cast<const char*>(value), size);
}

Error JournalFilter::damaged(const rd_kafka_message_t& message,
                             const std::string& what) const {
  return {ErrorCode::corrupt, where_ + ' ' + std::to_string(partition_) +
                                  ", Kafka offset " +
                                  std::to_string(message.offset) + ": " + what};
}

Result<std::optional<LogRecord>> JournalFilter::see(
    const rd_kafka_message_t& message) {
  if (peek_ && message.len != 0) {
    const auto peeked =
        peek_({static_cast<const std::byte*>(message.payload), message.len});
    if (peeked) return see_record(message, Fields(*peeked));
  }
  return see_record(message, Fields(message));
}

Result<std::optional<LogRecord>> JournalFilter::see_record(
    const rd_kafka_message_t& message, const Fields& fields) {
  if (fields.kind == barrier_kind) return std::optional<LogRecord>();
  if (!fields.good || fields.epoch == 0) {
    return damaged(message,
                   "no message of Understudy: its headers do not name a "
                   "sequence and an epoch");
  }
  if (fields.epoch < epoch_) {
    ++voided_;
    return std::optional<LogRecord>();
  }
  if (!fields.kind.empty()) {
    if (auto done = see_about(message, fields); !done) return done.error();
    return std::optional<LogRecord>();
  }
  if (message.len == 0 || message.len % 8 != 0 || fields.sequence == 0) {
    return damaged(message, "a record of " + std::to_string(message.len) +
                                " bytes; accepted: a multiple of 8");
  }
  if (next_ != 0 && fields.sequence != next_) {
    return damaged(message, "record " + std::to_string(fields.sequence) +
                                ", expected " + std::to_string(next_));
  }
  epoch_ = fields.epoch;
  next_ = fields.sequence + 1;
  if (fields.commands) commands_ = std::string(*fields.commands);
  const auto* bytes = static_cast<const std::byte*>(message.payload);
  if (reinterpret_cast<std::uintptr_t>(bytes) % 8 != 0) {
    copy_.assign(bytes, bytes + message.len);
    bytes = copy_.data();
  }
  return std::optional<LogRecord>(
      LogRecord{{partition_, static_cast<std::uint64_t>(message.offset)},
                fields.sequence,
                {bytes, message.len}});
}

Result<void> JournalFilter::see_about(const rd_kafka_message_t& message,
                                      const Fields& fields) {
  if (fields.kind != claim_kind && fields.kind != note_kind) {
    return damaged(message, "a message of the kind '" +
                                std::string(fields.kind) +
                                "', which this build does not know");
  }
  // The sequence that the next record will get: a reader that begins here
  // knows it, and one that comes from before has seen all up to it.
  if (next_ != 0 && fields.sequence != next_) {
    return damaged(message, std::string(fields.kind) + " before record " +
                                std::to_string(fields.sequence) +
                                ", expected " + std::to_string(next_));
  }
  next_ = fields.sequence;
  epoch_ = fields.epoch;
  if (fields.partitions != 0) partitions_ = fields.partitions;
  if (fields.commands) commands_ = std::string(*fields.commands);
  return {};
}

}  // namespace understudy::kafka
