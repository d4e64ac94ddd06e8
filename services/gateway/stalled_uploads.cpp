#include "services/gateway/stalled_uploads.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "services/gateway/proxy_names.hpp"
#include "services/text/line_reader.hpp"

namespace understudy::gateway {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds longest_interval{15'000};
/// As many as fit one line of commands.
constexpr std::size_t at_once = 64;

/// What stands behind `name`, up to a space or a comma.
std::string_view value_of(std::string_view text, std::string_view name) {
  const auto at = text.find(name);
  if (at == std::string_view::npos) return {};
  text.remove_prefix(at + name.size());
  return text.substr(0, text.find_first_of(" ,\n)"));
}

template <class F>
void for_each_line(std::string_view text, const F& use) {
  while (!text.empty()) {
    const auto end = text.find('\n');
    use(text.substr(0, end));
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + 1);
  }
}

}  // namespace

std::vector<UnderWay> parse_sessions(std::string_view text) {
  std::vector<UnderWay> all;
  for_each_line(text, [&](std::string_view line) {
    const auto colon = line.find(':');
    if (!line.starts_with("0x") || colon == std::string_view::npos) return;
    const auto server = value_of(line, " srv=");
    if (!is_slot(value_of(line, " be=")) || server.empty() ||
        server == "<none>")
      return;
    all.push_back({std::string(line.substr(0, colon)),
                   std::string(value_of(line, " src="))});
  });
  return all;
}

std::map<std::string, std::uint64_t> parse_uploads(std::string_view text) {
  std::map<std::string, std::uint64_t> uploads;
  std::string session;
  std::optional<std::uint64_t> bytes;
  bool of_request = false;
  for_each_line(text, [&](std::string_view line) {
    if (line.starts_with("0x")) {
      session = line.substr(0, line.find(':'));
      bytes.reset();
      of_request = false;
    } else if (line.find("req.st=MSG_DATA") != std::string_view::npos) {
      of_request = true;
    } else if (of_request && line.starts_with("  req=")) {
      bytes = parse_number(value_of(line, " total="), UINT64_MAX);
    } else if (bytes && line.starts_with("      htx=")) {
      // Where something is left the instance takes nothing: it is to blame.
      if (value_of(line, " data=") == "0") uploads.emplace(session, *bytes);
      bytes.reset();
      of_request = false;
    }
  });
  return uploads;
}

StalledUploads::StalledUploads(milliseconds limit)
    : limit_(limit), interval_(std::min(limit / 4, longest_interval)) {}

Result<std::map<std::string, std::uint64_t>> StalledUploads::ask_about(
    const RuntimeSocket& socket, const std::vector<UnderWay>& requests) {
  std::map<std::string, std::uint64_t> bytes;
  const std::size_t step = socket.takes_several() ? at_once : 1;
  for (std::size_t i = 0; i < requests.size(); i += step) {
    std::string command;
    const std::size_t end = std::min(i + step, requests.size());
    for (std::size_t k = i; k < end; ++k)
      command += (k > i ? ";show sess " : "show sess ") + requests[k].session;
    const auto told = socket.ask(command);
    if (!told) return told.error();
    bytes.merge(parse_uploads(told.value()));
  }
  return bytes;
}

Result<std::size_t> StalledUploads::look(const RuntimeSocket& socket,
                                         Clock::time_point now) {
  if (now < next_) return std::size_t{0};
  next_ = now + interval_;
  const auto list = socket.ask("show sess");
  if (!list) return list.error();
  std::set<std::string> known;
  std::vector<UnderWay> lasting;
  for (UnderWay& one : parse_sessions(list.value())) {
    known.insert(one.key());
    // What comes and goes between two looks is not asked about.
    if (known_.contains(one.key())) lasting.push_back(std::move(one));
  }
  known_ = std::move(known);
  const auto bytes = ask_about(socket, lasting);
  if (!bytes) return bytes.error();
  std::map<std::string, Upload> uploads;
  std::size_t ended = 0;
  for (const UnderWay& one : lasting) {
    const auto here = bytes.value().find(one.session);
    if (here == bytes.value().end()) continue;
    Upload upload{here->second, now};
    const auto before = uploads_.find(one.key());
    if (before != uploads_.end() && before->second.bytes == upload.bytes)
      upload.since = before->second.since;
    if (now - upload.since < limit_) {
      uploads.emplace(one.key(), upload);
      continue;
    }
    const auto done = socket.ask("shutdown session " + one.session);
    if (!done) return done.error();
    ++ended;
  }
  uploads_ = std::move(uploads);
  return ended;
}

}  // namespace understudy::gateway
