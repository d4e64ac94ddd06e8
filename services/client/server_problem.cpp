#include "services/client/server_problem.hpp"

namespace understudy {
namespace {

std::string text_of(const Json& json, const char* name) {
  const auto found = json.find(name);
  return found != json.end() && found->is_string() ? found->get<std::string>()
                                                   : std::string();
}

}  // namespace

ServerProblem problem_of(const HttpAnswer& answer) {
  ServerProblem problem;
  problem.status = answer.status;
  problem.reason = "unexpected-answer";
  problem.detail = "HTTP status " + std::to_string(answer.status) +
                   " without an explanation; is it an Understudy daemon?";
  Json body = Json::parse(answer.body, nullptr, false);
  if (!body.is_object() || !body.contains("reason")) return problem;
  problem.reason = text_of(body, "reason");
  problem.detail = text_of(body, "detail");
  if (problem.detail.empty()) problem.detail = text_of(body, "title");
  problem.body = std::move(body);
  return problem;
}

bool is_passing(const ServerProblem& problem) {
  return problem.status == 503 || problem.status == 429;
}

Error error_of(const ServerProblem& problem, const ServerAddress& address) {
  std::string text = problem.detail;
  // A detail names what is wrong, a reason where to read about it.
  if (text.find(problem.reason) == std::string::npos)
    text += " (" + problem.reason + ')';
  if (problem.status == 401 || problem.status == 403) {
    return {ErrorCode::invalid_input,
            address.url() + ": " + text +
                "; accepted: --token-file or UNDERSTUDY_TOKEN_FILE names a "
                "file with a token that may do this"};
  }
  if (problem.status == 404) return {ErrorCode::not_found, text};
  if (is_passing(problem) || problem.status >= 500 ||
      problem.reason == "unexpected-answer")
    return {ErrorCode::unavailable, address.url() + ": " + text};
  return {ErrorCode::invalid_input, text};
}

Error error_of_silence(const HttpAnswer& answer, const ServerAddress& address) {
  return {ErrorCode::unavailable,
          "cannot reach the daemon at " + address.url() + ": " +
              answer.trouble +
              "; check that understudyd runs there, or name another address "
              "with --server or UNDERSTUDY_SERVER"};
}

}  // namespace understudy
