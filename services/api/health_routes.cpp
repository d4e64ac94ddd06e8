/// Whether the daemon lives, is ready, and how it fares.

#include "services/api/parameters.hpp"
#include "services/api/routes.hpp"
#include "services/api/shown.hpp"
#include "services/text/version.hpp"

namespace understudy {

ApiAnswer shown_readiness(const Readiness& now, const ApiCall& call) {
  Parameters parameters(call);
  const bool verbose = parameters.flag("verbose", true);
  if (parameters.wrong()) return answer_of(*parameters.wrong());
  ApiAnswer answer =
      verbose
          ? shown_text(Output::table,
                       std::string(name_of(now.phase)) + ": " + now.message +
                           "\nrecords read: " + std::to_string(now.seen) +
                           " of " + std::to_string(now.total) + '\n')
          : shown_json(Output::json, to_json(now));
  if (now.phase != Phase::ready) {
    answer.status = 503;
    answer.headers.emplace_back("Retry-After", "1");
  }
  return answer;
}

namespace handle {

ApiAnswer live(Api&, const ApiCall&) {
  return shown_text(Output::table, "ok\n");
}

ApiAnswer ready(Api& api, const ApiCall& call) {
  return shown_readiness(api.plane().readiness(), call);
}

ApiAnswer metrics(Api& api, const ApiCall&) {
  ApiAnswer answer = shown_text(Output::table, api.parts().metrics());
  answer.content_type = "text/plain; version=0.0.4; charset=utf-8";
  return answer;
}

ApiAnswer version(Api&, const ApiCall&) {
  Json json = envelope("Version");
  json["version"] = std::string(understudy::version);
  return shown_json(Output::json, json);
}

}  // namespace handle
}  // namespace understudy
