#include "services/control/event_feed.hpp"

#include <algorithm>
#include <utility>

namespace understudy {

void EventFeed::add(FeedEvent event) {
  auto shared = std::make_shared<const FeedEvent>(std::move(event));
  Event dropped;  // its memory is given back outside the lock
  {
    const std::lock_guard lock(mutex_);
    newest_ = shared->sequence;
    events_.push_back(std::move(shared));
    if (events_.size() > kept) {
      dropped = std::move(events_.front());
      events_.pop_front();
    }
  }
  changed_.notify_all();
}

EventFeed::Page EventFeed::next(std::uint64_t after, std::size_t limit,
                                std::chrono::milliseconds wait) const {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, wait, [&] { return closed_ || newest_ > after; });
  Page page;
  page.closed = closed_;
  if (newest_ <= after) return page;
  page.behind = events_.empty() || events_.front()->sequence > after + 1;
  if (page.behind) return page;
  auto first = std::partition_point(
      events_.begin(), events_.end(),
      [after](const Event& one) { return one->sequence <= after; });
  for (; first != events_.end() && page.events.size() < limit; ++first)
    page.events.push_back(*first);
  return page;
}

std::uint64_t EventFeed::newest() const {
  const std::lock_guard lock(mutex_);
  return newest_;
}

std::uint64_t EventFeed::oldest() const {
  const std::lock_guard lock(mutex_);
  return events_.empty() ? 0 : events_.front()->sequence;
}

void EventFeed::close() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  changed_.notify_all();
}

}  // namespace understudy
