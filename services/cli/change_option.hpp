#pragma once

/// What the commands that change one endpoint have in common: options,
/// sending, telling, waiting.

#include <functional>
#include <string>

#include "services/cli/context.hpp"
#include "services/cli/output_option.hpp"
#include "services/cli/server_option.hpp"
#include "services/codec/json.hpp"

namespace understudy {

struct ChangeOption {
  ServerOption server;
  OutputOption output;
  std::string command_id;
  std::string wait_timeout = "10m";
  bool dry_run = false;
  bool wait = false;
};

/// `wait_help` says until when --wait waits.
void add_change_options(CLI::App& command, ChangeOption& option,
                        const std::string& wait_help);

struct Change {
  std::string endpoint;
  std::string action;  ///< `deleting`, `scaled`.
  std::string more;    ///< Behind the action, for people.
  std::string wait_for;
  /// Makes the command of an id.
  std::function<Json(const std::string& id)> command;
};

/// Sends the change, tells what came of it, and waits where asked.
[[nodiscard]] Result<int> carry_out(Context& context, DaemonClient& daemon,
                                    const ChangeOption& option,
                                    const Change& change);

}  // namespace understudy
