#include "services/client/sse_parser.hpp"

#include <utility>

namespace understudy {

bool SseParser::feed(std::string_view piece,
                     const std::function<bool(const ServerSentEvent&)>& visit) {
  for (const char c : piece) {
    // A line ends with CR, LF or both.
    const bool second_half = std::exchange(after_return_, c == '\r');
    if (c == '\n' && second_half) continue;
    if (c == '\n' || c == '\r') {
      if (!end_line(visit)) return false;
      continue;
    }
    line_ += c;
    if (line_.size() + event_.data.size() > longest_event) return false;
  }
  return true;
}

void SseParser::reset() {
  line_.clear();
  after_return_ = false;
  has_data_ = false;
  event_.type.clear();
  event_.data.clear();
}

bool SseParser::end_line(
    const std::function<bool(const ServerSentEvent&)>& visit) {
  if (!line_.empty()) {
    read_field();
    line_.clear();
    return true;
  }
  bool goes_on = true;
  if (has_data_) goes_on = visit(event_);
  reset();
  return goes_on;
}

void SseParser::read_field() {
  const auto colon = line_.find(':');
  const std::string_view line = line_;
  const std::string_view name = line.substr(0, colon);
  std::string_view value;
  if (colon != std::string::npos) value = line.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  if (name == "id") {
    event_.id = value;
  } else if (name == "event") {
    event_.type = value;
  } else if (name == "data") {
    if (std::exchange(has_data_, true)) event_.data += '\n';
    event_.data += value;
  }
}

}  // namespace understudy
