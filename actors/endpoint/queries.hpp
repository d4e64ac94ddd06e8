#pragma once

/// Questions that several parts of the endpoint ask of its state. They read
/// only, and take linear time in pools or operations at most.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "actors/endpoint/state.hpp"

namespace understudy::endpoint {

/// The entry of a map, or null.
template <class Map, class Key>
[[nodiscard]] auto* find(Map& map, const Key& key) {
  const auto it = map.find(key);
  return it == map.end() ? nullptr : &it->second;
}

/// Operations may go on only while the endpoint is being created or serves.
[[nodiscard]] bool active(const State& state);

/// The specification of a variant, or null.
[[nodiscard]] const VariantSpec* variant_spec(const State& state,
                                              std::string_view variant);

[[nodiscard]] std::vector<std::string> variant_names(const State& state);

/// Number of a pool by its name; 0 when there is none.
[[nodiscard]] std::uint32_t pool_number(const State& state,
                                        std::string_view variant,
                                        std::string_view name);

/// Numbers of a variant's pools, best first.
[[nodiscard]] std::vector<std::uint32_t> ranked_pools(const State& state,
                                                      std::string_view variant);

struct Counts {
  std::int64_t desired = 0;
  std::int64_t starting = 0;
  std::int64_t ready = 0;
  std::int64_t pending = 0;  ///< Wanted by open operations.
  std::int64_t beyond = 0;   ///< One while a return is under way.

  /// Held or on the way, above (or below) what is wanted.
  [[nodiscard]] std::int64_t excess() const {
    return starting + ready + pending - desired - beyond;
  }
};

[[nodiscard]] Counts count(const State& state, const std::string& variant);

/// E3. Operations that want the same pools take turns, the oldest first. A
/// return (E10) asks one pool of its own, and a pause (E9) is not yet over.
[[nodiscard]] bool takes_turns(const Operation& operation);

/// True when no older operation of its variant takes turns with this one.
[[nodiscard]] bool leads(const State& state, OperationId id);

/// The oldest operation of a variant that waits for a pool; 0 for none.
[[nodiscard]] OperationId next_in_turn(const State& state,
                                       std::string_view variant, Instant now);

/// True when instances of the pool exist, or may still come of a request.
[[nodiscard]] bool in_use(const State& state, std::uint32_t pool);

/// A variant's pools, best first, with the last thing each said.
[[nodiscard]] std::vector<PoolVerdict> verdicts(const State& state,
                                                std::string_view variant);

}  // namespace understudy::endpoint
