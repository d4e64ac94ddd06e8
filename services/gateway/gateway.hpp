#pragma once

/// The gateway put together: a source of records, the routes made of them,
/// and the HAProxy that is kept true to the routes.
///
/// Thread safety: one thread, its owner's, runs it.

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "services/config/gateway_settings.hpp"
#include "services/gateway/directory_lock.hpp"
#include "services/gateway/fleet_routes.hpp"
#include "services/gateway/fleet_source.hpp"
#include "services/gateway/load_facts.hpp"
#include "services/gateway/meters.hpp"
#include "services/gateway/proxy_keeper.hpp"
#include "services/gateway/publisher.hpp"
#include "services/gateway/status_server.hpp"
#include "services/gateway/told_once.hpp"

namespace understudy::gateway {

/// The source that the settings name. Errors: those of `parse_server`,
/// `read_token_file`.
[[nodiscard]] Result<std::unique_ptr<FleetSource>> make_source(
    const GatewaySettings& settings);

/// The daemon that the settings name. Errors: as above.
[[nodiscard]] Result<ServerAccess> daemon_access(
    const GatewaySettings& settings);

/// Where load facts go: with the log on Kafka its load topic, else the
/// daemon. Errors: as above.
[[nodiscard]] Result<std::unique_ptr<Publisher>> make_publisher(
    const GatewaySettings& settings);

class Gateway {
 public:
  explicit Gateway(const GatewaySettings& settings);
  ~Gateway();
  Gateway(const Gateway&) = delete;
  Gateway& operator=(const Gateway&) = delete;

  /// Checks and starts everything. Errors: one line.
  [[nodiscard]] Result<void> start();
  /// Looks at HAProxy once, when something changed or after a second.
  void step();
  [[nodiscard]] bool ready() const;
  /// Ends; with `keep`, HAProxy serves on for the next gateway.
  void stop(bool keep);

 private:
  void follow();
  void keep_true(const RouteTable& routes);
  void read_tokens();
  [[nodiscard]] std::string not_ready() const;
  [[nodiscard]] std::string metrics() const;

  const GatewaySettings settings_;
  std::unique_ptr<FleetSource> source_;
  DirectoryLock held_;
  ProxyKeeper keeper_;
  std::unique_ptr<Publisher> publisher_;
  Demand demand_;
  Meters meters_;
  TextMap tokens_;
  ToldOnce proxy_trouble_;
  ToldOnce command_trouble_;
  ToldOnce token_trouble_;
  ToldOnce publish_trouble_;
  bool soon_ = false;  ///< The next look is due before a second is over.

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  FleetRoutes routes_;
  bool caught_up_ = false;  ///< At least once.
  bool news_ = false;
  bool stopping_ = false;
  std::uint64_t starts_ = 0;
  std::uint64_t reloads_ = 0;
  std::string source_wrong_;
  std::string proxy_wrong_ = "HAProxy was not looked at yet";
  std::thread follower_;
  std::unique_ptr<StatusServer> status_;  // Last: it uses all above.
};

/// Runs until SIGTERM or SIGINT, or until SIGUSR2 hands HAProxy over. Returns
/// the exit code.
int run_gateway(const GatewaySettings& settings);

}  // namespace understudy::gateway
