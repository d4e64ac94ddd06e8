#include <algorithm>
#include <optional>
#include <ostream>

#include "services/cli/endpoint_commands.hpp"
#include "services/cli/remote.hpp"
#include "services/client/event_follower.hpp"
#include "services/client/event_json.hpp"
#include "services/projection/position_number.hpp"
#include "services/rendering/event_line.hpp"
#include "services/rendering/positions.hpp"
#include "services/text/instant_text.hpp"
#include "services/text/line_reader.hpp"

namespace understudy {
namespace {

constexpr std::chrono::milliseconds at_once{0};
/// Of one page.
constexpr std::uint64_t most_events = 1000;

/// Writes what is wanted of what comes.
class Writer {
 public:
  Writer(Context& context, const RemoteEvents& wanted)
      : context_(context), wanted_(wanted) {}

  /// False when no more is wanted.
  bool take(const Json& event) {
    const auto position = parse_position(text_member(event, "id")).value_or(0);
    const auto time =
        parse_instant(text_member(event, "time")).value_or(Instant{});
    if (position > wanted_.until.sequence || time > wanted_.until.time)
      return false;
    if (time >= wanted_.since && is_wanted(event)) write(event);
    return written_ < wanted_.limit && context_.out;
  }

  [[nodiscard]] std::uint64_t written() const { return written_; }

 private:
  [[nodiscard]] bool is_wanted(const Json& event) const {
    const std::string& stream = wanted_.filter.stream;
    return stream.empty() || stream == text_member(event, "subject");
  }

  void write(const Json& event) {
    if (wanted_.json) {
      context_.out << json_text(event) << '\n';
    } else {
      if (written_ == 0) write_event_titles(context_.out);
      const auto record = read_cloud_event(event);
      if (record) {
        write_event_line(context_.out, *record);
      } else {
        write_unknown(event);
      }
    }
    if (wanted_.follow) context_.out << std::flush;
    ++written_;
  }

  /// An event of a newer daemon.
  void write_unknown(const Json& event) {
    context_.out << visible(text_member(event, "id") + "  " +
                            text_member(event, "time") + "  " +
                            text_member(event, "type") + "  " +
                            text_member(event, "subject") + "  " +
                            json_text(event.value("data", Json())))
                 << '\n';
  }

  Context& context_;
  const RemoteEvents& wanted_;
  std::uint64_t written_ = 0;
};

QueryParameters parameters_of(const RemoteEvents& wanted) {
  std::string types;
  for (const std::string& type : wanted.filter.types)
    types += (types.empty() ? "" : ",") + type;
  std::string endpoint = wanted.filter.endpoint;
  // A stream belongs to one endpoint.
  if (endpoint.empty() && !wanted.filter.stream.empty())
    endpoint = StreamId{wanted.filter.stream}.endpoint_name();
  return {{"endpoint", endpoint}, {"type", types}};
}

/// Where reading begins; nothing where the time says it.
std::optional<std::uint64_t> start_of(const RemoteEvents& wanted) {
  if (wanted.from == 1 && wanted.since != Instant{}) return std::nullopt;
  return wanted.from - 1;
}

void add_start(QueryParameters& parameters, const RemoteEvents& wanted) {
  if (const auto after = start_of(wanted)) {
    parameters.emplace_back("after", to_string(position_at(*after)));
  } else {
    parameters.emplace_back("since", to_string(wanted.since));
  }
}

Result<bool> read_page(DaemonClient& daemon, QueryParameters& parameters,
                       Writer& writer) {
  const auto page = daemon.get_json("/v1/events", parameters);
  if (!page) return page.error();
  const Json items = page.value().value("items", Json::array());
  for (const Json& one : items) {
    if (!writer.take(one)) return false;
  }
  // From here on by position.
  parameters.back() = {"after", text_member(page.value(), "next")};
  return page.value().value("more", false);
}

Result<int> read_pages(Context& context, DaemonClient& daemon,
                       const RemoteEvents& wanted) {
  Writer writer(context, wanted);
  QueryParameters parameters = parameters_of(wanted);
  parameters.emplace_back("limit",
                          std::to_string(std::min(wanted.limit, most_events)));
  add_start(parameters, wanted);
  bool more = wanted.limit > 0;
  while (more) {
    const auto read = read_page(daemon, parameters, writer);
    if (!read) return read.error();
    more = read.value();
  }
  if (writer.written() != 0) return static_cast<int>(exit_done);
  const std::string& endpoint = wanted.filter.endpoint;
  if (!endpoint.empty()) {
    const auto item = find_endpoint_item(daemon, endpoint);
    if (!item) return item.error();
    if (item.value().is_null()) {
      return Error{ErrorCode::not_found,
                   "there is no endpoint " + in_quotes(endpoint)};
    }
  }
  if (!wanted.json) context.err << "No events found.\n";
  return static_cast<int>(exit_done);
}

Result<int> follow(Context& context, DaemonClient& daemon,
                   const RemoteEvents& wanted) {
  Writer writer(context, wanted);
  QueryParameters parameters = parameters_of(wanted);
  const auto after = start_of(wanted);
  if (!after) add_start(parameters, wanted);
  EventFollower follower(daemon.access(), parameters, after);
  while (wanted.limit > 0 && context.pause && context.pause()) {
    const FollowerNews news = follower.next(at_once);
    for (const FollowedEvent& event : news.events) {
      const Json json = Json::parse(event.json, nullptr, false);
      if (!writer.take(json)) return static_cast<int>(exit_done);
    }
    for (const std::string& notice : news.notices)
      context.err << "note: " << notice << '\n' << std::flush;
    if (news.error) return *news.error;
  }
  return static_cast<int>(exit_done);
}

}  // namespace

Result<int> events_remote(Context& context, DaemonClient& daemon,
                          const RemoteEvents& wanted) {
  return wanted.follow ? follow(context, daemon, wanted)
                       : read_pages(context, daemon, wanted);
}

}  // namespace understudy
