#pragma once

/// `wait command ID`: until the log tells what became of a command.

#include <chrono>
#include <string>

#include "services/cli/context.hpp"
#include "services/cli/output_option.hpp"
#include "services/client/daemon_client.hpp"
#include "services/rendering/log_reader.hpp"

namespace understudy {

struct CommandWaitOrder {
  std::string command;
  std::string endpoint;  ///< Empty: any.
  std::chrono::milliseconds timeout{};
  Output output = Output::table;
};

/// The exit code: 0 accepted, 1 refused, 124 nothing came in time.
Result<int> wait_at_daemon(Context& context, const CommandWaitOrder& order,
                           DaemonClient& daemon);
Result<int> wait_in_log(Context& context, const CommandWaitOrder& order,
                        LogReader& reader);

}  // namespace understudy
