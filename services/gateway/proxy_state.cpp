#include "services/gateway/proxy_state.hpp"

#include <algorithm>
#include <utility>

#include "services/gateway/proxy_names.hpp"
#include "services/text/line_reader.hpp"

namespace understudy::gateway {
namespace {

constexpr std::uint32_t maintenance_bits = 0x01 | 0x02 | 0x04 | 0x20 | 0x40;
constexpr std::uint32_t drain_bits = 0x08 | 0x10;
constexpr std::uint32_t running = 2;

template <class F>
void for_each_line(std::string_view text, const F& use) {
  while (!text.empty()) {
    const auto end = text.find('\n');
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!line.empty()) use(line);
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + 1);
  }
}

std::vector<std::string_view> split(std::string_view line, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto end = line.find(separator);
    parts.push_back(line.substr(0, end));
    if (end == std::string_view::npos) return parts;
    line.remove_prefix(end + 1);
  }
}

/// One line of a table, by the names in the head of it.
class Row {
 public:
  using Columns = std::map<std::string, std::size_t, std::less<>>;

  static Columns columns_of(std::string_view head, char separator) {
    Columns columns;
    std::size_t at = 0;
    while (head.starts_with('#') || head.starts_with(' '))
      head.remove_prefix(1);
    for (const std::string_view name : split(head, separator))
      columns.emplace(std::string(name), at++);
    return columns;
  }

  Row(const Columns& columns, std::string_view line, char separator)
      : columns_(columns), parts_(split(line, separator)) {}

  [[nodiscard]] std::string text(std::string_view name) const {
    const auto found = columns_.find(name);
    if (found == columns_.end() || found->second >= parts_.size()) return {};
    return std::string(parts_[found->second]);
  }
  template <class T>
  [[nodiscard]] T number(std::string_view name) const {
    const auto value = parse_number(text(name), UINT64_MAX);
    return static_cast<T>(value.value_or(0));
  }

 private:
  const Columns& columns_;
  std::vector<std::string_view> parts_;
};

template <class F>
void for_each_row(std::string_view text, char separator, const F& use) {
  Row::Columns columns;
  for_each_line(text, [&](std::string_view line) {
    if (line.starts_with('#')) {
      columns = Row::columns_of(line, separator);
    } else if (!columns.empty()) {
      use(Row(columns, line, separator));
    }
  });
}

std::string value_after(std::string_view text, std::string_view name) {
  std::string value;
  for_each_line(text, [&](std::string_view line) {
    if (!line.starts_with(name)) return;
    line.remove_prefix(name.size());
    while (line.starts_with(' '))
      line.remove_prefix(1);
    value = line;
  });
  return value;
}

}  // namespace

const StatRow* ProxyState::figures_of(const std::string& backend,
                                      const std::string& server) const {
  const auto found =
      std::find_if(figures.begin(), figures.end(), [&](const StatRow& one) {
        return one.backend == backend && one.server == server;
      });
  return found == figures.end() ? nullptr : &*found;
}

std::vector<ServerState> parse_servers_state(std::string_view text) {
  std::vector<ServerState> servers;
  for_each_row(text, ' ', [&](const Row& row) {
    ServerState one;
    one.backend = row.text("be_name");
    one.name = row.text("srv_name");
    one.id = row.number<std::uint32_t>("srv_id");
    one.address = row.text("srv_addr");
    if (one.address.find(':') != std::string::npos)
      one.address = '[' + one.address + ']';
    one.address += ':' + row.text("srv_port");
    one.weight = row.number<std::uint32_t>("srv_uweight");
    const auto admin = row.number<std::uint32_t>("srv_admin_state");
    one.maintenance = (admin & maintenance_bits) != 0;
    one.draining = (admin & drain_bits) != 0;
    one.up = row.number<std::uint32_t>("srv_op_state") == running;
    if (is_slot(one.backend)) servers.push_back(std::move(one));
  });
  return servers;
}

std::vector<StatRow> parse_stat(std::string_view text) {
  std::vector<StatRow> rows;
  for_each_row(text, ',', [&](const Row& row) {
    StatRow one;
    one.backend = row.text("pxname");
    one.server = row.text("svname");
    if (!is_slot(one.backend)) return;
    one.queued = row.number<std::uint32_t>("qcur");
    one.current = row.number<std::uint32_t>("scur");
    one.limit = row.number<std::uint32_t>("slim");
    one.rate = row.number<std::uint32_t>("rate");
    one.total = row.number<std::uint64_t>("stot");
    one.errors_4xx = row.number<std::uint64_t>("hrsp_4xx");
    one.errors_5xx = row.number<std::uint64_t>("hrsp_5xx");
    one.response_ms = row.number<std::uint64_t>("rtime");
    one.total_ms = row.number<std::uint64_t>("ttime");
    rows.push_back(std::move(one));
  });
  return rows;
}

TextMap parse_map(std::string_view text) {
  TextMap map;
  for_each_line(text, [&](std::string_view line) {
    const auto key = line.find(' ');
    if (key == std::string_view::npos) return;
    line.remove_prefix(key + 1);
    const auto value = line.find(' ');
    if (value == std::string_view::npos) return;
    map.emplace(std::string(line.substr(0, value)),
                std::string(line.substr(value + 1)));
  });
  return map;
}

TextMap parse_map_list(std::string_view text) {
  TextMap paths;
  for_each_line(text, [&](std::string_view line) {
    const auto open = line.find('(');
    const auto close = line.find(')');
    if (line.starts_with('#') || open == std::string_view::npos ||
        close == std::string_view::npos || close < open) {
      return;
    }
    const std::string path(line.substr(open + 1, close - open - 1));
    paths.emplace(path.substr(path.rfind('/') + 1), path);
  });
  return paths;
}

std::map<std::string, Waiting> parse_waiting(std::string_view text) {
  std::map<std::string, Waiting> waiting;
  for_each_line(text, [&](std::string_view line) {
    const auto parts = split(line, ' ');
    if (parts.size() != 3) return;
    const auto now = parse_number(parts[1], UINT32_MAX);
    const auto arrived = parse_number(parts[2], UINT64_MAX);
    if (!now || !arrived) return;
    waiting[std::string(parts[0])] = {static_cast<std::uint32_t>(*now),
                                      *arrived};
  });
  return waiting;
}

/// HAProxy lists with each map all places that use it, and leaves out one
/// whose line does not fit its buffer. All maps are in one directory.
void add_missing_paths(TextMap& paths) {
  if (paths.empty()) return;
  const std::string known = paths.begin()->second;
  const std::string directory = known.substr(0, known.rfind('/') + 1);
  for (const std::string_view name : map_names)
    paths.emplace(std::string(name), directory + std::string(name));
}

Result<ProxyState> read_proxy_state(const RuntimeSocket& socket) {
  ProxyState state;
  const auto info = socket.ask("show info");
  if (!info) return info.error();
  state.description = value_after(info.value(), "description:");
  state.dropped_lines =
      parse_number(value_after(info.value(), "DroppedLogs:"), UINT64_MAX)
          .value_or(0);
  const auto backends = socket.ask("show backend");
  if (!backends) return backends.error();
  for_each_line(backends.value(), [&](std::string_view line) {
    if (is_slot(line)) state.backends.emplace_back(line);
  });
  const auto servers = socket.ask("show servers state");
  if (!servers) return servers.error();
  state.servers = parse_servers_state(servers.value());
  const auto figures = socket.ask("show stat -1 6 -1");
  if (!figures) return figures.error();
  state.figures = parse_stat(figures.value());
  const auto waiting = socket.ask("show understudy");
  if (!waiting) return waiting.error();
  state.waiting = parse_waiting(waiting.value());
  const auto list = socket.ask("show map");
  if (!list) return list.error();
  state.map_paths = parse_map_list(list.value());
  add_missing_paths(state.map_paths);
  for (const std::string_view name : map_names) {
    const auto path = state.map_paths.find(std::string(name));
    if (path == state.map_paths.end()) continue;
    const auto map = socket.ask("show map " + path->second);
    if (!map) return map.error();
    // One that the configuration does not use is not there.
    if (map.value().starts_with("Unknown map")) continue;
    state.maps[std::string(name)] = parse_map(map.value());
  }
  return state;
}

}  // namespace understudy::gateway
