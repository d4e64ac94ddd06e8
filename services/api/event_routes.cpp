/// What happened: pages of events, and streams of them.

#include <sstream>
#include <utility>

#include "services/api/parameters.hpp"
#include "services/api/routes.hpp"
#include "services/api/shown.hpp"
#include "services/projection/position_number.hpp"
#include "services/rendering/event_line.hpp"
#include "services/rendering/log_reader.hpp"

namespace understudy::handle {
namespace {

using std::chrono::milliseconds;

/// Records that one page looks at, however few of them are wanted.
constexpr std::uint64_t most_records = 100'000;
constexpr std::uint64_t most_events = 1000;

/// After one position, or after one of each partition.
struct After {
  std::optional<std::uint64_t> position;
  LogPlace place;  ///< Meaningful without a position.
};

struct Question {
  EventFilter filter;
  std::optional<After> after;
  std::optional<Instant> since;
  std::uint64_t limit = 0;
  bool follow = false;
};

std::string joined_types() {
  std::string text;
  for (const std::string_view type : event_types())
    text += (text.empty() ? "" : ", ") + std::string(type);
  return text;
}

bool wants_stream(const ApiCall& call) {
  const std::string* accept = call.header("accept");
  return accept && accept->find("text/event-stream") != std::string::npos;
}

std::string place_form(std::uint32_t partitions) {
  if (partitions == 1) return std::string(offset_form);
  return "one position such as 0:1234, or what `next` and ids of events say: "
         "one of each of the " +
         std::to_string(partitions) + " partitions";
}

/// What `name`, a parameter or a header, says; nothing when it is wrong.
std::optional<After> parse_after(std::string_view text,
                                 std::uint32_t partitions) {
  if (const auto position = parse_offset(text)) return After{position, {}};
  auto place = parse_log_place(text, partitions);
  if (!place) return std::nullopt;
  return After{std::nullopt, *std::move(place)};
}

/// The question, or the refusal of a wrong one.
std::variant<Question, Problem> read_question(const ApiCall& call,
                                              std::uint32_t partitions) {
  Parameters parameters(call);
  Question question;
  if (const std::string* text = call.parameter("after")) {
    question.after = parse_after(*text, partitions);
    if (!question.after)
      return wrong_parameter("after", *text, place_form(partitions));
  }
  question.since = parameters.time("since");
  question.limit = parameters.number("limit", 1, most_events, 100);
  question.follow = parameters.flag("follow") || wants_stream(call);
  question.filter.endpoint = parameters.text("endpoint");
  if (parameters.wrong()) return *parameters.wrong();
  if (question.after && question.since) {
    return wrong_parameter("since", parameters.text("since"),
                           "after or since, not both");
  }
  const std::string types = parameters.text("type");
  auto parsed = parse_event_types("type", types);
  if (!parsed) return wrong_parameter("type", types, joined_types());
  question.filter.types = std::move(parsed).value();
  return question;
}

/// Where the question begins; without a word of it, at the begin.
Result<LogPlace> place_of(const LogReader& reader, const Question& question) {
  if (question.since) return reader.place_at(*question.since);
  if (!question.after) return reader.begin();
  if (!question.after->position) return question.after->place;
  auto place = reader.place_of(*question.after->position);
  const Position after = position_at(*question.after->position);
  if (place) place.value().next[after.partition] = after.offset + 1;
  return place;
}

Result<Json> read_page(LogReader& reader, const Question& question,
                       LogPlace place) {
  Json items = Json::array();
  std::uint64_t records = 0;
  bool stopped = false;
  const auto read = reader.scan(place, {}, [&](const Record& record) {
    stopped = items.size() == question.limit || records == most_records;
    if (stopped) return Visit::stop;
    ++records;
    if (question.filter.selects(record)) items.push_back(cloud_event(record));
    return Visit::next;
  });
  if (!read) return read.error();
  Json json = envelope("EventList");
  json["items"] = std::move(items);
  json["next"] = to_string(place);
  json["more"] = stopped;
  return json;
}

ApiAnswer page(Api& api, const Question& question) {
  auto turn = api.readings().begin(longest_turn_wait);
  if (!turn) return log_is_busy(turn.error());
  auto reader = turn.value().reader();
  auto place = place_of(reader, question);
  if (!place)
    return answer_of(place.error(), question.since ? "since" : "after");
  const auto json = read_page(reader, question, std::move(place).value());
  if (!json) return answer_of(json.error(), "after");
  return shown_json(Output::json, json.value());
}

/// From here on: what the follower has seen is not told again.
StreamStart start_now(const Api& api) {
  const FleetFollower& follower = api.plane().follower();
  StreamStart start;
  start.heard = follower.feed().newest();
  for (std::uint32_t one = 0; one < api.plane().partitions(); ++one)
    start.place.next.push_back(follower.seen_of(one) + 1);
  return start;
}

/// Where a stream begins.
Result<StreamStart> start_of(Api& api, const Question& question) {
  if (!question.after && !question.since) return start_now(api);
  StreamStart start;
  if (question.after && !question.after->position) {
    start.place = question.after->place;
    return start;
  }
  if (question.after && api.plane().partitions() == 1) {
    start.heard = *question.after->position;
    start.place.next = {start.heard + 1};
    return start;
  }
  auto turn = api.readings().begin(longest_turn_wait);
  if (!turn) return turn.error();
  auto place = place_of(turn.value().reader(), question);
  if (!place) return place.error();
  start.place = std::move(place).value();
  if (api.plane().partitions() == 1) start.heard = start.place.next.front() - 1;
  return start;
}

/// A refusal when the log does not hold what reading goes on after.
std::optional<ApiAnswer> check_after(Api& api, const After& after) {
  if (after.position) return api.check_position(*after.position);
  std::uint32_t partition = 0;
  for (const std::uint64_t next : after.place.next) {
    const std::uint64_t last = position_number(partition++, next - 1);
    if (auto refusal = api.check_position(last)) return refusal;
  }
  return std::nullopt;
}

ApiAnswer follow(Api& api, Question question, StreamStart start) {
  if (!api.followers().enter()) {
    Problem problem;
    problem.reason = "too-many-followers";
    problem.accepted = std::to_string(api.followers().most()) + " followers";
    problem.detail = "accepted: " + problem.accepted + ", all of them taken";
    problem.headers = {{"Retry-After", "10"}};
    return answer_of(problem);
  }
  ApiAnswer answer;
  answer.content_type = "text/event-stream";
  answer.stream = std::make_shared<EventStream>(
      api.plane(), api.readings(), api.followers(), std::move(question.filter),
      std::move(start));
  return answer;
}

}  // namespace

ApiAnswer events(Api& api, const ApiCall& call) {
  const std::uint32_t partitions = api.plane().partitions();
  auto read = read_question(call, partitions);
  if (auto* wrong = std::get_if<Problem>(&read)) return answer_of(*wrong);
  Question question = std::get<Question>(std::move(read));
  if (const std::string* last = call.header("last-event-id")) {
    auto after = parse_after(*last, partitions);
    if (!after) {
      return answer_of(
          wrong_parameter("last-event-id", *last, place_form(partitions)));
    }
    if (question.follow) {
      question.after = std::move(after);
      question.since.reset();
    }
  }
  if (question.after) {
    if (auto refusal = check_after(api, *question.after))
      return *std::move(refusal);
  }
  if (!question.follow) return page(api, question);
  auto start = start_of(api, question);
  if (!start) {
    if (start.error().code == ErrorCode::unavailable)
      return log_is_busy(start.error());
    return answer_of(start.error(), question.since ? "since" : "after");
  }
  return follow(api, std::move(question), std::move(start).value());
}

}  // namespace understudy::handle
