#pragma once

/// The events of a daemon, over HTTP: a gateway on another machine needs no
/// access to the log.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "services/client/event_follower.hpp"
#include "services/gateway/fleet_source.hpp"

namespace understudy::gateway {

/// Thread safety: as `FleetSource`.
class ServerSource final : public FleetSource {
 public:
  explicit ServerSource(ServerAccess access);

  Result<Progress> next(std::chrono::milliseconds longest,
                        const See& see) override;
  void restart() override;
  [[nodiscard]] std::string where() const override {
    return access_.address.url();
  }

 private:
  Result<void> connect();

  const ServerAccess access_;
  std::unique_ptr<EventFollower> follower_;
  std::uint64_t seen_ = 0;
  std::optional<std::uint64_t> end_;  ///< Of the log, when first connected.
};

}  // namespace understudy::gateway
