#include "services/model_server/server.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <iostream>

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/socket.h>

namespace understudy::model_server {
namespace {

constexpr std::uint64_t listener_id = 0;
constexpr std::uint64_t signals_id = UINT64_MAX;
constexpr int backlog = 4096;

bool complain(const Options& options) {
  std::cerr << "error: cannot listen on " << options.host << ':' << options.port
            << ": " << std::strerror(errno) << '\n';
  return false;
}

void add(int poll, int file, std::uint64_t id) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = id;
  ::epoll_ctl(poll, EPOLL_CTL_ADD, file, &event);
}

}  // namespace

bool Server::listen() {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(options_.port);
  listener_ = Descriptor(
      ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const int yes = 1;
  ::setsockopt(listener_.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
  if (::inet_pton(AF_INET, options_.host.c_str(), &address.sin_addr) != 1) {
    errno = EINVAL;
    return complain(options_);
  }
  auto* const any = reinterpret_cast<sockaddr*>(&address);
  socklen_t size = sizeof(address);
  if (::bind(listener_.get(), any, size) != 0 ||
      ::listen(listener_.get(), backlog) != 0 ||
      ::getsockname(listener_.get(), any, &size) != 0) {
    return complain(options_);
  }
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  ::sigprocmask(SIG_BLOCK, &set, nullptr);
  signals_ = Descriptor(::signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC));
  poll_ = Descriptor(::epoll_create1(EPOLL_CLOEXEC));
  add(poll_.get(), listener_.get(), listener_id);
  add(poll_.get(), signals_.get(), signals_id);
  started_ = Clock::now();
  std::cerr << "listening host=" << options_.host
            << " port=" << ntohs(address.sin_port)
            << " slots=" << options_.slots << std::endl;
  return true;
}

int Server::run() {
  std::array<epoll_event, 256> events{};
  while (!stopping_ || in_flight_ > 0 || !waiting_.empty()) {
    const int count = ::epoll_wait(poll_.get(), events.data(),
                                   static_cast<int>(events.size()), wait_ms());
    for (int i = 0; i < count; ++i) {
      const epoll_event& event = events[static_cast<std::size_t>(i)];
      if (event.data.u64 == listener_id) {
        accept();
      } else if (event.data.u64 == signals_id) {
        stop();
      } else {
        if ((event.events & EPOLLOUT) != 0) flush(event.data.u64);
        if ((event.events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0)
          read(event.data.u64);
      }
    }
    const auto now = Clock::now();
    while (!timers_.empty() && timers_.begin()->first <= now) {
      const Id id = timers_.begin()->second;
      timers_.erase(timers_.begin());
      fire(id);
    }
    if (options_.exit_after_ms > 0 &&
        now >= started_ + std::chrono::milliseconds(options_.exit_after_ms)) {
      std::cerr << "ends by itself, as asked" << std::endl;
      return static_cast<int>(options_.exit_status);
    }
  }
  std::cerr << "stopped" << std::endl;
  return 0;
}

void Server::stop() {
  signalfd_siginfo info{};
  while (::read(signals_.get(), &info, sizeof(info)) > 0) {
  }
  if (options_.ignore_term) {
    std::cerr << "goes on after SIGTERM, as asked" << std::endl;
    return;
  }
  std::cerr << "stopping, in_flight=" << in_flight_ << std::endl;
  stopping_ = true;
  listener_.reset();
}

int Server::wait_ms() const {
  Clock::time_point next = Clock::time_point::max();
  if (!timers_.empty()) next = timers_.begin()->first;
  if (options_.exit_after_ms > 0) {
    next = std::min(
        next, started_ + std::chrono::milliseconds(options_.exit_after_ms));
  }
  if (next == Clock::time_point::max()) return -1;
  const auto wait =
      std::chrono::ceil<std::chrono::milliseconds>(next - Clock::now());
  return static_cast<int>(std::max<std::int64_t>(wait.count(), 0));
}

void Server::accept() {
  for (;;) {
    Descriptor socket(::accept4(listener_.get(), nullptr, nullptr,
                                SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!socket) return;
    if (options_.close_connections) continue;
    const int yes = 1;
    ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
    const Id id = ++last_;
    add(poll_.get(), socket.get(), id);
    auto connection = std::make_unique<Connection>();
    connection->socket = std::move(socket);
    connections_.emplace(id, std::move(connection));
  }
}

void Server::watch(Id id, const Connection& connection) {
  epoll_event event{};
  event.data.u64 = id;
  if (connection.reading) event.events |= EPOLLIN;
  if (!connection.output.empty()) event.events |= EPOLLOUT;
  ::epoll_ctl(poll_.get(), EPOLL_CTL_MOD, connection.socket.get(), &event);
}

void Server::read(Id id) {
  const auto found = connections_.find(id);
  if (found == connections_.end()) return;
  Connection& connection = *found->second;
  std::array<char, 65536> piece{};
  const ssize_t count =
      ::recv(connection.socket.get(), piece.data(), piece.size(), 0);
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
  // Also in the middle of an answer: a client that went away frees its slot.
  if (count <= 0) return drop(id);
  connection.input.append(piece.data(), static_cast<std::size_t>(count));
  // A client that sends ahead is not read from until its turn comes.
  if (connection.busy && connection.input.size() > piece.size()) {
    connection.reading = false;
    watch(id, connection);
  }
  go_on(id);
}

void Server::go_on(Id id) {
  for (;;) {
    const auto found = connections_.find(id);
    if (found == connections_.end()) return;
    Connection& connection = *found->second;
    if (connection.busy || connection.closing || connection.input.empty())
      return;
    if (!connection.reading) {
      connection.reading = true;
      watch(id, connection);
    }
    const auto state = connection.reader.take(connection.input);
    if (state == HttpRequestReader::State::more) {
      if (connection.reader.wants_continue()) {
        connection.output += "HTTP/1.1 100 Continue\r\n\r\n";
        flush(id);
      }
      return;
    }
    if (state == HttpRequestReader::State::broken) {
      connection.closing = true;
      send(connection, 400, "text/plain", "no HTTP/1 request\n");
      return flush(id);
    }
    answer(id, connection.reader.request());
  }
}

void Server::flush(Id id) {
  const auto found = connections_.find(id);
  if (found == connections_.end()) return;
  Connection& connection = *found->second;
  while (!connection.output.empty()) {
    const ssize_t count =
        ::send(connection.socket.get(), connection.output.data(),
               connection.output.size(), MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == EAGAIN) break;
    if (count <= 0) return drop(id);
    connection.output.erase(0, static_cast<std::size_t>(count));
  }
  if (connection.output.empty() && connection.closing && !connection.busy)
    return drop(id);
  watch(id, connection);
}

void Server::drop(Id id) {
  const auto found = connections_.find(id);
  if (found == connections_.end()) return;
  if (found->second->holds_slot) --in_flight_;
  connections_.erase(found);
  std::erase(waiting_, id);
  std::erase_if(timers_, [id](const auto& one) { return one.second == id; });
  while (in_flight_ < options_.slots && !waiting_.empty()) {
    const Id next = waiting_.front();
    waiting_.pop_front();
    begin(next, *connections_.at(next));
  }
}

}  // namespace understudy::model_server
