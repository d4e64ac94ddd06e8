#include "services/gateway/gateway.hpp"

#include <array>
#include <csignal>
#include <utility>

#include <unistd.h>

#include "services/config/log_address.hpp"
#include "services/gateway/kafka_source.hpp"
#include "services/gateway/log_source.hpp"
#include "services/gateway/server_source.hpp"
#include "services/gateway/token_file.hpp"
#include "services/text/version.hpp"
#include "services/understudyd/deadline.hpp"
#include "services/understudyd/notify.hpp"
#include "services/understudyd/signals.hpp"

namespace understudy::gateway {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds longest_wait{500};
/// Between two looks at HAProxy when nothing changed: load facts are a
/// second old at most.
constexpr milliseconds look_interval{1000};
/// While something is on its way out, which somebody waits for.
constexpr milliseconds soon_interval{200};

/// Names it by machine and address where the settings do not.
GatewaySettings named(GatewaySettings settings) {
  if (!settings.name.empty()) return settings;
  std::array<char, 256> host{};
  if (::gethostname(host.data(), host.size() - 1) == 0)
    settings.name = host.data();
  settings.name += '/' + settings.listen;
  return settings;
}

Result<KafkaSettings> kafka_settings_of(const GatewaySettings& settings,
                                        const LogAddress& address) {
  return make_kafka_settings(address.rest, settings.kafka.prefix,
                             settings.kafka.config_file);
}

std::uint64_t now_us() {
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::microseconds>(
          std::chrono::system_clock::now().time_since_epoch())
          .count());
}

}  // namespace

Result<ServerAccess> daemon_access(const GatewaySettings& settings) {
  ServerAccess access;
  const auto address = parse_server(settings.daemon.server);
  if (!address) return address.error();
  access.address = address.value();
  if (settings.daemon.token_file.empty()) return access;
  const auto token = read_token_file(settings.daemon.token_file);
  if (!token) return token.error();
  access.token = token.value();
  return access;
}

Result<std::unique_ptr<FleetSource>> make_source(
    const GatewaySettings& settings) {
  std::unique_ptr<FleetSource> source;
  if (!settings.log.empty()) {
    const auto address = parse_log_address(settings.log);
    if (!address) return address.error();
    if (address.value().kind == LogKind::embedded) {
      source = std::make_unique<LogSource>(address.value().rest);
      return source;
    }
    auto kafka = kafka_settings_of(settings, address.value());
    if (!kafka) return kafka.error();
    source = std::make_unique<KafkaSource>(std::move(kafka).value());
    return source;
  }
  auto access = daemon_access(settings);
  if (!access) return access.error();
  source = std::make_unique<ServerSource>(std::move(access).value());
  return source;
}

Result<std::unique_ptr<Publisher>> make_publisher(
    const GatewaySettings& settings) {
  std::unique_ptr<Publisher> publisher;
  const auto address = parse_log_address(settings.log);
  if (address && address.value().kind == LogKind::kafka) {
    const auto kafka = kafka_settings_of(settings, address.value());
    if (!kafka) return kafka.error();
    auto writer = LoadTopicWriter::open(kafka.value());
    if (!writer) return writer.error();
    publisher = std::make_unique<TopicPublisher>(std::move(writer).value());
    return publisher;
  }
  auto access = daemon_access(settings);
  if (!access) return access.error();
  publisher = std::make_unique<ServerPublisher>(std::move(access).value());
  return publisher;
}

Gateway::Gateway(const GatewaySettings& settings)
    : settings_(settings),
      keeper_(settings),
      proxy_trouble_("HAProxy answers again"),
      command_trouble_("HAProxy takes every command again"),
      token_trouble_("the token file is good again"),
      publish_trouble_("load facts arrive again") {}

Gateway::~Gateway() { stop(true); }

Result<void> Gateway::start() {
  if (settings_.haproxy.socket.empty()) {
    if (auto made = keeper_.make_directory(); !made) return made;
    auto held = DirectoryLock::take(settings_.haproxy.directory);
    if (!held) return held.error();
    held_ = std::move(held).value();
  }
  // One that runs serves on, whatever became of a file that it has read.
  const auto version =
      keeper_.runs() ? keeper_.check_program() : keeper_.check();
  if (!version) return version.error();
  log_line(LogLevel::info, "HAProxy", {{"version", version.value()}});
  auto source = make_source(settings_);
  if (!source) return source.error();
  source_ = std::move(source).value();
  if (!settings_.token_file.empty()) {
    auto tokens = read_token_map(settings_.token_file);
    if (!tokens) return tokens.error();
    tokens_ = std::move(tokens).value();
  }
  if (settings_.daemon.publish) {
    auto publisher = make_publisher(settings_);
    if (!publisher) return publisher.error();
    publisher_ = std::move(publisher).value();
  }
  if (auto listens = meters_.listen(proxy_options(settings_)); !listens)
    return listens;
  auto status = StatusServer::start(
      settings_.status_listen,
      {[this] { return not_ready(); }, [this] { return metrics(); }});
  if (!status) return status.error();
  status_ = std::move(status).value();
  follower_ = std::thread([this] { follow(); });
  log_line(LogLevel::info, "gateway",
           {{"listen", settings_.listen},
            {"status_port", std::to_string(status_->port())},
            {"follows", source_->where()}});
  return {};
}

void Gateway::follow() {
  ToldOnce trouble(source_->where() + " can be read again");
  std::unique_lock lock(mutex_);
  std::unique_ptr<FleetRoutes> anew;  // While it is read from the beginning.
  while (!stopping_) {
    lock.unlock();
    std::vector<Record> seen;
    const auto progress =
        source_->next(longest_wait, [&](Position, const Record& record) {
          if (anew) {
            anew->see(record);
          } else {
            seen.push_back(record);
          }
        });
    lock.lock();
    for (const Record& record : seen)
      routes_.see(record);
    news_ = news_ || !seen.empty();
    if (!progress) {
      source_wrong_ = progress.error().message;
      trouble.trouble(source_wrong_ + "; the routes stay as they are");
      if (progress.error().code != ErrorCode::unavailable) {
        source_->restart();
        anew = std::make_unique<FleetRoutes>();
      }
      changed_.wait_for(lock, longest_wait, [this] { return stopping_; });
      continue;
    }
    source_wrong_.clear();
    trouble.good();
    if (!progress.value().caught_up) continue;
    if (anew) {
      routes_ = std::move(*anew);
      anew.reset();
      news_ = true;
    }
    if (!caught_up_) news_ = true;
    caught_up_ = true;
    if (news_) changed_.notify_all();
  }
}

void Gateway::step() {
  RouteTable routes;
  {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, soon_ ? soon_interval : look_interval,
                      [this] { return stopping_ || (news_ && caught_up_); });
    // Half of the history is no fleet: what it names may be long gone.
    if (stopping_ || !caught_up_) return;
    news_ = false;
    routes = routes_.routes();
  }
  read_tokens();
  keep_true(routes);
}

void Gateway::read_tokens() {
  if (settings_.token_file.empty()) return;
  auto tokens = read_token_map(settings_.token_file);
  if (!tokens) {
    token_trouble_.trouble(tokens.error().message +
                           "; the tokens stay as they are");
    return;
  }
  token_trouble_.good();
  tokens_ = std::move(tokens).value();
}

void Gateway::keep_true(const RouteTable& routes) {
  const auto look = keeper_.tick(routes, tokens_);
  {
    const std::lock_guard lock(mutex_);
    proxy_wrong_ = look ? "" : look.error().message;
    starts_ = keeper_.starts();
    reloads_ = keeper_.reloads();
  }
  if (!look) {
    proxy_trouble_.trouble(look.error().message);
    soon_ = true;
    return;
  }
  proxy_trouble_.good();
  if (look.value().troubles.empty()) {
    command_trouble_.good();
  } else {
    command_trouble_.trouble(look.value().troubles.front());
  }
  if (look.value().stalled > 0) {
    log_line(LogLevel::info, "a client stopped in the middle of a body",
             {{"requests_ended", std::to_string(look.value().stalled)}});
  }
  LoadReport report = load_facts(settings_.name, routes, look.value(), demand_);
  report.made_us = now_us();
  meters_.looked(routes, report, look.value());
  soon_ = look.value().commands > 0;
  for (const ReportedEndpoint& endpoint : report.endpoints) {
    for (const ReportedInstance& one : endpoint.instances)
      soon_ = soon_ || one.draining;
  }
  if (!publisher_) return;
  publisher_->publish(report);
  if (const auto trouble = publisher_->trouble()) {
    publish_trouble_.trouble("load facts do not arrive: " + *trouble);
  } else {
    publish_trouble_.good();
  }
}

std::string Gateway::not_ready() const {
  const std::lock_guard lock(mutex_);
  if (!caught_up_) {
    return source_wrong_.empty() ? "the log is being read" : source_wrong_;
  }
  return proxy_wrong_;
}

std::string Gateway::metrics() const {
  telemetry::GatewayNow now;
  now.ready = ready();
  now.version = version;
  {
    const std::lock_guard lock(mutex_);
    now.haproxy_starts = starts_;
    now.haproxy_reloads = reloads_;
    now.records = routes_.records();
  }
  return meters_.text(now);
}

bool Gateway::ready() const { return not_ready().empty(); }

void Gateway::stop(bool keep) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    stopping_ = true;
  }
  changed_.notify_all();
  if (follower_.joinable()) follower_.join();
  if (!keep) {
    keeper_.stop(milliseconds(settings_.stop_timeout_ms));
    LoadReport last;
    last.gateway = settings_.name;
    last.leaving = true;
    last.made_us = now_us();
    if (publisher_) publisher_->publish(last);
  }
  publisher_.reset();
  status_.reset();
  meters_.stop();
}

int run_gateway(const GatewaySettings& settings) {
  StopSignals signals({SIGUSR2});
  start_logging(settings.logging);
  log_line(LogLevel::info, "understudy-gateway starts", {{"version", version}});
  Gateway gateway(named(settings));
  if (auto started = gateway.start(); !started) {
    log_line(LogLevel::error, started.error().message);
    return started.error().code == ErrorCode::unavailable ? 1 : 2;
  }
  const Watchdog watchdog([] { return true; });
  bool told = false;
  std::optional<int> signal;
  while (!signal) {
    gateway.step();
    if (!told && gateway.ready()) {
      told = true;
      log_line(LogLevel::info, "ready");
      notify_ready();
    }
    signal = signals.wait(milliseconds(0));
  }
  notify_stopping();
  const bool keep = *signal == SIGUSR2;
  log_line(LogLevel::info, keep ? "stopping; HAProxy serves on" : "stopping");
  constexpr std::uint32_t more_ms = 15'000;
  const Deadline deadline(milliseconds(settings.stop_timeout_ms + more_ms));
  gateway.stop(keep);
  log_line(LogLevel::info, "stopped");
  return 0;
}

}  // namespace understudy::gateway
