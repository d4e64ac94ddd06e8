/// What the API says of itself.

#include "services/api/openapi.hpp"
#include "services/api/routes.hpp"
#include "services/api/shown.hpp"
#include "services/text/version.hpp"

namespace understudy::handle {

ApiAnswer front(Api&, const ApiCall&) {
  return shown_text(
      Output::table,
      "Understudy " + std::string(understudy::version) +
          ": keeps inference endpoints in service when capacity runs out.\n\n"
          "  /v1/endpoints?output=table   the endpoints and how they stand\n"
          "  /v1/pools, /v1/instances, /v1/operations\n"
          "  /v1/endpoints/NAME/description?output=table\n"
          "  /v1/explanations?subject=NAME&output=table   why it fell back\n"
          "  /v1/events                   what happened; ?follow=true goes on\n"
          "  /v1/commands                 POST: create, update, scale, delete\n"
          "  /v1/capacity                 the provider, seen and changed\n"
          "  /readyz?verbose, /livez, /metrics\n"
          "  /openapi.json                every path and parameter\n"
          "  /docs/problems               what each refusal means\n\n"
          "The command `understudy` speaks this API: try `understudy --help`."
          "\n");
}

ApiAnswer openapi(Api&, const ApiCall&) {
  return shown_text(Output::json, std::string(openapi_document()));
}

ApiAnswer problems(Api&, const ApiCall&) {
  ApiAnswer answer = shown_text(Output::table, problems_page());
  answer.content_type = "text/html; charset=utf-8";
  answer.headers.emplace_back("Content-Security-Policy", "default-src 'none'");
  return answer;
}

}  // namespace understudy::handle
