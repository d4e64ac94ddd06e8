#include <utility>

#include "actors/endpoint/decider.hpp"
#include "actors/endpoint/queries.hpp"
#include "actors/endpoint/reasons.hpp"
#include "actors/endpoint/steps.hpp"
#include "actors/endpoint/text.hpp"

namespace understudy::endpoint {
namespace {

constexpr std::size_t longest_command_id = 128;

template <class Input>
concept Command = requires(const Input& input) {
  input.command;
};

/// E12. A command id that was answered already changes nothing.
template <Command Input>
void receive(Step& step, const Input& input) {
  const std::string id = shown(input.command, longest_command_id);
  if (step.state().answer(id) != nullptr) return;
  if (!id.empty() && id == input.command) return on(step, input);
  step.emit(CommandRefused{
      id, std::string(Input::name), std::string(reasons::invalid_command_id),
      "command", shown(input.command), "1 to 128 printable ASCII characters"});
}

template <class Input>
void receive(Step& step, const Input& input) {
  on(step, input);
}

bool all_ready(const State& state) {
  for (const auto& [name, variant] : state.variants) {
    const Counts counts = count(state, name);
    if (counts.pending + counts.starting != 0) return false;
    if (counts.ready != counts.desired) return false;
  }
  return true;
}

std::vector<PoolCount> ready_per_pool(const State& state) {
  std::vector<PoolCount> list;
  for (const auto& [name, variant] : state.variants) {
    for (const std::uint32_t number : ranked_pools(state, name)) {
      const PoolState& pool = state.pools.at(number);
      if (pool.ready > 0) list.push_back({name, pool.name, pool.ready});
    }
  }
  return list;
}

}  // namespace

void conclude(Step& step) {
  const State& state = step.state();
  if (state.status == Status::creating && all_ready(state)) {
    step.emit(EndpointInService{ms_between(state.created_at, step.now()),
                                ready_per_pool(state)});
  }
  if (state.status == Status::deleting && state.instances.empty() &&
      state.requests.empty()) {
    step.emit(EndpointDeleted{});
  }
}

std::vector<Event> Decider::decide(State& state, const Input& input,
                                   Instant now) {
  Step step(state, now, &Decider::evolve);
  std::visit([&](const auto& known) { receive(step, known); }, input);
  conclude(step);
  return std::move(step).take();
}

}  // namespace understudy::endpoint
