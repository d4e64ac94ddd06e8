#include "services/gateway/proxy_keeper.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>

#include <sys/resource.h>
#include <sys/stat.h>

#include "services/gateway/addresses.hpp"
#include "services/gateway/proxy_names.hpp"

namespace understudy::gateway {
namespace {

/// HAProxy needs two descriptors for a connection, and some for itself.
std::uint32_t possible_connections(std::uint32_t wanted) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return wanted;
  constexpr std::uint64_t own = 256;
  const std::uint64_t most = limit.rlim_max;
  const std::uint64_t possible = most > 2 * own ? (most - own) / 2 : own / 2;
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(wanted, possible));
}

/// Looks that a process may stay silent before it is replaced.
constexpr int most_silent = 3;

SlotCounts counted(const std::vector<std::string>& backends) {
  SlotCounts counts{0, 0};
  for (const std::string& one : backends)
    ++(balance_of(one) == Balance::random ? counts.random
                                          : counts.least_outstanding);
  return counts;
}

bool expected(const std::string& answer) {
  const auto first = answer.find_first_not_of(" \n");
  if (first == std::string::npos) return true;
  for (const char* good : {"New server registered", "Server deleted",
                           "Server still has connections"}) {
    if (answer.find(good) != std::string::npos) return true;
  }
  return false;
}

}  // namespace

ProxyOptions proxy_options(const GatewaySettings& s) {
  ProxyOptions options;
  options.listen = s.listen;
  options.tls_certificate = s.tls_certificate;
  options.directory = s.haproxy.directory;
  options.has_lines_pipe = s.haproxy.socket.empty();
  options.has_tokens = !s.token_file.empty();
  options.max_connections = possible_connections(s.haproxy.max_connections);
  options.threads = s.haproxy.threads;
  options.queue_max = s.queue.max;
  options.queue_timeout_ms = s.queue.timeout_ms;
  options.waiting_max = s.queue.waiting_max;
  options.request_timeout_ms = s.request.timeout_ms;
  options.client_timeout_ms = s.request.client_timeout_ms;
  options.head_timeout_ms = s.request.head_timeout_ms;
  options.connect_timeout_ms = s.request.connect_timeout_ms;
  options.drain_timeout_ms = std::max(s.request.timeout_ms, 1000U);
  options.routes.wait_ms = s.queue.waiting_ms;
  options.routes.slow_start_ms = s.instance.slow_start_ms;
  options.routes.check_interval_ms = s.instance.check_interval_ms;
  return options;
}

ProxyKeeper::ProxyKeeper(const GatewaySettings& settings)
    : options_(proxy_options(settings)),
      slots_{settings.haproxy.slots, settings.haproxy.random_slots},
      process_(settings.haproxy.socket.empty()
                   ? std::make_unique<ProxyProcess>(settings.haproxy.program,
                                                    options_)
                   : nullptr),
      attached_(settings.haproxy.socket),
      uploads_(std::chrono::milliseconds(settings.request.client_timeout_ms)) {}

const RuntimeSocket& ProxyKeeper::socket() const {
  if (!owns_process()) return attached_;
  return second_way_ ? process_->second_socket() : process_->socket();
}

Result<ProxyState> ProxyKeeper::read() {
  second_way_ = false;
  auto state = read_proxy_state(socket());
  if (state || !owns_process()) return state;
  second_way_ = true;
  auto second = read_proxy_state(socket());
  if (second) return second;
  second_way_ = false;
  return state;
}

Result<void> ProxyKeeper::make_directory() const {
  if (::mkdir(options_.directory.c_str(), 0700) != 0 && errno != EEXIST) {
    return Error{ErrorCode::unavailable,
                 "cannot make the directory " + options_.directory};
  }
  return {};
}

Result<std::string> ProxyKeeper::check_program() const {
  if (!owns_process()) return std::string("attached");
  if (auto made = make_directory(); !made) return made.error();
  return process_->check_program();
}

Result<std::string> ProxyKeeper::check() const {
  auto version = check_program();
  if (!version || !owns_process()) return version;
  if (auto good = process_->check_settings(slots_); !good) return good.error();
  return version;
}

ProxyState ProxyKeeper::empty_state() const {
  ProxyState state;
  for (std::uint32_t i = 1; i <= slots_.least_outstanding; ++i)
    state.backends.push_back(slot_name(Balance::least_outstanding, i));
  for (std::uint32_t i = 1; i <= slots_.random; ++i)
    state.backends.push_back(slot_name(Balance::random, i));
  return state;
}

Result<void> ProxyKeeper::ensure_started(const RouteTable& routes,
                                         const TextMap& tokens) {
  if (process_->runs()) return {};
  for (;;) {
    const Assignment assignment = assign_slots(routes, empty_state());
    if (assignment.missing.empty()) {
      ++starts_;
      return process_->start(slots_, make_proxy_table(routes, assignment,
                                                      tokens, options_.routes));
    }
    for (const auto& [balance, count] : assignment.missing)
      (balance == Balance::random ? slots_.random : slots_.least_outstanding) +=
          count;
  }
}

/// A configuration that differs, and slots that ran out, want a reload.
Result<void> ProxyKeeper::ensure_config(const RouteTable& routes,
                                        const TextMap& tokens, Look& look) {
  const SlotCounts there = counted(look.state.backends);
  slots_.least_outstanding =
      std::max(slots_.least_outstanding, there.least_outstanding);
  slots_.random = std::max(slots_.random, there.random);
  for (const auto& [balance, count] : look.assignment.missing) {
    auto& slots =
        balance == Balance::random ? slots_.random : slots_.least_outstanding;
    slots = std::max(slots * 2, slots + count);
  }
  if (look.state.description == config_mark(options_, slots_)) return {};
  ProxyState more = empty_state();
  more.servers = look.state.servers;
  more.maps = look.state.maps;
  const Assignment assignment = assign_slots(routes, more);
  ++reloads_;
  auto reloaded = process_->reload(
      slots_, make_proxy_table(routes, assignment, tokens, options_.routes));
  if (!reloaded) return reloaded;
  auto state = read();
  if (!state) return state.error();
  look.state = std::move(state).value();
  look.assignment = assign_slots(routes, look.state);
  return {};
}

void ProxyKeeper::resolve(RouteTable& routes) {
  std::map<std::string, std::string> used;
  for (auto& [endpoint, route] : routes) {
    for (Server& server : route.servers) {
      auto known = addresses_.find(server.address);
      std::string numeric = known != addresses_.end()
                                ? known->second
                                : numeric_address(server.address);
      if (!numeric.empty()) used[server.address] = numeric;
      server.address = std::move(numeric);
    }
    // A name that leads nowhere now is asked again at the next look.
    std::erase_if(route.servers,
                  [](const Server& one) { return one.address.empty(); });
  }
  addresses_ = std::move(used);
}

Result<Look> ProxyKeeper::tick(RouteTable routes, const TextMap& tokens) {
  resolve(routes);
  if (owns_process()) {
    if (auto started = ensure_started(routes, tokens); !started)
      return started.error();
  }
  auto state = read();
  if (!state) {
    // Its process is there and does not answer at all: another one takes
    // its place, and it may finish what it has.
    if (owns_process() && ++silent_ >= most_silent) {
      silent_ = 0;
      ++reloads_;
      const Assignment assignment = assign_slots(routes, empty_state());
      const auto reloaded = process_->reload(
          slots_,
          make_proxy_table(routes, assignment, tokens, options_.routes));
      if (!reloaded) process_->stop(std::chrono::milliseconds(0));
    }
    return state.error();
  }
  silent_ = 0;
  Look look;
  look.state = std::move(state).value();
  look.assignment = assign_slots(routes, look.state);
  if (owns_process()) {
    if (auto done = ensure_config(routes, tokens, look); !done)
      return done.error();
  } else if (look.state.backends.empty()) {
    return Error{ErrorCode::invalid_input,
                 "HAProxy at " + attached_.path() +
                     " has no slots; accepted: one whose configuration "
                     "understudy-gateway --print-haproxy wrote"};
  } else {
    for (const auto& [balance, count] : look.assignment.missing) {
      look.troubles.push_back(std::to_string(count) +
                              " endpoints have no slot of kind " +
                              std::string(name_of(balance)));
    }
  }
  const ProxyTable table =
      make_proxy_table(routes, look.assignment, tokens, options_.routes);
  run(plan_commands(table, look.state, options_.routes), look);
  if (owns_process()) look.leaving = process_->leaving_figures();
  const auto stalled = uploads_.look(socket(), StalledUploads::Clock::now());
  if (stalled) {
    look.stalled = stalled.value();
  } else {
    look.troubles.push_back(stalled.error().message);
  }
  return look;
}

void ProxyKeeper::run(const std::vector<std::string>& commands,
                      Look& look) const {
  look.commands = commands.size();
  for (const std::string& command : commands) {
    const auto answer = socket().ask(command);
    if (!answer) {
      look.troubles.push_back(answer.error().message);
      return;
    }
    if (expected(answer.value())) continue;
    std::string text = command + ": " + answer.value();
    std::replace(text.begin(), text.end(), '\n', ' ');
    look.troubles.push_back(std::move(text));
  }
}

void ProxyKeeper::stop(std::chrono::milliseconds grace) {
  if (owns_process()) process_->stop(grace);
}

}  // namespace understudy::gateway
