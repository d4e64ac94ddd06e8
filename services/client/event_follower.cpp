#include "services/client/event_follower.hpp"

#include <algorithm>
#include <utility>

#include "services/projection/position_number.hpp"
#include "services/rendering/positions.hpp"

namespace understudy {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t most_waiting = 4096;
/// The daemon says something every ten seconds.
constexpr milliseconds longest_silence{30'000};
constexpr milliseconds first_pause{250};
constexpr milliseconds longest_pause{5000};

/// The id is the place after it: with several partitions not the position.
std::optional<std::uint64_t> position_of(const ServerSentEvent& event) {
  if (event.id.find(',') == std::string::npos) return parse_position(event.id);
  const Json json = Json::parse(event.data, nullptr, false);
  if (!json.is_object()) return std::nullopt;
  return parse_position(json.value("id", ""));
}

}  // namespace

EventFollower::EventFollower(ServerAccess access, QueryParameters filter,
                             std::optional<std::uint64_t> after, Daemon daemon)
    : access_(std::move(access)),
      filter_(std::move(filter)),
      http_(access_),
      met_(daemon == Daemon::answered) {
  http_.set_silence(longest_silence);
  if (after) last_id_ = to_string(position_at(*after));
  thread_ = std::thread([this] { run(); });
}

EventFollower::~EventFollower() {
  std::unique_lock lock(mutex_);
  stopping_ = true;
  changed_.notify_all();
  // A request that is about to begin does not notice one call.
  while (!finished_) {
    http_.stop();
    changed_.wait_for(lock, milliseconds(20), [&] { return finished_; });
  }
  lock.unlock();
  thread_.join();
}

FollowerNews EventFollower::next(milliseconds longest) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, longest, [&] { return !news_.empty(); });
  FollowerNews taken = std::exchange(news_, {});
  if (taken.error) news_.error = taken.error;
  changed_.notify_all();
  return taken;
}

void EventFollower::run() {
  while (follow_once()) {
    rest();
  }
  const std::lock_guard lock(mutex_);
  finished_ = true;
  changed_.notify_all();
}

bool EventFollower::follow_once() {
  parser_.reset();
  QueryParameters parameters = filter_;
  parameters.emplace_back("follow", "true");
  const HttpAnswer answer = http_.stream(
      target_of("/v1/events", parameters), last_id_,
      [&](std::string_view piece) {
        if (std::exchange(lost_, false)) {
          const std::lock_guard lock(mutex_);
          news_.notices.push_back("connected again to " +
                                  access_.address.url());
          changed_.notify_all();
        }
        met_ = true;
        pause_ = milliseconds(0);
        return parser_.feed(
            piece, [&](const ServerSentEvent& event) { return take(event); });
      });
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return false;
  }
  std::optional<Error> over;
  if (answer.status == 0) {
    over = error_of_silence(answer, access_.address);
  } else if (!answer.ok()) {
    const ServerProblem problem = problem_of(answer);
    over = error_of(problem, access_.address);
    if (is_passing(problem)) {
      lose(over->message);
      return true;
    }
    met_ = false;
  }
  if (met_) {
    lose("the connection to " + access_.address.url() + " was lost");
    return true;
  }
  const std::lock_guard lock(mutex_);
  news_.error = over ? over : Error{ErrorCode::unavailable, "nothing came"};
  changed_.notify_all();
  return false;
}

bool EventFollower::take(const ServerSentEvent& event) {
  const auto position = position_of(event);
  // The end of the daemon has no position of its own.
  if (!position || event.type == "stopping") return true;
  std::unique_lock lock(mutex_);
  changed_.wait(
      lock, [&] { return stopping_ || news_.events.size() < most_waiting; });
  if (stopping_) return false;
  last_id_ = event.id;
  news_.events.push_back({*position, event.data});
  changed_.notify_all();
  return true;
}

void EventFollower::lose(const std::string& why) {
  if (std::exchange(lost_, true)) return;
  const std::lock_guard lock(mutex_);
  news_.notices.push_back(why + "; trying again");
  changed_.notify_all();
}

void EventFollower::rest() {
  pause_ = std::clamp(pause_ * 2, first_pause, longest_pause);
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, pause_, [&] { return stopping_; });
}

}  // namespace understudy
