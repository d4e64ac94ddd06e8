#include "services/capacity/bounded_capacity.hpp"

#include <atomic>
#include <utility>

namespace understudy {
namespace {

std::string endpoint_of(const std::string& token) {
  return token.substr(0, token.find('/'));
}

/// Whoever answers first, provider or deadline, answers alone.
template <class Answer>
class Once {
 public:
  Once(std::function<void(Answer)> done, std::function<void()> leave)
      : done_(std::move(done)), leave_(std::move(leave)) {}

  /// False when it was answered before.
  bool answer(Answer value) {
    if (answered_.exchange(true)) return false;
    leave_();
    done_(std::move(value));
    return true;
  }

  [[nodiscard]] bool answered() const { return answered_; }

 private:
  std::atomic<bool> answered_ = false;
  std::function<void(Answer)> done_;
  std::function<void()> leave_;
};

}  // namespace

/// Shared with calls and timers: an answer may come when the object is gone.
struct BoundedCapacity::Core : std::enable_shared_from_this<Core> {
  Core(Clock& c, const CapacityLimits& limits)
      : clock(c),
        timeout_ms(limits.timeout_ms),
        launches(limits.calls),
        endings(limits.calls),
        lists({4, 4}) {}

  template <class Answer>
  void run(CallGate& gate, const std::string& key, Answer late,
           std::function<void(Answer)> done,
           std::function<void(std::function<void(Answer)>)> call) {
    auto self = shared_from_this();
    gate.enter(key, [self, &gate, key, late = std::move(late),
                     done = std::move(done), call = std::move(call)] {
      const auto once = std::make_shared<Once<Answer>>(
          done, [self, &gate, key] { gate.leave(key); });
      const auto at = after_ms(self->clock.now(), self->timeout_ms);
      const auto timer = self->clock.at(at, "call:" + key, [self, once, late] {
        if (once->answer(late)) ++self->timed_out;
      });
      call([self, once, timer](Answer value) {
        if (once->answer(std::move(value))) self->clock.cancel(timer);
      });
    });
  }

  Clock& clock;
  const std::uint32_t timeout_ms;
  // Gates of their own: endings in their thousands must not hold up a launch.
  CallGate launches;
  CallGate endings;
  CallGate lists;
  std::atomic<std::uint64_t> timed_out = 0;
};

BoundedCapacity::BoundedCapacity(Clock& clock, CapacityProvider& provider,
                                 const CapacityLimits& limits)
    : provider_(provider), core_(std::make_shared<Core>(clock, limits)) {}

/// What waits is kept alive by what it waits in, and calls this object.
BoundedCapacity::~BoundedCapacity() {
  core_->launches.close();
  core_->endings.close();
  core_->lists.close();
}

void BoundedCapacity::launch(const LaunchCall& call,
                             std::function<void(LaunchAnswer)> done) {
  LaunchAnswer late;
  late.kind = RefusalKind::unknown;
  late.code = "timed-out";
  late.message =
      "no answer within " + std::to_string(core_->timeout_ms / 1000) + " s";
  core_->run<LaunchAnswer>(
      core_->launches, endpoint_of(call.token), late, std::move(done),
      [this, call](std::function<void(LaunchAnswer)> answer) {
        provider_.launch(call, std::move(answer));
      });
}

void BoundedCapacity::terminate(const std::string& provider_ref,
                                Instant requested_at,
                                std::function<void(TerminateAnswer)> done) {
  core_->run<TerminateAnswer>(
      core_->endings, provider_ref, TerminateAnswer::failed, std::move(done),
      [=, this](std::function<void(TerminateAnswer)> answer) {
        provider_.terminate(provider_ref, requested_at, std::move(answer));
      });
}

void BoundedCapacity::list(
    const std::string& owner,
    std::function<void(Result<std::vector<ProviderInstance>>)> done) {
  using Listing = Result<std::vector<ProviderInstance>>;
  core_->run<Listing>(
      core_->lists, owner,
      Error{ErrorCode::unavailable, "the provider did not list in time"},
      std::move(done), [this, owner](std::function<void(Listing)> answer) {
        provider_.list(owner, std::move(answer));
      });
}

void BoundedCapacity::on_notice(std::function<void(ProviderNotice)> notice) {
  provider_.on_notice(std::move(notice));
}

BoundedCapacity::Counts BoundedCapacity::counts() const {
  return {core_->launches.running() + core_->endings.running(),
          core_->launches.waiting() + core_->endings.waiting(),
          core_->timed_out};
}

}  // namespace understudy
