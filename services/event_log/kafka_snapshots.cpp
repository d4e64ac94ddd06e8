#include <cstring>
#include <map>
#include <utility>

#include "services/event_log/kafka_log.hpp"

// A snapshot is a message: its key the stream, its value the sequence (8
// bytes, little endian) and then its bytes. A null value removes it. The
// topic is compacted: it is a cache, and the journal has everything.

namespace understudy {
namespace {

constexpr std::size_t prefix_bytes = 8;
constexpr std::size_t longest_name_bytes = 511;

std::vector<std::byte> encode(const Snapshot& snapshot) {
  std::vector<std::byte> value(prefix_bytes + snapshot.bytes.size());
  for (std::size_t at = 0; at < prefix_bytes; ++at)
    value[at] = static_cast<std::byte>(snapshot.sequence >> (8 * at));
  if (!snapshot.bytes.empty()) {
    std::memcpy(value.data() + prefix_bytes, snapshot.bytes.data(),
                snapshot.bytes.size());
  }
  return value;
}

std::uint64_t sequence_of(const std::byte* value) {
  std::uint64_t sequence = 0;
  for (std::size_t at = 0; at < prefix_bytes; ++at)
    sequence |= std::to_integer<std::uint64_t>(value[at]) << (8 * at);
  return sequence;
}

}  // namespace

Result<void> KafkaLog::write_snapshots(
    std::span<const kafka::Outgoing> messages) {
  const std::lock_guard lock(snapshots_);
  if (!writer_) {
    return Error{ErrorCode::invalid_input,
                 "this log was opened for reading only"};
  }
  if (messages.empty()) return {};
  const std::string topic = settings_.topic("snapshots");
  if (!snapshot_producer_) {
    auto opened = kafka::Producer::open(
        settings_, topic + '.' + std::to_string(partition_), {topic});
    if (!opened) return opened.error();
    snapshot_producer_ = std::move(opened).value();
  }
  auto done = snapshot_producer_->begin();
  for (const auto& message : messages) {
    if (done) done = snapshot_producer_->send(message);
  }
  if (done) done = snapshot_producer_->commit();
  const std::int64_t offset = snapshot_producer_->last_offset(topic);
  if (!done) {
    // A cache: the next call begins anew.
    snapshot_producer_.reset();
    return done;
  }
  return snapshots_settling_.await(settings_, topic, partition_, offset, [&] {
    return asker_->stable_end(topic, partition_);
  });
}

Result<void> KafkaLog::put_snapshots(std::span<const Snapshot> batch) {
  std::vector<std::vector<std::byte>> values;
  std::vector<kafka::Outgoing> messages;
  values.reserve(batch.size());
  for (const Snapshot& one : batch) {
    if (one.stream.empty() || one.stream.size() > longest_name_bytes) {
      return Error{ErrorCode::invalid_input,
                   "a snapshot's stream has a name of " +
                       std::to_string(one.stream.size()) +
                       " bytes; accepted: 1 to 511"};
    }
    values.push_back(encode(one));
    messages.push_back({settings_.topic("snapshots"),
                        static_cast<std::int32_t>(partition_),
                        one.stream,
                        values.back(),
                        {}});
  }
  return write_snapshots(messages);
}

Result<void> KafkaLog::remove_snapshots(std::span<const std::string> streams) {
  std::vector<kafka::Outgoing> messages;
  for (const std::string& one : streams) {
    if (one.empty() || one.size() > longest_name_bytes) continue;
    messages.push_back({settings_.topic("snapshots"),
                        static_cast<std::int32_t>(partition_),
                        one,
                        {},
                        {}});
  }
  return write_snapshots(messages);
}

Result<void> KafkaLog::drop_snapshots() {
  std::vector<std::string> names;
  const auto read = read_snapshots([&names](const Snapshot& one) {
    names.push_back(one.stream);
    return Visit::next;
  });
  if (!read) return read;
  return remove_snapshots(names);
}

Result<void> KafkaLog::read_snapshots(
    const std::function<Visit(const Snapshot&)>& visit) const {
  const std::string topic = settings_.topic("snapshots");
  const auto range = asker_->ask(topic, partition_);
  if (!range) return range.error();
  auto cursor = kafka::Cursor::make(settings_, topic, partition_);
  if (!cursor) return cursor.error();
  if (auto there = cursor.value()->seek(range.value().first); !there)
    return there;
  std::map<std::string, Snapshot> latest;
  const auto read = cursor.value()->read_to(
      range.value().stable_end,
      [&](const rd_kafka_message_t& message) -> Result<Visit> {
        std::string stream(static_cast<const char*>(message.key),
                           message.key_len);
        const auto* value = static_cast<const std::byte*>(message.payload);
        // A message that is too short is no snapshot: a cache may be read
        // past what it cannot use.
        if (value == nullptr || message.len < prefix_bytes) {
          latest.erase(stream);
          return Visit::next;
        }
        Snapshot& one = latest[stream];
        one.stream = std::move(stream);
        one.sequence = sequence_of(value);
        one.bytes.assign(value + prefix_bytes, value + message.len);
        return Visit::next;
      });
  if (!read) return read;
  for (const auto& [stream, one] : latest) {
    if (visit(one) == Visit::stop) return {};
  }
  return {};
}

}  // namespace understudy
