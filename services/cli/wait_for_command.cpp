#include "services/cli/wait_for_command.hpp"

#include <algorithm>
#include <optional>
#include <ostream>
#include <thread>

#include "actors/runtime/answers.hpp"
#include "services/cli/endpoint_commands.hpp"
#include "services/control/command_outcomes.hpp"
#include "services/text/line_reader.hpp"

namespace understudy {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr milliseconds look_again{200};

int tell(Context& context, const CommandWaitOrder& order, const Json& json) {
  const bool accepted = json.value("accepted", false);
  const std::string name = "command/" + order.command;
  const std::string of = "endpoint/" + text_member(json, "endpoint") + " at " +
                         text_member(json, "position");
  if (!write_structured(context.out, order.output, json) && accepted)
    context.out << visible(name + " accepted, " + of) << '\n';
  if (accepted) return exit_done;
  std::string why = text_member(json, "reason");
  const std::string field = text_member(json, "field");
  const std::string value = text_member(json, "value");
  if (!field.empty()) why += ", " + field + (value.empty() ? "" : ' ' + value);
  const std::string expected = text_member(json, "expected");
  if (!expected.empty()) why += "; accepted: " + expected;
  return context.fail(
      {ErrorCode::unavailable, name + " was refused, " + of + ": " + why});
}

int tell_late(Context& context, const CommandWaitOrder& order) {
  std::string text = "no record tells of command " + in_quotes(order.command);
  if (!order.endpoint.empty())
    text += " for endpoint " + in_quotes(order.endpoint);
  context.fail({ErrorCode::unavailable, text + " in time"});
  return exit_timed_out;
}

/// Looks until there is an outcome or time is up.
Result<int> wait(Context& context, const CommandWaitOrder& order,
                 const std::function<Result<std::optional<Json>>()>& look) {
  const auto until = Clock::now() + order.timeout;
  while (true) {
    const auto found = look();
    if (!found) return found.error();
    if (found.value()) return tell(context, order, *found.value());
    const auto left = until - Clock::now();
    if (left <= Clock::duration::zero()) return tell_late(context, order);
    std::this_thread::sleep_for(std::min<Clock::duration>(left, look_again));
  }
}

}  // namespace

Result<int> wait_at_daemon(Context& context, const CommandWaitOrder& order,
                           DaemonClient& daemon) {
  return wait(context, order, [&]() -> Result<std::optional<Json>> {
    auto found =
        daemon.get_json("/v1/commands/" + percent_encoded(order.command),
                        {{"endpoint", order.endpoint}});
    if (found) return std::optional<Json>(std::move(found).value());
    if (found.error().code == ErrorCode::not_found)
      return std::optional<Json>();
    return found.error();
  });
}

Result<int> wait_in_log(Context& context, const CommandWaitOrder& order,
                        LogReader& reader) {
  LogPlace place = reader.begin();
  CommandOutcomes outcomes;
  return wait(context, order, [&]() -> Result<std::optional<Json>> {
    std::optional<CommandOutcome> found;
    const auto read = reader.scan(place, {}, [&](const Record& record) {
      if (record.part != 0 || record.cause.sequence != 0) return Visit::next;
      if (command_id(record.cause.input) != order.command) return Visit::next;
      outcomes.see(record);
      found = order.endpoint.empty()
                  ? outcomes.find(order.command)
                  : outcomes.find(order.endpoint, order.command);
      return found ? Visit::stop : Visit::next;
    });
    if (!read) return read.error();
    if (!found) return std::optional<Json>();
    return std::optional<Json>(outcome_json(order.command, *found));
  });
}

}  // namespace understudy
