#include <algorithm>
#include <utility>

#include "services/projection/fold.hpp"

namespace understudy {
namespace {

void set(EndpointView& view, Condition now) {
  for (Condition& known : view.conditions) {
    if (known.type != now.type) continue;
    if (known.status == now.status) now.since = known.since;
    known = std::move(now);
    return;
  }
  view.conditions.push_back(std::move(now));
}

std::string of(std::uint32_t part, std::uint32_t whole) {
  return std::to_string(part) + " of " + std::to_string(whole);
}

void append(std::string& text, const std::string& more) {
  if (!text.empty()) text += "; ";
  text += more;
}

Condition in_service(const EndpointView& view, Instant at) {
  const std::string reason(name_of(view.status));
  const bool status = view.status == EndpointStatus::in_service;
  return {"InService", status, reason, view.failure_message, at};
}

Condition at_wanted_capacity(const EndpointView& view, Instant at) {
  bool enough = true;
  std::string message;
  for (const VariantView& variant : view.variants) {
    enough = enough && variant.ready >= variant.desired;
    append(message,
           variant.name + ": " + of(variant.ready, variant.desired) + " ready");
  }
  return {"AtWantedCapacity", enough, enough ? "enough-ready" : "below-wanted",
          message, at};
}

Condition placed(const EndpointHistory& history, Instant at) {
  std::string waiting;
  std::string asking;
  // Open operations are the latest ones, with rare exceptions; a long
  // history must not be gone through for each event.
  std::size_t looked = 0;
  for (auto it = history.operations.rbegin();
       it != history.operations.rend() && looked < 32; ++it, ++looked) {
    const OperationView& one = it->second;
    const std::uint32_t settled = one.granted + one.cancelled;
    if (one.ended_at.us != 0 || settled >= one.count) continue;
    const std::string text = "operation " + to_string(one.id) + ": " +
                             of(one.count - settled, one.count);
    if (one.status == OperationStatus::waiting) {
      append(waiting, text + " wait for a pool to open");
    } else {
      append(asking, text + " being asked for");
    }
  }
  if (!waiting.empty())
    return {"Placed", false, "pools-exhausted", waiting, at};
  if (!asking.empty()) return {"Placed", false, "asking-pools", asking, at};
  return {"Placed", true, "nothing-missing", {}, at};
}

Condition on_preferred_pools(const EndpointView& view, Instant at) {
  std::uint32_t elsewhere = 0;
  std::uint32_t held = 0;
  for (const VariantView& variant : view.variants) {
    for (const PoolView& pool : variant.pools) {
      held += pool.held;
      if (pool.spec.priority != variant.pools.front().spec.priority) {
        elsewhere += pool.held;
      }
    }
  }
  if (elsewhere == 0) {
    return {"OnPreferredPools", true, "preferred", {}, at};
  }
  return {"OnPreferredPools", false, "fallback-in-use",
          of(elsewhere, held) + " held in pools of lower preference", at};
}

}  // namespace

void update_conditions(EndpointHistory& history, Instant at) {
  EndpointView& view = history.endpoint;
  if (view.created_at.us == 0) return;
  set(view, in_service(view, at));
  set(view, at_wanted_capacity(view, at));
  set(view, placed(history, at));
  set(view, on_preferred_pools(view, at));
}

}  // namespace understudy
