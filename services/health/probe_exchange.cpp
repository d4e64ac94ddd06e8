#include "services/health/probe_exchange.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>

#include "services/text/line_reader.hpp"

namespace understudy {
namespace {

constexpr std::size_t longest_line = 4096;

struct Free {
  void operator()(addrinfo* found) const { ::freeaddrinfo(found); }
};
using Found = std::unique_ptr<addrinfo, Free>;

/// Names are not looked up: that may take longer than a probe.
Found look_up(const std::string& host, const std::string& port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const char* name = host == "localhost" ? "127.0.0.1" : host.c_str();
  if (::getaddrinfo(name, port.c_str(), &hints, &found) != 0) return nullptr;
  return Found(found);
}

}  // namespace

std::optional<int> parse_status_line(std::string_view line) {
  // `HTTP/1.1 200 OK`; the reason may be missing.
  if (!line.starts_with("HTTP/1.") || line.size() < 12 || line[8] != ' ')
    return std::nullopt;
  if (line.size() > 12 && line[12] != ' ') return std::nullopt;
  const auto status = parse_number(line.substr(9, 3), 999);
  if (!status || *status < 100) return std::nullopt;
  return static_cast<int>(*status);
}

ProbeExchange::ProbeExchange(const std::string& address,
                             const std::string& path) {
  const auto colon = address.rfind(':');
  if (colon == std::string::npos) {
    fail("its address " + in_quotes(address) + " is no HOST:PORT");
    return;
  }
  std::string host = address.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']')
    host = host.substr(1, host.size() - 2);
  request_ = "GET " + path + " HTTP/1.1\r\nHost: " + address +
             "\r\nUser-Agent: understudy\r\nAccept: */*\r\n"
             "Connection: close\r\n\r\n";
  connect(host, address.substr(colon + 1));
}

void ProbeExchange::connect(const std::string& host, const std::string& port) {
  const Found found = look_up(host, port);
  if (!found) {
    fail("its host " + in_quotes(host) + " is no IP address");
    return;
  }
  socket_ = Descriptor(::socket(found->ai_family,
                                SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket_) {
    fail(std::string("no socket: ") + std::strerror(errno));
    return;
  }
  if (::connect(socket_.get(), found->ai_addr, found->ai_addrlen) != 0 &&
      errno != EINPROGRESS) {
    fail(std::string("cannot connect: ") + std::strerror(errno));
  }
}

short ProbeExchange::events() const {
  return connected_ && sent_ == request_.size() ? POLLIN : POLLOUT;
}

void ProbeExchange::fail(std::string trouble) {
  over_ = true;
  trouble_ = std::move(trouble);
  socket_.reset();
}

void ProbeExchange::go_on() {
  if (over_) return;
  if (!connected_) {
    int error = 0;
    socklen_t size = sizeof(error);
    ::getsockopt(socket_.get(), SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0) {
      fail(std::string("cannot connect: ") + std::strerror(error));
      return;
    }
    connected_ = true;
  }
  while (sent_ < request_.size()) {
    const ssize_t count =
        ::send(socket_.get(), request_.data() + sent_, request_.size() - sent_,
               MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count < 0) {
      if (errno == EAGAIN || errno == EINTR) return;
      fail(std::string("the connection broke: ") + std::strerror(errno));
      return;
    }
    sent_ += static_cast<std::size_t>(count);
  }
  read_status();
}

void ProbeExchange::read_status() {
  std::array<char, 1024> piece{};
  const ssize_t count =
      ::recv(socket_.get(), piece.data(), piece.size(), MSG_DONTWAIT);
  if (count < 0) {
    if (errno == EAGAIN || errno == EINTR) return;
    fail(std::string("the connection broke: ") + std::strerror(errno));
    return;
  }
  if (count == 0) {
    fail("the connection was closed without an answer");
    return;
  }
  answer_.append(piece.data(), static_cast<std::size_t>(count));
  const auto end = answer_.find_first_of("\r\n");
  if (end == std::string::npos) {
    if (answer_.size() > longest_line) fail("the answer is no HTTP");
    return;
  }
  const auto status =
      parse_status_line(std::string_view(answer_).substr(0, end));
  if (!status) {
    fail("the answer is no HTTP");
    return;
  }
  status_ = status;
  over_ = true;
  socket_.reset();
}

std::string ProbeExchange::waited_for() const {
  return connected_ ? "no answer" : "no connection";
}

}  // namespace understudy
