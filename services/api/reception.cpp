#include "services/api/reception.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

namespace understudy {
namespace {

using std::chrono::milliseconds;

/// How long the end of a connection is waited for that was answered before
/// all of its request was read: closing at once would take the answer away.
constexpr milliseconds linger{1000};
constexpr std::size_t most_discarded = 4 << 20;
/// What the kernel keeps for a client that takes nothing: with many frozen
/// ones its own, larger choice adds up.
constexpr int send_buffer_bytes = 128 << 10;
/// New connections taken in between looking at the others.
constexpr int most_at_once = 64;

void set_options(int socket, milliseconds patience) {
  const int on = 1;
  const auto timeout = static_cast<unsigned>(patience.count());
  // Answers leave at once; a client whose machine is gone, or that takes
  // nothing any more, is noticed.
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  ::setsockopt(socket, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
  ::setsockopt(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, &timeout,
               sizeof(timeout));
  ::setsockopt(socket, SOL_SOCKET, SO_SNDBUF, &send_buffer_bytes,
               sizeof(send_buffer_bytes));
}

}  // namespace

Reception::Reception(Descriptor listening, ReceptionLimits limits,
                     RequestReader::Judge judge, Ready ready)
    : listening_(std::move(listening)),
      limits_(limits),
      judge_(std::move(judge)),
      ready_(std::move(ready)),
      wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

void Reception::start() {
  thread_ = std::thread([this] { run(); });
}

void Reception::stop() {
  if (!thread_.joinable()) return;
  stopping_ = true;
  ::eventfd_write(wake_.get(), 1);
  thread_.join();
  waiting_.clear();
}

void Reception::give_back(std::unique_ptr<Connection> connection) {
  {
    const std::lock_guard lock(mutex_);
    returned_.push_back(std::move(connection));
  }
  ::eventfd_write(wake_.get(), 1);
}

void Reception::run() {
  std::vector<pollfd> polled;
  while (!stopping_) {
    polled.clear();
    polled.push_back({wake_.get(), POLLIN, 0});
    polled.push_back({listening_.get(), POLLIN, 0});
    for (const auto& one : waiting_)
      polled.push_back({one->socket(), POLLIN, 0});
    const int ready = ::poll(polled.data(), polled.size(), time_left());
    if (stopping_) break;
    // Those polled stand in front, in the same order.
    for (std::size_t i = 0; ready > 0 && i + 2 < polled.size(); ++i)
      serve(waiting_[i], polled[i + 2].revents);
    const auto now = Steady::now();
    for (auto& one : waiting_) {
      if (one && one->deadline <= now) expire(one);
    }
    std::erase(waiting_, nullptr);
    if ((polled[0].revents & POLLIN) != 0) take_back();
    if ((polled[1].revents & POLLIN) != 0) take_in();
    std::erase(waiting_, nullptr);
  }
}

int Reception::time_left() const {
  auto next = Steady::now() + std::chrono::seconds(60);
  for (const auto& one : waiting_)
    next = std::min(next, one->deadline);
  const auto left = std::chrono::ceil<milliseconds>(next - Steady::now());
  return static_cast<int>(std::max<std::int64_t>(0, left.count()));
}

void Reception::take_back() {
  eventfd_t ignored = 0;
  ::eventfd_read(wake_.get(), &ignored);
  Waiting returned;
  {
    const std::lock_guard lock(mutex_);
    returned.swap(returned_);
  }
  for (auto& one : returned) {
    one->deadline =
        Steady::now() + (one->lingering ? linger : limits_.patience);
    waiting_.push_back(std::move(one));
    // The next request may be there already.
    if (!waiting_.back()->lingering) advance(waiting_.back());
  }
}

void Reception::take_in() {
  for (int i = 0; i < most_at_once; ++i) {
    Descriptor socket(::accept4(listening_.get(), nullptr, nullptr,
                                SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!socket) {
      // Out of descriptors: some come back; until then nobody is taken in.
      if (errno == EMFILE || errno == ENFILE) make_room();
      return;
    }
    set_options(socket.get(), limits_.patience);
    auto made =
        std::make_unique<Connection>(std::move(socket), limits_.body_bytes);
    made->deadline = Steady::now() + limits_.patience;
    ++count_;
    if (count_ > limits_.connections && !make_room()) {
      made->reader.refuse(make_problem(
          "too-many-connections",
          "accepted: " + std::to_string(limits_.connections) + " connections"));
      ready_(std::move(made));
      continue;
    }
    waiting_.push_back(std::move(made));
  }
}

/// Lets go of the one that has been idle longest between two requests: it
/// must expect that at any time. Where none is, of one that has been slow to
/// send its request: nobody keeps others out by that.
bool Reception::make_room() {
  const auto soon = Steady::now() + limits_.patience * 9 / 10;
  std::unique_ptr<Connection>* idle = nullptr;
  std::unique_ptr<Connection>* slow = nullptr;
  for (auto& one : waiting_) {
    if (!one) continue;
    const bool rests =
        one->lingering || one->reader.state() == RequestReader::State::idle;
    if (!rests && one->deadline > soon) continue;
    auto& oldest = rests ? idle : slow;
    if (!oldest || one->deadline < (*oldest)->deadline) oldest = &one;
  }
  auto* chosen = idle ? idle : slow;
  if (!chosen) return false;
  let_go(*chosen);
  return true;
}

void Reception::serve(std::unique_ptr<Connection>& connection, short events) {
  if (events == 0) return;
  if (!connection->lingering) return read(connection);
  const auto got = connection->discard();
  if (got == Connection::Got::end || connection->discarded > most_discarded)
    let_go(connection);
}

void Reception::read(std::unique_ptr<Connection>& connection) {
  const bool was_idle =
      connection->reader.state() == RequestReader::State::idle;
  const auto got = connection->receive();
  if (got == Connection::Got::nothing) return;
  if (got == Connection::Got::end) return let_go(connection);
  // The time for a whole request begins with its first byte.
  if (was_idle) connection->deadline = Steady::now() + limits_.patience;
  advance(connection);
}

void Reception::advance(std::unique_ptr<Connection>& connection) {
  RequestReader& reader = connection->reader;
  reader.advance(judge_);
  if (reader.take_wish_to_continue())
    connection->send_now("HTTP/1.1 100 Continue\r\n\r\n");
  if (reader.state() == RequestReader::State::body) {
    std::size_t all = 0;
    for (const auto& one : waiting_)
      all += one ? one->reader.buffered() : 0;
    if (all > limits_.buffered_bytes)
      reader.refuse(
          make_problem("overloaded", "too many large bodies at once"));
  }
  if (reader.state() == RequestReader::State::done)
    ready_(std::move(connection));
}

void Reception::expire(std::unique_ptr<Connection>& connection) {
  const auto state = connection->reader.state();
  if (connection->lingering || state == RequestReader::State::idle)
    return let_go(connection);
  connection->reader.refuse(make_problem(
      "request-timeout", "the request was not complete after " +
                             std::to_string(limits_.patience.count()) + " ms"));
  ready_(std::move(connection));
}

void Reception::let_go(std::unique_ptr<Connection>& connection) {
  connection.reset();
  --count_;
}

}  // namespace understudy
