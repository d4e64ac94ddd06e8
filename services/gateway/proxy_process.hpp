#pragma once

/// The HAProxy that the gateway looks after: started, found again, reloaded,
/// ended. It is no child of this process: it serves on when the gateway is
/// killed, and the next one finds it by the files in their directory.
///
/// Thread safety: one thread.

#include <chrono>
#include <string>
#include <vector>

#include "actors/core/result.hpp"
#include "services/gateway/proxy_config.hpp"
#include "services/gateway/runtime_socket.hpp"

namespace understudy::gateway {

class ProxyProcess {
 public:
  ProxyProcess(std::string program, const ProxyOptions& options);

  /// That there is a HAProxy that can do what is needed. Errors: `not_found`
  /// or `invalid_input` (too old, or built without Lua), in one line.
  [[nodiscard]] Result<std::string> check_program() const;

  /// That it takes a configuration of these settings, such as their
  /// certificate. Errors: `invalid_input` in HAProxy's own words.
  [[nodiscard]] Result<void> check_settings(const SlotCounts& slots) const;

  /// Whether it runs, whoever started it.
  [[nodiscard]] bool runs() const { return pid() != 0; }
  /// Its master process, or 0.
  [[nodiscard]] int pid() const;

  /// Errors: `invalid_input` with HAProxy's own words about the
  /// configuration, `unavailable` when it does not answer in time.
  [[nodiscard]] Result<void> start(const SlotCounts& slots,
                                   const ProxyTable& table);
  /// The same with another configuration, without a request lost: the old
  /// process hands its sockets over and finishes what it has. One that does
  /// not answer is replaced by a new one beside it.
  [[nodiscard]] Result<void> reload(const SlotCounts& slots,
                                    const ProxyTable& table);
  /// Lets it finish what it has for so long, then ends it.
  void stop(std::chrono::milliseconds grace);

  [[nodiscard]] const RuntimeSocket& socket() const { return socket_; }
  /// The same by way of the master: works when the socket's file is gone.
  [[nodiscard]] const RuntimeSocket& second_socket() const { return second_; }

  /// Figures of processes that were replaced and still finish requests.
  [[nodiscard]] std::vector<StatRow> leaving_figures() const;

 private:
  [[nodiscard]] Result<void> write_files(const SlotCounts& slots,
                                         const ProxyTable& table) const;
  /// Writes them and has HAProxy check them.
  [[nodiscard]] Result<void> take_files(const SlotCounts& slots,
                                        const ProxyTable& table) const;
  [[nodiscard]] Result<void> await(const std::string& mark) const;
  [[nodiscard]] Result<void> spawn(const SlotCounts& slots, int instead_of);
  [[nodiscard]] bool has_pipe(int master) const;

  const std::string program_;
  const ProxyOptions options_;
  const RuntimeSocket socket_;
  const RuntimeSocket second_;
  const RuntimeSocket master_;
};

/// Writes the file as a whole or not at all. Errors: `unavailable`.
[[nodiscard]] Result<void> replace_file(const std::string& path,
                                        const std::string& text);

}  // namespace understudy::gateway
