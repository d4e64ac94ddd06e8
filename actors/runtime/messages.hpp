#pragma once

/// Every message inside the runtime, on one page.
///
///     outside  --Submit-->  journal  --Handle-->  actor
///     provider --ProviderNotice, Listed--> journal
///                           journal  <--Decided-- actor
///                           journal  --Retire-->  actor   (has nothing to do)
///                           journal  <--Rested--- actor   (its state; it ends)
///                           journal  --Commit-->  committer
///                           journal  <--Committed-- committer
///     clock    --Tick-->    journal                (a deadline is due)
///     driver   --Flush-->   journal                (virtual time only)

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "actors/core/result.hpp"
#include "actors/ports/capacity_provider.hpp"
#include "actors/runtime/dispatch.hpp"
#include "actors/runtime/record.hpp"

namespace understudy {

/// What the sender of a command is told, once it is durable.
struct CommandAnswer {
  bool accepted = false;
  std::string reason;    ///< A reason code when refused.
  std::string field;     ///< Where in the command.
  std::string value;     ///< What stood there.
  std::string expected;  ///< What would be accepted.
  /// Last record of the decision; 0 when the command changed nothing.
  std::uint64_t sequence = 0;
};

using Reply = std::function<void(const CommandAnswer&)>;

/// What an input would be answered and cause, were it given now.
using Preview =
    std::function<void(const CommandAnswer&, const std::vector<AnyEvent>&)>;

/// An input from outside for one stream. `reply` may be empty. With a
/// `preview` the input is only tried: nothing is recorded.
struct Submit {
  StreamId to;
  OutsideInput input;
  Reply reply = {};
  Preview preview = {};
};

/// An input for an actor. `routed` is empty when `cause` holds the input.
struct Handle {
  Cause cause;
  std::optional<AnyInput> routed;
  Instant now;
  std::uint64_t delivered = 0;
  Reply reply = {};
  Preview preview = {};
};

/// What an actor made of one input. With no events nothing else counts but
/// `answer`.
struct Decided {
  StreamId stream;
  Cause cause;
  Instant now;
  std::uint64_t delivered = 0;
  std::vector<AnyEvent> events;
  std::vector<AnyEffect> effects;  ///< All that are owed after it.
  Instant deadline = Instant::never();
  bool ended = false;
  std::optional<CommandAnswer> answer;
  Reply reply;
};

struct Retire {};

/// Shared only because messages must be copyable; there is one owner.
struct Rested {
  StreamId stream;
  std::shared_ptr<AnyState> state;
};

/// Encoded records, to be appended as sequences `first` and following.
struct Batch {
  std::uint64_t first = 0;
  std::vector<std::byte> bytes;
  std::vector<std::size_t> ends;  ///< Where each record ends in `bytes`.
};

struct Commit {
  std::shared_ptr<const Batch> batch;
};

struct Committed {
  std::uint64_t last = 0;
  std::optional<Error> error;
};

struct Tick {};
struct Flush {};
struct Sweep {};

/// The provider's list, as it was asked for when `alive` were alive.
struct Listed {
  std::vector<ProviderInstance> instances;
  std::vector<StreamId> alive;
};

}  // namespace understudy
