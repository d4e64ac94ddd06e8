#include "services/rendering/fleet_reader.hpp"

#include <utility>

#include "services/text/line_reader.hpp"

namespace understudy {
namespace {

constexpr std::size_t most_named = 10;

std::string names_of_all(const FleetView& view) {
  std::string names;
  std::size_t count = 0;
  for (const auto& [name, history] : view.endpoints()) {
    if (history.endpoint.created_at.us == 0) continue;
    if (++count > most_named) return names + ", ...";
    if (!names.empty()) names += ", ";
    names += name;
  }
  return names;
}

}  // namespace

Result<FleetView> read_fleet(LogReader& reader, ReplayUntil until,
                             FleetView view) {
  LogPlace place = reader.begin();
  const auto done = reader.scan(place, until, [&](const Record& record) {
    view.see(record);
    return Visit::next;
  });
  if (!done) return done.error();
  return view;
}

Result<const EndpointHistory*> find_endpoint(const FleetView& view,
                                             const std::string& name) {
  const EndpointHistory* found = view.find(name);
  if (found != nullptr && found->endpoint.created_at.us != 0) return found;
  const std::string names = names_of_all(view);
  std::string message =
      "there is no endpoint " + in_quotes(name) + " in this log";
  message += names.empty() ? "; it holds none" : "; accepted: " + names;
  return Error{ErrorCode::not_found, std::move(message)};
}

}  // namespace understudy
