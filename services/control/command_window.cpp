#include "services/control/command_window.hpp"

#include <algorithm>

#include "services/text/line_reader.hpp"

namespace understudy {

Result<void> CommandWindow::begin(std::string_view text) {
  const std::lock_guard lock(mutex_);
  open_.clear();
  done_.clear();
  named_.clear();
  names_.clear();
  const std::string whole(text);
  const auto plus = text.find('+');
  const auto next = parse_number(text.substr(0, plus), UINT64_MAX);
  std::string_view rest =
      plus == std::string_view::npos ? "" : text.substr(plus + 1);
  bool good = next.has_value();
  while (good && !rest.empty()) {
    const auto comma = rest.find(',');
    const auto one = parse_number(rest.substr(0, comma), UINT64_MAX);
    good = one.has_value();
    if (good) done_.insert(*one);
    rest = comma == std::string_view::npos ? "" : rest.substr(comma + 1);
    good = good && (comma == std::string_view::npos || !rest.empty());
  }
  if (!good) {
    return Error{ErrorCode::corrupt,
                 "the journal says of commands '" + whole +
                     "'; accepted: an offset, and after '+' offsets with "
                     "commas between them"};
  }
  read_to_ = *next;
  return {};
}

std::uint64_t CommandWindow::lowest() const {
  return open_.empty() ? read_to_ : *open_.begin();
}

std::uint64_t CommandWindow::next() const {
  const std::lock_guard lock(mutex_);
  return lowest();
}

bool CommandWindow::take(std::uint64_t offset) {
  const std::lock_guard lock(mutex_);
  read_to_ = std::max(read_to_, offset + 1);
  // It stays named until all before it are done: who takes over asks again.
  if (done_.contains(offset)) return false;
  open_.insert(offset);
  return true;
}

void CommandWindow::name(std::uint64_t offset, const std::string& endpoint,
                         const std::string& command) {
  const std::lock_guard lock(mutex_);
  const Key key(endpoint, command);
  if (named_.emplace(key, offset).second) names_.emplace(offset, key);
}

std::optional<std::uint64_t> CommandWindow::find(
    const std::string& endpoint, const std::string& command) const {
  const std::lock_guard lock(mutex_);
  const auto found = named_.find({endpoint, command});
  if (found == named_.end()) return std::nullopt;
  return found->second;
}

void CommandWindow::done(std::uint64_t offset) {
  {
    const std::lock_guard lock(mutex_);
    if (open_.erase(offset) == 0) return;
    const auto named = names_.find(offset);
    if (named != names_.end()) {
      named_.erase(named->second);
      names_.erase(named);
    }
    if (offset > lowest()) done_.insert(offset);
    // What is below the lowest open one needs no mention any more.
    done_.erase(done_.begin(), done_.lower_bound(lowest()));
  }
  changed_.notify_all();
}

std::string CommandWindow::text_with(
    const std::vector<std::uint64_t>& offsets) const {
  const std::lock_guard lock(mutex_);
  std::set<std::uint64_t> open = open_;
  std::set<std::uint64_t> done = done_;
  for (const std::uint64_t one : offsets) {
    if (open.erase(one) != 0) done.insert(one);
  }
  const std::uint64_t low = open.empty() ? read_to_ : *open.begin();
  std::string text = std::to_string(low);
  char mark = '+';
  for (auto at = done.lower_bound(low); at != done.end(); ++at) {
    text += mark + std::to_string(*at);
    mark = ',';
  }
  return text;
}

bool CommandWindow::await_room(std::size_t most,
                               std::chrono::milliseconds wait) const {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, wait, [&] { return open_.size() < most; });
}

std::size_t CommandWindow::under_way() const {
  const std::lock_guard lock(mutex_);
  return open_.size();
}

}  // namespace understudy
