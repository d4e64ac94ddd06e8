#include <deque>
#include <map>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "actors/endpoint/decider.hpp"
#include "tests/unit/endpoint/invariants.hpp"

namespace understudy::endpoint {
namespace {

/// The whole range from the first test on: `inRange` grows with the size.
int number(int low, int high) {
  return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange(low, high + 1));
}

bool chance(int percent) { return number(0, 99) < percent; }

/// An endpoint among pools and instances that keep to the protocol, with
/// every delay that it allows: word from one sender arrives in its order,
/// word from several in any.
class World {
 public:
  State state;
  bool capacity = true;  ///< Do pools grant what they are asked?
  bool calm = false;     ///< Do instances live long and prosper?

  World() {
    VariantSpec variant;
    variant.initial_count = static_cast<std::uint32_t>(number(1, 4));
    variant.provision_timeout_s =
        static_cast<std::uint32_t>(chance(50) ? 300 : 3'600);
    variant.health.max_start_failures = 100;
    variant.return_policy = {static_cast<ReturnMode>(number(0, 1)), 5'000,
                             5'000};
    for (int i = 1; i <= 3; ++i) {
      PoolSpec pool;
      pool.name = "p" + std::to_string(i);
      pool.instance_type = "type";
      pool.zones = {"zone"};
      pool.priority = static_cast<std::uint32_t>(i);
      variant.pools.push_back(pool);
    }
    tell(CreateEndpoint{"create", {"chat", {variant}}});
  }

  void tell(const Input& input) {
    for (const Event& event : Decider::decide(state, input, now_)) {
      std::visit([this](const auto& e) { hear(e); }, event);
    }
    RC_ASSERT(unsettled(state) == "");
  }

  void scale_to(int desired) {
    tell(ScaleVariant{"scale-" + std::to_string(++commands_),
                      "primary",
                      static_cast<std::uint32_t>(desired),
                      {}});
  }

  /// One thing happens. False when nothing is left to happen by itself.
  bool step() {
    std::vector<std::string> ready;
    for (const auto& [name, queue] : mail_) {
      if (!queue.empty()) ready.push_back(name);
    }
    std::vector<RequestId> open;
    for (const auto& [id, request] : requests_)
      open.push_back(id);
    std::vector<InstanceId> alive;
    for (const auto& [id, living] : instances_) {
      if (!calm || living.draining || !living.ready) alive.push_back(id);
    }
    const auto total = ready.size() + open.size() + alive.size();
    if (total == 0) return false;
    auto choice =
        static_cast<std::size_t>(number(0, static_cast<int>(total) - 1));
    if (choice < ready.size()) return deliver(ready[choice]);
    choice -= ready.size();
    if (choice < open.size()) return answer(open[choice]);
    return live(alive[choice - open.size()]);
  }

  void pass(std::int64_t ms) {
    now_ = after_ms(now_, ms);
    if (Decider::next_deadline(state) <= now_) tell(DeadlineReached{});
    for (auto& [pool, until] : cooling_) {
      if (until == Instant{} || now_ < until) continue;
      until = {};
      post(pool, PoolOpened{"primary", pool});
    }
  }

  [[nodiscard]] std::size_t living() const { return instances_.size(); }
  [[nodiscard]] std::size_t serving() const {
    std::size_t count = 0;
    for (const auto& [id, living] : instances_) {
      if (living.ready && !living.draining) ++count;
    }
    return count;
  }

 private:
  struct Asked {
    OperationId operation;
    std::string pool;
    std::uint32_t count = 0;
    std::uint32_t granted = 0;
    std::uint32_t cancelled = 0;
    std::uint16_t attempt = 0;
    [[nodiscard]] std::uint32_t wanted() const {
      return granted + cancelled >= count ? 0 : count - granted - cancelled;
    }
  };
  struct Living {
    bool ready = false;
    bool draining = false;
  };

  template <class T>
  void hear(const T&) {}
  void hear(const InstanceRequested& e) { post("to " + e.pool, e); }
  void hear(const LaunchCancelled& e) {
    if (e.request.value != 0) post("to " + e.pool, e);
  }
  void hear(const DrainRequested& e) { post("to " + to_string(e.instance), e); }

  using Mail =
      std::variant<Input, InstanceRequested, LaunchCancelled, DrainRequested>;

  void post(const std::string& queue, Mail mail) {
    mail_[queue].push_back(std::move(mail));
  }

  bool deliver(const std::string& queue) {
    const Mail mail = std::move(mail_[queue].front());
    mail_[queue].pop_front();
    if (const auto* input = std::get_if<Input>(&mail)) tell(*input);
    if (const auto* asked = std::get_if<InstanceRequested>(&mail)) {
      requests_[asked->request] = {asked->operation, asked->pool, asked->count};
    }
    if (const auto* cancelled = std::get_if<LaunchCancelled>(&mail)) {
      const auto it = requests_.find(cancelled->request);
      if (it != requests_.end()) it->second.cancelled += cancelled->count;
    }
    if (const auto* drain = std::get_if<DrainRequested>(&mail)) {
      const auto it = instances_.find(drain->instance);
      if (it != instances_.end()) it->second.draining = true;
    }
    return true;
  }

  bool answer(RequestId id) {
    Asked& asked = requests_[id];
    // An attempt in flight may grant what was cancelled meanwhile.
    const std::uint32_t most =
        chance(20) ? asked.count - asked.granted : asked.wanted();
    if (capacity ? most > 0 : (most > 0 && chance(30))) {
      grant(id, asked,
            static_cast<std::uint32_t>(number(1, static_cast<int>(most))));
    } else {
      LaunchDenied denied{asked.operation, id, "primary", asked.pool,
                          asked.wanted(),  {}, {}};
      if (asked.wanted() > 0) {
        denied.refusals = {{{}, RefusalKind::capacity, "Code", "text", {}}};
        denied.reopens_at = after_ms(now_, number(10'000, 60'000));
        cooling_[asked.pool] = denied.reopens_at;
      }
      post(asked.pool, denied);
      requests_.erase(id);
    }
    return true;
  }

  void grant(RequestId id, Asked& asked, std::uint32_t count) {
    LaunchGranted granted{asked.operation, id, "primary", asked.pool, {}};
    ++asked.attempt;
    for (std::uint32_t i = 0; i < count; ++i) {
      granted.instances.push_back(
          InstanceId::make(id, asked.attempt, static_cast<std::uint16_t>(i)));
      instances_[granted.instances.back()] = {};
    }
    asked.granted += count;
    const bool over = asked.granted == asked.count;
    post(asked.pool, granted);
    if (over) requests_.erase(id);
  }

  bool live(InstanceId id) {
    Living& one = instances_[id];
    InstanceChange change = InstanceChange::terminated;
    if (!one.draining) {
      change = InstanceChange::ready;
      if (!calm && chance(danger_)) {
        change = *rc::gen::element(InstanceChange::lost,
                                   one.ready ? InstanceChange::unhealthy
                                             : InstanceChange::start_failed,
                                   InstanceChange::reclaim_noticed);
      } else if (one.ready) {
        return true;
      }
    }
    post("from " + to_string(id), InstanceChanged{id, change, {}});
    if (change == InstanceChange::ready) {
      one.ready = true;
    } else if (change == InstanceChange::lost ||
               change == InstanceChange::terminated) {
      instances_.erase(id);
    } else {
      one.draining = true;
    }
    return true;
  }

  Instant now_{1'760'000'000'000'000};
  std::map<std::string, std::deque<Mail>> mail_;
  std::map<RequestId, Asked> requests_;
  std::map<InstanceId, Living> instances_;
  std::map<std::string, Instant> cooling_;
  int commands_ = 0;
  int danger_ = number(0, 30);  ///< How often an instance comes to harm.
};

void live_wildly(World& world) {
  const int steps = number(0, 400);
  const int plenty = number(10, 100);
  const int unrest = number(0, 5);
  for (int i = 0; i < steps; ++i) {
    world.capacity = chance(plenty);
    world.step();
    if (chance(unrest)) world.scale_to(number(0, 6));
    if (chance(10)) world.pass(number(0, 120'000));
  }
}

/// Until nothing happens any more but by time, which passes too.
void calm_down(World& world) {
  world.capacity = true;
  world.calm = true;
  for (int minute = 0; minute < 60; ++minute) {
    int steps = 0;
    while (world.step())
      RC_ASSERT(++steps < 20'000);
    world.pass(60'000);
  }
}

RC_GTEST_PROP(EndpointWorld, capacity_in_the_end_means_service, ()) {
  World world;
  live_wildly(world);
  calm_down(world);
  RC_ASSERT(world.state.requests.empty());
  if (world.state.status == Status::failed) {
    RC_ASSERT(world.living() == 0U);
    return;
  }
  RC_ASSERT(world.state.status == Status::in_service);
  const auto desired = world.state.variants.at("primary").desired;
  RC_ASSERT(world.state.operations.empty());
  RC_ASSERT(world.serving() == desired);
  RC_ASSERT(world.living() == desired);
}

RC_GTEST_PROP(EndpointWorld, deleted_means_that_nothing_lives_on, ()) {
  World world;
  live_wildly(world);
  world.tell(DeleteEndpoint{"delete"});
  const int steps = number(0, 50);
  for (int i = 0; i < steps; ++i) {
    world.capacity = chance(50);
    world.step();
    RC_ASSERT(world.state.status != Status::deleted || world.living() == 0);
  }
  calm_down(world);
  RC_ASSERT(world.state.status == Status::deleted);
  RC_ASSERT(world.living() == 0U);
}

}  // namespace
}  // namespace understudy::endpoint
