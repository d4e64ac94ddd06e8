#pragma once

/// Why a fallback, an instance or any record came about, as plain described
/// values. Every line names the record it is taken from, so that it can be
/// checked. Built by OperationStory and by the functions in causes.hpp.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "actors/core/ids.hpp"
#include "actors/core/instant.hpp"
#include "actors/core/refusal.hpp"
#include "actors/endpoint/event.hpp"

namespace understudy {

/// One record, in one sentence. Position 0: an input from outside, which is
/// kept in the record that follows.
struct Line {
  std::uint64_t position = 0;
  Instant at;
  std::string stream;
  std::string event;
  std::string text;
  UNDERSTUDY_FIELDS(Line, position, at, stream, event, text)
};

/// What became of one offering while a pool was asked.
struct OfferingLine {
  Offering offering;
  std::uint32_t count = 0;  ///< Asked for; less than wanted: a probe.
  std::uint32_t granted = 0;
  std::uint32_t refused = 0;
  bool asked = true;  ///< False: passed over, as `text` says.
  RefusalKind kind = RefusalKind::none;
  std::string code;
  std::string message;
  Instant cooling_until;
  /// Of the answer; of the earlier refusal when it was passed over.
  std::uint64_t position = 0;
  Instant at;
  std::string text;
  UNDERSTUDY_FIELDS(OfferingLine, offering, count, granted, refused, asked,
                    kind, code, message, cooling_until, position, at, text)
};

/// One pool of a walk, asked or passed over.
struct PoolLine {
  std::string pool;
  std::uint32_t priority = 0;
  RequestId request;  ///< 0: it was passed over, as `text` says.
  std::uint32_t count = 0;
  std::uint64_t position = 0;
  Instant at;
  std::vector<OfferingLine> offerings;
  std::string text;
  std::optional<Line> denied;
  UNDERSTUDY_FIELDS(PoolLine, pool, priority, request, count, position, at,
                    offerings, text, denied)
};

struct LaunchedLine {
  InstanceId instance;
  std::string pool;
  Offering offering;
  std::string provider_ref;
  std::uint64_t price_micros_per_hour = 0;
  Line launched;
  std::optional<Line> ready;
  std::optional<Line> ended;
  UNDERSTUDY_FIELDS(LaunchedLine, instance, pool, offering, provider_ref,
                    price_micros_per_hour, launched, ready, ended)
};

/// One walk of an operation through the pools, with what came before and
/// after it in a few words.
struct OperationExplanation {
  std::string endpoint;
  std::string variant;
  OperationId operation;
  endpoint::OperationKind kind = endpoint::OperationKind::creation;
  std::uint32_t count = 0;
  Instant deadline;
  Line opened;
  std::uint32_t earlier_walks = 0;
  Instant earlier_from;
  std::vector<PoolLine> pools;  ///< In the order they were gone through.
  std::vector<Line> choices;    ///< Fallbacks and exhaustions of this walk.
  std::vector<LaunchedLine> launched;
  std::uint32_t later_walks = 0;
  std::optional<Line> result;
  UNDERSTUDY_FIELDS(OperationExplanation, endpoint, variant, operation, kind,
                    count, deadline, opened, earlier_walks, earlier_from, pools,
                    choices, launched, later_walks, result)
};

}  // namespace understudy
