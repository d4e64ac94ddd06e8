#pragma once

/// One provider for several partitions. Each has a share of its own: calls go
/// straight through, and a share hears of its own instances only.
///
/// Thread safety: all calls from any thread. Ownership: the provider must
/// outlive this, and this must outlive its shares. Nobody else may set the
/// provider's receiver of notices.

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "actors/ports/capacity_provider.hpp"

namespace understudy {

class SharedCapacity {
 public:
  explicit SharedCapacity(CapacityProvider& provider);
  SharedCapacity(const SharedCapacity&) = delete;
  SharedCapacity& operator=(const SharedCapacity&) = delete;

  /// `mine` says by its token whether an instance belongs to this share.
  [[nodiscard]] std::unique_ptr<CapacityProvider> share(
      std::function<bool(const std::string& token)> mine);

 private:
  class Share;
  void tell(const ProviderNotice& notice);

  CapacityProvider& provider_;
  std::mutex mutex_;
  std::map<const Share*, std::function<void(ProviderNotice)>> receivers_;
};

}  // namespace understudy
