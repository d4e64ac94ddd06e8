#pragma once

/// The state of every stream of one partition, folded from its log.
///
/// A stream that is over (`Decider::ended`) is not kept.
///
/// This is where actors rest: an actor takes its state out while it exists
/// and puts it back when it has nothing to do. Folding never spawns, never
/// decides and never fails on a changed policy: state comes from events.
///
/// Thread safety: none; it belongs to one thread or actor at a time.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "actors/core/result.hpp"
#include "actors/runtime/dispatch.hpp"
#include "actors/runtime/name_map.hpp"
#include "actors/runtime/record.hpp"

namespace understudy {

/// One stream at rest.
struct Rest {
  AnyState state;
  std::uint64_t version = 0;    ///< Records of this stream so far.
  std::uint64_t delivered = 0;  ///< See `Record::delivered`.
  std::string stopped;  ///< Why this stream takes nothing more; or empty.
};

class Fleet {
 public:
  /// Folds one record. Errors: `corrupt` when its sequence, version or epoch
  /// does not follow what was folded before; nothing is changed then.
  /// The record is used and given back as it was.
  Result<void> apply(Record& record);

  /// A record of `stream` could not be understood: the stream stops here,
  /// with the reason; all others go on.
  void stop(const StreamId& stream, std::uint64_t sequence, std::string reason);

  /// The stream's rest, made blank when it never had a record.
  Rest& rest(const StreamId& stream);
  [[nodiscard]] const Rest* find(std::string_view stream) const;
  void forget(const StreamId& stream);

  /// Takes over a stream's rest from a snapshot.
  void restore(const StreamId& stream, Rest rest);
  /// Says up to where this state stands, when it was not folded.
  void set_position(std::uint64_t sequence, std::uint32_t epoch, Instant time);

  /// All streams in the order of their names.
  [[nodiscard]] std::vector<StreamId> streams() const;

  [[nodiscard]] std::uint64_t sequence() const { return sequence_; }
  [[nodiscard]] std::uint32_t epoch() const { return epoch_; }
  /// The latest instant of a decision.
  [[nodiscard]] Instant time() const { return time_; }

  /// One number for the whole state: equal fleets, equal digests. Position
  /// and epoch do not count, so that a resumed run compares equal.
  [[nodiscard]] std::uint64_t digest() const;

 private:
  Result<Rest*> admit(const Record& record);
  void advance(const Record& record, Rest& rest);

  NameMap<Rest> rests_;
  std::uint64_t sequence_ = 0;
  std::uint32_t epoch_ = 0;
  Instant time_;
};

}  // namespace understudy
