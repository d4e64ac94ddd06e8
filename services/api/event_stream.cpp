#include "services/api/event_stream.hpp"

#include <algorithm>
#include <thread>
#include <utility>

#include "services/projection/position_number.hpp"
#include "services/rendering/event_line.hpp"
#include "services/rendering/log_reader.hpp"

namespace understudy {
namespace {

using std::chrono::milliseconds;

/// How long one wait lasts: so soon it is seen that a follower went away.
constexpr milliseconds slice{500};
/// A proxy or a client takes a connection that is silent for dead.
constexpr std::chrono::seconds heartbeat{10};
/// Of the feed or the log, sent in one piece.
constexpr std::size_t most_events = 256;
/// Records looked at in one turn, however few of them are wanted.
constexpr std::uint64_t most_records = 4096;

std::string one_event(std::uint64_t sequence, std::string_view type,
                      std::string_view json) {
  std::string text = "id: " + to_string(position_at(sequence)) + "\nevent: ";
  text += type;
  text += "\ndata: ";
  text += json;
  return text + "\n\n";
}

}  // namespace

bool Followers::enter() {
  if (count_.fetch_add(1) < most_) return true;
  --count_;
  return false;
}

EventStream::EventStream(ControlPlane& plane, LogReadings& readings,
                         Followers& followers, EventFilter filter,
                         std::uint64_t after)
    : plane_(plane),
      readings_(readings),
      followers_(followers),
      filter_(std::move(filter)),
      after_(after),
      last_sent_(Steady::now()) {}

std::string EventStream::next() {
  std::string text;
  if (!std::exchange(begun_, true)) {
    // The answer's first bytes: the client sees at once that it follows.
    return "retry: 1000\n: after " + to_string(position_at(after_)) + "\n\n";
  }
  const auto page = plane_.follower().feed().next(
      after_, most_events, followers_.stopping() ? milliseconds(0) : slice);
  // What is there already goes out before the end, once.
  const bool stopping = page.closed || followers_.stopping();
  if (!page.behind) {
    text = from_feed(page);
  } else if (!stopping) {
    text = from_log();
  }
  if (stopping) return text + end("the daemon is stopping");
  const auto now = Steady::now();
  if (text.empty() && now - last_sent_ >= heartbeat)
    text = ": at " + to_string(position_at(after_)) + "\n\n";
  if (!text.empty()) last_sent_ = now;
  return text;
}

std::string EventStream::from_feed(const EventFeed::Page& page) {
  std::string text;
  for (const EventFeed::Event& event : page.events) {
    after_ = event->sequence;
    if (!filter_.endpoint.empty() && event->endpoint != filter_.endpoint)
      continue;
    if (!filter_.types.empty() && !filter_.types.contains(event->type))
      continue;
    text += one_event(event->sequence, event->type, event->json);
  }
  return text;
}

std::string EventStream::from_log() {
  const auto turn = readings_.begin(slice);
  if (!turn) {
    std::this_thread::sleep_for(slice / 10);
    return {};
  }
  auto reader = LogReader::over(turn.value().log());
  const auto end_before = turn.value().log().end();
  std::string text;
  std::size_t events = 0;
  bool stopped = false;
  const std::uint64_t last = after_ + most_records;
  const auto read = reader.scan(after_ + 1, [&](const Record& record) {
    after_ = record.sequence;
    if (filter_.selects(record)) {
      text += one_event(record.sequence, event_name(record.event),
                        json_text(cloud_event(record)));
      ++events;
    }
    stopped = events == most_events || after_ >= last;
    return stopped ? Visit::stop : Visit::next;
  });
  if (!read) return text + end(read.error().message);
  // Records that this build cannot read are passed over, the last ones too.
  if (!stopped && end_before) after_ = std::max(after_, end_before.value() - 1);
  return text;
}

std::string EventStream::end(const std::string& text) {
  ended_ = true;
  Json data = Json::object();
  data["detail"] = text;
  data["after"] = to_string(position_at(after_));
  return "event: stopping\ndata: " + json_text(data) + "\n\n";
}

}  // namespace understudy
