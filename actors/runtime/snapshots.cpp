#include "actors/runtime/snapshots.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "actors/runtime/snapshot_set.hpp"

namespace understudy {
namespace {

/// Bounds one commit: an append may have to wait for it.
constexpr std::size_t most_in_batch = 256;
constexpr std::size_t most_batch_bytes = std::size_t{256} << 10;

/// The set that counts, and the names of everything else.
struct Found {
  std::optional<SnapshotSet> set;
  std::vector<std::string> names;
};

Result<Found> find_set(const EventLog& log) {
  Found found;
  const auto read = log.read_snapshots([&](const Snapshot& one) {
    if (one.stream != name_of_place) {
      found.names.push_back(one.stream);
    } else {
      found.set = SnapshotSet::decode(one.bytes);
    }
    return Visit::next;
  });
  if (!read) return read.error();
  return found;
}

/// Whether the log holds the record that the set ends with.
Result<bool> belongs(const EventLog& log, const RecordCodec& codec,
                     const SnapshotSet& set) {
  bool holds = set.sequence == 0;
  if (holds) return false;
  const auto read = log.read(set.sequence, [&](const LogRecord& entry) {
    const auto record = codec.decode(entry.bytes);
    holds = record && record.value().sequence == set.sequence &&
            record.value().epoch == set.epoch &&
            record.value().time <= set.time;
    return Visit::stop;
  });
  if (!read) return read.error();
  return holds;
}

/// Takes over one stream; false when its snapshot does not hold.
bool take(const SnapshotSet& set, std::string_view name, const Snapshot& one,
          const RestCodec& rests, Fleet& fleet) {
  const auto stream = StreamId::parse(name);
  if (!stream || one.sequence != set.sequence) return false;
  Rest rest{blank_state(stream->kind()), 0, 0, {}};
  if (!rests.decode(one.bytes, rest)) return false;
  fleet.restore(*stream, std::move(rest));
  return true;
}

Result<std::uint64_t> remove(EventLog& log, std::span<const std::string> all) {
  for (std::size_t from = 0; from < all.size(); from += most_in_batch) {
    const auto count = std::min(most_in_batch, all.size() - from);
    if (auto done = log.remove_snapshots(all.subspan(from, count)); !done)
      return done.error();
  }
  return all.size();
}

/// Writes the streams of a set in batches.
class SetWriter {
 public:
  SetWriter(EventLog& log, SnapshotReport& report)
      : log_(log), report_(report) {}

  Result<void> add(Snapshot one) {
    ++report_.streams;
    report_.bytes += one.bytes.size();
    held_ += one.bytes.size();
    batch_.push_back(std::move(one));
    if (batch_.size() < most_in_batch && held_ < most_batch_bytes) return {};
    return flush();
  }

  Result<void> flush() {
    const auto done = log_.put_snapshots(batch_);
    batch_.clear();
    held_ = 0;
    return done;
  }

 private:
  EventLog& log_;
  SnapshotReport& report_;
  std::vector<Snapshot> batch_;
  std::size_t held_ = 0;
};

Result<void> write_streams(EventLog& log, const RestCodec& rests,
                           const Fleet& fleet, const SnapshotSet& set,
                           SnapshotReport& report) {
  SetWriter writer(log, report);
  for (const auto& stream : fleet.streams()) {
    Snapshot one{set.name_of(stream.text), set.sequence, {}};
    rests.encode(*fleet.find(stream.text), set.sequence, one.bytes);
    if (auto added = writer.add(std::move(one)); !added) return added;
  }
  return writer.flush();
}

/// The names that are no part of the set that counts.
std::vector<std::string> leftovers(const Found& found) {
  std::vector<std::string> names;
  for (const auto& name : found.names) {
    if (!found.set || !found.set->stream_of(name)) names.push_back(name);
  }
  return names;
}

Result<SnapshotReport> write_set(EventLog& log, const RestCodec& rests,
                                 const Fleet& fleet,
                                 const Undelivered& undelivered,
                                 const Found& found) {
  SnapshotReport report;
  report.sequence = fleet.sequence();
  SnapshotSet set;
  if (found.set) set.prefix = found.set->next_prefix();
  set.sequence = fleet.sequence();
  set.epoch = fleet.epoch();
  set.time = fleet.time();
  set.undelivered = undelivered.list();

  // What an attempt that was cut short left under this prefix must not be
  // taken for a part of the new set.
  const auto before = remove(log, leftovers(found));
  if (!before) return before.error();
  auto written = write_streams(log, rests, fleet, set, report);
  if (!written) return written.error();
  set.streams = report.streams;
  const Snapshot place = set.encode();
  report.bytes += place.bytes.size();
  written = log.put_snapshots({&place, 1});
  if (!written) return written.error();

  report.removed = before.value();
  if (!found.set) return report;
  auto old = found.names;
  std::erase_if(old, [&](const std::string& name) {
    return !found.set->stream_of(name).has_value();
  });
  const auto after = remove(log, old);
  if (!after) return after.error();
  report.removed += after.value();
  return report;
}

std::string why_withheld(const Fleet& fleet) {
  for (const auto& stream : fleet.streams()) {
    const auto& reason = fleet.find(stream.text)->stopped;
    if (!reason.empty()) {
      return "stream " + stream.text + " has stopped: " + reason;
    }
  }
  return fleet.sequence() == 0 ? "the log is empty" : "";
}

}  // namespace

Result<bool> restore_fleet(const EventLog& log, const RecordCodec& records,
                           const RestCodec& rests, Fleet& fleet,
                           Undelivered& undelivered) {
  const auto found = find_set(log);
  if (!found) return found.error();
  if (!found.value().set) return false;
  const SnapshotSet& set = *found.value().set;
  const auto ours = belongs(log, records, set);
  if (!ours) return ours.error();
  if (!ours.value()) return false;

  Fleet restored;
  bool holds = true;
  std::uint64_t streams = 0;
  const auto read = log.read_snapshots([&](const Snapshot& one) {
    const auto stream = set.stream_of(one.stream);
    if (!stream) return Visit::next;
    ++streams;
    holds = take(set, *stream, one, rests, restored);
    return holds ? Visit::next : Visit::stop;
  });
  if (!read) return read.error();
  if (!holds || streams != set.streams) return false;
  restored.set_position(set.sequence, set.epoch, set.time);
  fleet = std::move(restored);
  for (const auto& [told, to] : set.undelivered)
    undelivered.expect(told, to);
  return true;
}

Result<SnapshotReport> snapshot_fleet(EventLog& log, const RestCodec& rests,
                                      const Fleet& fleet) {
  SnapshotReport report;
  report.withheld = why_withheld(fleet);
  if (!report.withheld.empty()) return report;
  const auto found = find_set(log);
  if (!found) return found.error();
  return write_set(log, rests, fleet, Undelivered(fleet), found.value());
}

Result<SnapshotReport> refresh_snapshots(EventLog& log,
                                         const RecordCodec& records,
                                         const RestCodec& rests) {
  const auto end = log.end();
  if (!end) return end.error();
  Fleet fleet;
  Undelivered undelivered(fleet);
  const auto restored = restore_fleet(log, records, rests, fleet, undelivered);
  if (!restored) return restored.error();
  const auto folded =
      replay(log, records, fleet, {end.value() - 1, Instant::never()},
             [&](const Record& record) { undelivered.see(record); });
  if (!folded) return folded.error();

  SnapshotReport report;
  report.sequence = fleet.sequence();
  report.folded = folded.value().records;
  report.withheld = why_withheld(fleet);
  if (!report.withheld.empty()) return report;
  const auto found = find_set(log);
  if (!found) return found.error();
  if (restored.value() && report.folded == 0) {
    // Nothing new; only what an attempt that was cut short left goes.
    const auto removed = remove(log, leftovers(found.value()));
    if (!removed) return removed.error();
    report.streams = found.value().set->streams;
    report.removed = removed.value();
    return report;
  }
  auto written = write_set(log, rests, fleet, undelivered, found.value());
  if (!written) return written.error();
  written.value().folded = report.folded;
  return written;
}

}  // namespace understudy
