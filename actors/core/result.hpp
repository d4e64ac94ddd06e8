#pragma once

/// Errors as values.
///
/// An `Error` says what its receiver should do next through its code, and
/// what was wrong, where, and what would be accepted in its message: one
/// line, for a person. Thread safety: plain values.

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace understudy {

/// What the receiver should do next.
enum class ErrorCode : std::uint8_t {
  invalid_input,  ///< The caller's input is wrong: mend it, do not retry.
  not_found,      ///< What was named does not exist: do not retry.
  already_held,   ///< Another process owns this: stop it or choose another.
  unavailable,    ///< Outside trouble (disk full, no access): mend, retry.
  corrupt,        ///< Stored bytes are not what was written: stop reading.
  too_new,        ///< Written by a newer build: use that build.
  internal,       ///< A bug: report it.
};

[[nodiscard]] std::string_view to_string(ErrorCode code);

struct Error {
  ErrorCode code = ErrorCode::internal;
  std::string message;
  friend bool operator==(const Error&, const Error&) = default;
};

/// A value or an error. Reading the wrong side aborts.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : content_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : content_(std::in_place_index<1>, std::move(error)) {}

  [[nodiscard]] bool ok() const { return content_.index() == 0; }
  explicit operator bool() const { return ok(); }
  [[nodiscard]] const T& value() const& { return std::get<0>(content_); }
  [[nodiscard]] T& value() & { return std::get<0>(content_); }
  [[nodiscard]] T&& value() && { return std::get<0>(std::move(content_)); }
  [[nodiscard]] const Error& error() const { return std::get<1>(content_); }

 private:
  std::variant<T, Error> content_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : content_(std::move(error)) {}

  [[nodiscard]] bool ok() const { return content_.index() == 0; }
  explicit operator bool() const { return ok(); }
  [[nodiscard]] const Error& error() const { return std::get<1>(content_); }

 private:
  std::variant<std::monostate, Error> content_;
};

}  // namespace understudy
