#pragma once

/// What an instance wrote: bounded, and readable for people.
///
/// Thread safety: pure functions on files that somebody may write to.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace understudy {

/// So much is kept at most, in two files of half of it.
constexpr std::uint64_t kept_output_bytes = 16U << 20U;

/// When the file holds more than its half, what it holds becomes the `old`
/// one, and it begins anew. The writer does not notice: it appends.
void bound_output(const std::string& file, const std::string& old_file,
                  std::uint64_t half = kept_output_bytes / 2);

/// The last bytes of the file, `most` of them at most, from the beginning of
/// a line where one is cut.
[[nodiscard]] std::string output_tail(const std::string& file,
                                      std::size_t most);

/// The last lines of a text in one line, joined by ` | `, with control
/// characters and broken bytes as escapes.
[[nodiscard]] std::string last_lines(std::string_view text, std::size_t lines,
                                     std::size_t most_bytes);

}  // namespace understudy
