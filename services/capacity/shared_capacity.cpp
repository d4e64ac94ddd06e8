#include "services/capacity/shared_capacity.hpp"

#include <utility>

namespace understudy {

class SharedCapacity::Share final : public CapacityProvider {
 public:
  Share(SharedCapacity& whole, std::function<bool(const std::string&)> mine)
      : whole_(whole), mine_(std::move(mine)) {}

  ~Share() override {
    const std::lock_guard lock(whole_.mutex_);
    whole_.receivers_.erase(this);
  }

  void launch(const LaunchCall& call,
              std::function<void(LaunchAnswer)> done) override {
    whole_.provider_.launch(call, std::move(done));
  }

  void terminate(const std::string& provider_ref, Instant requested_at,
                 std::function<void(TerminateAnswer)> done) override {
    whole_.provider_.terminate(provider_ref, requested_at, std::move(done));
  }

  void list(const std::string& owner,
            std::function<void(Result<std::vector<ProviderInstance>>)> done)
      override {
    whole_.provider_.list(owner, std::move(done));
  }

  void on_notice(std::function<void(ProviderNotice)> notice) override {
    const std::lock_guard lock(whole_.mutex_);
    whole_.receivers_[this] = [this,
                               notice = std::move(notice)](ProviderNotice one) {
      if (mine_(one.token)) notice(std::move(one));
    };
  }

 private:
  SharedCapacity& whole_;
  const std::function<bool(const std::string&)> mine_;
};

SharedCapacity::SharedCapacity(CapacityProvider& provider)
    : provider_(provider) {
  provider_.on_notice([this](const ProviderNotice& notice) { tell(notice); });
}

std::unique_ptr<CapacityProvider> SharedCapacity::share(
    std::function<bool(const std::string& token)> mine) {
  return std::make_unique<Share>(*this, std::move(mine));
}

/// Receivers only pass a notice on, so they are called under the lock: none
/// is called once its share is gone.
void SharedCapacity::tell(const ProviderNotice& notice) {
  const std::lock_guard lock(mutex_);
  for (const auto& [share, receive] : receivers_)
    receive(notice);
}

}  // namespace understudy
