#pragma once

/// Server-sent events, taken apart as they come in pieces.
///
/// Thread safety: one thread.

#include <functional>
#include <string>
#include <string_view>

namespace understudy {

struct ServerSentEvent {
  std::string id;  ///< Of this event, or of the last one that had any.
  std::string type;
  std::string data;  ///< Lines joined by a line feed.
};

class SseParser {
 public:
  /// Gives `visit` each event that `piece` completes. False when `visit`
  /// said so, or when an event is longer than any can be: then no more is to
  /// be fed.
  bool feed(std::string_view piece,
            const std::function<bool(const ServerSentEvent&)>& visit);

  /// Forgets an event that was cut off; the last id is kept.
  void reset();

 private:
  static constexpr std::size_t longest_event = 16U << 20U;

  bool end_line(const std::function<bool(const ServerSentEvent&)>& visit);
  void read_field();

  std::string line_;
  bool after_return_ = false;
  bool has_data_ = false;
  ServerSentEvent event_;
};

}  // namespace understudy
