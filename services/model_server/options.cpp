#include "services/model_server/options.hpp"

#include <iostream>

#include <CLI/CLI.hpp>

namespace understudy::model_server {
namespace {

constexpr const char* about =
    "A model server without a model: it answers GET /ping and POST\n"
    "/invocations as slowly, as often and as wrongly as it is told.";

constexpr const char* after =
    "A request may ask for its own: the headers X-Service-Time-Ms, X-Tokens,\n"
    "X-Token-Interval-Ms and X-Status. `Accept: text/event-stream` or the "
    "path\n"
    "/invocations-response-stream asks for a stream. GET /stats tells what is\n"
    "in flight and what was served.\n"
    "Example:\n"
    "  understudy-model-server --port 8080 --slots 8 --service-time-ms 200\n";

void add_faults(CLI::App& app, Options& options) {
  app.add_option("--fail-rate", options.fail_rate,
                 "Part of the requests that get 500, from 0 to 1")
      ->check(CLI::Range(0.0, 1.0));
  app.add_option("--seed", options.seed, "Which requests those are");
  app.add_flag("--ignore-term", options.ignore_term,
               "Go on after SIGTERM, until SIGKILL");
  app.add_option("--ping-status", options.ping_status, "What /ping answers")
      ->check(CLI::Range(200U, 599U));
  app.add_flag("--close-connections", options.close_connections,
               "Close every connection without an answer");
  app.add_option("--fail-start", options.fail_start,
                 "Write this to standard error and end at once");
  app.add_option("--exit-status", options.exit_status,
                 "With --fail-start and --exit-after-ms")
      ->check(CLI::Range(0U, 255U));
  app.add_option("--exit-after-ms", options.exit_after_ms,
                 "End by itself after so long; 0: never");
}

}  // namespace

std::optional<Options> parse_options(int argc, const char* const* argv,
                                     int& exit_code) {
  Options options;
  CLI::App app(about, "understudy-model-server");
  app.footer(after);
  app.add_option("--host", options.host, "Address to listen on")
      ->envname("UNDERSTUDY_HOST");
  app.add_option("--port", options.port, "Port to listen on; 0: a free one")
      ->envname("UNDERSTUDY_PORT");
  app.add_option("--model", options.model, "Its name, for answers")
      ->envname("UNDERSTUDY_MODEL");
  app.add_option("--instance", options.instance, "Its name, for answers")
      ->envname("UNDERSTUDY_INSTANCE");
  app.add_option("--slots", options.slots, "Requests served at once")
      ->check(CLI::Range(1U, 100'000U))
      ->envname("UNDERSTUDY_MAX_CONCURRENCY");
  app.add_option("--queue", options.queue,
                 "Requests that wait for a slot; more get 503");
  app.add_option("--service-time-ms", options.service_time_ms,
                 "Of a request that is not streamed");
  app.add_option("--service-spread-ms", options.service_spread_ms,
                 "Up to so much more");
  app.add_option("--startup-ms", options.startup_ms,
                 "Until then /ping answers 503");
  app.add_option("--tokens", options.tokens, "Of a streamed answer");
  app.add_option("--token-interval-ms", options.token_interval_ms,
                 "Between two tokens");
  app.add_flag("--stream", options.stream, "Stream every answer");
  app.add_option("--memory-mb", options.memory_mb, "Memory to take up");
  add_faults(app, options);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& asked) {
    exit_code = app.exit(asked);
    return std::nullopt;
  } catch (const CLI::ParseError& error) {
    std::cerr << "error: " << error.what()
              << "; see understudy-model-server --help\n";
    exit_code = 2;
    return std::nullopt;
  }
  return options;
}

}  // namespace understudy::model_server
