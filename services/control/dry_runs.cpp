#include "services/control/dry_runs.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include "actors/runtime/answers.hpp"
#include "actors/runtime/dispatch.hpp"
#include "services/control/kafka_form.hpp"
#include "services/projection/position_number.hpp"

namespace understudy {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::minutes kept{5};

Outcome not_ready(std::string why) {
  Outcome outcome;
  outcome.why = "a dry run from the log: " + std::move(why);
  return outcome;
}

/// Of a stream as it rests; null: it never had a record.
Outcome outcome_of(const StreamId& stream, const Rest* rest,
                   const OutsideInput& input, Instant now) {
  Outcome outcome;
  outcome.handling = Handling::answered;
  if (rest != nullptr && !rest->stopped.empty()) {
    outcome.answer = stopped_answer(stream, rest->stopped);
    return outcome;
  }
  AnyState state =
      rest != nullptr ? copy_of(rest->state) : blank_state(stream.kind());
  AnyInput routed;
  if (to_actor_input(stream.kind(), input, routed))
    outcome.events = decide(state, routed, now);
  outcome.answer = answer_to(state, input).value_or(CommandAnswer{});
  return outcome;
}

}  // namespace

Outcome DryRuns::preview(std::uint32_t partition, const Command& command,
                         Instant now, std::chrono::milliseconds wait) {
  std::shared_ptr<Folded> folded;
  {
    const std::lock_guard lock(mutex_);
    auto& place = folded_[partition];
    if (!place) place = std::make_shared<Folded>();
    place->used = steady_clock::now();
    folded = place;
  }
  const std::unique_lock lock(folded->mutex, wait);
  if (!lock) return not_ready("others read that partition's log just now");
  if (auto done = catch_up(partition, *folded); !done) {
    // Begun anew by the next one.
    folded->log.reset();
    return not_ready(done.error().message);
  }
  const StreamId stream = StreamId::endpoint(command.endpoint);
  const auto input = std::visit(
      [](const auto& one) -> OutsideInput { return one; }, command.input);
  const Fleet& fleet = folded->fleet;
  Outcome outcome = outcome_of(stream, fleet.find(stream.text), input,
                               std::max(now, fleet.time()));
  outcome.as_of = position_number(partition, fleet.sequence());
  return outcome;
}

Result<void> DryRuns::catch_up(std::uint32_t partition, Folded& folded) const {
  if (!folded.log) {
    auto opened =
        KafkaLog::open_reader(settings_, partition, peek_kafka_record);
    if (!opened) return opened.error();
    Fleet fleet;
    Undelivered undelivered(fleet);
    const auto restored =
        restore_fleet(*opened.value(), codec_, rest_codec_, fleet, undelivered);
    if (!restored) return restored.error();
    folded.log = std::move(opened).value();
    folded.fleet = std::move(fleet);
  }
  const auto done = replay(*folded.log, codec_, folded.fleet);
  if (!done) return done.error();
  return {};
}

void DryRuns::forget_idle() {
  const auto late = steady_clock::now() - kept;
  const std::lock_guard lock(mutex_);
  std::erase_if(folded_,
                [late](const auto& one) { return one.second->used < late; });
}

}  // namespace understudy
