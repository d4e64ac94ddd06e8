#include "services/api/routes.hpp"

namespace understudy {
namespace {

std::string_view next_part(std::string_view& pattern) {
  pattern.remove_prefix(1);
  const std::string_view part = pattern.substr(0, pattern.find('/'));
  pattern.remove_prefix(part.size());
  return part;
}

bool matches(std::string_view pattern, const ApiCall& call,
             std::vector<TextPair>& names) {
  for (const std::string& part : call.path) {
    if (pattern.empty()) return false;
    const std::string_view wanted = next_part(pattern);
    if (wanted.starts_with('{')) {
      if (part.empty()) return false;
      names.emplace_back(wanted.substr(1, wanted.size() - 2), part);
    } else if (wanted != part) {
      return false;
    }
  }
  return pattern.empty();
}

void add_allowed(std::string& allowed, std::string_view method) {
  allowed += (allowed.empty() ? "" : ", ") + std::string(method);
  if (method == "GET") allowed += ", HEAD";
}

const std::vector<Route> table{
    {"POST",
     "/v1/commands",
     Access::operate,
     handle::command,
     {"dry-run"},
     true},
    {"GET",
     "/v1/commands/{id}",
     Access::read,
     handle::command_outcome,
     {"endpoint", "after"}},
    {"GET",
     "/v1/endpoints",
     Access::read,
     handle::endpoints,
     {"output", "all", "after", "limit", "continue", "at"}},
    {"GET",
     "/v1/endpoints/{name}",
     Access::read,
     handle::endpoint,
     {"output", "after", "at"}},
    {"GET",
     "/v1/endpoints/{name}/description",
     Access::read,
     handle::description,
     {"output", "after", "at"}},
    {"GET",
     "/v1/endpoints/{name}/specification",
     Access::read,
     handle::specification,
     {"output", "after"}},
    {"GET",
     "/v1/pools",
     Access::read,
     handle::pools,
     {"endpoint", "id", "all", "output", "after", "limit", "continue", "at"}},
    {"GET",
     "/v1/instances",
     Access::read,
     handle::instances,
     {"endpoint", "id", "all", "output", "after", "limit", "continue", "at"}},
    {"GET",
     "/v1/instances/{endpoint}/{id}/output",
     Access::read,
     handle::output,
     {"lines", "from", "limit"}},
    {"GET",
     "/v1/operations",
     Access::read,
     handle::operations,
     {"endpoint", "id", "all", "output", "after", "limit", "continue", "at"}},
    {"GET",
     "/v1/events",
     Access::read,
     handle::events,
     {"after", "since", "limit", "endpoint", "type", "follow"}},
    {"GET",
     "/v1/explanations",
     Access::read,
     handle::explanation,
     {"subject", "chain", "output", "after"}},
    {"GET",
     "/v1/statistics",
     Access::read,
     handle::statistics,
     {"endpoint", "since", "until", "output", "after"}},
    {"GET", "/v1/capacity", Access::read, handle::capacity, {"output"}},
    {"POST",
     "/v1/capacity",
     Access::operate,
     handle::change_capacity,
     {},
     true},
    {"POST", "/v1/load", Access::operate, handle::load, {}, true},
    {"GET", "/v1/version", Access::read, handle::version},
    {"GET", "/livez", Access::none, handle::live, {}, false, true},
    {"GET", "/readyz", Access::none, handle::ready, {"verbose"}, false, true},
    {"GET", "/metrics", Access::read, handle::metrics, {}, false, true},
    {"GET", "/openapi.json", Access::none, handle::openapi},
    {"GET", "/docs/problems", Access::none, handle::problems},
    {"GET", "/", Access::none, handle::front},
};

}  // namespace

std::span<const Route> routes() { return table; }

Match match_route(ApiCall& call) {
  Match match;
  std::string_view method = call.method;
  if (method == "HEAD") method = "GET";
  for (const Route& route : table) {
    std::vector<TextPair> names;
    if (!matches(route.pattern, call, names)) continue;
    match.pattern = route.pattern;
    add_allowed(match.allowed, route.method);
    if (route.method != method) continue;
    match.route = &route;
    call.names = std::move(names);
  }
  return match;
}

}  // namespace understudy
