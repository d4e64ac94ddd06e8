#pragma once

/// One record of the log: an event with its envelope. Nothing here knows how
/// it is stored; `RecordCodec` is the door to that.
///
/// A decision is one or more records that follow one another. The first
/// carries the cause: the sequence of an event of another actor in the same
/// partition, or the input itself when it came from outside. Record and log
/// alone are enough to take the decision again.

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "actors/autoscaler/command.hpp"
#include "actors/autoscaler/event.hpp"
#include "actors/core/ids.hpp"
#include "actors/core/instant.hpp"
#include "actors/core/result.hpp"
#include "actors/endpoint/command.hpp"
#include "actors/endpoint/event.hpp"
#include "actors/instance/command.hpp"
#include "actors/instance/event.hpp"
#include "actors/pool/command.hpp"
#include "actors/pool/event.hpp"
#include "actors/ports/event_log.hpp"

namespace understudy {

template <class... Variants>
struct concat_variants;
template <class... A, class... B, class... Rest>
struct concat_variants<std::variant<A...>, std::variant<B...>, Rest...>
    : concat_variants<std::variant<A..., B...>, Rest...> {};
template <class... A>
struct concat_variants<std::variant<A...>> {
  using type = std::variant<A...>;
};

/// Every event of every actor.
using AnyEvent = concat_variants<endpoint::Event, pool::Event, instance::Event,
                                 autoscaler::Event>::type;

/// Inputs that come from outside and are therefore kept in the log. Inputs
/// that are events of other actors are found by their sequence instead.
using OutsideInput =
    std::variant<endpoint::CreateEndpoint, endpoint::UpdateEndpoint,
                 endpoint::ScaleVariant, endpoint::DeleteEndpoint,
                 pool::LaunchOutcome, pool::Reconciled, pool::OrphanFound,
                 pool::OrphanGone, instance::ProbeReport,
                 instance::ReclaimNotice, instance::DrainFinished,
                 instance::Gone, autoscaler::LoadWindow, DeadlineReached>;

/// Exactly one of the two: `sequence` 0 means that `input` holds it.
struct Cause {
  std::uint64_t sequence = 0;
  OutsideInput input = DeadlineReached{};
  friend bool operator==(const Cause&, const Cause&) = default;
};

struct Record {
  StreamId stream;
  std::uint64_t sequence = 0;  ///< In the partition, from 1, without gaps.
  std::uint64_t version = 0;   ///< In the stream, from 1, without gaps.
  std::uint32_t epoch = 0;     ///< Of the writer; never goes back.
  Instant time;                ///< Of the decision, as it was handed in.
  std::uint16_t decider_version = 0;
  std::uint16_t part = 0;   ///< Place in its decision, from 0.
  std::uint16_t parts = 1;  ///< Records of its decision.
  /// Highest sequence of another actor's event that was handed to this actor
  /// when it decided: what comes later is handed over again after a crash.
  std::uint64_t delivered = 0;
  Cause cause;  ///< Meaningful when `part` is 0.
  AnyEvent event;
  friend bool operator==(const Record&, const Record&) = default;
};

/// Whether a reader needs the inputs that decisions were taken on: folding
/// does not, and they are the larger part of many records.
enum class Causes : std::uint8_t { read, skip };

/// Turns records into bytes and back. Implemented by services/codec.
///
/// Thread safety: decoding from any thread; `encode` from one thread at a
/// time.
class RecordCodec {
 public:
  virtual ~RecordCodec() = default;

  /// Appends the record's bytes, a multiple of 8, to `out`. The same record
  /// gives the same bytes. Of a cause, `input` is stored only where it is
  /// the cause: `part` 0 and `cause.sequence` 0.
  virtual void encode(const Record& record,
                      std::vector<std::byte>& out) const = 0;

  /// Fills `record`, using again the memory that it holds: the way to read
  /// many. On error it holds anything. Errors: `corrupt` when checksum or
  /// structure do not hold, `too_new` for an event, input, enum value or
  /// format that this build does not know; the message names what was found.
  /// With `Causes::skip` `record.cause` holds anything.
  [[nodiscard]] virtual Result<void> decode_into(Bytes bytes, Record& record,
                                                 Causes causes) const = 0;

  [[nodiscard]] Result<void> decode_into(Bytes bytes, Record& record) const {
    return decode_into(bytes, record, Causes::read);
  }

  /// The stream of a record that `decode_into` calls `too_new`: its checksum
  /// and envelope hold, what it holds is not known. Needed to stop that
  /// stream alone. Errors: `corrupt`, or `too_new` for a newer format.
  [[nodiscard]] virtual Result<StreamId> stream_of(Bytes bytes) const = 0;

  /// The same, into a new record.
  [[nodiscard]] Result<Record> decode(Bytes bytes) const {
    Record record;
    if (auto done = decode_into(bytes, record); !done) return done.error();
    return record;
  }
};

/// The stored name of an event, such as `capacity-denied`.
[[nodiscard]] std::string_view event_name(const AnyEvent& event);

}  // namespace understudy
