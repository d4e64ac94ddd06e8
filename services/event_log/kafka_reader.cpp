#include "services/event_log/kafka_reader.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace understudy::kafka {
namespace {

constexpr std::size_t idle_cursors = 2;
/// Records between two places that are remembered.
constexpr std::uint64_t stride = 4096;
/// So far it is quicker to read than to look for a place.
constexpr std::uint64_t near_enough = 2 * stride;
constexpr std::uint64_t first_window = 64;

}  // namespace

JournalReader::JournalReader(const KafkaSettings& settings,
                             std::uint32_t partition,
                             std::shared_ptr<const OffsetAsker> asker,
                             Peek peek)
    : settings_(settings),
      topic_(settings.topic("journal")),
      partition_(partition),
      asker_(std::move(asker)),
      peek_(std::move(peek)) {}

Result<std::unique_ptr<JournalReader>> JournalReader::make(
    const KafkaSettings& settings, std::uint32_t partition,
    std::shared_ptr<const OffsetAsker> asker, Peek peek) {
  return std::unique_ptr<JournalReader>(new JournalReader(
      settings, partition, std::move(asker), std::move(peek)));
}

JournalFilter JournalReader::new_filter() const {
  return {partition_, topic_, peek_};
}

Result<std::uint64_t> JournalReader::stable_offset() const {
  const auto end = asker_->stable_end(topic_, partition_);
  if (!end) return end.error();
  const std::lock_guard lock(mutex_);
  stable_ = std::max(stable_, end.value());
  return stable_;
}

std::uint64_t JournalReader::voided() const {
  const std::lock_guard lock(mutex_);
  return voided_;
}

Result<JournalReader::Lease> JournalReader::take(std::uint64_t from) {
  {
    const std::lock_guard lock(mutex_);
    auto best = idle_.begin();
    for (auto at = idle_.begin(); at != idle_.end(); ++at) {
      if (at->filter.next() == from) best = at;
    }
    if (best != idle_.end()) {
      Lease lease = std::move(*best);
      idle_.erase(best);
      return lease;
    }
  }
  auto cursor = Cursor::make(settings_, topic_, partition_);
  if (!cursor) return cursor.error();
  return Lease{std::move(cursor).value(), new_filter()};
}

void JournalReader::give_back(Lease lease) {
  const std::lock_guard lock(mutex_);
  if (idle_.size() < idle_cursors) idle_.push_back(std::move(lease));
}

void JournalReader::remember(std::uint64_t sequence, std::uint64_t offset) {
  const std::lock_guard lock(mutex_);
  places_.emplace(sequence, offset);
}

Result<void> JournalReader::read(
    std::uint64_t from, const std::function<Visit(const LogRecord&)>& visit) {
  if (from == 0) {
    return Error{ErrorCode::invalid_input,
                 "reading from sequence 0; accepted: 1 or more"};
  }
  const auto end = stable_offset();
  if (!end) return end.error();
  auto taken = take(from);
  if (!taken) return taken.error();
  Lease& lease = taken.value();
  if (auto there = go_to(lease, from, end.value()); !there) return there;
  const auto voided_before = lease.filter.voided();
  const auto done = lease.cursor->read_to(
      end.value(), [&](const rd_kafka_message_t& one) -> Result<Visit> {
        const auto record = lease.filter.see(one);
        if (!record) return record.error();
        if (!record.value() || record.value()->sequence < from)
          return Visit::next;
        const LogRecord& found = *record.value();
        if (found.sequence % stride == 0)
          remember(found.sequence, found.position.offset);
        return visit(found);
      });
  {
    const std::lock_guard lock(mutex_);
    voided_ += lease.filter.voided() - voided_before;
  }
  if (!done) return done;
  give_back(std::move(lease));
  return {};
}

/// Puts the lease where record `from` or an earlier one comes next.
Result<void> JournalReader::go_to(Lease& lease, std::uint64_t from,
                                  std::uint64_t end) {
  if (lease.filter.next() == from && lease.cursor->position() <= end) return {};
  auto offset = find(*lease.cursor, from, end);
  if (!offset) return offset.error();
  lease.filter = new_filter();
  return lease.cursor->seek(offset.value());
}

Result<std::uint64_t> JournalReader::find(Cursor& cursor, std::uint64_t from,
                                          std::uint64_t end) {
  const auto range = asker_->ask(topic_, partition_);
  if (!range) return range.error();
  if (range.value().first != 0) {
    return Error{ErrorCode::corrupt,
                 topic_ + ' ' + std::to_string(partition_) +
                     " begins at Kafka offset " +
                     std::to_string(range.value().first) +
                     ": older records were deleted; its retention must be "
                     "without limit"};
  }
  // A record never stands at a lower offset than one less than its sequence.
  std::uint64_t low = 0;
  std::uint64_t low_sequence = 1;
  std::uint64_t high = end;
  {
    const std::lock_guard lock(mutex_);
    auto after = places_.upper_bound(from);
    if (after != places_.end()) high = std::min(high, after->second);
    if (after != places_.begin()) {
      --after;
      low_sequence = after->first;
      low = after->second;
    }
  }
  while (from - low_sequence > near_enough && low + near_enough < high) {
    const std::uint64_t middle = low + (high - low) / 2;
    const auto found = sequence_after(cursor, middle, high);
    if (!found) return found.error();
    if (!found.value() || *found.value() > from) {
      high = middle;
    } else {
      low = middle;
      low_sequence = *found.value();
      remember(low_sequence, low);
    }
  }
  return low;
}

/// The sequence that the first message from `offset` on tells of.
Result<std::optional<std::uint64_t>> JournalReader::sequence_after(
    Cursor& cursor, std::uint64_t offset, std::uint64_t end) {
  std::optional<std::uint64_t> found;
  JournalFilter filter = new_filter();
  if (auto there = cursor.seek(offset); !there) return there.error();
  const auto done =
      cursor.read_to(end, [&](const rd_kafka_message_t& one) -> Result<Visit> {
        const auto record = filter.see(one);
        if (!record) return record.error();
        if (record.value()) {
          found = record.value()->sequence;
        } else if (filter.next() != 0) {
          found = filter.next();
        }
        return found ? Visit::stop : Visit::next;
      });
  if (!done) return done.error();
  return found;
}

Result<JournalEnd> JournalReader::end() {
  const auto asked = stable_offset();
  if (!asked) return asked.error();
  const std::uint64_t stable = asked.value();
  JournalEnd known;
  {
    const std::lock_guard lock(mutex_);
    known = end_;
  }
  if (known.offset == stable) return known;
  auto taken = take(0);
  if (!taken) return taken.error();
  Lease& lease = taken.value();
  // Backwards in growing steps: trailing offsets may hold no message.
  for (std::uint64_t window = first_window;; window *= 16) {
    const std::uint64_t from =
        stable - std::min(stable, std::max(window, std::uint64_t{1}));
    const std::uint64_t begin = std::max(from, known.offset);
    // With headers: the last message says how far commands are dealt with.
    lease.filter = JournalFilter(partition_, topic_);
    if (auto there = lease.cursor->seek(begin); !there) return there.error();
    const auto done = lease.cursor->read_to(
        stable, [&](const rd_kafka_message_t& one) -> Result<Visit> {
          const auto seen = lease.filter.see(one);
          if (!seen) return seen.error();
          return Visit::next;
        });
    if (!done) return done.error();
    const bool whole = begin == known.offset || begin == 0;
    const JournalFilter& filter = lease.filter;
    if (!whole && (filter.next() == 0 || !filter.commands())) continue;
    if (filter.next() != 0) {
      known.next_sequence = filter.next();
      known.epoch = std::max(known.epoch, filter.epoch());
      if (filter.partitions() != 0) known.partitions = filter.partitions();
      if (filter.commands()) known.commands = filter.commands();
    }
    known.offset = stable;
    break;
  }
  lease.filter = new_filter();
  give_back(std::move(lease));
  const std::lock_guard lock(mutex_);
  if (end_.offset < known.offset) end_ = known;
  return known;
}

}  // namespace understudy::kafka
