#pragma once

/// The reading commands where a daemon answers them: it renders, this side
/// writes what came.

#include <cstdint>
#include <string>

#include "actors/core/instant.hpp"
#include "actors/runtime/replay.hpp"
#include "services/cli/context.hpp"
#include "services/client/daemon_client.hpp"
#include "services/rendering/event_filter.hpp"
#include "services/rendering/lists.hpp"
#include "services/rendering/output.hpp"

namespace understudy {

/// Writes the answer to one question.
Result<int> write_remote(Context& context, DaemonClient& daemon,
                         const std::string& path,
                         const QueryParameters& parameters);

/// A list as `get` asks for it.
struct RemoteList {
  std::string what;  ///< `endpoints`, `pools`, `instances`, `operations`.
  Selection selection;
  Output output = Output::table;
  std::string at;     ///< A position or time of the past; empty: now.
  std::string after;  ///< A position that is to be in it; empty: none.
};

/// Where the list is, and what to ask for.
[[nodiscard]] std::string list_path(const RemoteList& list);
[[nodiscard]] QueryParameters list_parameters(const RemoteList& list);

/// The whole list, all pages of it as one.
[[nodiscard]] Result<HttpAnswer> list_remote(DaemonClient& daemon,
                                             const RemoteList& list);

Result<int> get_remote(Context& context, DaemonClient& daemon,
                       const RemoteList& list);

/// As `watch` does it with a log. After a broken connection it goes on.
Result<int> watch_remote(Context& context, DaemonClient& daemon,
                         RemoteList list);

/// Which events, as `events` asks for them.
struct RemoteEvents {
  EventFilter filter;
  std::uint64_t from = 1;
  Instant since;
  ReplayUntil until;
  std::uint64_t limit = UINT64_MAX;
  bool json = false;
  bool follow = false;
};

Result<int> events_remote(Context& context, DaemonClient& daemon,
                          const RemoteEvents& wanted);

}  // namespace understudy
