#include "services/api/waiting_room.hpp"

#include <chrono>
#include <mutex>
#include <utility>

#include <fcntl.h>

#include "services/api/reception.hpp"
#include "services/api/request_pool.hpp"
#include "services/api/responder.hpp"
#include "services/api/shown.hpp"

namespace understudy {
namespace {

using std::chrono::milliseconds;

/// Who asks here is a probe, or comes again.
constexpr std::size_t most_connections = 64;
constexpr std::size_t threads = 2;

ReceptionLimits limits_of(const ApiSettings& settings) {
  ReceptionLimits limits;
  limits.connections = most_connections;
  limits.body_bytes = settings.max_body_bytes;
  limits.patience = milliseconds(settings.io_timeout_ms);
  return limits;
}

ApiAnswer answer_to(const ApiCall& call, const Readiness& now) {
  const std::string asked = call.path.size() == 1 ? call.path.front() : "";
  if (asked == "livez") return shown_text(Output::table, "ok\n");
  if (asked == "readyz") return shown_readiness(now, call);
  Problem problem = make_problem("not-ready", now.message);
  problem.headers.emplace_back("Retry-After", "1");
  return answer_of(problem);
}

}  // namespace

struct WaitingRoom::Inside {
  Inside(const ApiSettings& settings, Descriptor listening)
      : responder(milliseconds(settings.io_timeout_ms)),
        pool(threads, threads,
             [this](std::unique_ptr<Connection> one, RequestPool::Place&) {
               answer(std::move(one));
             }),
        reception(
            std::move(listening), limits_of(settings),
            [this](ApiCall& call) { return judge(call); },
            [this](std::unique_ptr<Connection> one) {
              if (!pool.add(one, false)) end(std::move(one));
            }) {}

  Api::Gate judge(const ApiCall& call) {
    const std::lock_guard lock(mutex);
    Api::Gate gate;
    gate.refusal = answer_to(call, now);
    return gate;
  }

  /// Each connection gets one answer: the next is for whoever serves here
  /// then.
  void answer(std::unique_ptr<Connection> one) {
    one->reader.call().keep_alive = false;
    if (responder.respond(*one, *one->reader.gate().refusal)) {
      end(std::move(one));
    } else {
      one.reset();
      reception.forget();
    }
  }

  void end(std::unique_ptr<Connection> one) {
    one->finish_sending();
    one->lingering = true;
    reception.give_back(std::move(one));
  }

  std::mutex mutex;
  Readiness now{Phase::recovering, "looks for its log", 0, 0};  ///< Guarded.
  Responder responder;
  RequestPool pool;
  Reception reception;
};

Result<std::unique_ptr<WaitingRoom>> WaitingRoom::open(
    const ApiSettings& settings, const Descriptor& listening) {
  Descriptor own(::fcntl(listening.get(), F_DUPFD_CLOEXEC, 0));
  if (!own) return Error{ErrorCode::unavailable, "no more descriptors"};
  auto inside = std::make_unique<Inside>(settings, std::move(own));
  inside->reception.start();
  return std::unique_ptr<WaitingRoom>(new WaitingRoom(std::move(inside)));
}

WaitingRoom::WaitingRoom(std::unique_ptr<Inside> inside)
    : inside_(std::move(inside)) {}

WaitingRoom::~WaitingRoom() {
  inside_->reception.stop();
  inside_->pool.stop();
}

void WaitingRoom::tell(std::string why) {
  const std::lock_guard lock(inside_->mutex);
  inside_->now = {Phase::failed, std::move(why), 0, 0};
}

}  // namespace understudy
