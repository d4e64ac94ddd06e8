#include "services/control/owned_partition.hpp"

#include <utility>
#include <variant>

#include "services/codec/record_codec.hpp"
#include "services/control/kafka_form.hpp"
#include "services/event_log/kafka_group.hpp"
#include "services/logging/logging.hpp"

namespace understudy {

OwnedPartition::OwnedPartition(const KafkaSettings& settings,
                               HostOptions options, std::uint32_t partitions,
                               HostParts parts, SharedCapacity& capacity,
                               OwnedCalls calls)
    : settings_(settings),
      partition_(options.partition),
      codec_(make_record_codec()),
      calls_(std::move(calls)),
      capacity_(capacity.share(
          [one = partition_, partitions](const std::string& token) {
            const auto parts_of = parse_token(token);
            return parts_of && home_partition(parts_of->pool.endpoint_name(),
                                              partitions) == one;
          })),
      host_(std::move(options), with_own(parts), host_calls()),
      intake_(settings, {partition_, partitions}, window_, intake_calls()) {}

OwnedPartition::~OwnedPartition() { stop(); }

HostParts OwnedPartition::with_own(const HostParts& parts) const {
  return {parts.runtime,      *codec_,        parts.rest_codec,
          parts.surroundings, parts.follower, capacity_.get()};
}

void OwnedPartition::start() { host_.start(nullptr); }

void OwnedPartition::stop() { host_.stop(); }

std::string OwnedPartition::stopped(const std::string& endpoint) const {
  const std::lock_guard lock(mutex_);
  const auto found = stopped_.find(StreamId::endpoint(endpoint).text);
  return found == stopped_.end() ? std::string() : found->second;
}

Result<std::unique_ptr<EventLog>> OwnedPartition::open_log() {
  {
    const std::lock_guard lock(mutex_);
    stopped_.clear();
  }
  KafkaLogOptions options;
  options.form = make_kafka_form(partition_, *codec_, window_);
  options.commands = [this](const std::vector<std::uint64_t>& decided) {
    return window_.text_with(decided);
  };
  options.on_commit = calls_.on_commit;
  options.peek = peek_kafka_record;
  options.on_failed = [this](const Error& error) {
    ++failed_;
    if (error.code == ErrorCode::already_held) ++fenced_;
  };
  options.dealt = [this](const std::vector<std::uint64_t>& commands) {
    for (const std::uint64_t one : commands)
      window_.done(one);
  };
  options.begin = [this](const std::string& commands) {
    return window_.begin(commands);
  };
  auto opened =
      KafkaLog::open_writer(settings_, partition_, std::move(options));
  if (!opened) return opened.error();
  ++opened_;
  return std::unique_ptr<EventLog>(std::move(opened).value());
}

HostCalls OwnedPartition::host_calls() {
  HostCalls calls;
  calls.open_log = [this] { return open_log(); };
  calls.opened = [this](EventLog& log) {
    intake_.start(static_cast<KafkaLog&>(log));
  };
  calls.closing = [this] { intake_.stop(); };
  calls.changed = calls_.changed;
  calls.stream_stopped = [this](const StreamId& stream,
                                const std::string& reason) {
    {
      const std::lock_guard lock(mutex_);
      stopped_[stream.text] = reason;
    }
    if (calls_.stream_stopped) calls_.stream_stopped(stream, reason);
  };
  return calls;
}

IntakeCalls OwnedPartition::intake_calls() {
  IntakeCalls calls;
  calls.submit = [this](const Command& command, std::function<void()> done) {
    return host_.submit(
        StreamId::endpoint(command.endpoint),
        std::visit([](const auto& input) -> OutsideInput { return input; },
                   command.input),
        [done = std::move(done)](const CommandAnswer&) { done(); });
  };
  calls.stopped = [this](const std::string& endpoint) {
    return stopped(endpoint);
  };
  calls.put_aside = [this](const std::string& position,
                           const std::string& detail) {
    log_line(LogLevel::warning, "a command is put aside: " + detail,
             {{"topic", settings_.topic("commands")}, {"position", position}});
  };
  calls.went_on = [this] {
    const std::lock_guard lock(mutex_);
    intake_trouble_.clear();
  };
  calls.failed = [this](const Error& error) {
    bool news = false;
    {
      const std::lock_guard lock(mutex_);
      news = std::exchange(intake_trouble_, error.message) != error.message;
    }
    if (news) log_line(LogLevel::error, error.message);
    if (news && calls_.changed) calls_.changed();
  };
  return calls;
}

void OwnedPartition::add_counts(KafkaFigures& figures) const {
  figures.opened += opened_;
  figures.failed += failed_;
  figures.fenced += fenced_;
  figures.forwarded += intake_.forwarded();
  figures.put_aside += intake_.put_aside();
}

PartitionHost::Status OwnedPartition::status() const {
  auto status = host_.status();
  const std::lock_guard lock(mutex_);
  if (status.phase == Phase::ready && !intake_trouble_.empty())
    return {Phase::failed, intake_trouble_};
  return status;
}

}  // namespace understudy
