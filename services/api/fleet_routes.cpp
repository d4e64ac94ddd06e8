/// The fleet as it stands: lists and single endpoints.

#include <optional>
#include <sstream>
#include <utility>

#include "services/api/parameters.hpp"
#include "services/api/routes.hpp"
#include "services/api/shown.hpp"
#include "services/rendering/describe.hpp"
#include "services/rendering/fleet_reader.hpp"
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

/// Rows of one page, where nothing else is asked for and at most.
constexpr std::uint64_t most_rows = 10'000;

/// What the fleet was like at a moment of the past.
struct Past {
  std::optional<FleetView> view;
  std::optional<ApiAnswer> refusal;
};

Past read_past(Api& api, ReplayUntil until) {
  if (until.sequence != UINT64_MAX) {
    if (auto refusal = api.check_position(until.sequence))
      return {std::nullopt, std::move(refusal)};
  }
  const auto whole = api.readings().whole();
  if (!whole.had()) {
    return {std::nullopt, log_is_busy({ErrorCode::unavailable,
                                       "another request reads the past now"})};
  }
  auto turn = api.readings().begin(longest_turn_wait);
  if (!turn) return {std::nullopt, log_is_busy(turn.error())};
  auto reader = turn.value().reader();
  auto view = read_fleet(reader, until, bounded_view());
  if (!view) return {std::nullopt, answer_of(view.error(), "at")};
  return {std::move(view).value(), std::nullopt};
}

/// Calls `use(view, now)` with the fleet as it is, or as it was at `until`.
template <class F>
std::optional<ApiAnswer> with_fleet(Api& api,
                                    const std::optional<ReplayUntil>& until,
                                    const F& use) {
  if (!until) {
    const Instant now = api.plane().now();
    // Only what needs the view is done under its lock: writing it is not.
    api.plane().follower().with_view(
        [&](const FleetView& view) { use(view, now); });
    return std::nullopt;
  }
  Past past = read_past(api, *until);
  if (past.view) use(*past.view, past.view->time());
  return std::move(past.refusal);
}

ApiAnswer list(Api& api, const ApiCall& call, std::string_view what,
               Selection selection) {
  Parameters parameters(call);
  const Output output =
      parameters.output({"json", "yaml", "table", "wide", "name"});
  selection.all = parameters.flag("all") || !selection.id.empty();
  selection.wide = output == Output::wide;
  selection.limit = parameters.number("limit", 1, most_rows, most_rows);
  selection.after = parameters.text("continue");
  const auto until = parameters.until("at");
  if (parameters.wrong()) return answer_of(*parameters.wrong());
  if (auto refusal = api.await_position(call)) return *std::move(refusal);
  std::optional<Result<Listing>> listed;
  Instant at;
  auto refusal =
      with_fleet(api, until, [&](const FleetView& view, Instant now) {
        at = now;
        if (selection.endpoint.empty() || is_there(view, selection.endpoint))
          listed.emplace(list_of(what, view, selection, now));
      });
  if (refusal) return *std::move(refusal);
  if (!listed) return not_there(selection.endpoint);
  if (!listed->ok()) {
    const bool misplaced = listed->error().code == ErrorCode::invalid_input;
    return answer_of(listed->error(), misplaced ? "continue" : "id");
  }
  const Listing& listing = listed->value();
  std::ostringstream out;
  write_listing(out, output, listing);
  ApiAnswer answer = shown_text(output, std::move(out).str());
  add_position(answer, listing.position, at);
  answer.headers.emplace_back("Understudy-Hidden",
                              std::to_string(listing.hidden));
  if (!listing.next.empty())
    answer.headers.emplace_back("Understudy-Continue", listing.next);
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
  const auto until = parameters.until("at");
  if (parameters.wrong()) return answer_of(*parameters.wrong());
  if (auto refusal = api.await_position(call)) return *std::move(refusal);
  const std::string& name = call.name("name");
  std::ostringstream out;
  std::uint64_t position = 0;
  bool described = false;
  Instant at;
  auto refusal =
      with_fleet(api, until, [&](const FleetView& view, Instant now) {
        position = view.position();
        at = now;
        described = is_there(view, name) &&
                    describe_endpoint(out, output, view, name, now).ok();
      });
  if (refusal) return *std::move(refusal);
  if (!described) return not_there(name);
  ApiAnswer answer = shown_text(output, std::move(out).str());
  add_position(answer, position, at);
  return answer;
}

namespace {

/// The specification in a record that made or changed an endpoint.
Result<EndpointSpec> specification_at(Api& api, std::uint64_t position) {
  auto turn = api.readings().begin(longest_turn_wait);
  if (!turn) return turn.error();
  const auto record = turn.value().reader().at(position);
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
