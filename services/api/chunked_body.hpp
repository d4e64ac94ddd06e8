#pragma once

/// A body in chunks, as RFC 9112 section 7.1 has it, taken in piece by piece.
/// Extensions are passed over, trailers are not taken.
///
/// Thread safety: none.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace understudy {

class ChunkedBody {
 public:
  enum class State : std::uint8_t { more, done, broken, too_large };

  explicit ChunkedBody(std::size_t limit) : limit_(limit) {}

  /// Takes bytes off the front of `input` as far as they belong to the body.
  State take(std::string& input);

  [[nodiscard]] std::string& body() { return body_; }
  [[nodiscard]] std::size_t size() const { return body_.size(); }

 private:
  enum class Part : std::uint8_t { size, data, data_end, last };

  /// The line at the front of `input`, without its CR LF; what is not one
  /// yet, or is too long, sets `state`.
  static bool take_line(std::string_view& input, std::string_view& line,
                        State& state);
  State take_size(std::string_view line);

  const std::size_t limit_;
  std::string body_;
  Part part_ = Part::size;
  std::uint64_t left_ = 0;  ///< Of the chunk.
};

}  // namespace understudy
