#pragma once

/// Takes the line that HAProxy sends of each finished request. What comes
/// while no gateway runs is lost: these lines feed figures, nothing else.
///
/// Thread safety: the constructor and destructor belong to its owner; `take`
/// is called on a thread of its own.

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include "actors/core/result.hpp"
#include "services/event_log/descriptor.hpp"

namespace understudy::gateway {

/// Milliseconds; -1 for what did not come to be.
struct RequestLine {
  std::string backend;   ///< A slot, or where no route led to one.
  std::string endpoint;  ///< Of what no slot got.
  std::string server;    ///< Empty: none got it.
  int status = 0;
  long queue_ms = -1;
  long connect_ms = -1;
  long response_ms = -1;
  long data_ms = -1;
  long total_ms = -1;
  bool aborted = false;  ///< The client went away.
};

/// Nothing for what is no such line.
[[nodiscard]] std::optional<RequestLine> parse_request_line(
    std::string_view line);

class RequestLines {
 public:
  using Take = std::function<void(const RequestLine&)>;

  /// A socket that takes a line as a datagram.
  /// Errors: `unavailable` when the socket cannot be made.
  [[nodiscard]] static Result<std::unique_ptr<RequestLines>> listen(
      const std::string& path, Take take);
  /// A named pipe; one that is there already, and who writes to it, are kept.
  /// Errors: `unavailable` when it cannot be made or opened.
  [[nodiscard]] static Result<std::unique_ptr<RequestLines>> open_pipe(
      const std::string& path, Take take);
  ~RequestLines();
  RequestLines(const RequestLines&) = delete;
  RequestLines& operator=(const RequestLines&) = delete;

 private:
  RequestLines(Descriptor source, Take take);
  void run();
  void take_lines(std::string_view piece);

  Descriptor source_;
  Descriptor stop_;
  const Take take_;
  std::string begun_;  ///< The beginning of a line.
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

}  // namespace understudy::gateway
