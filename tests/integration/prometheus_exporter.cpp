// Serves the metrics of a story, for tests with a real Prometheus. Each scrape
// goes on by four minutes of the story, so that nothing depends on how fast
// the machine is; in it happens whatever the metrics can tell.
//
// prometheus_exporter: prints the port and serves until its input ends.
// prometheus_exporter --once: prints the metrics at the end of the story.

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <iostream>
#include <string>
#include <thread>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "actors/runtime/not_listed.hpp"
#include "services/telemetry/exposition.hpp"
#include "tests/support/small_story.hpp"

namespace understudy {
namespace {

constexpr std::int64_t step_ms = 240'000;
constexpr std::int64_t hour_ms = 3'600'000;

EndpointSpec spec_of_scaled() {
  EndpointSpec spec = story_spec(3);
  spec.name = "scaled";
  ScalingPolicy& scaling = spec.variants.front().scaling;
  scaling.enabled = true;
  scaling.max_count = 6;
  scaling.targets = {ScalingTarget{}};
  scaling.scale_in_windows = 1;
  return spec;
}

/// Load of all that are ready, `in_flight` on each.
autoscaler::LoadWindow window(Instant to, std::uint32_t ready,
                              std::uint64_t in_flight) {
  autoscaler::LoadWindow load;
  load.from = after_ms(to, -60'000);
  load.to = to;
  load.desired = ready;
  load.pools = {{"second", ready, ready, 8, ready * in_flight * 1000}};
  load.queued_milli = 500;
  return load;
}

/// Falls back, is scaled by its load, and deleted in the end.
std::vector<Record> scaled_story() {
  TinyRuntime tiny(story_start);
  tiny.capacity[story_offering("zone-c")] = 100;
  const auto stream = StreamId::endpoint("scaled");
  tiny.run_for(step_ms * 2);
  tiny.submit(stream, endpoint::CreateEndpoint{"create-1", spec_of_scaled()});
  const auto scaler = StreamId::autoscaler("scaled", "primary");
  for (int i = 0; i < 20; ++i) {
    tiny.run_for(step_ms);
    const bool busy = i % 8 < 4;
    tiny.submit(scaler, window(tiny.now(), 3, busy ? 8 : 1));
  }
  tiny.submit(stream, endpoint::DeleteEndpoint{"delete-1"});
  tiny.submit(stream, endpoint::ScaleVariant{"scale-1", "primary", 2, {}});
  tiny.run_for(hour_ms);
  return tiny.records();
}

/// Gets less than it wants and waits for pools, until it runs out of time.
std::vector<Record> starved_story() {
  TinyRuntime tiny(story_start);
  tiny.capacity[story_offering("zone-c")] = 2;
  EndpointSpec spec = story_spec(2);
  spec.name = "starved";
  tiny.run_for(step_ms * 2);
  const auto stream = StreamId::endpoint("starved");
  tiny.submit(stream, endpoint::CreateEndpoint{"create-1", spec});
  tiny.run_for(hour_ms / 4);
  tiny.submit(stream, endpoint::ScaleVariant{"scale-1", "primary", 5, {}});
  tiny.run_for(2 * hour_ms);
  return tiny.records();
}

/// What the small runtime cannot make happen.
std::vector<Record> odd_records() {
  Record orphan;
  orphan.stream = StreamId::pool("chat", "primary", "first");
  orphan.time = after_ms(story_start, hour_ms);
  orphan.event = pool::OrphanReturned{{1}, 1, "i-unknown"};
  Record lost = orphan;
  lost.stream = StreamId::instance("chat", InstanceId::make({9}, 1, 0));
  lost.event = instance::InstanceLost{std::string(not_listed_detail), 1000};
  return {orphan, lost};
}

class Exporter {
 public:
  Exporter() {
    for (const auto& story : {small_story().records(), scaled_story(),
                              starved_story(), odd_records()})
      records_.insert(records_.end(), story.begin(), story.end());
    std::stable_sort(
        records_.begin(), records_.end(),
        [](const Record& a, const Record& b) { return a.time < b.time; });
    std::uint64_t sequence = 0;
    for (Record& record : records_)
      record.sequence = ++sequence;
  }

  [[nodiscard]] bool over() const { return next_ == records_.size(); }

  std::string next_page() {
    now_ = after_ms(now_, step_ms);
    ++pages_;
    for (; !over() && records_[next_].time <= now_; ++next_) {
      const Record& record = records_[next_];
      view_.see(record);
      metrics_.see(record, view_, 0);
      if (record.part == 0) {
        metrics_.daemon().committed(700 * record.parts, record.parts,
                                    512ULL * record.parts);
      }
    }
    metrics_.daemon().served({"/v1/commands", "POST", 200, 4'000});
    metrics_.daemon().served({"/metrics", "GET", 200, 900});
    telemetry::DaemonNow now;
    now.phase = pages_ < 3                    ? "recovering"
                : pages_ > 20 && pages_ <= 24 ? "log-failed"
                                              : "ready";
    now.behind = pages_ % 3;
    now.waiting_inputs = 4;
    now.live_actors = 12;
    now.commands = 1;
    now.followers = 2;
    now.recovery_time = std::chrono::milliseconds(120);
    now.kafka = kafka();
    return metrics_.text(now, metrics_.show(now, view_, now_));
  }

 private:
  /// A cluster that everything happens to, so that every query has data.
  [[nodiscard]] KafkaFigures kafka() const {
    KafkaFigures figures;
    figures.reachable = pages_ % 2 == 0;
    figures.partitions = 8;
    figures.owned = 4;
    figures.lag = 500;
    figures.held_back_s = 60;
    figures.opened = 4 + pages_;
    figures.failed = figures.fenced = figures.forwarded = pages_;
    figures.put_aside = figures.voided = pages_;
    figures.load_heard = true;
    figures.load_gateways = 2;
    figures.load_facts = 9 * pages_;
    figures.load_late = figures.load_unreadable = pages_;
    return figures;
  }

  std::vector<Record> records_;
  std::size_t next_ = 0;
  std::uint64_t pages_ = 0;
  Instant now_ = story_start;
  FleetView view_;
  telemetry::Exposition metrics_{"0.0.0"};
};

void send_all(int to, const std::string& text) {
  std::size_t sent = 0;
  while (sent < text.size()) {
    const auto count =
        ::send(to, text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
    if (count <= 0) return;
    sent += static_cast<std::size_t>(count);
  }
}

void answer(int client, Exporter& exporter) {
  std::string request;
  char buffer[4096];
  while (request.find("\r\n\r\n") == std::string::npos) {
    const auto count = ::recv(client, buffer, sizeof buffer, 0);
    if (count <= 0) return;
    request.append(buffer, static_cast<std::size_t>(count));
  }
  const std::string page = exporter.next_page();
  send_all(client,
           "HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4\r\n"
           "Connection: close\r\nContent-Length: " +
               std::to_string(page.size()) + "\r\n\r\n" + page);
}

int serve() {
  const int listener = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* named = reinterpret_cast<sockaddr*>(&address);
  if (listener < 0 || ::bind(listener, named, size) != 0 ||
      ::listen(listener, 16) != 0 ||
      ::getsockname(listener, named, &size) != 0) {
    std::perror("prometheus_exporter");
    return 1;
  }
  std::cout << ntohs(address.sin_port) << std::endl;
  std::thread([] {
    while (std::cin.get() != EOF) {
    }
    std::_Exit(0);
  }).detach();
  Exporter exporter;
  for (;;) {
    const int client = ::accept(listener, nullptr, nullptr);
    if (client < 0) continue;
    answer(client, exporter);
    ::close(client);
  }
}

}  // namespace
}  // namespace understudy

int main(int count, char** arguments) {
  if (count == 1) return understudy::serve();
  if (count != 2 || std::strcmp(arguments[1], "--once") != 0) {
    std::cerr << "prometheus_exporter: accepted: --once\n";
    return 2;
  }
  understudy::Exporter exporter;
  std::string page;
  while (!exporter.over())
    page = exporter.next_page();
  std::cout << page;
  return 0;
}
