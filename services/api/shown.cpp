#include "services/api/shown.hpp"

#include <utility>

#include "services/projection/position_number.hpp"

namespace understudy {
namespace {

const char* content_type_of(Output output) {
  switch (output) {
    case Output::json:
      return "application/json";
    case Output::yaml:
      return "application/yaml";
    case Output::table:
    case Output::wide:
    case Output::name:
      break;
  }
  return "text/plain; charset=utf-8";
}

}  // namespace

ApiAnswer shown_text(Output output, std::string text) {
  ApiAnswer answer;
  answer.content_type = content_type_of(output);
  answer.body = std::move(text);
  return answer;
}

ApiAnswer shown_json(Output output, const Json& json) {
  std::ostringstream out;
  write_structured(out, output, json);
  return shown_text(output, std::move(out).str());
}

void add_position(ApiAnswer& answer, std::uint64_t position, Instant now) {
  answer.headers.emplace_back("Understudy-Position",
                              to_string(position_at(position)));
  answer.headers.emplace_back("Understudy-Time", to_string(now));
}

ApiAnswer answer_of(const Error& error, std::string_view name) {
  Problem problem;
  problem.detail = error.message;
  switch (error.code) {
    case ErrorCode::not_found:
      problem.reason = "not-found";
      break;
    case ErrorCode::invalid_input:
      problem.reason = "invalid-parameter";
      problem.field = name;
      break;
    default:
      problem.reason = "log-unreadable";
      problem.headers = {{"Retry-After", "1"}};
      break;
  }
  return answer_of(problem);
}

ApiAnswer log_is_busy(const Error& error) {
  Problem problem;
  problem.reason = "overloaded";
  problem.detail = error.message;
  problem.headers = {{"Retry-After", "1"}};
  return answer_of(problem);
}

}  // namespace understudy
