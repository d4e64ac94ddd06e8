/// What instances wrote.

#include <utility>

#include "actors/core/ids.hpp"
#include "services/api/parameters.hpp"
#include "services/api/routes.hpp"
#include "services/api/shown.hpp"
#include "services/text/line_reader.hpp"

namespace understudy::handle {
namespace {

constexpr std::uint64_t largest_piece = 1U << 20U;
constexpr std::uint64_t furthest = 1ULL << 60U;

ApiAnswer not_there(const std::string& detail) {
  return answer_of(make_problem("not-found", detail));
}

/// The provider's name of an instance; empty when there is no such instance.
std::string reference_of(Api& api, const std::string& endpoint, InstanceId id) {
  return api.plane().follower().with_view(
      [&](const FleetView& view) -> std::string {
        const EndpointHistory* found = view.find(endpoint);
        if (!found) return {};
        const auto instance = found->instances.find(id);
        return instance == found->instances.end()
                   ? std::string()
                   : instance->second.provider_ref;
      });
}

}  // namespace

ApiAnswer output(Api& api, const ApiCall& call) {
  Parameters parameters(call);
  OutputPlace from;
  const std::uint64_t lines = parameters.number("lines", 0, 100'000, 100);
  from.offset = parameters.number("from", 0, furthest, furthest);
  const std::uint64_t most =
      parameters.number("limit", 1, largest_piece, largest_piece);
  if (parameters.wrong()) return answer_of(*parameters.wrong());
  if (from.offset == furthest) from = {lines, true};
  const InstanceOutput* provider = api.parts().output;
  if (!provider)
    return not_there("this daemon's provider keeps no output of instances");
  const std::string& endpoint = call.name("endpoint");
  const auto id = parse_instance_id(call.name("id"));
  const std::string reference = id ? reference_of(api, endpoint, *id) : "";
  if (reference.empty()) {
    return not_there("there is no instance " +
                     in_quotes(endpoint + '/' + call.name("id")) +
                     "; GET /v1/instances?output=name lists those there are");
  }
  auto piece =
      provider->output(reference, from, static_cast<std::size_t>(most));
  if (!piece) return not_there(piece.error().message);
  ApiAnswer answer;
  answer.content_type = "application/octet-stream";
  answer.headers.emplace_back("Understudy-Next",
                              std::to_string(piece.value().next));
  answer.headers.emplace_back("Understudy-Gone",
                              piece.value().gone ? "true" : "false");
  answer.body = std::move(piece.value().bytes);
  return answer;
}

}  // namespace understudy::handle
