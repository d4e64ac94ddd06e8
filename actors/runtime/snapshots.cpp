#include "actors/runtime/snapshots.hpp"

#include <optional>
#include <utility>

namespace understudy {
namespace {

/// The last record that the snapshots hold, read from the log.
Result<std::optional<Record>> record_at(const EventLog& log,
                                        const RecordCodec& codec,
                                        std::uint64_t sequence) {
  std::optional<Record> found;
  const auto read = log.read(sequence, [&](const LogRecord& entry) {
    auto record = codec.decode(entry.bytes);
    if (record) found = std::move(record).value();
    return Visit::stop;
  });
  if (!read) return read.error();
  return found;
}

}  // namespace

Result<bool> restore_fleet(const EventLog& log, const RecordCodec& records,
                           const RestCodec& rests, Fleet& fleet) {
  std::uint64_t newest = 0;
  auto read = log.read_snapshots([&](const Snapshot& one) {
    newest = std::max(newest, one.sequence);
    return Visit::next;
  });
  if (!read) return read.error();
  if (newest == 0) return false;
  auto last = record_at(log, records, newest);
  if (!last) return last.error();
  if (!last.value() || last.value()->sequence != newest) return false;

  Fleet restored;
  bool holds = true;
  read = log.read_snapshots([&](const Snapshot& one) {
    if (one.sequence != newest) return Visit::next;
    const auto stream = StreamId::parse(one.stream);
    if (!stream) {
      holds = false;
      return Visit::stop;
    }
    Rest rest{blank_state(stream->kind()), 0, 0, {}};
    holds = rests.decode(one.bytes, rest).ok();
    if (!holds) return Visit::stop;
    restored.restore(*stream, std::move(rest));
    return Visit::next;
  });
  if (!read) return read.error();
  if (!holds) return false;
  restored.set_position(newest, last.value()->epoch, last.value()->time);
  fleet = std::move(restored);
  return true;
}

Result<void> snapshot_fleet(EventLog& log, const RestCodec& rests,
                            const Fleet& fleet) {
  std::vector<Snapshot> all;
  for (const auto& stream : fleet.streams()) {
    const Rest& rest = *fleet.find(stream.text);
    if (!rest.stopped.empty()) return {};
    Snapshot one{stream.text, fleet.sequence(), {}};
    rests.encode(rest, fleet.sequence(), one.bytes);
    all.push_back(std::move(one));
  }
  if (all.empty()) return {};
  return log.put_snapshots(all);
}

}  // namespace understudy
