/// The fleet as it stands: lists and single endpoints.

#include <optional>
#include <sstream>
#include <utility>

#include "services/api/parameters.hpp"
#include "services/api/routes.hpp"
#include "services/api/shown.hpp"
#include "services/rendering/describe.hpp"
#include "services/rendering/lists.hpp"
#include "services/rendering/log_reader.hpp"
#include "services/text/line_reader.hpp"

namespace understudy::handle {
namespace {

/// Not by the renderers' own messages, which name all that there are.
bool is_there(const FleetView& view, const std::string& endpoint) {
  const EndpointHistory* found = view.find(endpoint);
  return found && found->endpoint.created_at != Instant{};
}

ApiAnswer not_there(const std::string& endpoint) {
  return answer_of(make_problem(
      "endpoint-not-found",
      "there is no endpoint " + in_quotes(endpoint) +
          "; GET /v1/endpoints?output=name lists those there are"));
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
  const auto listed = api.plane().follower().with_view(
      [&](const FleetView& view) -> std::optional<Result<Listing>> {
        if (!selection.endpoint.empty() && !is_there(view, selection.endpoint))
          return std::nullopt;
        return list_of(what, view, selection, now);
      });
  if (!listed) return not_there(selection.endpoint);
  if (!listed->ok()) return answer_of(listed->error(), "id");
  std::ostringstream out;
  write_listing(out, output, listed->value());
  ApiAnswer answer = shown_text(output, std::move(out).str());
  add_position(answer, listed->value().position, now);
  answer.headers.emplace_back("Understudy-Hidden",
                              std::to_string(listed->value().hidden));
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
  const bool described =
      api.plane().follower().with_view([&](const FleetView& view) {
        position = view.position();
        return is_there(view, name) &&
               describe_endpoint(out, output, view, name, now).ok();
      });
  if (!described) return not_there(name);
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
      [&](const FleetView& view) -> std::optional<std::uint64_t> {
        position = view.position();
        if (!is_there(view, name)) return std::nullopt;
        return view.find(name)->endpoint.specified_at;
      });
  if (!specified_at) return not_there(name);
  const auto spec = specification_at(api, *specified_at);
  if (!spec) return answer_of(spec.error(), "after");
  ApiAnswer answer = shown_json(output, to_json(spec.value()));
  add_position(answer, position, now);
  return answer;
}

}  // namespace understudy::handle
