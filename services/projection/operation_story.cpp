#include "services/projection/operation_story.hpp"

#include <algorithm>
#include <utility>

#include "services/projection/causes.hpp"
#include "services/projection/position_number.hpp"
#include "services/projection/story_events.hpp"
#include "services/projection/wording.hpp"

namespace understudy {
namespace {

/// Why a pool was not asked in a walk, from what is known of it: early records
/// do not say.
endpoint::PassedOver conclude(const PoolView& pool, Instant at) {
  const std::string& name = pool.spec.name;
  const bool infeasible =
      std::all_of(pool.offerings.begin(), pool.offerings.end(),
                  [](const OfferingView& one) { return one.infeasible; });
  if (infeasible) return {name, RefusalKind::infeasible, {}};
  const Instant closed = pool.closed_until();
  if (closed > at) return {name, RefusalKind::cooling, closed};
  const bool quota =
      pool.last_refusal && pool.last_refusal->kind == RefusalKind::quota;
  return {name, quota ? RefusalKind::quota : RefusalKind::none, {}};
}

std::string passed_over_text(const PoolView& pool,
                             const endpoint::PassedOver& why) {
  std::string text = "not asked: ";
  if (why.reason == RefusalKind::infeasible) {
    return text + "it can never satisfy this specification";
  }
  if (why.reason == RefusalKind::cooling) {
    text += "cooling down until " + time_text(why.until);
  } else if (why.reason == RefusalKind::quota) {
    text += "its quota family was refused";
  } else {
    text += "closed since its last refusal";
  }
  if (pool.last_refusal) {
    const RefusalView& last = *pool.last_refusal;
    text += " since " + to_string(position_at(last.position)) + " (" +
            refusal_text(last.kind, last.code, last.message, 40) + ")";
  }
  return text;
}

}  // namespace

OperationStory::OperationStory(std::string endpoint, OperationId operation,
                               std::uint64_t focus)
    : endpoint_(std::move(endpoint)), focus_(focus) {
  explanation_.endpoint = endpoint_;
  explanation_.operation = operation;
}

void OperationStory::see(const Record& record) {
  if (record.stream.endpoint_name() != endpoint_) return;
  switch (record.stream.kind()) {
    case ActorKind::endpoint:
      std::visit(EndpointEvents{*this, record}, record.event);
      break;
    case ActorKind::pool:
      if (found_) std::visit(PoolEvents{*this, record}, record.event);
      break;
    case ActorKind::instance:
      if (found_) std::visit(InstanceEvents{*this, record}, record.event);
      break;
    case ActorKind::autoscaler:
      break;
  }
  view_.see(record);
}

void OperationStory::begin_walk(std::uint64_t position, Instant at) {
  walking_ = true;
  ++walks_;
  if (walks_ > 1 && position > focus_) frozen_ = true;
  if (frozen_) {
    ++explanation_.later_walks;
    return;
  }
  if (walks_ > 1) {
    if (explanation_.earlier_walks == 0) {
      explanation_.earlier_from =
          explanation_.pools.empty() ? at : explanation_.pools.front().at;
    }
    ++explanation_.earlier_walks;
  }
  explanation_.pools.clear();
  explanation_.choices.clear();
}

/// Pools better than `until` that this walk went past. What is recorded of one
/// takes the place of what was concluded before.
void OperationStory::pass_over(
    const std::string& variant, const std::string& until, Instant at,
    const std::vector<endpoint::PassedOver>& recorded) {
  const EndpointHistory* history = view_.find(endpoint_);
  if (history == nullptr) return;
  const auto known = std::find_if(
      history->endpoint.variants.begin(), history->endpoint.variants.end(),
      [&](const VariantView& one) { return one.name == variant; });
  if (known == history->endpoint.variants.end()) return;
  for (const PoolView& pool : known->pools) {
    const std::string& name = pool.spec.name;
    if (name == until) return;
    const auto why = std::find_if(
        recorded.begin(), recorded.end(),
        [&](const endpoint::PassedOver& one) { return one.pool == name; });
    const bool is_recorded = why != recorded.end();
    auto& lines = explanation_.pools;
    const auto mentioned =
        std::find_if(lines.begin(), lines.end(),
                     [&](const PoolLine& one) { return one.pool == name; });
    if (mentioned != lines.end()) {
      if (is_recorded && mentioned->request.value == 0) {
        mentioned->text = passed_over_text(pool, *why);
      }
      continue;
    }
    PoolLine line;
    line.pool = name;
    line.priority = pool.spec.priority;
    line.at = at;
    line.text = passed_over_text(pool, is_recorded ? *why : conclude(pool, at));
    lines.push_back(std::move(line));
  }
}

void OperationStory::ask(const endpoint::InstanceRequested& request,
                         const Record& record) {
  if (!walking_) begin_walk(record.sequence, record.time);
  if (frozen_) return;
  pass_over(request.variant, request.pool, record.time);
  PoolLine line;
  line.pool = request.pool;
  line.request = request.request;
  line.count = request.count;
  line.position = record.sequence;
  line.at = record.time;
  if (const auto* history = view_.find(endpoint_)) {
    for (const VariantView& variant : history->endpoint.variants) {
      for (const PoolView& pool : variant.pools) {
        if (variant.name == request.variant && pool.spec.name == request.pool) {
          line.priority = pool.spec.priority;
        }
      }
    }
  }
  explanation_.pools.push_back(std::move(line));
}

PoolLine* OperationStory::asked(RequestId request) {
  for (PoolLine& one : explanation_.pools) {
    if (one.request == request && request.value != 0) return &one;
  }
  return nullptr;
}

OfferingLine* OperationStory::call(RequestId request,
                                   const Offering& offering) {
  PoolLine* pool = asked(request);
  if (pool == nullptr) return nullptr;
  auto& lines = pool->offerings;
  for (auto it = lines.rbegin(); it != lines.rend(); ++it) {
    if (it->offering == offering) return &*it;
  }
  return nullptr;
}

const OfferingView* OperationStory::offering(const StreamId& pool,
                                             const Offering& named) const {
  const EndpointHistory* history = view_.find(endpoint_);
  if (history == nullptr) return nullptr;
  for (const VariantView& variant : history->endpoint.variants) {
    if (variant.name != pool.part(1)) continue;
    for (const PoolView& one : variant.pools) {
      if (one.spec.name != pool.part(2)) continue;
      for (const OfferingView& known : one.offerings) {
        if (known.offering == named) return &known;
      }
    }
  }
  return nullptr;
}

void OperationStory::deny(const pool::CapacityDenied& denied,
                          const Record& record) {
  PoolLine* pool = asked(denied.request);
  if (pool == nullptr) return;
  pool->denied = line_of(record);
  for (const OfferingRefusal& refusal : denied.refusals) {
    if (call(denied.request, refusal.offering) != nullptr) continue;
    OfferingLine line;
    line.offering = refusal.offering;
    line.asked = false;
    line.kind = refusal.kind;
    line.code = refusal.code;
    line.message = refusal.message;
    line.cooling_until = refusal.until;
    line.at = record.time;
    line.text = refusal.kind == RefusalKind::cooling
                    ? "not asked: cooling until " + time_text(refusal.until)
                    : "not asked: " + std::string(name_of(refusal.kind));
    const OfferingView* known = offering(record.stream, refusal.offering);
    if (known != nullptr && known->last_refusal) {
      const RefusalView& last = *known->last_refusal;
      line.position = last.position;
      line.text += " since " + to_string(position_at(last.position)) + " (" +
                   refusal_text(last.kind, last.code, last.message, 40) + ")";
    }
    pool->offerings.push_back(std::move(line));
  }
}

}  // namespace understudy
