#pragma once

/// A request and its answer, apart from sockets and from any HTTP library.
///
/// Thread safety: plain values.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace understudy {

class EventStream;

using TextPair = std::pair<std::string, std::string>;

/// What a request says, read strictly and decoded.
struct ApiCall {
  std::string method;
  std::vector<std::string> path;  ///< Its parts, percent-decoded.
  std::vector<TextPair> query;    ///< Percent-decoded, in order.
  std::vector<TextPair> headers;  ///< Names in lower case.
  std::string body;
  std::vector<TextPair> names;  ///< Of the route: `name` for `{name}`.

  std::optional<std::uint64_t> content_length;
  bool chunked = false;
  bool keep_alive = true;
  bool expects_continue = false;
  bool old = false;  ///< HTTP/1.0: no chunked answers.

  /// Null when there is none; the first one otherwise.
  [[nodiscard]] const std::string* header(std::string_view name) const;
  [[nodiscard]] const std::string* parameter(std::string_view name) const;
  /// Empty when there is none.
  [[nodiscard]] const std::string& name(std::string_view name) const;
  [[nodiscard]] bool has_body() const {
    return chunked || content_length.value_or(0) > 0;
  }
};

struct ApiAnswer {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
  std::vector<TextPair> headers;
  /// Set for a stream of events: it is the body.
  std::shared_ptr<EventStream> stream;
};

}  // namespace understudy
