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

std::string one_event(const LogPlace& after, std::string_view type,
                      std::string_view json) {
  std::string text = "id: " + to_string(after) + "\nevent: ";
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
                         StreamStart start)
    : plane_(plane),
      readings_(readings),
      followers_(followers),
      filter_(std::move(filter)),
      place_(std::move(start.place)),
      heard_(start.heard),
      last_sent_(Steady::now()) {}

std::string EventStream::next() {
  std::string text;
  if (!std::exchange(begun_, true)) {
    // The answer's first bytes: the client sees at once that it follows.
    return "retry: 1000\n: after " + to_string(place_) + "\n\n";
  }
  const auto page = plane_.follower().feed().next(
      heard_, most_events, followers_.stopping() ? milliseconds(0) : slice);
  // What is there already goes out before the end, once.
  const bool stopping = page.closed || followers_.stopping();
  bool lacks = page.behind;
  if (!lacks) text = from_feed(page, lacks);
  if (lacks && !stopping) text += from_log();
  if (stopping) return text + end("the daemon is stopping");
  const auto now = Steady::now();
  if (text.empty() && now - last_sent_ >= heartbeat)
    text = ": at " + to_string(place_) + "\n\n";
  if (!text.empty()) last_sent_ = now;
  return text;
}

std::string EventStream::from_feed(const EventFeed::Page& page, bool& lacks) {
  std::string text;
  for (const EventFeed::Event& event : page.events) {
    const Position position = position_at(event->position);
    std::uint64_t& next = place_.next[position.partition];
    lacks = position.offset > next;
    if (lacks) return text;
    heard_ = event->sequence;
    if (position.offset < next) continue;
    ++next;
    if (!filter_.endpoint.empty() && event->endpoint != filter_.endpoint)
      continue;
    if (!filter_.types.empty() && !filter_.types.contains(event->type))
      continue;
    text += one_event(place_, event->type, event->json);
  }
  return text;
}

std::string EventStream::from_log() {
  const auto turn = readings_.begin(slice);
  if (!turn) {
    std::this_thread::sleep_for(slice / 10);
    return {};
  }
  auto reader = turn.value().reader();
  const std::uint64_t oldest = plane_.follower().feed().oldest();
  std::string text;
  std::size_t events = 0;
  std::uint64_t records = 0;
  LogPlace after = place_;
  const auto read = reader.scan(place_, {}, [&](const Record& record) {
    if (events == most_events || records == most_records) return Visit::stop;
    ++records;
    const Position position = position_at(record.sequence);
    after.next[position.partition] = position.offset + 1;
    if (filter_.selects(record)) {
      text += one_event(after, event_name(record.event),
                        json_text(cloud_event(record)));
      ++events;
    }
    return Visit::next;
  });
  if (!read) return text + end(read.error().message);
  // Of one partition the feed goes on where the log was read to; of several,
  // what was read already is passed over.
  if (place_.next.size() == 1) {
    heard_ = place_.next.front() - 1;
  } else if (oldest > heard_) {
    heard_ = oldest - 1;
  }
  return text;
}

std::string EventStream::end(const std::string& text) {
  ended_ = true;
  Json data = Json::object();
  data["detail"] = text;
  data["after"] = to_string(place_);
  return "event: stopping\ndata: " + json_text(data) + "\n\n";
}

}  // namespace understudy
