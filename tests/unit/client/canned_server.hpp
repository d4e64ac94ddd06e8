#pragma once

/// A server that gives prepared answers, one for each connection, and keeps
/// what it was asked.

#include <cstring>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "services/client/server_address.hpp"

namespace understudy::test {

/// An answer with a length, whose connection is closed after it.
inline std::string http_answer(const std::string& status,
                               const std::string& body,
                               const std::string& headers = {}) {
  return "HTTP/1.1 " + status +
         "\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\nConnection: close\r\n" + headers + "\r\n" + body;
}

/// Events until the connection ends.
inline std::string event_stream(const std::string& events) {
  return "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
         "Connection: close\r\n\r\n" +
         events;
}

class CannedServer {
 public:
  /// An empty answer closes the connection. After the last one nobody
  /// listens any more.
  explicit CannedServer(std::vector<std::string> answers)
      : answers_(std::move(answers)) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof at;
    auto* address = reinterpret_cast<sockaddr*>(&at);
    if (listener_ < 0 || ::bind(listener_, address, size) != 0 ||
        ::listen(listener_, 16) != 0 ||
        ::getsockname(listener_, address, &size) != 0) {
      throw std::runtime_error("no socket to listen on");
    }
    port_ = ntohs(at.sin_port);
    thread_ = std::thread([this] { run(); });
  }
  ~CannedServer() {
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
  }
  CannedServer(const CannedServer&) = delete;
  CannedServer& operator=(const CannedServer&) = delete;

  [[nodiscard]] ServerAccess access() const {
    ServerAccess access;
    access.address.port = port_;
    return access;
  }

  [[nodiscard]] std::vector<std::string> requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }

 private:
  void run() {
    for (const std::string& answer : answers_) {
      const int connection = ::accept(listener_, nullptr, nullptr);
      if (connection < 0) break;
      std::string request = read_request(connection);
      {
        const std::lock_guard lock(mutex_);
        requests_.push_back(std::move(request));
      }
      std::size_t sent = 0;
      while (sent < answer.size()) {
        const auto n = ::send(connection, answer.data() + sent,
                              answer.size() - sent, MSG_NOSIGNAL);
        if (n <= 0) break;
        sent += static_cast<std::size_t>(n);
      }
      ::close(connection);
    }
    ::close(listener_);
  }

  static std::string read_request(int connection) {
    std::string request;
    char piece[4096];
    while (!complete(request)) {
      const auto n = ::recv(connection, piece, sizeof piece, 0);
      if (n <= 0) break;
      request.append(piece, static_cast<std::size_t>(n));
    }
    return request;
  }

  static bool complete(const std::string& request) {
    const auto end = request.find("\r\n\r\n");
    if (end == std::string::npos) return false;
    constexpr std::string_view name = "Content-Length: ";
    const auto length = request.find(name);
    if (length == std::string::npos || length > end) return true;
    return request.size() - end - 4 >=
           std::stoul(request.substr(length + name.size()));
  }

  const std::vector<std::string> answers_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  mutable std::mutex mutex_;
  std::vector<std::string> requests_;
  std::thread thread_;
};

}  // namespace understudy::test
