#include "services/api/request_reader.hpp"

#include <algorithm>
#include <utility>

#include "services/api/head.hpp"

namespace understudy {
namespace {

bool begins_a_method(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

}  // namespace

RequestReader::State RequestReader::advance(const Judge& judge) {
  if (state_ == State::idle || state_ == State::head) read_head(judge);
  if (state_ == State::body) read_body();
  return state_;
}

void RequestReader::read_head(const Judge& judge) {
  // Some clients end a body with an empty line that does not belong to it.
  while (state_ == State::idle && input_.starts_with("\r\n"))
    input_.erase(0, 2);
  if (input_.empty() || input_ == "\r") return;
  state_ = State::head;
  const auto end = input_.find("\r\n\r\n");
  if (end == std::string::npos || end > longest_head_bytes) {
    if (auto wrong = unfinished_head()) refuse(*std::move(wrong));
    return;
  }
  const std::string head = input_.substr(0, end + 4);
  input_.erase(0, end + 4);
  if (auto wrong = parse_head(head, call_)) {
    refuse(*std::move(wrong));
    return;
  }
  gate_ = judge(call_);
  if (gate_.refusal) {
    // Its body is not read, so nothing that follows can be understood.
    if (call_.has_body()) call_.keep_alive = false;
    state_ = State::done;
    return;
  }
  if (call_.chunked) chunked_.emplace(max_body_bytes_);
  state_ = call_.has_body() ? State::body : State::done;
}

std::optional<Problem> RequestReader::unfinished_head() const {
  if (!begins_a_method(input_.front()))
    return make_problem("bad-request", "no HTTP; is it TLS?");
  const auto line = input_.find('\n');
  if (line != std::string::npos && (line == 0 || input_[line - 1] != '\r'))
    return make_problem("bad-request",
                        "a line of the head does not end with CR LF");
  if (line == std::string::npos && input_.size() > longest_line_bytes)
    return make_problem("target-too-long",
                        "the request line is too long; accepted: 8000 bytes");
  if (input_.size() > longest_head_bytes)
    return make_problem("headers-too-large",
                        "the head is too large; accepted: 16384 bytes");
  return std::nullopt;
}

void RequestReader::read_body() {
  if (!chunked_) {
    const std::size_t length = call_.content_length.value_or(0);
    if (input_.size() < length) return;
    call_.body = input_.substr(0, length);
    input_.erase(0, length);
    state_ = State::done;
    return;
  }
  switch (chunked_->take(input_)) {
    case ChunkedBody::State::more:
      return;
    case ChunkedBody::State::done:
      call_.body = std::move(chunked_->body());
      state_ = State::done;
      return;
    case ChunkedBody::State::broken:
      refuse(make_problem("bad-request", "the body's chunks cannot be read"));
      return;
    case ChunkedBody::State::too_large:
      break;
  }
  Problem large = make_problem("body-too-large", "");
  large.accepted = std::to_string(max_body_bytes_) + " bytes";
  large.detail = "accepted: up to " + large.accepted;
  refuse(std::move(large));
}

void RequestReader::refuse(Problem problem) {
  gate_.refusal = answer_of(problem);
  call_.keep_alive = false;
  state_ = State::done;
}

void RequestReader::next() {
  call_ = {};
  gate_ = {};
  chunked_.reset();
  state_ = State::idle;
}

bool RequestReader::take_wish_to_continue() {
  return state_ == State::body &&
         std::exchange(call_.expects_continue, false) && input_.empty();
}

std::size_t RequestReader::buffered() const {
  return input_.size() + call_.body.size() + (chunked_ ? chunked_->size() : 0);
}

}  // namespace understudy
