#include "services/control/kafka_load.hpp"

#include <chrono>
#include <utility>

#include "services/logging/logging.hpp"

namespace understudy {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds read_wait{200};
constexpr milliseconds watch_interval{2'000};
/// As long as a fact is of use where it is heard.
constexpr std::int64_t most_late_ms = GatewayLoadOptions{}.stale_ms;
/// Whoever sends what cannot be read does so every second.
constexpr std::chrono::minutes line_interval{1};

Instant wall_now() {
  return {std::chrono::duration_cast<std::chrono::microseconds>(
              std::chrono::system_clock::now().time_since_epoch())
              .count()};
}

}  // namespace

Result<std::unique_ptr<KafkaLoad>> KafkaLoad::open(
    const KafkaSettings& settings, GatewayLoad& meter) {
  std::unique_ptr<KafkaLoad> made(new KafkaLoad(settings, meter));
  auto writer = LoadTopicWriter::open(settings);
  if (!writer) return writer.error();
  made->writer_ = std::move(writer).value();
  meter.hears(false);
  made->reading_ = std::thread([load = made.get()] { load->read(); });
  made->watching_ = std::thread([load = made.get()] { load->watch(); });
  return made;
}

KafkaLoad::~KafkaLoad() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (watching_.joinable()) watching_.join();
  if (reading_.joinable()) reading_.join();
}

Result<void> KafkaLoad::report(const LoadReport& report) {
  writer_->send(report.gateway, load_messages(report));
  if (const auto trouble = writer_->trouble())
    return Error{ErrorCode::unavailable, *trouble};
  return {};
}

void KafkaLoad::add_figures(KafkaFigures& figures) const {
  figures.load_heard = hears_;
  figures.load_gateways = meter_.gateways();
  figures.load_facts = facts_;
  figures.load_late = late_;
  figures.load_unreadable = unreadable_;
}

bool KafkaLoad::pause() {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, watch_interval, [this] { return stopping_; });
  return !stopping_;
}

void KafkaLoad::read() {
  do {
    auto opened = LoadTopicReader::open(settings_);
    if (!opened) {
      hears(false, opened.error().message);
      continue;
    }
    const std::shared_ptr<LoadTopicReader> reader = std::move(opened).value();
    {
      const std::lock_guard lock(mutex_);
      if (stopping_) return;
      reader_ = reader;
    }
    changed_.notify_all();
    while (true) {
      const auto done = reader->next(
          read_wait, [this](const LoadTopicMessage& message) { see(message); });
      const std::lock_guard lock(mutex_);
      if (stopping_) return;
      // The watcher gives one up that cannot go on.
      if (done && reader_) continue;
      reader_.reset();
      break;
    }
  } while (pause());
}

/// Whether what is read is the newest there is.
void KafkaLoad::watch() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return stopping_ || reader_; });
    if (stopping_) return;
    const std::shared_ptr<LoadTopicReader> reader = reader_;
    lock.unlock();
    const auto current = reader->current();
    if (current && current.value()) {
      hears(true);
    } else {
      hears(false, current ? settings_.topic("load") + " is not read to its end"
                           : current.error().message);
    }
    lock.lock();
    if (!current && reader_ == reader) reader_.reset();
    changed_.wait_for(lock, watch_interval, [this] { return stopping_; });
  }
}

void KafkaLoad::hears(bool now, const std::string& why) {
  meter_.hears(now);
  hears_ = now;
  std::string before;
  {
    const std::lock_guard lock(mutex_);
    before = std::exchange(told_, why);
  }
  if (why.empty() && !before.empty()) {
    log_line(LogLevel::info, "load facts are heard again");
  } else if (before.empty() && !why.empty()) {
    log_line(LogLevel::warning,
             "load facts are not heard, load is unknown meanwhile: " + why);
  }
}

void KafkaLoad::see(const LoadTopicMessage& message) {
  if (message.stored) {
    const auto late_ms =
        ages_[message.partition].late_ms(*message.stored, wall_now());
    if (late_ms > most_late_ms) {
      ++late_;
      return;
    }
  }
  const auto report = parse_load_report(message.value);
  if (!report) return tell_unreadable(message, report.error());
  if (auto taken = meter_.report_some(report.value()); !taken)
    return tell_unreadable(message, taken.error());
  ++facts_;
}

void KafkaLoad::tell_unreadable(const LoadTopicMessage& message,
                                const Error& error) {
  ++unreadable_;
  const auto now = steady_clock::now();
  if (now < silent_until_) return;
  silent_until_ = now + line_interval;
  log_line(LogLevel::warning, "a load fact is of no use: " + error.message,
           {{"topic", settings_.topic("load")},
            {"position", std::to_string(message.partition) + ':' +
                             std::to_string(message.offset)},
            {"count", std::to_string(unreadable_)}});
}

}  // namespace understudy
