#include "services/api/problem.hpp"

#include <utility>

#include "services/projection/position_number.hpp"
#include "services/text/line_reader.hpp"

namespace understudy {
namespace {

std::string type_of(std::string_view reason) {
  return "/docs/problems#" + std::string(reason);
}

void add_text(Json& json, const char* name, const std::string& text) {
  if (!text.empty()) json[name] = text;
}

}  // namespace

Problem make_problem(std::string reason, std::string detail) {
  Problem problem;
  problem.reason = std::move(reason);
  problem.detail = std::move(detail);
  return problem;
}

ApiAnswer answer_of(const Problem& problem) {
  const ProblemKind* kind = find_problem_kind(problem.reason);
  // A reason that a decider has and the table has not: still a refusal.
  if (!kind) kind = find_problem_kind("command-refused");
  Json json = Json::object();
  json["type"] = type_of(kind->reason);
  json["title"] = std::string(kind->title);
  json["status"] = kind->status;
  add_text(json, "detail", problem.detail);
  json["reason"] = problem.reason;
  add_text(json, "field", problem.field);
  add_text(json, "value", problem.value);
  add_text(json, "accepted", problem.accepted);
  add_text(json, "command", problem.command);
  if (problem.position != 0)
    json["position"] = to_string(position_at(problem.position));
  for (const auto& [name, value] : problem.more.items())
    json[name] = value;
  ApiAnswer answer;
  answer.status = kind->status;
  answer.content_type = "application/problem+json";
  answer.body = json_text(json, 2) + '\n';
  answer.headers = problem.headers;
  return answer;
}

Problem wrong_parameter(std::string_view name, std::string_view value,
                        std::string_view accepted) {
  Problem problem;
  problem.reason = "invalid-parameter";
  problem.detail = std::string(name) + ' ' + in_quotes(value) +
                   "; accepted: " + std::string(accepted);
  problem.field = name;
  problem.value = in_quotes(value);
  problem.accepted = accepted;
  return problem;
}

std::string problems_page() {
  std::string page =
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
      "<title>Understudy: problems</title></head><body>\n"
      "<h1>Problems</h1>\n"
      "<p>Every refusal of the API is application/problem+json with one of "
      "these reasons.</p>\n";
  for (const ProblemKind& kind : problem_kinds()) {
    page += "<h2 id=\"" + std::string(kind.reason) + "\">" +
            std::string(kind.reason) + "</h2>\n<p>" +
            std::to_string(kind.status) + ": " + std::string(kind.title) +
            ". " + std::string(kind.help) + "</p>\n";
  }
  return page + "</body></html>\n";
}

}  // namespace understudy
