#pragma once

/// A TCP client that sends whatever it is told to, for tests.

#include <string>
#include <string_view>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include "services/event_log/descriptor.hpp"

namespace understudy {

class RawClient {
 public:
  /// `receive_buffer` bounds what the kernel takes for it; 0: its choice.
  explicit RawClient(std::uint16_t port, int receive_buffer = 0)
      : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    if (receive_buffer != 0) {
      ::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVBUF, &receive_buffer,
                   sizeof(receive_buffer));
    }
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(
        ::connect(socket_.get(), reinterpret_cast<const sockaddr*>(&address),
                  sizeof(address)),
        0);
  }

  void send(std::string_view text) {
    while (!text.empty()) {
      const auto sent =
          ::send(socket_.get(), text.data(), text.size(), MSG_NOSIGNAL);
      if (sent <= 0) return;
      text.remove_prefix(static_cast<std::size_t>(sent));
    }
  }
  void finish_sending() { ::shutdown(socket_.get(), SHUT_WR); }
  void close() { socket_.reset(); }

  /// What comes until `text` was in it, or the other side closed, or nothing
  /// came for a minute.
  std::string read_until(std::string_view text) {
    while (text.empty() || kept_.find(text) == std::string::npos) {
      pollfd one{socket_.get(), POLLIN, 0};
      if (::poll(&one, 1, 60'000) <= 0) {
        ADD_FAILURE() << "nothing came after: " << kept_;
        break;
      }
      char buffer[4096];
      const auto got = ::recv(socket_.get(), buffer, sizeof(buffer), 0);
      if (got <= 0) break;
      kept_.append(buffer, static_cast<std::size_t>(got));
    }
    const auto found = text.empty() ? std::string::npos : kept_.find(text);
    const auto end =
        found == std::string::npos ? kept_.size() : found + text.size();
    const std::string read = kept_.substr(0, end);
    kept_.erase(0, end);
    return read;
  }
  std::string read_all() { return read_until(""); }

  /// One answer that has a Content-Length.
  std::string read_answer() {
    const std::string head = read_until("\r\n\r\n");
    const auto field = head.find("Content-Length: ");
    if (field == std::string::npos) return head;
    const auto length =
        static_cast<std::size_t>(std::stoul(head.substr(field + 16)));
    std::string body = std::move(kept_);
    kept_.clear();
    while (body.size() < length) {
      const std::size_t before = body.size();
      kept_.clear();
      char buffer[4096];
      const auto got = ::recv(socket_.get(), buffer, sizeof(buffer), 0);
      if (got <= 0) break;
      body.append(buffer, static_cast<std::size_t>(got));
      if (body.size() == before) break;
    }
    kept_ = body.substr(std::min(length, body.size()));
    return head + body.substr(0, length);
  }

 private:
  Descriptor socket_;
  std::string kept_;
};

}  // namespace understudy
