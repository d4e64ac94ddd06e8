#include "services/cli/watch.hpp"

#include <algorithm>
#include <map>
#include <ostream>
#include <utility>
#include <vector>

#include "services/cli/following.hpp"
#include "services/cli/screen.hpp"

namespace understudy {
namespace {

/// The view of a log that is read on and on.
class Follower {
 public:
  explicit Follower(LogReader& reader)
      : reader_(reader), place_(reader.begin()) {}

  /// True when there was something new.
  Result<bool> look() {
    const std::uint64_t before = view_.records();
    const auto done = reader_.scan(place_, {}, [&](const Record& one) {
      view_.see(one);
      return Visit::next;
    });
    if (!done) return done.error();
    return view_.records() != before;
  }

  [[nodiscard]] Result<Listing> list(const WatchOrder& order) const {
    return list_of(order.what, view_, order.selection, view_.time());
  }

 private:
  LogReader& reader_;
  LogPlace place_;
  FleetView view_;
};

/// Whether there is news; none while the log cannot be read.
Result<bool> news_of(Follower& follower, Outage& outage) {
  auto news = follower.look();
  if (news) outage.over();
  if (!news && outage.passes(news.error())) return false;
  return news;
}

/// What changed, one line each.
class Lines {
 public:
  Lines(std::ostream& out, Output output) : out_(out), output_(output) {}

  void write(const Listing& listing, const std::vector<std::size_t>& chosen) {
    std::vector<std::string> rows;
    const bool table = output_ == Output::table || output_ == Output::wide;
    if (table && !chosen.empty()) {
      rows = listing.table.lines();
      if (!std::exchange(titled_, true)) out_ << rows.front() << '\n';
    }
    for (const std::size_t i : chosen) {
      if (table) {
        out_ << rows.at(i + 1) << '\n';
      } else if (output_ == Output::name) {
        out_ << listing.names.at(i) << '\n';
      } else {
        out_ << json_text(item(listing, i)) << '\n';
      }
    }
    out_ << std::flush;
  }

 private:
  static Json item(const Listing& listing, std::size_t i) {
    constexpr std::string_view list = "List";
    Json json =
        envelope(listing.kind.substr(0, listing.kind.size() - list.size()));
    json["position"] = position_text(listing.position);
    json["at"] = to_json(listing.at);
    add_members(json, listing.items.at(i));
    return json;
  }

  std::ostream& out_;
  Output output_;
  bool titled_ = false;
};

/// What every item was like when it was last written.
class Known {
 public:
  /// Remembers the items; returns those that are not as they were.
  std::vector<std::size_t> changed(const Listing& listing) {
    std::vector<std::size_t> all;
    for (std::size_t i = 0; i < listing.names.size(); ++i) {
      std::string text = json_text(listing.items.at(i));
      std::string& known = items_[listing.names[i]];
      if (known == text) continue;
      known = std::move(text);
      all.push_back(i);
    }
    return all;
  }

 private:
  std::map<std::string, std::string> items_;
};

bool goes_on(const Context& context) {
  return context.out && context.pause && context.pause();
}

Result<int> redraw(Context& context, Follower& follower,
                   const WatchOrder& order) {
  auto first = follower.list(order);
  if (!first) return first.error();
  Screen screen(context);
  screen.draw(first.value().table.lines());
  Outage outage(context.err);
  while (goes_on(context)) {
    const auto news = news_of(follower, outage);
    if (!news) return news.error();
    if (!news.value()) continue;
    const auto listing = follower.list(order);
    if (!listing) return listing.error();
    screen.draw(listing.value().table.lines());
  }
  return 0;
}

Result<int> append(Context& context, Follower& follower, WatchOrder order) {
  Lines lines(context.out, order.output);
  Known known;
  const auto first = follower.list(order);
  if (!first) return first.error();
  lines.write(first.value(), known.changed(first.value()));
  // What ended before is not shown, but an end is a change that is.
  order.selection.all = true;
  const auto all = follower.list(order);
  if (!all) return all.error();
  known.changed(all.value());
  Outage outage(context.err);
  while (goes_on(context)) {
    const auto news = news_of(follower, outage);
    if (!news) return news.error();
    if (!news.value()) continue;
    const auto listing = follower.list(order);
    if (!listing) return listing.error();
    lines.write(listing.value(), known.changed(listing.value()));
  }
  return 0;
}

}  // namespace

Result<int> watch(Context& context, LogReader& reader,
                  const WatchOrder& order) {
  Follower follower(reader);
  const auto read = follower.look();
  if (!read) return read.error();
  const bool table =
      order.output == Output::table || order.output == Output::wide;
  return table && context.terminal_rows ? redraw(context, follower, order)
                                        : append(context, follower, order);
}

}  // namespace understudy
