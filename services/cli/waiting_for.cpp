#include "services/cli/waiting_for.hpp"

#include <algorithm>
#include <array>
#include <ostream>

#include "services/cli/endpoint_commands.hpp"
#include "services/client/event_follower.hpp"
#include "services/projection/position_number.hpp"
#include "services/rendering/output.hpp"
#include "services/rendering/positions.hpp"
#include "services/text/line_reader.hpp"

namespace understudy {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr std::array<std::string_view, 6> states{
    "in-service",         "failed", "deleted", "at-wanted-capacity",
    "on-preferred-pools", "placed"};

/// After so long it is looked again, whatever came.
constexpr milliseconds longest_silence{5'000};

/// `condition` of the list `conditions`; null when it is not there.
Json condition(const Json& endpoint, std::string_view type) {
  const auto all = endpoint.find("conditions");
  if (all == endpoint.end() || !all->is_array()) return nullptr;
  for (const Json& one : *all) {
    if (text_member(one, "type") == type) return one;
  }
  return nullptr;
}

bool is_true(const Json& endpoint, std::string_view type) {
  const Json one = condition(endpoint, type);
  return one.is_object() && one.value("status", false);
}

/// One decision's events are read one by one: right after the creation
/// nothing is missing yet, because nothing was asked for.
bool holds_all_wanted(const Json& endpoint) {
  const auto variants = endpoint.find("variants");
  if (variants == endpoint.end() || !variants->is_array()) return false;
  return std::all_of(variants->begin(), variants->end(), [](const Json& one) {
    return one.value("held", 0U) >= one.value("desired", 0U);
  });
}

void append(std::string& text, const std::string& more) {
  if (!more.empty()) text += (text.empty() ? "" : "; ") + more;
}

/// What is waited for: one line drawn again, or a line for each change.
class Progress {
 public:
  explicit Progress(Context& context) : context_(context) {}
  ~Progress() { clear(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void show(const std::string& text) {
    if (text == shown_) return;
    shown_ = text;
    if (!context_.progress) {
      context_.err << visible(text) << '\n' << std::flush;
      return;
    }
    // Without wrapping, so that one line stays one.
    context_.err << "\r\x1b[K\x1b[?7l" << visible(text) << "\x1b[?7h"
                 << std::flush;
    drawn_ = true;
  }

  void note(const std::string& text) {
    clear();
    context_.err << "note: " << visible(text) << '\n' << std::flush;
    shown_.clear();
  }

 private:
  void clear() {
    if (drawn_) context_.err << "\r\x1b[K" << std::flush;
    drawn_ = false;
  }

  Context& context_;
  std::string shown_;
  bool drawn_ = false;
};

class Waiter {
 public:
  Waiter(Context& context, DaemonClient& daemon, const WaitOrder& order)
      : daemon_(daemon),
        order_(order),
        progress_(context),
        until_(Clock::now() + order.timeout),
        after_(order.after) {}

  Result<WaitEnd> run() {
    while (true) {
      auto read = look();
      if (!read && (!follower_ || read.error().code != ErrorCode::unavailable))
        return read.error();
      if (read && is_over()) return end_;
      if (read) progress_.show(said());
      const auto more = wait(read ? longest_silence : milliseconds(500));
      if (!more) return more.error();
      if (Clock::now() >= until_) {
        end_.timed_out = true;
        return end_;
      }
    }
  }

 private:
  Result<void> look() {
    const auto answer = daemon_.get(
        "/v1/endpoints/" + percent_encoded(order_.endpoint) + "/description",
        {{"after", after_ ? to_string(position_at(*after_)) : ""}});
    if (!answer) {
      if (answer.error().code != ErrorCode::not_found) return answer.error();
      end_.endpoint = nullptr;
      end_.status.clear();
      return {};
    }
    end_.endpoint = Json::parse(answer.value().body, nullptr, false);
    end_.status = text_member(end_.endpoint, "status");
    const auto seen =
        parse_position(answer.value().header("understudy-position"));
    if (seen) after_ = std::max(after_.value_or(0), *seen);
    return {};
  }

  bool is_over() {
    for (const std::string& state : order_.states) {
      if (!holds(state, end_.endpoint)) continue;
      end_.state = state;
      return true;
    }
    return std::none_of(
        order_.states.begin(), order_.states.end(),
        [&](const auto& state) { return can_come(state, end_.endpoint); });
  }

  [[nodiscard]] std::string said() const {
    return "endpoint/" + order_.endpoint + ": " + waiting_text(end_.endpoint);
  }

  /// Until something happens to the endpoint.
  Result<void> wait(milliseconds longest) {
    if (!follower_) {
      follower_.emplace(daemon_.access(),
                        QueryParameters{{"endpoint", order_.endpoint}}, after_,
                        EventFollower::Daemon::answered);
    }
    const auto end = std::min(until_, Clock::now() + longest);
    while (Clock::now() < end) {
      const auto left = std::chrono::duration_cast<milliseconds>(
          end - Clock::now() + milliseconds(1));
      const FollowerNews news = follower_->next(left);
      for (const std::string& notice : news.notices)
        progress_.note(notice);
      if (news.error) return *news.error;
      if (news.events.empty()) continue;
      after_ = std::max(after_.value_or(0), news.events.back().position);
      break;
    }
    return {};
  }

  DaemonClient& daemon_;
  const WaitOrder& order_;
  Progress progress_;
  const Clock::time_point until_;
  std::optional<std::uint64_t> after_;
  std::optional<EventFollower> follower_;
  WaitEnd end_;
};

}  // namespace

std::span<const std::string_view> wait_states() { return states; }

Result<std::vector<std::string>> parse_wait_states(const std::string& text) {
  std::vector<std::string> chosen;
  std::size_t from = 0;
  while (from <= text.size()) {
    const auto comma = std::min(text.find(',', from), text.size());
    std::string one = text.substr(from, comma - from);
    if (std::find(states.begin(), states.end(), one) == states.end()) {
      std::string accepted;
      for (const std::string_view name : states)
        accepted += (accepted.empty() ? "" : ", ") + std::string(name);
      return Error{ErrorCode::invalid_input,
                   "--for " + in_quotes(one) +
                       " is no state to wait for; accepted: " + accepted};
    }
    chosen.push_back(std::move(one));
    from = comma + 1;
  }
  return chosen;
}

bool holds(std::string_view state, const Json& endpoint) {
  const std::string status = text_member(endpoint, "status");
  if (state == "deleted") return !endpoint.is_object() || status == "deleted";
  if (!endpoint.is_object()) return false;
  if (state == "in-service" || state == "failed") return status == state;
  const bool serves = status == "in-service";
  if (state == "on-preferred-pools")
    return serves && is_true(endpoint, "OnPreferredPools");
  if (!serves && status != "creating") return false;
  if (state == "placed")
    return is_true(endpoint, "Placed") && holds_all_wanted(endpoint);
  return is_true(endpoint, "AtWantedCapacity");
}

bool can_come(std::string_view state, const Json& endpoint) {
  const std::string status = text_member(endpoint, "status");
  if (!endpoint.is_object() || status == "deleted") return state == "deleted";
  if (status == "deleting") return state == "deleted";
  if (status == "failed") return state == "deleted" || state == "failed";
  // Only a creation fails.
  if (status == "in-service") return state != "failed";
  return true;
}

std::string waiting_text(const Json& endpoint) {
  if (!endpoint.is_object()) return "not there";
  std::string text = text_member(endpoint, "status");
  const Json capacity = condition(endpoint, "AtWantedCapacity");
  append(text, text_member(capacity, "message"));
  const auto waits = endpoint.find("waits_for");
  if (waits != endpoint.end() && waits->is_array() && !waits->empty())
    append(text, text_member(waits->front(), "text"));
  return text;
}

Result<WaitEnd> wait_for(Context& context, DaemonClient& daemon,
                         const WaitOrder& order) {
  return Waiter(context, daemon, order).run();
}

int tell_wait_end(Context& context, const WaitOrder& order,
                  const WaitEnd& end) {
  if (!end.state.empty() && end.state == order.states.front()) return exit_done;
  std::string wanted;
  for (const std::string& state : order.states)
    wanted += (wanted.empty() ? "" : " or ") + state;
  const std::string name = "endpoint/" + order.endpoint;
  std::string why = text_member(end.endpoint, "failure_reason");
  append(why, text_member(end.endpoint, "failure_message"));
  if (!end.state.empty()) {
    std::string text =
        name + " is " + end.state + ", not " + order.states.front();
    if (end.state == "failed" && !why.empty()) text += ": " + why;
    return context.fail({ErrorCode::unavailable, text});
  }
  if (end.timed_out) {
    context.fail(
        {ErrorCode::unavailable, name + " is not " + wanted +
                                     " in time: " + waiting_text(end.endpoint) +
                                     "; `understudy describe endpoint " +
                                     order.endpoint + "` tells more"});
    return exit_timed_out;
  }
  if (end.status.empty()) {
    return context.fail({ErrorCode::not_found,
                         "there is no endpoint " + in_quotes(order.endpoint)});
  }
  std::string text =
      name + " is " + end.status + " and cannot become " + wanted + " any more";
  if (end.status == "failed" && !why.empty()) text += ": " + why;
  return context.fail({ErrorCode::unavailable, text});
}

}  // namespace understudy
