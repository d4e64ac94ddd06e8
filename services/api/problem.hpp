#pragma once

/// What can go wrong with a request, as RFC 9457 has it.
///
/// All kinds stand in one table, from which the daemon serves its page
/// /docs/problems. Reasons are an API: never rename one, never give one a
/// second meaning. Thread safety: plain values and functions without state.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "services/api/message.hpp"
#include "services/codec/json.hpp"

namespace understudy {

struct ProblemKind {
  std::string_view reason;
  int status = 500;
  std::string_view title;
  std::string_view help;  ///< What it means and what to do, for the page.
};

/// Sorted as the page shows them.
[[nodiscard]] std::span<const ProblemKind> problem_kinds();
/// Null for a reason that is not in the table.
[[nodiscard]] const ProblemKind* find_problem_kind(std::string_view reason);

/// One refusal. What is empty is left out of the answer.
struct Problem {
  std::string reason;
  std::string detail;
  std::string field;
  std::string value;
  std::string accepted;
  std::string command;
  std::uint64_t position = 0;
  Json more = Json::object();  ///< Further members.
  std::vector<TextPair> headers = {};
};

[[nodiscard]] Problem make_problem(std::string reason, std::string detail);

[[nodiscard]] ApiAnswer answer_of(const Problem& problem);

/// A query parameter that is not as it should be.
[[nodiscard]] Problem wrong_parameter(std::string_view name,
                                      std::string_view value,
                                      std::string_view accepted);

/// The page that explains every kind.
[[nodiscard]] std::string problems_page();

}  // namespace understudy
