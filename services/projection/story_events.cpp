#include "services/projection/story_events.hpp"

#include <string>

#include "services/projection/causes.hpp"
#include "services/projection/wording.hpp"

namespace understudy {
namespace {

void append(std::string& text, const std::string& more) {
  if (!text.empty()) text += ", ";
  text += more;
}

}  // namespace

// --- the endpoint's ---------------------------------------------------------

void OperationStory::EndpointEvents::operator()(
    const endpoint::OperationOpened& e) const {
  if (!ours(e.operation)) return;
  OperationExplanation& told = story.explanation_;
  story.found_ = true;
  told.variant = e.variant;
  told.kind = e.kind;
  told.count = e.count;
  told.deadline = e.deadline;
  told.opened = line_of(record);
}

void OperationStory::EndpointEvents::operator()(
    const endpoint::InstanceRequested& e) const {
  if (ours(e.operation)) story.ask(e, record);
}

void OperationStory::EndpointEvents::operator()(
    const endpoint::FallbackChosen& e) const {
  if (!ours(e.operation)) return;
  if (!story.frozen_) {
    story.pass_over(e.variant, e.to, record.time, e.passed_over);
  }
  choose();
}

void OperationStory::EndpointEvents::operator()(
    const endpoint::PoolsExhausted& e) const {
  if (!ours(e.operation)) return;
  if (!story.walking_) story.begin_walk(record.sequence, record.time);
  if (!story.frozen_) {
    story.pass_over(e.variant, {}, record.time, e.passed_over);
  }
  choose();
  story.end_walk();
}

void OperationStory::EndpointEvents::operator()(
    const endpoint::OperationCompleted& e) const {
  if (ours(e.operation)) story.explanation_.result = line_of(record);
}

void OperationStory::EndpointEvents::operator()(
    const endpoint::ProvisioningTimedOut& e) const {
  if (ours(e.operation)) story.explanation_.result = line_of(record);
}

void OperationStory::EndpointEvents::choose() const {
  if (!story.frozen_) story.explanation_.choices.push_back(line_of(record));
}

// --- the pools' -------------------------------------------------------------

void OperationStory::PoolEvents::operator()(
    const pool::LaunchAttempted& e) const {
  PoolLine* pool = story.asked(e.request);
  if (pool == nullptr) return;
  OfferingLine line;
  line.offering = e.offering;
  line.count = e.count;
  line.position = record.sequence;
  line.at = record.time;
  line.text = std::to_string(e.count) + " asked, no answer yet";
  pool->offerings.push_back(std::move(line));
}

void OperationStory::PoolEvents::operator()(
    const pool::InstanceLaunched& e) const {
  OperationExplanation& told = story.explanation_;
  if (e.operation != told.operation) return;
  OfferingLine* line = story.call(e.request, e.offering);
  if (line != nullptr) {
    line->granted = static_cast<std::uint32_t>(e.instances.size());
    line->position = record.sequence;
    line->at = record.time;
    line->text = std::to_string(line->count) + " asked, launched " +
                 std::to_string(e.instances.size());
  }
  for (const pool::LaunchedInstance& one : e.instances) {
    LaunchedLine launched;
    launched.instance = one.id;
    launched.pool = record.stream.part(2);
    launched.offering = e.offering;
    launched.provider_ref = one.provider_ref;
    launched.price_micros_per_hour = e.price_micros_per_hour;
    launched.launched = line_of(record);
    told.launched.push_back(std::move(launched));
  }
}

void OperationStory::PoolEvents::operator()(
    const pool::LaunchRefused& e) const {
  story.just_refused_[record.stream.text] = e.request;
  OfferingLine* line = story.call(e.request, e.offering);
  if (line == nullptr) return;
  if (line->granted == 0) line->text = std::to_string(line->count) + " asked";
  line->refused = e.count;
  line->kind = e.kind;
  line->code = e.code;
  line->message = e.message;
  line->position = record.sequence;
  line->at = record.time;
  append(line->text, "refused " + std::to_string(e.count) + ": " +
                         refusal_text(e.kind, e.code, e.message, 60));
}

void OperationStory::PoolEvents::operator()(
    const pool::LaunchDeferred& e) const {
  OfferingLine* line = story.call(e.request, e.offering);
  if (line == nullptr) return;
  line->kind = RefusalKind::throttled;
  line->position = record.sequence;
  line->at = record.time;
  line->text = "asked too often; asked again at " + time_text(e.until);
}

void OperationStory::PoolEvents::operator()(
    const pool::LaunchUnconfirmed& e) const {
  OfferingLine* line = story.call(e.request, e.offering);
  if (line == nullptr) return;
  line->kind = RefusalKind::unknown;
  line->position = record.sequence;
  line->at = record.time;
  line->text = "no answer; the provider's list is asked";
}

void OperationStory::PoolEvents::operator()(
    const pool::PoolCooledDown& e) const {
  const auto refused = story.just_refused_.find(record.stream.text);
  if (refused == story.just_refused_.end()) return;
  OfferingLine* line = story.call(refused->second, e.offering);
  if (line == nullptr || line->refused == 0) return;
  line->cooling_until = e.until;
  append(line->text, "left alone until " + time_text(e.until));
}

void OperationStory::PoolEvents::operator()(
    const pool::CapacityDenied& e) const {
  if (e.operation == story.explanation_.operation) story.deny(e, record);
}

// --- the instances' ---------------------------------------------------------

LaunchedLine* OperationStory::InstanceEvents::launched() const {
  const auto id = parse_instance_id(record.stream.part(1));
  if (!id) return nullptr;
  for (LaunchedLine& one : story.explanation_.launched) {
    if (one.instance == *id) return &one;
  }
  return nullptr;
}

void OperationStory::InstanceEvents::ended() const {
  LaunchedLine* one = launched();
  if (one != nullptr && !one->ended) one->ended = line_of(record);
}

void OperationStory::InstanceEvents::operator()(
    const instance::InstanceReady&) const {
  if (LaunchedLine* one = launched()) one->ready = line_of(record);
}

void OperationStory::InstanceEvents::operator()(
    const instance::InstanceStartFailed&) const {
  ended();
}

void OperationStory::InstanceEvents::operator()(
    const instance::InstanceTerminated&) const {
  ended();
}

void OperationStory::InstanceEvents::operator()(
    const instance::InstanceLost&) const {
  ended();
}

}  // namespace understudy
