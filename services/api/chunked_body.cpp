#include "services/api/chunked_body.hpp"

#include <algorithm>
#include <charconv>

namespace understudy {
namespace {

constexpr std::size_t longest_line = 256;

}  // namespace

ChunkedBody::State ChunkedBody::take(std::string& input) {
  std::string_view rest = input;
  State state = State::more;
  while (state == State::more) {
    if (part_ == Part::data) {
      const auto taken = std::min<std::uint64_t>(left_, rest.size());
      body_ += rest.substr(0, taken);
      rest.remove_prefix(taken);
      left_ -= taken;
      if (left_ > 0) break;
      part_ = Part::data_end;
    }
    std::string_view line;
    if (!take_line(rest, line, state)) break;
    if (part_ == Part::size) {
      state = take_size(line);
    } else if (!line.empty()) {
      state = State::broken;
    } else if (part_ == Part::last) {
      state = State::done;
    } else {
      part_ = Part::size;
    }
  }
  input.erase(0, input.size() - rest.size());
  return state;
}

bool ChunkedBody::take_line(std::string_view& input, std::string_view& line,
                            State& state) {
  const auto end = input.find('\n');
  if (end == std::string_view::npos) {
    if (input.size() > longest_line) state = State::broken;
    return false;
  }
  if (end == 0 || input[end - 1] != '\r' || end > longest_line) {
    state = State::broken;
    return false;
  }
  line = input.substr(0, end - 1);
  input.remove_prefix(end + 1);
  return true;
}

ChunkedBody::State ChunkedBody::take_size(std::string_view line) {
  std::string_view digits = line.substr(0, line.find(';'));
  while (digits.ends_with(' '))
    digits.remove_suffix(1);
  const auto* end = digits.data() + digits.size();
  const auto read = std::from_chars(digits.data(), end, left_, 16);
  if (read.ec != std::errc() || read.ptr != end || digits.size() > 8)
    return State::broken;
  if (left_ > limit_ - body_.size()) return State::too_large;
  part_ = left_ == 0 ? Part::last : Part::data;
  return State::more;
}

}  // namespace understudy
