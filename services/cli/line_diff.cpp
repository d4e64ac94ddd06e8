#include "services/cli/line_diff.hpp"

#include <algorithm>
#include <cstdint>
#include <ostream>
#include <string_view>

namespace understudy {
namespace {

using Lines = std::vector<std::string>;

constexpr std::size_t around = 3;
/// Beyond so many pairs of lines what differs is replaced as a whole.
constexpr std::size_t most_pairs = 16'000'000;

struct Edit {
  char mark = ' ';  ///< ` `, `-`, `+`.
  const std::string* line = nullptr;
};

/// Lengths of the longest common subsequences of all ends of both.
class Table {
 public:
  Table(std::size_t rows, std::size_t columns)
      : columns_(columns), cells_(rows * columns) {}
  std::uint32_t& at(std::size_t row, std::size_t column) {
    return cells_[row * columns_ + column];
  }

 private:
  std::size_t columns_;
  std::vector<std::uint32_t> cells_;
};

void replace_range(const Lines& a, std::size_t i, std::size_t a_end,
                   const Lines& b, std::size_t j, std::size_t b_end,
                   std::vector<Edit>& edits) {
  for (; i < a_end; ++i)
    edits.push_back({'-', &a[i]});
  for (; j < b_end; ++j)
    edits.push_back({'+', &b[j]});
}

void compare_range(const Lines& a, std::size_t begin, std::size_t a_end,
                   const Lines& b, std::size_t b_end,
                   std::vector<Edit>& edits) {
  const std::size_t n = a_end - begin;
  const std::size_t m = b_end - begin;
  if (m == 0 || n > most_pairs / m) {
    replace_range(a, begin, a_end, b, begin, b_end, edits);
    return;
  }
  Table common(n + 1, m + 1);
  for (std::size_t i = n; i-- > 0;) {
    for (std::size_t j = m; j-- > 0;) {
      common.at(i, j) =
          a[begin + i] == b[begin + j]
              ? common.at(i + 1, j + 1) + 1
              : std::max(common.at(i + 1, j), common.at(i, j + 1));
    }
  }
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < n && j < m) {
    if (a[begin + i] == b[begin + j]) {
      edits.push_back({' ', &a[begin + i]});
      ++i;
      ++j;
    } else if (common.at(i + 1, j) >= common.at(i, j + 1)) {
      edits.push_back({'-', &a[begin + i++]});
    } else {
      edits.push_back({'+', &b[begin + j++]});
    }
  }
  replace_range(a, begin + i, a_end, b, begin + j, b_end, edits);
}

std::vector<Edit> edits_between(const Lines& a, const Lines& b) {
  std::vector<Edit> edits;
  std::size_t begin = 0;
  const std::size_t shorter = std::min(a.size(), b.size());
  for (; begin < shorter && a[begin] == b[begin]; ++begin)
    edits.push_back({' ', &a[begin]});
  std::size_t end = 0;
  while (end < shorter - begin &&
         a[a.size() - 1 - end] == b[b.size() - 1 - end]) {
    ++end;
  }
  compare_range(a, begin, a.size() - end, b, b.size() - end, edits);
  for (std::size_t i = a.size() - end; i < a.size(); ++i)
    edits.push_back({' ', &a[i]});
  return edits;
}

std::string range_text(std::size_t from, std::size_t count) {
  // An empty range is named by the line before it.
  std::string text = std::to_string(count == 0 ? from : from + 1);
  if (count != 1) text += ',' + std::to_string(count);
  return text;
}

struct Hunk {
  std::size_t begin = 0;  ///< Of the edits.
  std::size_t end = 0;
};

std::vector<Hunk> hunks_of(const std::vector<Edit>& edits) {
  std::vector<Hunk> hunks;
  for (std::size_t i = 0; i < edits.size(); ++i) {
    if (edits[i].mark == ' ') continue;
    const std::size_t begin = i < around ? 0 : i - around;
    const std::size_t end = std::min(edits.size(), i + 1 + around);
    if (!hunks.empty() && begin <= hunks.back().end) {
      hunks.back().end = end;
    } else {
      hunks.push_back({begin, end});
    }
  }
  return hunks;
}

void write_edit(std::ostream& out, const Edit& edit, bool color) {
  const bool colored = color && edit.mark != ' ';
  if (colored) out << (edit.mark == '-' ? "\x1b[31m" : "\x1b[32m");
  out << edit.mark << *edit.line << (colored ? "\x1b[0m" : "") << '\n';
}

}  // namespace

void write_line_diff(std::ostream& out, const DiffSide& before,
                     const DiffSide& after, bool color) {
  const auto edits = edits_between(before.lines, after.lines);
  const auto hunks = hunks_of(edits);
  if (hunks.empty()) return;
  out << "--- " << before.title << "\n+++ " << after.title << '\n';
  std::size_t line_before = 0;
  std::size_t line_after = 0;
  std::size_t next = 0;
  const auto count = [&](std::size_t from, std::size_t to, char mark) {
    return static_cast<std::size_t>(std::count_if(
        edits.begin() + static_cast<std::ptrdiff_t>(from),
        edits.begin() + static_cast<std::ptrdiff_t>(to),
        [&](const Edit& one) { return one.mark == ' ' || one.mark == mark; }));
  };
  for (const Hunk& hunk : hunks) {
    line_before += count(next, hunk.begin, '-');
    line_after += count(next, hunk.begin, '+');
    const std::size_t taken = count(hunk.begin, hunk.end, '-');
    const std::size_t given = count(hunk.begin, hunk.end, '+');
    out << "@@ -" << range_text(line_before, taken) << " +"
        << range_text(line_after, given) << " @@\n";
    for (std::size_t i = hunk.begin; i < hunk.end; ++i)
      write_edit(out, edits[i], color);
    line_before += taken;
    line_after += given;
    next = hunk.end;
  }
}

std::vector<std::string> split_lines(const std::string& text) {
  Lines lines;
  std::size_t from = 0;
  while (from < text.size()) {
    const auto end = std::min(text.find('\n', from), text.size());
    lines.push_back(text.substr(from, end - from));
    from = end + 1;
  }
  return lines;
}

}  // namespace understudy
