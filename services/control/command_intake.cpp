#include "services/control/command_intake.hpp"

#include <chrono>
#include <deque>
#include <utility>

#include "actors/runtime/answers.hpp"
#include "services/control/kafka_command.hpp"
#include "services/event_log/kafka_group.hpp"

namespace understudy {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t most_messages = 256;
constexpr milliseconds wait{100};
constexpr milliseconds pause_after_error{1'000};

}  // namespace

CommandIntake::CommandIntake(const KafkaSettings& settings,
                             IntakeOptions options, CommandWindow& window,
                             IntakeCalls calls)
    : settings_(settings),
      options_(options),
      window_(window),
      calls_(std::move(calls)) {}

CommandIntake::~CommandIntake() { stop(); }

void CommandIntake::start(KafkaLog& log) {
  stop();
  log_ = &log;
  stopping_ = false;
  thread_ = std::thread([this] { run(); });
}

void CommandIntake::stop() {
  stopping_ = true;
  if (thread_.joinable()) thread_.join();
}

void CommandIntake::run() {
  while (!stopping_) {
    auto source =
        CommandSource::open(settings_, options_.partition, window_.next());
    std::optional<Error> wrong;
    if (!source) wrong = source.error();
    while (!wrong && !stopping_) {
      const auto done = round(*source.value());
      if (!done) wrong = done.error();
    }
    if (!wrong) return;
    calls_.failed(*wrong);
    const auto late = std::chrono::steady_clock::now() + pause_after_error;
    while (!stopping_ && std::chrono::steady_clock::now() < late)
      std::this_thread::sleep_for(wait);
  }
}

Result<void> CommandIntake::round(CommandSource& source) {
  if (!window_.await_room(options_.max_under_way, wait)) return {};
  Sent sent;
  const auto read =
      source.next(most_messages, wait,
                  [&](const KafkaMessage& message) { see(message, sent); });
  if (!read) return read;
  if (!sent.messages.empty() && !stopping_) {
    // The vectors grow no more: now their bytes can be pointed at.
    for (std::size_t at = 0; at < sent.messages.size(); ++at) {
      if (sent.keys[at].data() != nullptr && !sent.keys[at].empty())
        sent.messages[at].key = sent.keys[at];
      sent.messages[at].value = std::as_bytes(std::span(sent.values[at]));
    }
    if (auto done = log_->send(sent.messages, sent.offsets, sent.notes); !done)
      return done;
    for (const std::uint64_t one : sent.offsets)
      window_.done(one);
  }
  calls_.went_on();
  return {};
}

void CommandIntake::see(const KafkaMessage& message, Sent& sent) {
  if (stopping_ || !window_.take(message.offset)) return;
  const auto command = read_kafka_command(message);
  if (!command) {
    put_aside(message, "unreadable", command.error().message, sent);
    return;
  }
  const std::string& endpoint = command.value().endpoint;
  const std::uint32_t home = home_partition(endpoint, options_.partitions);
  if (home != options_.partition) {
    if (message.header(kafka::forwarded_header).empty()) {
      forward(message, endpoint, home, sent);
    } else {
      put_aside(message, "not-at-home",
                "it was forwarded here, and its home is partition " +
                    std::to_string(home),
                sent);
    }
    return;
  }
  const std::string id = std::visit(
      [](const auto& input) { return input.command; }, command.value().input);
  // No decision would ever name it: it must not be taken for dealt with.
  if (const std::string why = calls_.stopped(endpoint); !why.empty()) {
    put_aside(message, stream_stopped_reason,
              "endpoint " + endpoint + " takes no commands here: " + why, sent);
    sent.notes.emplace_back(kafka::put_aside_header,
                            put_aside_text({endpoint, id, why}));
    return;
  }
  window_.name(message.offset, endpoint, id);
  const bool taken =
      calls_.submit(command.value(),
                    [this, offset = message.offset] { window_.done(offset); });
  // The partition is going; whoever opens it next begins before this one.
  if (!taken) stopping_ = true;
}

void CommandIntake::forward(const KafkaMessage& message,
                            const std::string& endpoint, std::uint32_t home,
                            Sent& sent) {
  kafka::Outgoing outgoing;
  outgoing.topic = settings_.topic("commands");
  outgoing.partition = static_cast<std::int32_t>(home);
  outgoing.headers = message.headers;
  outgoing.headers.emplace_back(
      kafka::forwarded_header,
      to_string(Position{options_.partition, message.offset}));
  add(message, std::move(outgoing), endpoint, sent);
  ++forwarded_;
}

void CommandIntake::put_aside(const KafkaMessage& message,
                              std::string_view reason,
                              const std::string& detail, Sent& sent) {
  kafka::Outgoing outgoing;
  outgoing.topic = settings_.topic("dead-letter");
  outgoing.partition = RD_KAFKA_PARTITION_UA;
  outgoing.headers = message.headers;
  const std::string position =
      to_string(Position{options_.partition, message.offset});
  outgoing.headers.emplace_back("dead-letter-reason", reason);
  outgoing.headers.emplace_back("dead-letter-detail", detail);
  outgoing.headers.emplace_back("dead-letter-topic",
                                settings_.topic("commands"));
  outgoing.headers.emplace_back("dead-letter-position", position);
  add(message, std::move(outgoing), std::string(message.key.value_or("")),
      sent);
  ++put_aside_;
  calls_.put_aside(position, detail);
}

void CommandIntake::add(const KafkaMessage& message, kafka::Outgoing outgoing,
                        std::string key, Sent& sent) {
  sent.messages.push_back(std::move(outgoing));
  sent.keys.push_back(std::move(key));
  sent.values.emplace_back(message.value.value_or(""));
  sent.offsets.push_back(message.offset);
}

}  // namespace understudy
