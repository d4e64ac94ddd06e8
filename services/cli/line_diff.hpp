#pragma once

/// How two texts differ, as `diff -u` writes it. Thread safety: a function
/// without state.

#include <iosfwd>
#include <string>
#include <vector>

namespace understudy {

struct DiffSide {
  std::string title;
  std::vector<std::string> lines;
};

/// Nothing when both are the same. `color` for a terminal that has it.
void write_line_diff(std::ostream& out, const DiffSide& before,
                     const DiffSide& after, bool color);

/// Without line ends; a last line needs none.
[[nodiscard]] std::vector<std::string> split_lines(const std::string& text);

}  // namespace understudy
