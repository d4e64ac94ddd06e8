#pragma once

/// Which events a reader wants to see. Thread safety: none needed; a filter
/// is a plain value.

#include <set>
#include <string>
#include <string_view>

#include "actors/core/result.hpp"
#include "actors/runtime/record.hpp"

namespace understudy {

/// What is empty selects everything.
struct EventFilter {
  std::string endpoint;
  std::string stream;
  std::set<std::string, std::less<>> types;

  [[nodiscard]] bool selects(const Record& record) const;
};

/// The types of all events there are, sorted.
[[nodiscard]] const std::set<std::string_view>& event_types();

/// `a,b`, as the option or parameter `name` had it. Errors: `invalid_input`
/// for what is no type of an event.
[[nodiscard]] Result<std::set<std::string, std::less<>>> parse_event_types(
    std::string_view name, std::string_view text);

/// Errors: `invalid_input` for what is no stream; empty is taken.
[[nodiscard]] Result<std::string> parse_stream(std::string_view name,
                                               const std::string& text);

}  // namespace understudy
