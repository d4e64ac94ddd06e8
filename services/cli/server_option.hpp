#pragma once

/// The daemon of a subcommand: its options, how to reach it, and what goes
/// wrong on the way.

#include <functional>
#include <string>

#include "actors/core/result.hpp"
#include "services/cli/context.hpp"
#include "services/cli/log_option.hpp"
#include "services/client/daemon_client.hpp"

namespace CLI {
class App;
}

namespace understudy {

struct ServerOption {
  std::string server;
  std::string token_file;
  std::string timeout = "30s";
};

/// Adds --server and --token-file, which UNDERSTUDY_SERVER and
/// UNDERSTUDY_TOKEN_FILE stand in for. A token itself is never an argument:
/// others would see it.
void add_server_options(CLI::App& command, ServerOption& option);

/// Adds --timeout, for what changes something.
void add_timeout_option(CLI::App& command, ServerOption& option);

/// Errors: those of `parse_server`, `read_token_file`, `parse_duration`.
[[nodiscard]] Result<ServerAccess> access_of(const ServerOption& option);

/// Whether to read a log or to ask a daemon: what the command line names,
/// otherwise UNDERSTUDY_LOG, otherwise the daemon. Errors: `invalid_input`
/// when the command line names both.
enum class Source : std::uint8_t { log, server };
[[nodiscard]] Result<Source> source_of(const LogOption& log,
                                       const ServerOption& server);

/// Whether the command line itself names a log.
[[nodiscard]] bool is_log_given(const LogOption& log);

/// Runs `work`, which returns an exit code; its error becomes one line.
int with_daemon(Context& context, const ServerOption& option,
                const std::function<Result<int>(DaemonClient&)>& work);

/// Runs the one of the two that `source_of` says.
int with_source(Context& context, const LogOption& log,
                const ServerOption& server,
                const std::function<Result<int>(LogReader&)>& on_log,
                const std::function<Result<int>(DaemonClient&)>& on_daemon);

/// Prints the error; returns the exit code that fits one of a daemon's.
int fail_remotely(Context& context, const Error& error);

}  // namespace understudy
