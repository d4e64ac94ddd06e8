#pragma once

/// The steps that `decide` is made of. Each emits events through a draft and
/// so sees what the steps before it did.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "actors/core/decider.hpp"
#include "actors/endpoint/command.hpp"
#include "actors/endpoint/event.hpp"
#include "actors/endpoint/state.hpp"

namespace understudy::endpoint {

using Step = Draft<State, Event>;

// One per input; a command is known to be new and well-formed here.
void on(Step& step, const CreateEndpoint& input);
void on(Step& step, const UpdateEndpoint& input);
void on(Step& step, const ScaleVariant& input);
void on(Step& step, const DeleteEndpoint& input);
void on(Step& step, const LaunchGranted& input);
void on(Step& step, const LaunchDenied& input);
void on(Step& step, const PoolOpened& input);
void on(Step& step, const InstanceChanged& input);
void on(Step& step, const DesiredDecided& input);
void on(Step& step, const DeadlineReached& input);

/// How an operation is opened when instances are missing.
struct Shortfall {
  OperationKind kind = OperationKind::scale_out;
  std::string cause;
  std::vector<InstanceId> replaces;
  std::string first_pool;
  Instant not_before;
};

/// What to do with instances that are too many.
struct Excess {
  DrainReason reason = DrainReason::surplus;
  std::vector<InFlight> in_flight;
};

/// Brings held and pending instances of a variant to the wanted number: opens
/// one operation for what is missing, or cancels and drains what is too much.
void settle(Step& step, const std::string& variant, const Shortfall& missing,
            const Excess& excess = {});

/// E8. Cancels, then drains `count` instances of a variant.
void shed(Step& step, const std::string& variant, std::int64_t count,
          const Excess& excess);

/// Opens an operation and begins its first walk, unless it has to wait.
void open_operation(Step& step, const std::string& variant, std::uint32_t count,
                    const Shortfall& why);

/// Closes an operation that wants nothing more.
void complete_if_done(Step& step, OperationId id);

/// E10. Gives up a return that is still asked for. One that is launched
/// already stays, as an instance like all others.
void cancel_return(Step& step, const std::string& variant);

/// Sets the wanted number; `command` is empty when the autoscaler asked.
void scale(Step& step, const std::string& variant, std::uint32_t desired,
           const std::string& command, const std::vector<InFlight>& in_flight);

/// Begins a walk of an operation that waits for one. `opened` counts as open
/// whatever is known of it. False when there is no pool to ask.
bool begin_walk(Step& step, OperationId id, std::uint32_t opened = 0);

/// Begins a walk, or says that no pool can be asked and when to try again.
void begin_walk_or_wait(Step& step, OperationId id);

/// E3. Lets the oldest waiting operation of a variant walk, if a pool is open.
void begin_next_walk(Step& step, const std::string& variant);

void ask(Step& step, OperationId id, std::uint32_t pool, std::uint32_t count);

/// Takes on instances that were launched for an open request: those that are
/// not known yet.
void take_on(Step& step, RequestId id, const std::vector<InstanceId>& launched);

/// E4, E9. Fails the endpoint and gives everything back.
void fail(Step& step, std::string_view reason, std::string message,
          std::vector<PoolVerdict> pools);

/// Cancels all that is under way and drains all that is held.
void give_back_all(Step& step, DrainReason reason);

/// E6, E11. Announces what has come true with this decision.
void conclude(Step& step);

}  // namespace understudy::endpoint
