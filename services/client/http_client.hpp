#pragma once

/// HTTP requests to one daemon. The only place, beside the daemon's own API,
/// that knows the HTTP library.
///
/// Thread safety: one thread, except for `stop`.

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "services/client/server_address.hpp"

namespace understudy {

struct HttpAnswer {
  int status = 0;                              ///< 0: no answer came.
  std::map<std::string, std::string> headers;  ///< Names in lower case.
  std::string body;
  /// Where no answer came: what went wrong,
  std::string trouble;
  /// and whether the daemon may have got the request all the same.
  bool sent = false;

  [[nodiscard]] bool ok() const { return status >= 200 && status < 300; }
  /// Empty when there is none.
  [[nodiscard]] std::string header(const std::string& name) const;
};

class HttpClient {
 public:
  explicit HttpClient(const ServerAccess& access);
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  /// How long the daemon may be silent.
  void set_silence(std::chrono::milliseconds longest);

  /// `target` is a path with its query, encoded.
  [[nodiscard]] HttpAnswer get(const std::string& target);
  [[nodiscard]] HttpAnswer post(const std::string& target,
                                const std::string& json);

  /// Follows a stream of events: gives `receive` what comes until that
  /// returns false or the stream ends. A refusal is an answer with a body.
  [[nodiscard]] HttpAnswer stream(
      const std::string& target, const std::string& last_event_id,
      const std::function<bool(std::string_view)>& receive);

  /// From any thread: ends the request that is under way.
  void stop();

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace understudy
