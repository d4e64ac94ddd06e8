#pragma once

/// Folding a log into a fleet, and finding what it still owes: the one path
/// that recovery, `replay`, `verify` and every reader take.

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "actors/core/result.hpp"
#include "actors/ports/event_log.hpp"
#include "actors/runtime/fleet.hpp"
#include "actors/runtime/record.hpp"

namespace understudy {

/// A stream that a record stopped: later deliveries to it are refused.
struct StoppedStream {
  StreamId stream;
  Position position;
  std::string reason;
};

/// Where reading stops: whichever comes first.
struct ReplayUntil {
  std::uint64_t sequence = UINT64_MAX;  ///< The last record to fold.
  Instant time = Instant::never();      ///< Records later than this stop it.
};

struct Replayed {
  std::uint64_t records = 0;
  std::vector<StoppedStream> stopped;
};

/// Folds the records after `fleet.sequence()`. `seen` is called with each
/// record before it is folded, without its cause unless that is asked for; it
/// may be empty. Errors: `corrupt` with the
/// position of the first record that does not hold; `fleet` then stands just
/// before it. A record of a newer build stops its stream alone.
Result<Replayed> replay(const EventLog& log, const RecordCodec& codec,
                        Fleet& fleet, ReplayUntil until = {},
                        const std::function<void(const Record&)>& seen = {},
                        Causes causes = Causes::skip);

/// Deliveries that are recorded as events of their sender while nothing says
/// that their receiver got them. Fed with every record in order, before
/// `fleet`, which outlives it, folds it. A configuration that the receiver has
/// already is left out: it would be answered with nothing, and so would wait
/// for ever.
class Undelivered {
 public:
  explicit Undelivered(const Fleet& fleet) : fleet_(fleet) {}

  void see(const Record& record);
  /// A delivery that an earlier list names: `told` is its causing event.
  /// REQUIRES: called in the order of that list, before the records after it.
  void expect(std::uint64_t told, const StreamId& to);
  /// Sequences of the causing events with their receivers, in order.
  [[nodiscard]] std::vector<std::pair<std::uint64_t, StreamId>> list() const;

 private:
  const Fleet& fleet_;
  std::map<std::string, std::vector<std::uint64_t>, std::less<>> waiting_;
};

}  // namespace understudy
