#pragma once

/// Answers every connection with one text, on a port of its own.
///
/// Thread safety: `say` and `asked` from any thread.

#include <array>
#include <atomic>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include "services/event_log/descriptor.hpp"

namespace understudy::test {

class SmallServer {
 public:
  explicit SmallServer(std::string answer) : answer_(std::move(answer)) {
    sockaddr_in any{};
    any.sin_family = AF_INET;
    any.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* const address = reinterpret_cast<sockaddr*>(&any);
    socklen_t size = sizeof(any);
    if (::bind(listener_.get(), address, size) != 0 ||
        ::listen(listener_.get(), 64) != 0 ||
        ::getsockname(listener_.get(), address, &size) != 0)
      throw std::runtime_error("cannot listen");
    port_ = ntohs(any.sin_port);
    thread_ = std::thread([this] { run(); });
  }
  SmallServer(const SmallServer&) = delete;
  SmallServer& operator=(const SmallServer&) = delete;
  ~SmallServer() {
    stopping_ = true;
    thread_.join();
  }

  /// From now on; empty: the connection is closed without an answer.
  void say(std::string answer) {
    const std::lock_guard lock(mutex_);
    answer_ = std::move(answer);
  }
  [[nodiscard]] int asked() const { return asked_; }
  [[nodiscard]] std::string last_request() const {
    const std::lock_guard lock(mutex_);
    return request_;
  }
  [[nodiscard]] std::string address() const {
    return "127.0.0.1:" + std::to_string(port_);
  }

 private:
  void run() {
    while (!stopping_) {
      pollfd ready{listener_.get(), POLLIN, 0};
      if (::poll(&ready, 1, 5) <= 0) continue;
      const Descriptor client(
          ::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
      std::array<char, 2048> text{};
      const auto got = ::recv(client.get(), text.data(), text.size(), 0);
      const std::lock_guard lock(mutex_);
      request_.assign(text.data(), got > 0 ? static_cast<std::size_t>(got) : 0);
      ::send(client.get(), answer_.data(), answer_.size(), MSG_NOSIGNAL);
      ++asked_;
    }
  }

  Descriptor listener_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  std::uint16_t port_ = 0;
  mutable std::mutex mutex_;
  std::string answer_;
  std::string request_;
  std::atomic<int> asked_ = 0;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

}  // namespace understudy::test
