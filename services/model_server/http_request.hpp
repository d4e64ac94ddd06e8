#pragma once

/// Takes HTTP/1 requests out of what comes over a connection, piece by piece.
/// A body is counted and let go of: nobody looks at it.
///
/// Thread safety: none.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace understudy::model_server {

struct HttpRequest {
  std::string method;
  std::string path;                            ///< Without its query.
  std::map<std::string, std::string> headers;  ///< Names in lower case.
  bool keep_alive = true;

  /// Empty when there is none.
  [[nodiscard]] std::string header(const std::string& name) const;
  /// Where there is none, or no number, `otherwise`.
  [[nodiscard]] std::uint32_t number(const std::string& name,
                                     std::uint32_t otherwise) const;
};

class HttpRequestReader {
 public:
  enum class State : std::uint8_t { more, whole, broken };

  /// Takes bytes off the front of `input`. After `whole` the request stands
  /// in `request()`, and the next call begins a new one.
  State take(std::string& input);

  [[nodiscard]] const HttpRequest& request() const { return request_; }
  /// The client waits to be told to send its body; true once.
  [[nodiscard]] bool wants_continue();

 private:
  enum class Part : std::uint8_t { head, body, chunk_size, chunk, trailer };

  bool read_head(std::string_view head);
  State take_head(std::string& input);
  State take_chunks(std::string& input);

  HttpRequest request_;
  Part part_ = Part::head;
  std::uint64_t left_ = 0;
  bool expects_continue_ = false;
};

}  // namespace understudy::model_server
