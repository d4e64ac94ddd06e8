/// The fleet as it stands: lists and single endpoints.

#include <sstream>
#include <utility>

#include "services/api/parameters.hpp"
#include "services/api/routes.hpp"
#include "services/api/shown.hpp"
#include "services/rendering/describe.hpp"
#include "services/rendering/fleet_reader.hpp"
#include "services/rendering/lists.hpp"
#include "services/rendering/log_reader.hpp"

namespace understudy::handle {
namespace {

/// 404 of an endpoint has a reason of its own.
ApiAnswer not_there(const Error& error, const std::string& endpoint,
                    bool known) {
  if (known || endpoint.empty()) return answer_of(error, "id");
  Problem problem;
  problem.reason = "endpoint-not-found";
  problem.detail = error.message;
  return answer_of(problem);
}

ApiAnswer list(Api& api, const ApiCall& call, std::string_view what,
               Selection selection) {
  Parameters parameters(call);
  const Output output =
      parameters.output({"json", "yaml", "table", "wide", "name"});
  selection.all = parameters.flag("all") || !selection.id.empty();
  selection.wide = output == Output::wide;
  if (parameters.wrong()) return answer_of(*parameters.wrong());
  if (auto refusal = api.await_position(call)) return *std::move(refusal);
  const Instant now = api.plane().now();
  // Only what needs the view is done under its lock: writing it out is not.
  bool known = false;
  auto listed = api.plane().follower().with_view([&](const FleetView& view) {
    known = find_endpoint(view, selection.endpoint).ok();
    return list_of(what, view, selection, now);
  });
  if (!listed) return not_there(listed.error(), selection.endpoint, known);
  std::ostringstream out;
  write_listing(out, output, listed.value());
  ApiAnswer answer = shown_text(output, std::move(out).str());
  add_position(answer, listed.value().position, now);
  answer.headers.emplace_back("Understudy-Hidden",
                              std::to_string(listed.value().hidden));
  return answer;
}

Selection selection_of(const ApiCall& call) {
  const Parameters parameters(call);
  Selection selection;
  selection.endpoint = parameters.text("endpoint");
  selection.id = parameters.text("id");
  return selection;
}

}  // namespace

ApiAnswer endpoints(Api& api, const ApiCall& call) {
  return list(api, call, "endpoints", {});
}

ApiAnswer endpoint(Api& api, const ApiCall& call) {
  Selection selection;
  selection.endpoint = call.name("name");
  return list(api, call, "endpoints", selection);
}

ApiAnswer pools(Api& api, const ApiCall& call) {
  return list(api, call, "pools", selection_of(call));
}

ApiAnswer instances(Api& api, const ApiCall& call) {
  return list(api, call, "instances", selection_of(call));
}

ApiAnswer operations(Api& api, const ApiCall& call) {
  return list(api, call, "operations", selection_of(call));
}

ApiAnswer description(Api& api, const ApiCall& call) {
  Parameters parameters(call);
  const Output output = parameters.output({"json", "yaml", "table"});
  if (parameters.wrong()) return answer_of(*parameters.wrong());
  if (auto refusal = api.await_position(call)) return *std::move(refusal);
  const Instant now = api.plane().now();
  const std::string& name = call.name("name");
  std::ostringstream out;
  std::uint64_t position = 0;
  const auto described =
      api.plane().follower().with_view([&](const FleetView& view) {
        position = view.position();
        return describe_endpoint(out, output, view, name, now);
      });
  if (!described) return not_there(described.error(), name, false);
  ApiAnswer answer = shown_text(output, std::move(out).str());
  add_position(answer, position, now);
  return answer;
}

namespace {

/// The specification in a record that made or changed an endpoint.
Result<EndpointSpec> specification_at(Api& api, std::uint64_t position) {
  auto turn = api.readings().begin(longest_turn_wait);
  if (!turn) return turn.error();
  const auto record = LogReader::over(turn.value().log()).at(position);
  if (!record) return record.error();
  const AnyEvent& event = record.value().event;
  if (const auto* created = std::get_if<endpoint::EndpointCreated>(&event))
    return created->spec;
  if (const auto* updated = std::get_if<endpoint::EndpointUpdated>(&event))
    return updated->spec;
  return Error{ErrorCode::corrupt,
               position_text(position) + " holds no specification"};
}

}  // namespace

ApiAnswer specification(Api& api, const ApiCall& call) {
  Parameters parameters(call);
  const Output output = parameters.output({"json", "yaml"});
  if (parameters.wrong()) return answer_of(*parameters.wrong());
  if (auto refusal = api.await_position(call)) return *std::move(refusal);
  const Instant now = api.plane().now();
  const std::string& name = call.name("name");
  std::uint64_t position = 0;
  const auto specified_at = api.plane().follower().with_view(
      [&](const FleetView& view) -> Result<std::uint64_t> {
        position = view.position();
        const auto found = find_endpoint(view, name);
        if (!found) return found.error();
        return found.value()->endpoint.specified_at;
      });
  if (!specified_at) return not_there(specified_at.error(), name, false);
  const auto spec = specification_at(api, specified_at.value());
  if (!spec) return answer_of(spec.error(), "after");
  ApiAnswer answer = shown_json(output, to_json(spec.value()));
  add_position(answer, position, now);
  return answer;
}

}  // namespace understudy::handle
