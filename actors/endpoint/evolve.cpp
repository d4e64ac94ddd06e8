#include "actors/endpoint/evolve.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "actors/endpoint/decider.hpp"
#include "actors/endpoint/queries.hpp"

namespace understudy::endpoint {
namespace {

constexpr std::size_t remembered_answers = 128;

/// Several events of one decision may name its command. A command that was
/// answered before makes no event, so that only the newest answer is compared.
void remember(State& state, Answer answer) {
  auto& answers = state.answers;
  if (answer.command.empty() && answer.ok) return;
  if (!answers.empty() && answers.back().command == answer.command) return;
  if (answers.size() >= remembered_answers) answers.pop_front();
  answers.push_back(std::move(answer));
}

void remember_done(State& state, const std::string& command) {
  Answer answer;
  answer.command = command;
  answer.ok = true;
  remember(state, std::move(answer));
}

const PoolSpec* pool_spec(const EndpointSpec& spec, const PoolState& pool) {
  for (const VariantSpec& variant : spec.variants) {
    if (variant.name != pool.variant) continue;
    for (const PoolSpec& candidate : variant.pools) {
      if (candidate.name == pool.name) return &candidate;
    }
  }
  return nullptr;
}

bool same_offerings(const PoolSpec& a, const PoolSpec& b) {
  return a.instance_type == b.instance_type && a.zones == b.zones &&
         a.market == b.market;
}

/// Pools that are no longer specified go, with all that names them.
void remove_pools(State& state, const EndpointSpec& spec) {
  std::erase_if(state.pools, [&](const auto& entry) {
    return pool_spec(spec, entry.second) == nullptr;
  });
  for (auto& [id, operation] : state.operations) {
    std::erase_if(operation.asked, [&](std::uint32_t number) {
      return !state.pools.contains(number);
    });
  }
}

void rank_pools(State& state, const VariantSpec& spec) {
  std::vector<const PoolSpec*> order;
  for (const PoolSpec& pool : spec.pools)
    order.push_back(&pool);
  std::sort(order.begin(), order.end(),
            [](const PoolSpec* a, const PoolSpec* b) {
              return std::tie(a->priority, a->price_micros_per_hour, a->name) <
                     std::tie(b->priority, b->price_micros_per_hour, b->name);
            });
  std::uint32_t rank = 0;
  for (const PoolSpec* pool : order) {
    PoolState& known = state.pools[pool_number(state, spec.name, pool->name)];
    known.rank = rank++;
    known.priority = pool->priority;
    known.quota_family = pool->quota_family;
  }
}

/// A pool whose offerings changed is a new one: nothing is known of it.
void take_on_pools(State& state, const EndpointSpec& spec, Instant at) {
  remove_pools(state, spec);
  for (const VariantSpec& variant : spec.variants) {
    for (const PoolSpec& pool : variant.pools) {
      std::uint32_t number = pool_number(state, variant.name, pool.name);
      if (number != 0) {
        PoolState& known = state.pools[number];
        const PoolSpec* before = pool_spec(state.spec, known);
        if (before != nullptr && same_offerings(*before, pool)) continue;
        known.infeasible = false;
        known.closed_until = {};
        known.last = {};
        known.open_since = at;
        continue;
      }
      number = ++state.last_pool;
      PoolState& added = state.pools[number];
      added.variant = variant.name;
      added.name = pool.name;
      added.open_since = at;
    }
    rank_pools(state, variant);
  }
}

void scale(State& state, const std::string& variant, std::uint32_t to,
           const std::string& command) {
  if (auto* known = find(state.variants, variant)) {
    known->desired = to;
    known->return_instance = {};
  }
  remember_done(state, command);
}

}  // namespace

const Answer* State::answer(std::string_view command) const {
  // Ids of one client begin alike and end differently.
  const auto it = std::find_if(
      answers.begin(), answers.end(), [command](const Answer& known) {
        return known.command.size() == command.size() &&
               (command.empty() || known.command.back() == command.back()) &&
               known.command == command;
      });
  return it == answers.end() ? nullptr : &*it;
}

void apply(State& state, const EndpointCreated& event, Instant at) {
  State born;
  born.status = Status::creating;
  born.created_at = at;
  born.last_operation = state.last_operation;
  born.last_request = state.last_request;
  born.last_pool = state.last_pool;
  born.answers = std::move(state.answers);
  state = std::move(born);
  for (const VariantSpec& variant : event.spec.variants) {
    state.variants[variant.name].desired = variant.initial_count;
  }
  take_on_pools(state, event.spec, at);
  state.spec = event.spec;
  remember_done(state, event.command);
}

void apply(State& state, const EndpointUpdated& event, Instant at) {
  take_on_pools(state, event.spec, at);
  state.spec = event.spec;
  for (auto& [name, variant] : state.variants)
    variant.return_instance = {};
  remember_done(state, event.command);
}

void apply(State& state, const EndpointInService&, Instant) {
  state.status = Status::in_service;
}

void apply(State& state, const EndpointFailed& event, Instant) {
  state.status = Status::failed;
  state.failure_reason = event.reason;
  state.failure_message = event.message;
}

void apply(State& state, const EndpointDeleting& event, Instant) {
  state.status = Status::deleting;
  remember_done(state, event.command);
}

void apply(State& state, const EndpointDeleted&, Instant) {
  State over;
  over.status = Status::deleted;
  over.last_operation = state.last_operation;
  over.last_request = state.last_request;
  over.last_pool = state.last_pool;
  over.answers = std::move(state.answers);
  state = std::move(over);
}

void apply(State& state, const ScaleOut& event, Instant) {
  scale(state, event.variant, event.to, event.command);
}

void apply(State& state, const ScaleIn& event, Instant) {
  scale(state, event.variant, event.to, event.command);
}

void apply(State& state, const CommandRefused& event, Instant) {
  remember(state, {event.command, false, event.reason, event.field, event.value,
                   event.accepted});
}

void apply(State& state, const CommandAccepted& event, Instant) {
  remember_done(state, event.command);
}

void Decider::evolve(State& state, const Event& event, Instant at) {
  std::visit([&](const auto& happened) { apply(state, happened, at); }, event);
}

}  // namespace understudy::endpoint
