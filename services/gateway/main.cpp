#include <csignal>
#include <iostream>

#include "services/gateway/gateway.hpp"
#include "services/gateway/options.hpp"
#include "services/gateway/token_file.hpp"

int main(int argc, char** argv) {
  using namespace understudy;
  // A HAProxy or a daemon that goes away is no reason to end.
  std::signal(SIGPIPE, SIG_IGN);
  int exit_code = 0;
  const auto options = gateway::parse_gateway_options(argc, argv, exit_code);
  if (!options) return exit_code;
  const auto settings = read_gateway_settings(options->sources);
  if (!settings) {
    std::cerr << "error: " << settings.error().message << '\n';
    return 2;
  }
  if (options->print_haproxy) {
    auto proxy = gateway::proxy_options(settings.value());
    proxy.has_lines_pipe = false;  // Somebody else starts it.
    std::cout << gateway::haproxy_config(
        proxy,
        {settings.value().haproxy.slots, settings.value().haproxy.random_slots},
        {});
    return 0;
  }
  if (options->check_only) {
    const auto checked = gateway::ProxyKeeper(settings.value()).check();
    if (!checked) {
      std::cerr << "error: " << checked.error().message << '\n';
      return 2;
    }
    if (const auto& file = settings.value().token_file; !file.empty()) {
      if (const auto tokens = gateway::read_token_map(file); !tokens) {
        std::cerr << "error: " << tokens.error().message << '\n';
        return 2;
      }
    }
    std::cout << "settings are good\n";
    return 0;
  }
  return gateway::run_gateway(settings.value());
}
