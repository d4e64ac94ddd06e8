#include "services/gateway/server_source.hpp"

#include <thread>
#include <utility>

#include "services/client/event_json.hpp"
#include "services/client/server_problem.hpp"
#include "services/rendering/positions.hpp"

namespace understudy::gateway {
namespace {

using std::chrono::milliseconds;

/// How long the daemon may take for a short answer.
constexpr milliseconds longest_silence{5000};

}  // namespace

ServerSource::ServerSource(ServerAccess access) : access_(std::move(access)) {}

void ServerSource::restart() {
  follower_.reset();
  end_.reset();
  seen_ = 0;
}

/// Asks how far the log goes, then follows it from where it was left.
Result<void> ServerSource::connect() {
  if (follower_) return {};
  HttpClient http(access_);
  http.set_silence(longest_silence);
  const HttpAnswer answer = http.get("/v1/endpoints?output=name");
  if (answer.status == 0) return error_of_silence(answer, access_.address);
  if (!answer.ok()) {
    const Error error = error_of(problem_of(answer), access_.address);
    return Error{ErrorCode::unavailable, error.message};
  }
  const auto end = parse_position(answer.header("understudy-position"));
  // An empty log names no position.
  if (!end_) end_ = end.value_or(0);
  follower_ = std::make_unique<EventFollower>(access_, QueryParameters{}, seen_,
                                              EventFollower::Daemon::answered);
  return {};
}

Result<Progress> ServerSource::next(milliseconds longest, const See& see) {
  if (auto connected = connect(); !connected) {
    std::this_thread::sleep_for(longest);
    return Error{ErrorCode::unavailable, connected.error().message};
  }
  FollowerNews news = follower_->next(longest);
  Progress progress;
  for (const FollowedEvent& event : news.events) {
    const Json json = Json::parse(event.json, nullptr, false);
    // An event that this build does not know says nothing of routes.
    if (const auto record = read_cloud_event(json))
      see({0, event.position}, *record);
    seen_ = event.position;
    ++progress.records;
  }
  if (news.error) {
    follower_.reset();
    return *news.error;
  }
  progress.caught_up = end_ && seen_ >= *end_;
  return progress;
}

}  // namespace understudy::gateway
