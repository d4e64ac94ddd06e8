#pragma once

/// Every path of the API, in one table.
///
/// openapi.json says the same in more words; a test compares both.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "services/api/api.hpp"
#include "services/api/message.hpp"
#include "services/api/tokens.hpp"

namespace understudy {

struct Route {
  std::string_view method;  ///< GET stands for HEAD too.
  std::string_view pattern;
  Access access = Access::read;
  ApiAnswer (*handler)(Api& api, const ApiCall& call) = nullptr;
  /// The query parameters it knows.
  std::vector<std::string_view> parameters = {};
  bool takes_body = false;  ///< JSON.
  bool urgent = false;      ///< Takes no time, and is wanted under load.
};

[[nodiscard]] std::span<const Route> routes();

/// What a path leads to.
struct Match {
  const Route* route = nullptr;  ///< Null when the method does not fit.
  std::string pattern;           ///< Empty when there is no such path.
  std::string allowed;           ///< As the header Allow has it.
};

/// Finds the route and sets the names in its path.
[[nodiscard]] Match match_route(ApiCall& call);

// The handlers, by theme; each is described in openapi.json.

namespace handle {

ApiAnswer command(Api& api, const ApiCall& call);
ApiAnswer command_outcome(Api& api, const ApiCall& call);

ApiAnswer endpoints(Api& api, const ApiCall& call);
ApiAnswer endpoint(Api& api, const ApiCall& call);
ApiAnswer pools(Api& api, const ApiCall& call);
ApiAnswer instances(Api& api, const ApiCall& call);
ApiAnswer operations(Api& api, const ApiCall& call);
ApiAnswer output(Api& api, const ApiCall& call);
ApiAnswer description(Api& api, const ApiCall& call);
ApiAnswer specification(Api& api, const ApiCall& call);

ApiAnswer events(Api& api, const ApiCall& call);
ApiAnswer explanation(Api& api, const ApiCall& call);
ApiAnswer statistics(Api& api, const ApiCall& call);

ApiAnswer capacity(Api& api, const ApiCall& call);
ApiAnswer change_capacity(Api& api, const ApiCall& call);

ApiAnswer load(Api& api, const ApiCall& call);

ApiAnswer live(Api& api, const ApiCall& call);
ApiAnswer ready(Api& api, const ApiCall& call);
ApiAnswer metrics(Api& api, const ApiCall& call);
ApiAnswer version(Api& api, const ApiCall& call);

ApiAnswer front(Api& api, const ApiCall& call);
ApiAnswer openapi(Api& api, const ApiCall& call);
ApiAnswer problems(Api& api, const ApiCall& call);

}  // namespace handle

}  // namespace understudy
