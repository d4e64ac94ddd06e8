/// What the server answers.

#include <array>
#include <charconv>
#include <utility>

#include "actors/core/hash.hpp"
#include "services/model_server/server.hpp"

namespace understudy::model_server {
namespace {

using std::chrono::milliseconds;

std::string reason_of(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 400:
      return "Bad Request";
    case 404:
      return "Not Found";
    case 429:
      return "Too Many Requests";
    case 500:
      return "Internal Server Error";
    case 503:
      return "Service Unavailable";
    default:
      return "Answer";
  }
}

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    const bool plain = static_cast<unsigned char>(c) >= 0x20 && c != '"' &&
                       c != '\\' && static_cast<unsigned char>(c) < 0x7f;
    out += plain ? c : '?';
  }
  return out + '"';
}

std::string chunk(const std::string& text) {
  std::array<char, 16> size{};
  const auto end =
      std::to_chars(size.data(), size.data() + size.size(), text.size(), 16);
  return std::string(size.data(), end.ptr) + "\r\n" + text + "\r\n";
}

}  // namespace

void Server::send(Connection& connection, int status, const std::string& type,
                  const std::string& body) {
  connection.output += "HTTP/1.1 " + std::to_string(status) + ' ' +
                       reason_of(status) + "\r\nContent-Type: " + type +
                       "\r\nContent-Length: " + std::to_string(body.size()) +
                       (connection.closing ? "\r\nConnection: close" : "") +
                       "\r\n\r\n" + body;
}

std::string Server::stats() const {
  return "{\"in_flight\":" + std::to_string(in_flight_) +
         ",\"waiting\":" + std::to_string(waiting_.size()) +
         ",\"served\":" + std::to_string(served_) +
         ",\"failed\":" + std::to_string(failed_) +
         ",\"slots\":" + std::to_string(options_.slots) + "}\n";
}

void Server::answer(Id id, const HttpRequest& request) {
  Connection& connection = *connections_.at(id);
  connection.closing = !request.keep_alive || stopping_;
  const bool ready =
      Clock::now() >= started_ + milliseconds(options_.startup_ms);
  if (request.method == "GET" && request.path == "/ping") {
    const int status = ready ? static_cast<int>(options_.ping_status) : 503;
    send(connection, status, "application/json", "{}\n");
  } else if (request.method == "GET" && request.path == "/stats") {
    send(connection, 200, "application/json", stats());
  } else if (request.method == "POST" &&
             request.path.starts_with("/invocations")) {
    if (ready) return answer_invocation(id, connection);
    send(connection, 503, "application/json", "{\"error\":\"starting\"}\n");
  } else {
    send(connection, 404, "application/json", "{\"error\":\"no such path\"}\n");
  }
  flush(id);
}

void Server::answer_invocation(Id id, Connection& connection) {
  if (in_flight_ >= options_.slots && waiting_.size() >= options_.queue) {
    ++failed_;
    send(connection, 503, "application/json", "{\"error\":\"queue full\"}\n");
    return flush(id);
  }
  connection.busy = true;
  if (in_flight_ < options_.slots) return begin(id, connection);
  waiting_.push_back(id);
}

/// The request has its slot.
void Server::begin(Id id, Connection& connection) {
  const HttpRequest& request = connection.reader.request();
  connection.holds_slot = true;
  ++in_flight_;
  ++number_;
  const bool stream =
      options_.stream || request.path == "/invocations-response-stream" ||
      request.header("accept").find("text/event-stream") != std::string::npos;
  connection.tokens_left =
      stream ? request.number("x-tokens", options_.tokens) : 0;
  connection.token = 0;
  connection.token_interval_ms =
      request.number("x-token-interval-ms", options_.token_interval_ms);
  std::uint32_t wait_ms =
      request.number("x-service-time-ms", options_.service_time_ms);
  if (stream) {
    wait_ms = connection.token_interval_ms;
    connection.output +=
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
        "Transfer-Encoding: chunked\r\n" +
        std::string(connection.closing ? "Connection: close\r\n" : "") + "\r\n";
    connection.tokens_left += 1;  // The last one says that it is done.
  } else if (options_.service_spread_ms > 0) {
    wait_ms += static_cast<std::uint32_t>(
        mix(options_.seed ^ (number_ << 1U)) %
        (std::uint64_t{options_.service_spread_ms} + 1));
  }
  timers_.emplace(Clock::now() + milliseconds(wait_ms), id);
  if (stream) flush(id);
}

void Server::fire(Id id) {
  const auto found = connections_.find(id);
  if (found == connections_.end()) return;
  Connection& connection = *found->second;
  if (connection.tokens_left > 1) {
    connection.tokens_left -= 1;
    connection.output += chunk(
        "data: {\"token\":" + std::to_string(connection.token++) + "}\n\n");
    timers_.emplace(Clock::now() + milliseconds(connection.token_interval_ms),
                    id);
    return flush(id);
  }
  if (connection.tokens_left == 1) {
    connection.tokens_left = 0;
    connection.output += chunk("data: [DONE]\n\n") + "0\r\n\r\n";
    ++served_;
    return finish(id, connection);
  }
  constexpr std::uint64_t million = 1'000'000;
  const bool fails =
      static_cast<double>(mix(mix(options_.seed) ^ number_) % million) <
      options_.fail_rate * static_cast<double>(million);
  const std::uint32_t asked =
      connection.reader.request().number("x-status", fails ? 500 : 200);
  ++(asked == 200 ? served_ : failed_);
  send(connection, static_cast<int>(asked), "application/json",
       "{\"model\":" + quoted(options_.model) +
           ",\"instance\":" + quoted(options_.instance) +
           ",\"number\":" + std::to_string(served_) + "}\n");
  finish(id, connection);
}

void Server::finish(Id id, Connection& connection) {
  connection.busy = false;
  connection.holds_slot = false;
  --in_flight_;
  flush(id);
  while (in_flight_ < options_.slots && !waiting_.empty()) {
    const Id next = waiting_.front();
    waiting_.pop_front();
    begin(next, *connections_.at(next));
  }
  go_on(id);
}

}  // namespace understudy::model_server
