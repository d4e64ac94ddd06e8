#include "services/understudyd/options.hpp"

#include <cstdlib>
#include <iostream>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include "services/text/version.hpp"

namespace understudy {
namespace {

constexpr const char* about =
    "The Understudy daemon: keeps inference endpoints in service, falling\n"
    "back from pool to pool when GPU capacity runs out. Everything it decides\n"
    "is in its log. Drive it with the program understudy.";

constexpr const char* after =
    "Settings come from --config, then from the environment\n"
    "(UNDERSTUDY_API_LISTEN for api.listen), then from the command line; what\n"
    "comes later weighs more. /usr/share/doc/understudy/understudyd.yaml "
    "holds\n"
    "every key with its default and meaning.\n"
    "Exit codes: 0 stopped as asked, 1 failed, 2 wrong usage or settings.\n"
    "Example:\n"
    "  understudyd --log embedded:fleet --capacity simulated:scenario.yaml\n";

std::optional<std::string> from_environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  if (value == nullptr) return std::nullopt;
  return value;
}

}  // namespace

std::optional<DaemonOptions> parse_daemon_options(int argc,
                                                  const char* const* argv,
                                                  int& exit_code) {
  DaemonOptions options;
  std::string log;
  std::string capacity;
  std::string listen;
  std::vector<std::string> pairs;
  CLI::App app(about, "understudyd");
  app.footer(after);
  app.set_version_flag("--version", std::string("understudyd ") + version);
  app.add_option("--config", options.sources.file, "File with settings (YAML)")
      ->envname("UNDERSTUDY_CONFIG");
  app.add_option("--log", log, "Where the log is: DIR or embedded:DIR");
  app.add_option("--capacity", capacity,
                 "Where instances come from: simulated:FILE, a capacity\n"
                 "trace or a scenario, or process:FILE, a catalogue");
  app.add_option("--listen", listen, "Address of the HTTP API: HOST:PORT");
  app.add_option("--set", pairs, "Any setting: KEY=VALUE")
      ->type_name("KEY=VALUE");
  app.add_flag("--check-config", options.check_only,
               "Check the settings, say so, and end");
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& asked) {
    exit_code = app.exit(asked);
    return std::nullopt;
  } catch (const CLI::ParseError& error) {
    std::cerr << "error: " << error.what() << "; see understudyd --help\n";
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
  const std::pair<const char*, std::string*> named[] = {
      {"log", &log}, {"capacity", &capacity}, {"api.listen", &listen}};
  for (const auto& [key, value] : named) {
    if (!value->empty()) options.sources.flags.emplace_back(key, *value);
  }
  options.sources.environment = from_environment;
  return options;
}

}  // namespace understudy
