#include "services/api/request_pool.hpp"

#include <system_error>
#include <utility>

namespace understudy {
namespace {

/// Waiting requests for each that may run.
constexpr std::size_t most_waiting = 16;
/// Urgent ones may run beside as many others as may.
constexpr std::size_t urgent_threads = 2;

}  // namespace

RequestPool::RequestPool(std::size_t requests, std::size_t threads, Work work)
    : requests_(requests),
      most_threads_(threads + urgent_threads),
      work_(std::move(work)) {}

void RequestPool::Place::give_back() {
  RequestPool* pool = std::exchange(pool_, nullptr);
  if (!pool) return;
  const std::lock_guard lock(pool->mutex_);
  --pool->running_;
  pool->wake();
}

bool RequestPool::add(Job& job, bool urgent) {
  const std::lock_guard lock(mutex_);
  auto& queue = urgent ? urgent_ : waiting_;
  if (stopping_ || queue.size() >= requests_ * most_waiting) return false;
  queue.push_back(std::move(job));
  wake();
  return true;
}

std::deque<RequestPool::Job>* RequestPool::next() {
  if (!urgent_.empty() && running_ < requests_ + urgent_threads)
    return &urgent_;
  if (!waiting_.empty() && running_ < requests_) return &waiting_;
  return nullptr;
}

void RequestPool::wake() {
  if (!next()) return;
  if (idle_ == 0 && threads_.size() < most_threads_ && !stopping_) {
    try {
      threads_.emplace_back([this] { run(); });
    } catch (const std::system_error&) {
      // The system has no thread to give: the job waits for one that ends
      // another.
    }
  }
  changed_.notify_one();
}

void RequestPool::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    ++idle_;
    changed_.wait(lock, [this] {
      return next() || (stopping_ && urgent_.empty() && waiting_.empty());
    });
    --idle_;
    std::deque<Job>* queue = next();
    if (!queue) return;
    Job job = std::move(queue->front());
    queue->pop_front();
    ++running_;
    wake();
    lock.unlock();
    {
      Place place(*this);
      work_(std::move(job), place);
    }
    lock.lock();
  }
}

void RequestPool::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_)
    thread.join();
  threads_.clear();
}

}  // namespace understudy
