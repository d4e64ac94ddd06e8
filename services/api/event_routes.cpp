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

struct Question {
  EventFilter filter;
  std::optional<std::uint64_t> after;
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

/// The question, or the refusal of a wrong one.
std::variant<Question, Problem> read_question(const ApiCall& call) {
  Parameters parameters(call);
  Question question;
  question.after = parameters.position("after");
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

/// The last record before `time`, where times go back by as little as two
/// actors need that decide at once.
Result<std::uint64_t> position_before(const LogReader& reader, Instant time) {
  const auto end = reader.log().end();
  if (!end) return end.error();
  std::uint64_t low = 1;
  std::uint64_t high = end.value();
  while (low < high) {
    const std::uint64_t middle = low + (high - low) / 2;
    const auto record = reader.at(middle);
    if (!record) return record.error();
    if (record.value().time < time) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low - 1;
}

Result<Json> read_page(LogReader& reader, const Question& question,
                       std::uint64_t after) {
  Json items = Json::array();
  std::uint64_t read_to = after;
  bool stopped = false;
  const auto read = reader.scan(after + 1, [&](const Record& record) {
    if (items.size() == question.limit ||
        record.sequence > after + most_records) {
      stopped = true;
      return Visit::stop;
    }
    read_to = record.sequence;
    if (question.filter.selects(record)) items.push_back(cloud_event(record));
    return Visit::next;
  });
  if (!read) return read.error();
  Json json = envelope("EventList");
  json["items"] = std::move(items);
  json["next"] = to_string(position_at(read_to));
  json["more"] = stopped;
  return json;
}

ApiAnswer page(Api& api, const Question& question) {
  auto turn = api.readings().begin(longest_turn_wait);
  if (!turn) return log_is_busy(turn.error());
  auto reader = LogReader::over(turn.value().log());
  std::uint64_t after = question.after.value_or(0);
  if (question.since) {
    const auto found = position_before(reader, *question.since);
    if (!found) return answer_of(found.error(), "since");
    after = found.value();
  }
  const auto json = read_page(reader, question, after);
  if (!json) return answer_of(json.error(), "after");
  return shown_json(Output::json, json.value());
}

ApiAnswer follow(Api& api, Question question, std::uint64_t after) {
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
      after);
  return answer;
}

}  // namespace

ApiAnswer events(Api& api, const ApiCall& call) {
  auto read = read_question(call);
  if (auto* wrong = std::get_if<Problem>(&read)) return answer_of(*wrong);
  Question question = std::get<Question>(std::move(read));
  if (const std::string* last = call.header("last-event-id")) {
    const auto position = parse_offset(*last);
    if (!position)
      return answer_of(wrong_parameter("last-event-id", *last, offset_form));
    if (question.follow) question.after = position;
  }
  if (question.after) {
    if (auto refusal = api.check_position(*question.after))
      return *std::move(refusal);
  }
  if (!question.follow) return page(api, question);
  std::uint64_t after =
      question.after.value_or(api.plane().follower().feed().newest());
  if (question.since && !question.after) {
    auto turn = api.readings().begin(longest_turn_wait);
    if (!turn) return log_is_busy(turn.error());
    const auto found =
        position_before(LogReader::over(turn.value().log()), *question.since);
    if (!found) return answer_of(found.error(), "since");
    after = found.value();
  }
  return follow(api, std::move(question), after);
}

}  // namespace understudy::handle
