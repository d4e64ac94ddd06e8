#include "services/cli/server_option.hpp"

#include <cstdlib>
#include <ostream>

#include <CLI/CLI.hpp>

#include "services/cli/duration.hpp"

namespace understudy {
namespace {

constexpr const char* server_variable = "UNDERSTUDY_SERVER";
constexpr const char* log_variable = "UNDERSTUDY_LOG";

/// What is not as the environment has it was given on the command line.
bool given(const std::string& value, const char* variable) {
  if (value.empty()) return false;
  const char* set = std::getenv(variable);
  return set == nullptr || value != set;
}

}  // namespace

void add_server_options(CLI::App& command, ServerOption& option) {
  command
      .add_option("--server", option.server,
                  "The daemon (default: http://127.0.0.1:7780)")
      ->envname(server_variable)
      ->type_name("URL");
  command
      .add_option("--token-file", option.token_file,
                  "File with the daemon's bearer token")
      ->envname("UNDERSTUDY_TOKEN_FILE")
      ->type_name("FILE");
}

void add_timeout_option(CLI::App& command, ServerOption& option) {
  command
      .add_option("--timeout", option.timeout,
                  "How long to repeat while the daemon cannot answer "
                  "(default: 30s)")
      ->type_name("SPAN");
}

Result<ServerAccess> access_of(const ServerOption& option) {
  ServerAccess access;
  if (!option.server.empty()) {
    const auto address = parse_server(option.server);
    if (!address) return address.error();
    access.address = address.value();
  }
  if (!option.token_file.empty()) {
    const auto token = read_token_file(option.token_file);
    if (!token) return token.error();
    access.token = token.value();
  }
  const auto timeout = parse_duration("--timeout", option.timeout);
  if (!timeout) return timeout.error();
  access.timeout = timeout.value();
  return access;
}

Result<Source> source_of(const LogOption& log, const ServerOption& server) {
  if (log.where.empty()) return Source::server;
  if (!given(server.server, server_variable)) return Source::log;
  if (!given(log.where, log_variable)) return Source::server;
  return Error{ErrorCode::invalid_input,
               "both --log and --server; accepted: one of them"};
}

bool is_log_given(const LogOption& log) {
  return given(log.where, log_variable);
}

int with_daemon(Context& context, const ServerOption& option,
                const std::function<Result<int>(DaemonClient&)>& work) {
  auto access = access_of(option);
  if (!access) {
    context.fail(access.error());
    return exit_usage;
  }
  DaemonClient daemon(std::move(access).value(),
                      [&context](const std::string& notice) {
                        context.err << "note: " << notice << '\n' << std::flush;
                      });
  const auto done = work(daemon);
  return done ? done.value() : fail_remotely(context, done.error());
}

int with_source(Context& context, const LogOption& log,
                const ServerOption& server,
                const std::function<Result<int>(LogReader&)>& on_log,
                const std::function<Result<int>(DaemonClient&)>& on_daemon) {
  return with_parsed(context, source_of(log, server), [&](Source source) {
    return source == Source::log ? with_log(context, log, on_log)
                                 : with_daemon(context, server, on_daemon);
  });
}

int fail_remotely(Context& context, const Error& error) {
  context.fail(error);
  return error.code == ErrorCode::unavailable ? exit_unreachable : exit_refused;
}

}  // namespace understudy
