#include <map>
#include <optional>
#include <ostream>
#include <sstream>
#include <utility>
#include <vector>

#include "services/cli/endpoint_commands.hpp"
#include "services/cli/line_diff.hpp"
#include "services/cli/remote.hpp"
#include "services/cli/screen.hpp"
#include "services/client/event_follower.hpp"
#include "services/projection/position_number.hpp"
#include "services/rendering/positions.hpp"

namespace understudy {
namespace {

constexpr std::chrono::milliseconds at_once{0};

bool is_table(Output output) {
  return output == Output::table || output == Output::wide;
}

/// `instance` of `InstanceList`.
std::string kind_of(const std::string& what) {
  return what.substr(0, what.size() - 1);
}

std::string member_text(const Json& item, const char* name) {
  const auto found = item.find(name);
  if (found == item.end()) return {};
  return found->is_string() ? found->get<std::string>() : json_text(*found);
}

/// As -o name has it, such as `pool/chat/primary/west`.
std::string name_of(const std::string& what, const Json& item) {
  std::string name = kind_of(what);
  if (what == "endpoints") return name + '/' + member_text(item, "name");
  name += '/' + member_text(item, "endpoint");
  if (what != "pools") return name + '/' + member_text(item, "id");
  return name + '/' + member_text(item, "variant") + '/' +
         member_text(item.value("spec", Json::object()), "name");
}

/// A row without its age, which changes by itself.
std::string lasting(const std::string& row, bool aged) {
  return aged ? row.substr(0, row.find_last_of(' ')) : row;
}

/// What was written before, and what is not as it was.
class Changes {
 public:
  Changes(std::ostream& out, const RemoteList& list) : out_(out), list_(list) {}

  void take(const std::string& body, bool write) {
    if (is_table(list_.output)) {
      take_rows(split_lines(body), write);
    } else {
      take_items(Json::parse(body, nullptr, false), write);
    }
    out_ << std::flush;
  }

 private:
  /// Remembers; true when it is new.
  bool changed(const std::string& name, std::string text) {
    std::string& known = known_[name];
    if (known == text) return false;
    known = std::move(text);
    return true;
  }

  void take_rows(const std::vector<std::string>& rows, bool write) {
    if (rows.empty()) return;
    const bool aged = rows.front().ends_with(" AGE");
    for (std::size_t i = 1; i < rows.size(); ++i) {
      const std::string name = rows[i].substr(0, rows[i].find(' '));
      // Columns are as wide as their cells: only the words count.
      std::istringstream words(lasting(rows[i], aged));
      std::string text;
      for (std::string word; words >> word;)
        text += word + ' ';
      if (!changed(name, std::move(text)) || !write) continue;
      if (!std::exchange(titled_, true)) out_ << rows.front() << '\n';
      out_ << rows[i] << '\n';
    }
  }

  void take_items(const Json& list, bool write) {
    const auto items = list.is_object() ? list.find("items") : list.end();
    if (items == list.end() || !items->is_array()) return;
    std::string kind = text_member(list, "kind");
    kind.resize(kind.size() - std::min<std::size_t>(kind.size(), 4));
    for (const Json& item : *items) {
      const std::string name = name_of(list_.what, item);
      if (!changed(name, json_text(item)) || !write) continue;
      if (list_.output == Output::name) {
        out_ << name << '\n';
        continue;
      }
      Json json = envelope(kind);
      json["position"] = list.value("position", Json());
      json["at"] = list.value("at", Json());
      add_members(json, item);
      out_ << json_text(json) << '\n';
    }
  }

  std::ostream& out_;
  const RemoteList& list_;
  std::map<std::string, std::string> known_;
  bool titled_ = false;
};

class Watcher {
 public:
  Watcher(Context& context, DaemonClient& daemon, RemoteList list)
      : context_(context), daemon_(daemon), list_(std::move(list)) {}

  Result<int> redraw() {
    auto body = ask();
    if (!body) return body.error();
    Screen screen(context_);
    screen.draw(split_lines(body.value()));
    while (true) {
      const auto news = await();
      if (!news) return news.error();
      if (!news.value()) return static_cast<int>(exit_done);
      body = ask();
      if (is_gone(body)) continue;
      if (!body) return body.error();
      screen.draw(split_lines(body.value()));
    }
  }

  Result<int> append() {
    // Names alone do not tell a change: the items do.
    const bool table = is_table(list_.output);
    if (!table) form_ = Output::json;
    Changes changes(context_.out, list_);
    auto body = ask();
    if (!body) return body.error();
    changes.take(body.value(), true);
    // What ended before is not shown, but an end is a change that is.
    list_.selection.all = true;
    body = ask();
    if (!body) return body.error();
    changes.take(body.value(), false);
    while (true) {
      const auto news = await();
      if (!news) return news.error();
      if (!news.value()) return static_cast<int>(exit_done);
      body = ask();
      if (is_gone(body)) continue;
      if (!body) return body.error();
      changes.take(body.value(), true);
    }
  }

 private:
  /// The daemon went away: that it is back is news.
  static bool is_gone(const Result<std::string>& body) {
    return !body && body.error().code == ErrorCode::unavailable;
  }

  Result<std::string> ask() {
    RemoteList list = list_;
    if (form_) list.output = *form_;
    if (after_) list.after = to_string(position_at(*after_));
    auto answer = list_remote(daemon_, list);
    if (!answer) return answer.error();
    const auto seen =
        parse_position(answer.value().header("understudy-position"));
    if (seen) after_ = std::max(after_.value_or(0), *seen);
    return std::move(answer.value().body);
  }

  /// True when something may have changed; false when it is to end.
  Result<bool> await() {
    if (!follower_) {
      follower_.emplace(daemon_.access(),
                        QueryParameters{{"endpoint", list_.selection.endpoint}},
                        after_, EventFollower::Daemon::answered);
    }
    while (context_.out && context_.pause && context_.pause()) {
      const FollowerNews news = follower_->next(at_once);
      for (const std::string& notice : news.notices)
        context_.err << "note: " << notice << '\n' << std::flush;
      if (news.error) return *news.error;
      if (news.empty()) continue;
      if (!news.events.empty())
        after_ = std::max(after_.value_or(0), news.events.back().position);
      return true;
    }
    return false;
  }

  Context& context_;
  DaemonClient& daemon_;
  RemoteList list_;
  std::optional<Output> form_;
  std::optional<std::uint64_t> after_;
  std::optional<EventFollower> follower_;
};

}  // namespace

Result<int> watch_remote(Context& context, DaemonClient& daemon,
                         RemoteList list) {
  const bool screen = is_table(list.output) && context.terminal_rows;
  Watcher watcher(context, daemon, std::move(list));
  return screen ? watcher.redraw() : watcher.append();
}

}  // namespace understudy
