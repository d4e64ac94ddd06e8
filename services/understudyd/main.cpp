#include <csignal>
#include <iostream>
#include <string>

#include "services/config/environment_names.hpp"
#include "services/understudyd/daemon.hpp"
#include "services/understudyd/options.hpp"

int main(int argc, char** argv) {
  // Clients that go away are no reason to end; neither is a full file.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  int exit_code = 0;
  const auto options = understudy::parse_daemon_options(argc, argv, exit_code);
  if (!options) return exit_code;
  const auto settings = understudy::read_settings(options->sources);
  if (!settings) {
    std::cerr << "error: " << settings.error().message << '\n';
    return 2;
  }
  const auto warnings =
      understudy::environment_warnings(understudy::environment_names());
  if (options->check_only) {
    for (const std::string& one : warnings)
      std::cerr << "warning: " << one << '\n';
    const auto checked = understudy::check_daemon(settings.value());
    if (!checked) {
      std::cerr << "error: " << checked.error().message << '\n';
      return 2;
    }
    std::cout << "settings are good\n";
    return 0;
  }
  return understudy::run_daemon(settings.value(), warnings);
}
