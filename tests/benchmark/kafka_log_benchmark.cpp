// The log on Kafka against bare librdkafka on the same broker, in one run:
//   kafka_log_benchmark BOOTSTRAP [RECORDS]
// It makes topics of its own. Ratios count; both sides share one machine.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <string>
#include <vector>

#include <unistd.h>

#include "services/event_log/kafka_cursor.hpp"
#include "services/event_log/kafka_log.hpp"
#include "services/event_log/kafka_topics.hpp"

namespace understudy {
namespace {

using Steady = std::chrono::steady_clock;

constexpr std::size_t record_bytes = 320;
constexpr std::size_t event_bytes = 240;

double seconds_since(Steady::time_point began) {
  return std::chrono::duration<double>(Steady::now() - began).count();
}

[[noreturn]] void give_up(const Error& error) {
  std::fprintf(stderr, "error: %s\n", error.message.c_str());
  std::exit(1);
}

template <class T>
T must(Result<T> result) {
  if (!result) give_up(result.error());
  return std::move(result).value();
}
void must(const Result<void>& result) {
  if (!result) give_up(result.error());
}

/// What the daemon puts on both topics for one record.
KafkaForm form_of(std::uint64_t sequence) {
  KafkaForm form;
  form.key = "endpoint-" + std::to_string(sequence % 100);
  form.headers = {{"ce_specversion", "1.0"},
                  {"ce_id", "0:" + std::to_string(sequence)},
                  {"ce_source", "/understudy/partitions/0"},
                  {"ce_type", "capacity-denied"},
                  {"ce_time", "2026-01-01T00:00:00.000Z"},
                  {"ce_subject", "endpoint/" + form.key},
                  {"ce_streamversion", "17"},
                  {"ce_epoch", "3"},
                  {"content-type", "application/json"}};
  form.event_headers = form.headers;
  form.event = std::string(event_bytes, 'x');
  return form;
}

/// As `peek_record` does, on the records made here.
std::optional<kafka::Peeked> peek(Bytes bytes) {
  kafka::Peeked peeked;
  std::memcpy(&peeked.sequence, bytes.data(), sizeof peeked.sequence);
  std::memcpy(&peeked.epoch, bytes.data() + 8, sizeof peeked.epoch);
  return peeked;
}

KafkaSettings topics_of(const std::string& bootstrap, const char* name) {
  KafkaSettings settings;
  settings.bootstrap = bootstrap;
  settings.prefix = "bench-" + std::to_string(::getpid()) + '-' + name;
  TopicsToMake wanted;
  wanted.partitions = 1;
  wanted.replication = 1;
  must(create_topics(settings, wanted));
  return settings;
}

/// Appends batches of `size` through the log; seconds for all of them.
double through_log(KafkaLog& log, std::size_t records, std::size_t size,
                   std::vector<double>* latencies = nullptr) {
  std::vector<std::vector<std::byte>> made(
      size, std::vector<std::byte>(record_bytes, std::byte{7}));
  const std::vector<Bytes> batch(made.begin(), made.end());
  std::uint64_t next = must(log.end());
  const auto began = Steady::now();
  for (std::size_t done = 0; done < records; done += size) {
    for (std::size_t at = 0; at < size; ++at) {
      const std::uint64_t sequence = next + at;
      const std::uint32_t epoch = log.epoch();
      std::memcpy(made[at].data(), &sequence, sizeof sequence);
      std::memcpy(made[at].data() + 8, &epoch, sizeof epoch);
    }
    const auto one = Steady::now();
    must(log.append(next, batch));
    next += size;
    if (latencies != nullptr) latencies->push_back(seconds_since(one) * 1e3);
  }
  return seconds_since(began);
}

/// The same messages, in transactions of the same size, by the producer
/// alone.
double bare_producer(const KafkaSettings& settings, std::size_t records,
                     std::size_t size) {
  auto producer = must(kafka::Producer::open(
      settings, settings.prefix + ".bare",
      {settings.topic("journal"), settings.topic("events")}));
  const std::vector<std::byte> bytes(record_bytes, std::byte{7});
  const auto began = Steady::now();
  std::uint64_t sequence = 1;
  for (std::size_t done = 0; done < records; done += size) {
    must(producer->begin());
    for (std::size_t at = 0; at < size; ++at, ++sequence) {
      const KafkaForm form = form_of(sequence);
      kafka::Outgoing message;
      message.topic = settings.topic("journal");
      message.key = form.key;
      message.value = bytes;
      message.headers = form.headers;
      message.headers.emplace_back("sequence", std::to_string(sequence));
      message.headers.emplace_back("epoch", "1");
      must(producer->send(message));
      message.topic = settings.topic("events");
      message.value = std::as_bytes(std::span(form.event));
      message.headers = form.event_headers;
      must(producer->send(message));
    }
    must(producer->commit());
  }
  return seconds_since(began);
}

double bare_consumer(const KafkaSettings& settings, std::size_t& messages) {
  const auto asker = must(kafka::OffsetAsker::make(settings));
  const auto end = must(asker->ask(settings.topic("journal"), 0)).stable_end;
  const auto cursor =
      must(kafka::Cursor::make(settings, settings.topic("journal"), 0));
  const auto began = Steady::now();
  must(cursor->seek(0));
  must(cursor->read_to(end, [&](const rd_kafka_message_t&) -> Result<Visit> {
    ++messages;
    return Visit::next;
  }));
  return seconds_since(began);
}

void report_latency(KafkaLog& log) {
  std::vector<double> latencies;
  through_log(log, 300, 3, &latencies);
  std::sort(latencies.begin(), latencies.end());
  std::printf("one append of 3 records: p50 %.1f ms, p99 %.1f ms\n",
              latencies[latencies.size() / 2],
              latencies[latencies.size() * 99 / 100]);
}

int run(const std::string& bootstrap, std::size_t records) {
  const auto ours = topics_of(bootstrap, "log");
  const auto bare = topics_of(bootstrap, "bare");
  KafkaLogOptions options;
  options.form = [](std::uint64_t sequence, Bytes) {
    return form_of(sequence);
  };
  auto log = must(KafkaLog::open_writer(ours, 0, std::move(options)));
  through_log(*log, 3000, 100);
  bare_producer(bare, 3000, 100);
  report_latency(*log);
  for (const std::size_t size : {10U, 100U, 1000U}) {
    const std::size_t count = size < 100 ? records / 20 : records;
    const double bare_s = bare_producer(bare, count, size);
    const double log_s = through_log(*log, count, size);
    std::printf(
        "transactions of %4zu: log %8.0f records/s, bare %8.0f, ratio %.2f\n",
        size, static_cast<double>(count) / log_s,
        static_cast<double>(count) / bare_s, bare_s / log_s);
  }
  for (int round = 0; round < 3; ++round) {
    std::size_t messages = 0;
    const double bare_s = bare_consumer(ours, messages);
    const auto reader = must(KafkaLog::open_reader(ours, 0, peek));
    std::size_t read = 0;
    const auto began = Steady::now();
    must(reader->read(1, [&](const LogRecord&) {
      ++read;
      return Visit::next;
    }));
    const double log_s = seconds_since(began);
    std::printf("reading: log %8.0f records/s, bare %8.0f, ratio %.2f\n",
                static_cast<double>(read) / log_s,
                static_cast<double>(messages) / bare_s, bare_s / log_s);
  }
  return 0;
}

}  // namespace
}  // namespace understudy

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: kafka_log_benchmark BOOTSTRAP [RECORDS]\n");
    return 2;
  }
  const std::size_t records =
      argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 200'000;
  return understudy::run(argv[1], records);
}
