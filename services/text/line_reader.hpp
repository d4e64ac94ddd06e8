#pragma once

/// Reads a text of lines, each made of fields with single spaces between
/// them, and says where what was wrong. Blank lines and lines that begin
/// with `#` are passed over.
///
/// Thread safety: none needed. Ownership: fields point into the text, which
/// must outlive the reader.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "actors/core/result.hpp"

namespace understudy {

class LineReader {
 public:
  /// `name` stands in messages: the file's path.
  LineReader(std::string name, std::string_view text)
      : name_(std::move(name)), rest_(text) {}

  /// Moves to the next line that says something; false at the end.
  bool next();

  [[nodiscard]] const std::vector<std::string_view>& fields() const {
    return fields_;
  }
  /// Of the current line, from 1; after the end, of the last one.
  [[nodiscard]] std::size_t line() const { return line_; }

  /// `name:line: what; accepted: accepted`.
  [[nodiscard]] Error error(const std::string& what,
                            std::string_view accepted) const;

 private:
  std::string name_;
  std::string_view rest_;
  std::size_t line_ = 0;
  std::vector<std::string_view> fields_;
};

/// A whole number in decimal digits alone, at most `max`.
[[nodiscard]] std::optional<std::uint64_t> parse_number(std::string_view text,
                                                        std::uint64_t max);

/// `text` in quotes for a one-line message: control characters and broken
/// bytes as `?`, cut when long.
[[nodiscard]] std::string in_quotes(std::string_view text);

}  // namespace understudy
