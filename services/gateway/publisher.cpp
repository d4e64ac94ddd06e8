#include "services/gateway/publisher.hpp"

#include <chrono>
#include <utility>

#include "services/client/http_client.hpp"
#include "services/client/server_problem.hpp"

namespace understudy::gateway {
namespace {

constexpr std::chrono::milliseconds longest_silence{2000};

}  // namespace

ServerPublisher::ServerPublisher(ServerAccess access)
    : access_(std::move(access)), thread_([this] { run(); }) {}

ServerPublisher::~ServerPublisher() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void ServerPublisher::publish(const LoadReport& report) {
  {
    const std::lock_guard lock(mutex_);
    next_ = load_report_text(report);
  }
  changed_.notify_all();
}

std::optional<std::string> ServerPublisher::trouble() const {
  const std::lock_guard lock(mutex_);
  return trouble_;
}

void ServerPublisher::run() {
  HttpClient http(access_);
  http.set_silence(longest_silence);
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return stopping_ || next_; });
    if (!next_) return;
    const std::string text = *std::exchange(next_, std::nullopt);
    lock.unlock();
    const HttpAnswer answer = http.post("/v1/load", text);
    std::optional<std::string> trouble;
    if (answer.status == 0) {
      trouble = error_of_silence(answer, access_.address).message;
    } else if (!answer.ok()) {
      trouble = error_of(problem_of(answer), access_.address).message;
    }
    lock.lock();
    trouble_ = std::move(trouble);
  }
}

}  // namespace understudy::gateway
