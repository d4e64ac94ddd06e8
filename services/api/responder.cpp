#include "services/api/responder.hpp"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

#include <httplib.h>

#include "services/api/event_stream.hpp"

namespace understudy {
namespace {

/// What the library reads is a short text; what it writes goes to the client.
class AnswerStream final : public httplib::Stream {
 public:
  AnswerStream(Connection& connection, std::string head,
               std::chrono::milliseconds patience)
      : connection_(connection), head_(std::move(head)), patience_(patience) {}

  [[nodiscard]] bool is_readable() const override {
    return read_ < head_.size();
  }
  [[nodiscard]] bool is_writable() const override {
    return connection_.client_is_there();
  }
  ssize_t read(char* into, size_t size) override {
    const size_t taken = std::min(size, head_.size() - read_);
    std::memcpy(into, head_.data() + read_, taken);
    read_ += taken;
    return static_cast<ssize_t>(taken);
  }
  ssize_t write(const char* bytes, size_t size) override {
    return connection_.send({bytes, size}, patience_)
               ? static_cast<ssize_t>(size)
               : -1;
  }
  void get_remote_ip_and_port(std::string&, int&) const override {}
  void get_local_ip_and_port(std::string&, int&) const override {}
  /// Never used, and the library refuses numbers that its `select` cannot
  /// take.
  [[nodiscard]] socket_t socket() const override { return 0; }

 private:
  Connection& connection_;
  const std::string head_;
  const std::chrono::milliseconds patience_;
  size_t read_ = 0;
};

/// Where no answer has a body of its own, or another method is unknown to
/// the library, it matters only that it is not HEAD.
std::string head_of(const ApiCall& call) {
  std::string head = call.method == "HEAD" ? "HEAD" : "GET";
  head += call.old ? " / HTTP/1.0\r\n" : " / HTTP/1.1\r\n";
  if (!call.keep_alive) head += "Connection: close\r\n";
  return head + "\r\n";
}

/// Hands on what the stream has; an answer's end is told by the last chunk,
/// or in HTTP/1.0 by the connection's.
bool send_stream(EventStream& stream, httplib::DataSink& sink) {
  if (!sink.is_writable()) return false;
  const std::string text = stream.next();
  if (!text.empty() && !sink.write(text.data(), text.size())) return false;
  if (stream.ended()) sink.done();
  return true;
}

struct Exchange {
  const ApiCall& call;
  const ApiAnswer& answer;
};

/// The library calls back on the thread that called it.
thread_local const Exchange* exchange = nullptr;

void fill(httplib::Response& response) {
  const ApiAnswer& answer = exchange->answer;
  response.status = answer.status;
  for (const auto& [name, value] : answer.headers)
    response.set_header(name, value);
  response.set_header("Cache-Control", "no-store");
  response.set_header("X-Content-Type-Options", "nosniff");
  if (!answer.stream) {
    response.set_content(answer.body, answer.content_type);
    return;
  }
  const auto provide = [stream = answer.stream](size_t,
                                                httplib::DataSink& sink) {
    return send_stream(*stream, sink);
  };
  if (exchange->call.old) {
    response.set_content_provider(answer.content_type, provide);
  } else {
    response.set_chunked_content_provider(answer.content_type, provide);
  }
}

}  // namespace

class Responder::Server final : public httplib::Server {
 public:
  explicit Server(std::chrono::milliseconds patience) : patience_(patience) {
    // Streams end by themselves; this is what tells the library to go on.
    svr_sock_ = 0;
    set_post_routing_handler(
        [](const httplib::Request&, httplib::Response& response) {
          response.headers.erase("Keep-Alive");  // its figures are not ours
        });
    set_pre_routing_handler(
        [](const httplib::Request&, httplib::Response& response) {
          fill(response);
          return HandlerResponse::Handled;
        });
  }

  bool respond(Connection& connection, const ApiAnswer& answer) {
    const ApiCall& call = connection.reader.call();
    const Exchange one{call, answer};
    AnswerStream stream(connection, head_of(call), patience_);
    bool closed = false;
    exchange = &one;
    const bool sent =
        process_request(stream, !call.keep_alive, closed, nullptr);
    exchange = nullptr;
    return sent;
  }

 private:
  const std::chrono::milliseconds patience_;
};

Responder::Responder(std::chrono::milliseconds patience)
    : server_(std::make_unique<Server>(patience)) {}

Responder::~Responder() = default;

bool Responder::respond(Connection& connection, const ApiAnswer& answer) {
  return server_->respond(connection, answer);
}

}  // namespace understudy
