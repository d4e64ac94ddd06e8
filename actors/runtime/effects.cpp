#include "actors/runtime/effects.hpp"

#include <algorithm>
#include <atomic>
#include <optional>
#include <utility>

namespace understudy {
namespace {

/// Between two calls that end an instance or ask for the list.
constexpr std::int64_t retry_ms = 1000;

pool::Grant grant_of(const ProviderInstance& instance) {
  return {instance.provider_ref, instance.address};
}

pool::LaunchOutcome outcome_of(const pool::Launch& launch,
                               const LaunchAnswer& answer) {
  pool::LaunchOutcome outcome{launch.request, launch.attempt,       {},
                              answer.refused, answer.kind,          answer.code,
                              answer.message, answer.retry_after_ms};
  for (const auto& one : answer.granted) {
    outcome.granted.push_back(grant_of(one));
  }
  return outcome;
}

}  // namespace

std::string launch_token(const StreamId& pool, RequestId request,
                         std::uint16_t attempt) {
  return pool.text.substr(pool.text.find('/') + 1) + '/' +
         std::to_string(request.value) + '-' + std::to_string(attempt);
}

std::optional<TokenParts> parse_token(std::string_view token) {
  const auto slash = token.rfind('/');
  if (slash == std::string_view::npos) return std::nullopt;
  auto pool = StreamId::parse("pool/" + std::string(token.substr(0, slash)));
  auto id = parse_instance_id(std::string(token.substr(slash + 1)) + "-0");
  if (!pool || !id) return std::nullopt;
  return TokenParts{*std::move(pool), id->request(), id->attempt()};
}

/// What callbacks share: it outlives the object while any of them is due.
struct Effects::Core : std::enable_shared_from_this<Effects::Core> {
  Core(World w, std::string o, Submitter s)
      : world(w), owner(std::move(o)), submit(std::move(s)) {}

  void answer(const StreamId& stream, OutsideInput input) {
    if (!closed) submit(stream, std::move(input));
  }

  void later(const std::string& key, std::function<void()> again) {
    world.clock.at(after_ms(world.clock.now(), retry_ms), "effects:" + key,
                   std::move(again));
  }

  void terminate(const StreamId& stream, const std::string& ref, Instant at,
                 const OutsideInput& gone) {
    if (closed) return;
    auto self = shared_from_this();
    world.capacity.terminate(ref, at, [=](TerminateAnswer result) {
      if (result == TerminateAnswer::gone) {
        self->answer(stream, gone);
        return;
      }
      self->later(ref, [=] { self->terminate(stream, ref, at, gone); });
    });
  }

  void list(const ListReceiver& receive) {
    if (closed) return;
    auto self = shared_from_this();
    world.capacity.list(
        owner, [=](const Result<std::vector<ProviderInstance>>& result) {
          if (self->closed) return;
          if (result) {
            receive(result.value());
            return;
          }
          self->later("list", [=] { self->list(receive); });
        });
  }

  World world;
  std::string owner;
  Submitter submit;
  std::atomic<bool> closed = false;
};

namespace {

/// Starts one effect; one overload each.
template <class Core>
struct Starter {
  const StreamId& stream;
  std::shared_ptr<Core> core;

  void operator()(const endpoint::NoEffect&) const {}

  void operator()(const pool::Launch& e) const {
    core->world.capacity.launch(
        {core->owner, launch_token(stream, e.request, e.attempt), e.offering,
         e.count, e.model, e.requested_at, e.environment, e.max_concurrency},
        [core = core, stream = stream, e](const LaunchAnswer& answer) {
          core->answer(stream, outcome_of(e, answer));
        });
  }

  void operator()(const pool::Reconcile& e) const {
    const auto token = launch_token(stream, e.request, e.attempt);
    core->list([core = core, stream = stream, e,
                token](const std::vector<ProviderInstance>& all) {
      pool::Reconciled found{e.request, e.attempt, {}};
      for (const auto& one : all) {
        if (one.token == token) found.found.push_back(grant_of(one));
      }
      core->answer(stream, std::move(found));
    });
  }

  void operator()(const pool::GiveBack& e) const {
    core->terminate(stream, e.provider_ref, e.requested_at,
                    pool::OrphanGone{e.provider_ref});
  }

  void operator()(const instance::Watch& e) const {
    core->world.probe.watch(
        {stream.text, e.provider_ref, e.address, e.probe_interval_ms,
         e.healthy_threshold, e.unhealthy_threshold, e.launched_at, e.ping_path,
         e.probe_timeout_ms},
        [core = core, stream = stream](const ProbeOutcome& seen) {
          core->answer(stream,
                       instance::ProbeReport{seen.healthy, seen.failed_start,
                                             seen.consecutive, seen.detail});
        });
  }

  void operator()(const instance::AwaitDrained& e) const {
    core->world.probe.await_drained(
        {stream.text, e.address, e.since, e.deadline},
        [core = core, stream = stream](std::uint32_t left) {
          core->answer(stream, instance::DrainFinished{left});
        });
  }

  void operator()(const instance::Terminate& e) const {
    core->terminate(stream, e.provider_ref, e.requested_at, instance::Gone{});
  }

  void operator()(const autoscaler::Meter& e) const {
    core->world.load.start(
        std::string(stream.part(0)), std::string(stream.part(1)), e.window_ms,
        [core = core, stream = stream](const LoadFacts& facts) {
          core->answer(stream, window_of(facts));
        });
  }

  static autoscaler::LoadWindow window_of(const LoadFacts& facts) {
    autoscaler::LoadWindow window{facts.from, facts.to,           facts.desired,
                                  {},         facts.queued_milli, {}};
    for (const auto& one : facts.pools) {
      window.pools.push_back({one.pool, one.ready, one.reporting,
                              one.max_concurrency, one.in_flight_milli});
    }
    for (const auto& [id, in_flight] : facts.instances) {
      window.instances.push_back({id, in_flight});
    }
    return window;
  }
};

bool contains(const std::vector<AnyEffect>& all, const AnyEffect& one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

/// The provider's name in an effect of an instance; null in all others.
const std::string* ref_of(const AnyEffect& effect) {
  const auto* kind = std::get_if<instance::Effect>(&effect);
  if (kind == nullptr) return nullptr;
  if (const auto* watch = std::get_if<instance::Watch>(kind)) {
    return &watch->provider_ref;
  }
  if (const auto* end = std::get_if<instance::Terminate>(kind)) {
    return &end->provider_ref;
  }
  return nullptr;
}

}  // namespace

Effects::Effects(World world, std::string owner, Submitter submit,
                 NoticeReceiver notice)
    : core_(
          std::make_shared<Core>(world, std::move(owner), std::move(submit))) {
  world.capacity.on_notice(std::move(notice));
}

Effects::~Effects() { close(); }

void Effects::close() {
  core_->closed = true;
  core_->world.capacity.on_notice([](const ProviderNotice&) {});
}

void Effects::update(const StreamId& stream, std::vector<AnyEffect> wanted) {
  auto& running = running_[stream];
  for (const auto& effect : running) {
    if (!contains(wanted, effect)) cancel(stream, effect);
  }
  for (const auto& effect : wanted) {
    if (!contains(running, effect)) start(stream, effect);
  }
  for (const auto& effect : wanted) {
    if (const auto* ref = ref_of(effect))
      by_ref_.insert_or_assign(*ref, stream);
  }
  if (wanted.empty()) {
    for (const auto& effect : running) {
      if (const auto* ref = ref_of(effect)) by_ref_.erase(*ref);
    }
    running_.erase(stream);
    return;
  }
  running = std::move(wanted);
}

void Effects::start(const StreamId& stream, const AnyEffect& effect) {
  std::visit(
      [&](const auto& kind) {
        std::visit(Starter<Core>{stream, core_}, kind);
      },
      effect);
}

void Effects::cancel(const StreamId& stream, const AnyEffect& effect) {
  if (const auto* kind = std::get_if<instance::Effect>(&effect)) {
    if (!std::holds_alternative<instance::Terminate>(*kind)) {
      core_->world.probe.forget(stream.text);
    }
  } else if (std::holds_alternative<autoscaler::Effect>(effect)) {
    core_->world.load.stop(std::string(stream.part(0)),
                           std::string(stream.part(1)));
  }
}

std::vector<StreamId> Effects::live_instances() const {
  std::vector<StreamId> all;
  for (const auto& [stream, effects] : running_) {
    if (stream.kind() == ActorKind::instance) all.push_back(stream);
  }
  return all;
}

bool Effects::owes(const StreamId& stream) const {
  return running_.contains(stream);
}

std::optional<StreamId> Effects::instance_of(const std::string& provider_ref,
                                             const std::string& token,
                                             std::uint32_t index) const {
  const auto known = by_ref_.find(provider_ref);
  if (known != by_ref_.end()) return known->second;
  const auto parts = parse_token(token);
  if (!parts) return std::nullopt;
  return StreamId::instance(
      parts->pool.endpoint_name(),
      InstanceId::make(parts->request, parts->attempt,
                       static_cast<std::uint16_t>(index)));
}

void Effects::list(ListReceiver receive) { core_->list(std::move(receive)); }

}  // namespace understudy
