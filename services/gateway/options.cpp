#include "services/gateway/options.hpp"

#include <cstdlib>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include "services/text/version.hpp"

namespace understudy::gateway {
namespace {

constexpr const char* about =
    "The Understudy gateway: gives requests to the instances of endpoints, as\n"
    "http://HOST:PORT/endpoints/NAME/invocations. It follows the fleet and\n"
    "keeps a HAProxy true to it, which it starts and looks after.";

constexpr const char* after =
    "Settings come from --config, then from the environment\n"
    "(UNDERSTUDY_GATEWAY_LISTEN for listen), then from the command line; what\n"
    "comes later weighs more. /etc/understudy/"
    "understudy-gateway.yaml\nholds every key with its default and meaning.\n"
    "SIGTERM ends HAProxy too, once it has finished what it has; SIGUSR2 ends\n"
    "the gateway alone, and the next one takes HAProxy over.\n"
    "Exit codes: 0 stopped as asked, 1 failed, 2 wrong usage or settings.\n"
    "Example:\n"
    "  understudy-gateway --server http://127.0.0.1:7780 --listen "
    "127.0.0.1:8080\n";

std::optional<std::string> from_environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  if (value == nullptr) return std::nullopt;
  return value;
}

struct Named {
  const char* option;
  const char* key;
  const char* help;
  std::string value = {};
};

}  // namespace

std::optional<GatewayOptions> parse_gateway_options(int argc,
                                                    const char* const* argv,
                                                    int& exit_code) {
  GatewayOptions options;
  std::vector<std::string> pairs;
  std::vector<Named> named{
      {"--listen", "listen", "Where requests come in: HOST:PORT"},
      {"--status-listen", "status_listen",
       "Where /livez, /readyz and /metrics are: HOST:PORT"},
      {"--log", "log",
       "The log to follow: embedded:DIR or kafka:HOST:PORT,...\nDefault: the "
       "daemon"},
      {"--server", "daemon.server",
       "The daemon: followed, unless there is --log,\n"
       "and told the load, unless that is on Kafka\n"
       "(default: http://127.0.0.1:7780)"},
      {"--token-file", "token_file",
       "File with the bearer tokens of endpoints"},
      {"--tls-cert", "tls_certificate", "PEM file with certificate and key"},
      {"--haproxy-socket", "haproxy.socket",
       "Runtime socket of a HAProxy that somebody else runs"},
      {"--directory", "haproxy.directory",
       "For HAProxy's files (default: /run/understudy-gateway)"},
  };
  CLI::App app(about, "understudy-gateway");
  app.footer(after);
  app.set_version_flag("--version",
                       std::string("understudy-gateway ") + version);
  app.add_option("--config", options.sources.file, "File with settings (YAML)")
      ->envname("UNDERSTUDY_GATEWAY_CONFIG");
  for (Named& one : named)
    app.add_option(one.option, one.value, one.help);
  app.add_option("--set", pairs, "Any setting: KEY=VALUE")
      ->type_name("KEY=VALUE");
  app.add_flag("--check-config", options.check_only,
               "Check the settings, say so, and end");
  app.add_flag("--print-haproxy", options.print_haproxy,
               "Print the configuration for HAProxy and end");
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& asked) {
    exit_code = app.exit(asked);
    return std::nullopt;
  } catch (const CLI::ParseError& error) {
    std::cerr << "error: " << error.what()
              << "; see understudy-gateway --help\n";
    exit_code = 2;
    return std::nullopt;
  }
  for (const std::string& pair : pairs) {
    const auto equals = pair.find('=');
    if (equals == std::string::npos || equals == 0) {
      std::cerr << "error: --set '" << pair << "'; accepted: KEY=VALUE\n";
      exit_code = 2;
      return std::nullopt;
    }
    options.sources.flags.emplace_back(pair.substr(0, equals),
                                       pair.substr(equals + 1));
  }
  for (const Named& one : named) {
    if (!one.value.empty())
      options.sources.flags.emplace_back(one.key, one.value);
  }
  options.sources.environment = from_environment;
  return options;
}

}  // namespace understudy::gateway
