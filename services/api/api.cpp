#include "services/api/api.hpp"

#include <algorithm>
#include <utility>

#include "services/api/parameters.hpp"
#include "services/api/routes.hpp"
#include "services/projection/position_number.hpp"
#include "services/text/line_reader.hpp"

namespace understudy {
namespace {

std::optional<ApiAnswer> refused(std::string reason, std::string detail,
                                 std::vector<TextPair> headers = {}) {
  Problem problem;
  problem.reason = std::move(reason);
  problem.detail = std::move(detail);
  problem.headers = std::move(headers);
  return answer_of(problem);
}

/// `[::1]:7780` as `::1`, `LOCALHOST` as `localhost`.
std::string host_name(std::string_view host) {
  if (host.starts_with('[')) {
    host = host.substr(1, host.find(']') - 1);
  } else {
    host = host.substr(0, host.find(':'));
  }
  std::string name(host);
  for (char& c : name) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  if (name.ends_with('.')) name.pop_back();
  return name;
}

bool is_json(std::string_view type) {
  type = type.substr(0, type.find(';'));
  while (type.ends_with(' '))
    type.remove_suffix(1);
  return type == "application/json";
}

std::string path_text(const ApiCall& call) {
  std::string text;
  for (const std::string& part : call.path)
    text += '/' + part;
  return in_quotes(text);
}

std::optional<ApiAnswer> check_parameters(const Route& route,
                                          const ApiCall& call) {
  for (const auto& [name, value] : call.query) {
    const auto& known = route.parameters;
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    std::string accepted;
    for (const std::string_view one : known)
      accepted += (accepted.empty() ? "" : ", ") + std::string(one);
    Problem problem = wrong_parameter(
        name, value, accepted.empty() ? "no parameter" : accepted);
    problem.detail = "there is no parameter " + in_quotes(name) +
                     "; accepted: " + problem.accepted;
    return answer_of(problem);
  }
  return std::nullopt;
}

}  // namespace

Api::Api(const ApiSettings& settings, ApiParts parts, Tokens tokens)
    : settings_(settings),
      parts_(std::move(parts)),
      tokens_(std::move(tokens)),
      readings_([this] { return plane().open_readers(); }),
      followers_(settings.max_followers) {
  const auto listen = parse_listen(settings.listen);
  if (tokens_.needed() || !listen || !listen->loopback()) return;
  hosts_ = {"localhost", "127.0.0.1", "::1", host_name(listen->host)};
}

Api::Gate Api::judge(ApiCall& call) const {
  Gate gate;
  gate.refusal = check_host(call);
  if (gate.refusal) return gate;
  Match match = match_route(call);
  gate.pattern = match.pattern;
  if (match.pattern.empty()) {
    gate.refusal =
        refused("no-such-path", "there is no path " + path_text(call) +
                                    "; GET /openapi.json lists all");
    return gate;
  }
  if (!match.route) {
    gate.refusal =
        refused("method-not-allowed", match.pattern + " takes " + match.allowed,
                {{"Allow", match.allowed}});
    return gate;
  }
  gate.route = match.route;
  gate.refusal = check_access(*match.route, call);
  if (!gate.refusal) gate.refusal = check_parameters(*match.route, call);
  if (!gate.refusal) gate.refusal = check_body(*match.route, call);
  return gate;
}

std::optional<ApiAnswer> Api::check_host(const ApiCall& call) const {
  const std::string* host = call.header("host");
  if (hosts_.empty() || !host) return std::nullopt;
  const std::string name = host_name(*host);
  if (std::find(hosts_.begin(), hosts_.end(), name) != hosts_.end())
    return std::nullopt;
  return refused("untrusted-host", "host " + in_quotes(*host) +
                                       "; accepted: localhost, or the address "
                                       "that the daemon listens on");
}

std::optional<ApiAnswer> Api::check_access(const Route& route,
                                           const ApiCall& call) const {
  if (route.access == Access::none) return std::nullopt;
  const std::string* given = call.header("authorization");
  const Access access = tokens_.access(given ? *given : "");
  if (access == Access::none) {
    const std::string challenge = "Bearer realm=\"understudy\"";
    return refused(
        "unauthorized",
        given ? "the token is not known"
              : "the header authorization is missing",
        {{"WWW-Authenticate",
          given ? challenge + ", error=\"invalid_token\"" : challenge}});
  }
  if (access < route.access)
    return refused("forbidden", "this token may only read");
  return std::nullopt;
}

std::optional<ApiAnswer> Api::check_body(const Route& route,
                                         const ApiCall& call) const {
  if (!route.takes_body) {
    if (!call.has_body()) return std::nullopt;
    return refused("bad-request",
                   "this path takes no body; accepted: a request without one");
  }
  const std::string* type = call.header("content-type");
  if (!type || !is_json(*type)) {
    return refused("unsupported-media-type",
                   type ? "content-type " + in_quotes(*type) +
                              "; accepted: application/json"
                        : "the header content-type is missing; accepted: "
                          "application/json",
                   {{"Accept-Post", "application/json"}});
  }
  if (call.header("content-encoding")) {
    return refused("unsupported-media-type",
                   "a body with content-encoding; accepted: none");
  }
  if (call.content_length.value_or(0) > settings_.max_body_bytes) {
    Problem problem;
    problem.reason = "body-too-large";
    problem.accepted = std::to_string(settings_.max_body_bytes) + " bytes";
    problem.detail = "a body of " + std::to_string(*call.content_length) +
                     " bytes; accepted: up to " + problem.accepted;
    return answer_of(problem);
  }
  return std::nullopt;
}

ApiAnswer Api::answer(const Route& route, const ApiCall& call) {
  return route.handler(*this, call);
}

std::optional<ApiAnswer> Api::check_position(std::uint64_t number) {
  const FleetFollower& follower = plane().follower();
  const Position position = position_at(number);
  // Whoever was told of a record may ask a moment before the follower knows.
  constexpr std::chrono::milliseconds moment{500};
  const bool possible = position.partition < plane().partitions();
  if (possible && (position.offset <= follower.durable(position.partition) ||
                   follower.await_number(number, moment)))
    return std::nullopt;
  // How far the log goes is not known while it is read: who follows it from a
  // place that it holds must not be told that it does not.
  const Readiness now = plane().readiness();
  if (possible && now.phase != Phase::ready) {
    Problem problem = make_problem(
        "not-ready", std::string(name_of(now.phase)) + ": " + now.message +
                         "; " + to_string(position) + " is not read yet");
    problem.headers = {{"Retry-After", "1"}};
    return answer_of(problem);
  }
  Problem problem = make_problem(
      "position-out-of-range", "the log does not hold " + to_string(position));
  const std::uint64_t newest = follower.durable(position.partition);
  problem.more["oldest"] =
      to_string(Position{position.partition, newest == 0 ? 0U : 1U});
  problem.more["newest"] = to_string(Position{position.partition, newest});
  return answer_of(problem);
}

std::optional<ApiAnswer> Api::await_position(const ApiCall& call) {
  const std::string* text = call.parameter("after");
  if (!text) return std::nullopt;
  const auto position = parse_offset(*text);
  if (!position) return answer_of(wrong_parameter("after", *text, offset_form));
  const FleetFollower& follower = plane().follower();
  if (follower.await_number(*position, std::chrono::milliseconds(0)))
    return std::nullopt;
  if (auto refusal = check_position(*position)) return refusal;
  constexpr std::chrono::seconds longest{5};
  if (follower.await_number(*position, longest)) return std::nullopt;
  return refused("position-timeout", "not yet read up to " + *text + ", " +
                                         std::to_string(follower.seen()) +
                                         " records so far");
}

}  // namespace understudy
