#pragma once

/// Keeps one HAProxy true to the routes: looks at it, compares, repairs, and
/// looks after its process. It remembers nothing of what it did: whatever
/// became of HAProxy, or of a gateway before this one, the next look mends.
///
/// Thread safety: one thread.

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "services/config/gateway_settings.hpp"
#include "services/gateway/proxy_process.hpp"
#include "services/gateway/proxy_table.hpp"
#include "services/gateway/stalled_uploads.hpp"

namespace understudy::gateway {

[[nodiscard]] ProxyOptions proxy_options(const GatewaySettings& settings);

/// What one look found.
struct Look {
  ProxyState state;
  Assignment assignment;
  std::size_t commands = 0;           ///< That were needed.
  std::vector<std::string> troubles;  ///< What HAProxy did not take.
  std::vector<StatRow> leaving;       ///< Of its old processes.
  std::size_t stalled = 0;            ///< Uploads that were ended.
};

class ProxyKeeper {
 public:
  explicit ProxyKeeper(const GatewaySettings& settings);

  /// That of the settings, if it is not there. Errors: `unavailable`.
  [[nodiscard]] Result<void> make_directory() const;
  /// That there is what is needed. Errors: as those of ProxyProcess.
  [[nodiscard]] Result<std::string> check_program() const;
  /// That as well as what HAProxy says of the settings.
  [[nodiscard]] Result<std::string> check() const;
  /// Whether there is one, whoever started it.
  [[nodiscard]] bool runs() const {
    return !owns_process() || process_->runs();
  }

  /// Makes HAProxy hold these routes. Errors: `unavailable`, and
  /// `invalid_input` when HAProxy does not take the configuration.
  [[nodiscard]] Result<Look> tick(RouteTable routes, const TextMap& tokens);

  void stop(std::chrono::milliseconds grace);

  [[nodiscard]] std::uint64_t starts() const { return starts_; }
  [[nodiscard]] std::uint64_t reloads() const { return reloads_; }

 private:
  [[nodiscard]] bool owns_process() const { return process_ != nullptr; }
  [[nodiscard]] const RuntimeSocket& socket() const;
  [[nodiscard]] Result<ProxyState> read();
  [[nodiscard]] Result<void> ensure_started(const RouteTable& routes,
                                            const TextMap& tokens);
  [[nodiscard]] Result<void> ensure_config(const RouteTable& routes,
                                           const TextMap& tokens, Look& look);
  [[nodiscard]] ProxyState empty_state() const;
  void run(const std::vector<std::string>& commands, Look& look) const;
  void resolve(RouteTable& routes);

  const ProxyOptions options_;
  SlotCounts slots_;
  std::unique_ptr<ProxyProcess> process_;
  RuntimeSocket attached_;
  bool second_way_ = false;  ///< Its socket is gone; asked by its master.
  StalledUploads uploads_;
  std::map<std::string, std::string> addresses_;  ///< By host and port.
  int silent_ = 0;  ///< Looks in a row that it did not answer.
  std::uint64_t starts_ = 0;
  std::uint64_t reloads_ = 0;
};

}  // namespace understudy::gateway
