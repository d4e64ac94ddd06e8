#include <algorithm>
#include <optional>
#include <utility>

#include "actors/endpoint/queries.hpp"
#include "actors/endpoint/reasons.hpp"
#include "actors/endpoint/steps.hpp"
#include "actors/endpoint/text.hpp"
#include "actors/endpoint/validate.hpp"

namespace understudy::endpoint {
namespace {

template <class Input>
void refuse(Step& step, const Input& input, const Violation& why) {
  step.emit(CommandRefused{input.command, std::string(Input::name),
                           std::string(why.reason), why.field, why.value,
                           why.accepted});
}

template <class Input>
void accept(Step& step, const Input& input) {
  step.emit(CommandAccepted{input.command, std::string(Input::name)});
}

/// Why a command that needs an endpoint at work finds none.
std::optional<Violation> not_at_work(const State& state) {
  switch (state.status) {
    case Status::absent:
    case Status::deleted:
      return Violation{reasons::endpoint_not_found, "", "",
                       "an endpoint that exists"};
    case Status::failed:
      return Violation{reasons::endpoint_failed, "", state.spec.name,
                       "delete-endpoint only"};
    case Status::deleting:
      return Violation{reasons::endpoint_deleting, "", state.spec.name,
                       "create-endpoint once it is deleted"};
    case Status::creating:
    case Status::in_service:
      return std::nullopt;
  }
  return std::nullopt;
}

const PoolSpec* find_pool(const VariantSpec& variant, std::string_view name) {
  for (const PoolSpec& pool : variant.pools) {
    if (pool.name == name) return &pool;
  }
  return nullptr;
}

const std::string& model_of(const VariantSpec& variant, const PoolSpec& pool) {
  return pool.model_override.empty() ? variant.model : pool.model_override;
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names)
    text += (text.empty() ? "" : ",") + name;
  return text;
}

Violation may_not_change(std::string field, std::string_view value,
                         std::string_view before) {
  return {reasons::cannot_change, std::move(field), shown(value),
          "'" + shown(before) + "' while the pool is in use"};
}

/// What a pool's instances run may not change under them.
std::optional<Violation> check_pool(const VariantSpec& before,
                                    const PoolSpec& was,
                                    const VariantSpec& after,
                                    const std::string& variant_path,
                                    std::size_t index) {
  const PoolSpec& now = after.pools[index];
  const std::string path =
      variant_path + ".pools[" + std::to_string(index) + "].";
  if (now.instance_type != was.instance_type) {
    return may_not_change(path + "instance_type", now.instance_type,
                          was.instance_type);
  }
  if (now.zones != was.zones) {
    return may_not_change(path + "zones", joined(now.zones), joined(was.zones));
  }
  if (now.market != was.market) {
    return may_not_change(path + "market", name_of(now.market),
                          name_of(was.market));
  }
  const std::string& model = model_of(after, now);
  if (model == model_of(before, was)) return std::nullopt;
  return may_not_change(now.model_override == was.model_override
                            ? variant_path + ".model"
                            : path + "model_override",
                        model, model_of(before, was));
}

std::string joined(const std::vector<EnvironmentVariable>& environment) {
  std::string text;
  for (const EnvironmentVariable& one : environment)
    text += (text.empty() ? "" : ",") + one.name + '=' + one.value;
  return text;
}

/// The same for all of a variant's instances.
std::optional<Violation> check_contract(const VariantSpec& before,
                                        const VariantSpec& after,
                                        const std::string& path) {
  if (after.health.ping() != before.health.ping()) {
    return may_not_change(path + ".health.ping_path", after.health.ping(),
                          before.health.ping());
  }
  if (after.environment != before.environment) {
    return may_not_change(path + ".environment", joined(after.environment),
                          joined(before.environment));
  }
  if (after.invocations() != before.invocations()) {
    return may_not_change(path + ".invocations_path", after.invocations(),
                          before.invocations());
  }
  return std::nullopt;
}

std::optional<Violation> check_pools(const State& state,
                                     const VariantSpec& before,
                                     const VariantSpec& after,
                                     const std::string& path) {
  for (const PoolSpec& was : before.pools) {
    if (!in_use(state, pool_number(state, before.name, was.name))) continue;
    if (find_pool(after, was.name) == nullptr) {
      return Violation{reasons::cannot_change, path + ".pools",
                       "without " + was.name,
                       "pools that include " + was.name +
                           ", which holds or awaits instances"};
    }
    if (auto wrong = check_contract(before, after, path)) return wrong;
    for (std::size_t i = 0; i < after.pools.size(); ++i) {
      if (after.pools[i].name != was.name) continue;
      auto wrong = check_pool(before, was, after, path, i);
      if (wrong) return wrong;
    }
  }
  return std::nullopt;
}

std::optional<Violation> check_update(const State& state,
                                      const EndpointSpec& spec) {
  if (spec.name != state.spec.name) {
    return Violation{reasons::cannot_change, "name", shown(spec.name),
                     state.spec.name};
  }
  const std::vector<std::string> known = variant_names(state);
  if (spec.variants.size() != known.size()) {
    return Violation{reasons::cannot_change, "variants",
                     std::to_string(spec.variants.size()) + " entries",
                     "the variants " + joined(known)};
  }
  for (std::size_t i = 0; i < spec.variants.size(); ++i) {
    const std::string path = "variants[" + std::to_string(i) + "]";
    const VariantSpec* before = variant_spec(state, spec.variants[i].name);
    if (before == nullptr) {
      return Violation{reasons::cannot_change, path + ".name",
                       spec.variants[i].name, "the variants " + joined(known)};
    }
    auto wrong = check_pools(state, *before, spec.variants[i], path);
    if (wrong) return wrong;
  }
  return std::nullopt;
}

/// A changed pool may be what a waiting operation waits for.
void walk_again(Step& step, const std::string& variant) {
  std::vector<OperationId> waiting;
  for (const auto& [id, operation] : step.state().operations) {
    if (operation.variant == variant && !operation.walking &&
        operation.unplaced > 0 && operation.not_before <= step.now()) {
      waiting.push_back(id);
    }
  }
  for (const OperationId id : waiting)
    begin_walk(step, id);
}

void follow_update(Step& step, const VariantSpec& spec,
                   const std::string& command) {
  cancel_return(step, spec.name);
  const std::uint32_t desired = step.state().variants.at(spec.name).desired;
  const std::uint32_t bounded =
      spec.scaling.enabled
          ? std::clamp(desired, spec.scaling.min_count, spec.scaling.max_count)
          : desired;
  if (bounded != desired) {
    scale(step, spec.name, bounded, command, {});
  } else {
    settle(step, spec.name, {});
  }
  walk_again(step, spec.name);
}

}  // namespace

void on(Step& step, const CreateEndpoint& input) {
  const State& state = step.state();
  if (active(state)) {
    return refuse(step, input,
                  {reasons::endpoint_exists, "", state.spec.name,
                   "update-endpoint, or delete-endpoint first"});
  }
  const auto busy = not_at_work(state);
  if (busy && busy->reason != reasons::endpoint_not_found) {
    return refuse(step, input, *busy);
  }
  EndpointSpec spec = with_defaults(input.spec);
  const auto wrong = validate(spec);
  if (!wrong.empty()) return refuse(step, input, wrong.front());
  step.emit(EndpointCreated{input.command, std::move(spec)});
  Shortfall missing;
  missing.kind = OperationKind::creation;
  missing.cause = "command " + input.command;
  for (const VariantSpec& variant : input.spec.variants)
    settle(step, variant.name, missing);
}

void on(Step& step, const UpdateEndpoint& input) {
  const State& state = step.state();
  auto wrong = not_at_work(state);
  if (!wrong && state.status == Status::creating) {
    wrong = Violation{reasons::endpoint_not_in_service, "", "creating",
                      "an endpoint in service"};
  }
  if (wrong) return refuse(step, input, *wrong);
  EndpointSpec spec = with_defaults(input.spec);
  const auto invalid = validate(spec);
  if (!invalid.empty()) return refuse(step, input, invalid.front());
  wrong = check_update(state, spec);
  if (wrong) return refuse(step, input, *wrong);
  if (spec == state.spec) return accept(step, input);
  const std::vector<VariantSpec> variants = spec.variants;
  step.emit(EndpointUpdated{input.command, std::move(spec)});
  for (const VariantSpec& variant : variants)
    follow_update(step, variant, input.command);
}

void on(Step& step, const ScaleVariant& input) {
  const State& state = step.state();
  const auto wrong = not_at_work(state);
  if (wrong) return refuse(step, input, *wrong);
  const VariantSpec* spec = variant_spec(state, input.variant);
  if (spec == nullptr) {
    return refuse(step, input,
                  {reasons::variant_not_found, "variant", shown(input.variant),
                   joined(variant_names(state))});
  }
  const ScalingPolicy& scaling = spec->scaling;
  const std::uint32_t low = scaling.enabled ? scaling.min_count : 0;
  const std::uint32_t high =
      scaling.enabled ? scaling.max_count : limits::instances;
  if (input.desired < low || input.desired > high) {
    return refuse(
        step, input,
        {reasons::out_of_range, "desired", std::to_string(input.desired),
         std::to_string(low) + " to " + std::to_string(high)});
  }
  if (input.desired == state.variants.at(input.variant).desired) {
    return accept(step, input);
  }
  scale(step, input.variant, input.desired, input.command, input.in_flight);
}

void on(Step& step, const DeleteEndpoint& input) {
  const auto wrong = not_at_work(step.state());
  if (wrong && wrong->reason == reasons::endpoint_not_found) {
    return refuse(step, input, *wrong);
  }
  if (step.state().status == Status::deleting) return accept(step, input);
  step.emit(EndpointDeleting{input.command, variant_names(step.state())});
  give_back_all(step, DrainReason::endpoint_deleted);
}

void on(Step& step, const DesiredDecided& input) {
  const State& state = step.state();
  const VariantSpec* spec = variant_spec(state, input.variant);
  if (state.status != Status::in_service || spec == nullptr ||
      !spec->scaling.enabled) {
    return;
  }
  const std::uint32_t desired = std::clamp(
      input.desired, spec->scaling.min_count, spec->scaling.max_count);
  if (desired == state.variants.at(input.variant).desired) return;
  scale(step, input.variant, desired, {}, input.in_flight);
}

}  // namespace understudy::endpoint
