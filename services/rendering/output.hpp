#pragma once

/// How results are written: tables for people, JSON and YAML for programs.

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "actors/core/instant.hpp"
#include "services/codec/json.hpp"
#include "services/projection/wording.hpp"

namespace understudy {

/// `name`: one `kind/name` a line.
enum class Output : std::uint8_t { table, wide, json, yaml, name };

/// Nothing for a text that names no form.
[[nodiscard]] std::optional<Output> parse_output(std::string_view name);

/// An object with `apiVersion` and `kind`, the envelope of every result.
[[nodiscard]] Json envelope(std::string_view kind);

/// The members of `from` after those of `into`.
void add_members(Json& into, const Json& from);

/// Writes JSON or YAML; true when `output` is one of the two.
bool write_structured(std::ostream& out, Output output, const Json& json);

/// A text from outside, fit for a terminal and for one line: control
/// characters and bytes that are not UTF-8 as `\xNN`, the rest unchanged.
[[nodiscard]] std::string visible(std::string_view text);

/// Texts of one table, made `visible`; empty cells read `<none>`.
class Table {
 public:
  explicit Table(std::vector<std::string> titles)
      : titles_(std::move(titles)) {}

  void add(std::vector<std::string> cells);
  [[nodiscard]] bool empty() const { return rows_.empty(); }

  /// The titles, then one line for each row, without line ends.
  [[nodiscard]] std::vector<std::string> lines() const;

  /// Two spaces between columns, none at the end of a line.
  void write(std::ostream& out, std::string_view indent = "") const;

 private:
  std::vector<std::string> titles_;
  std::vector<std::vector<std::string>> rows_;
};

/// The time since `at` as AGE columns give it.
[[nodiscard]] std::string age_text(Instant at, Instant now);
/// `98.65%` for 986505 parts per million.
[[nodiscard]] std::string share_text(std::uint64_t ppm);
/// `$15.01`, with thousands apart: `$12,345.68`.
[[nodiscard]] std::string money_text(std::int64_t micros);
/// Hours with one decimal.
[[nodiscard]] std::string hours_text(std::int64_t ms);
[[nodiscard]] std::string position_text(std::uint64_t position);
/// Sixteen hexadecimal digits.
[[nodiscard]] std::string digest_text(std::uint64_t digest);
/// `number` with thousands apart: `1,234,567`.
[[nodiscard]] std::string grouped(std::uint64_t number);

/// Writes `text`, made `visible`, within `width` columns; lines after the first
/// begin with `indent` spaces. Words longer than a line are not broken.
void write_wrapped(std::ostream& out, std::string_view text, std::size_t indent,
                   std::size_t width = 100);

}  // namespace understudy
