// What librdkafka alone does, for kafka_fleet_benchmark.py to compare with:
//   kafka_bare write BOOTSTRAP FROM TO [RECORDS] [--wait]
//     the messages of FROM.journal and FROM.events, in the transactions in
//     which a daemon wrote them, to the topics of TO: a thread and a
//     transactional producer for each partition, everything in memory before
//     the clock starts. RECORDS: the last so many of each partition. --wait:
//     the next transaction begins when the last one can be read, as the
//     daemon has it, instead of at once.
//   kafka_bare consume BOOTSTRAP TOPIC [PARTITIONS_AT_ONCE]
//     all of a topic under read_committed: one consumer for all partitions,
//     or one for each.
// Prints one line of JSON. The settings are those of the daemon's clients.

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <future>
#include <string>
#include <thread>
#include <vector>

#include "services/event_log/kafka_handles.hpp"

namespace {

using namespace understudy::kafka;
using Steady = std::chrono::steady_clock;

constexpr int ask_ms = 30'000;

double seconds_since(Steady::time_point began) {
  return std::chrono::duration<double>(Steady::now() - began).count();
}

[[noreturn]] void give_up(const std::string& what) {
  std::fprintf(stderr, "kafka_bare: %s\n", what.c_str());
  std::exit(1);
}

void must(rd_kafka_resp_err_t code, const char* doing) {
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
    give_up(std::string(doing) + ": " + rd_kafka_err2str(code));
}
void must(rd_kafka_error_t* error, const char* doing) {
  if (error != nullptr)
    give_up(std::string(doing) + ": " + rd_kafka_error_string(error));
}

using Settings = std::vector<std::pair<const char*, std::string>>;

ClientHandle client(rd_kafka_type_t type, const Settings& settings) {
  char text[512];
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  for (const auto& [name, value] : settings) {
    if (rd_kafka_conf_set(conf, name, value.c_str(), text, sizeof text) !=
        RD_KAFKA_CONF_OK)
      give_up(text);
  }
  // With it the end of a transaction is not looked for in steps of 10 ms.
  if (type == RD_KAFKA_PRODUCER) {
    rd_kafka_conf_set_dr_msg_cb(
        conf, [](rd_kafka_t*, const rd_kafka_message_t* one, void*) {
          must(one->err, "deliver");
        });
  }
  ClientHandle made(rd_kafka_new(type, conf, text, sizeof text));
  if (!made) give_up(text);
  return made;
}

ClientHandle consumer(const std::string& bootstrap) {
  ClientHandle made =
      client(RD_KAFKA_CONSUMER, {{"bootstrap.servers", bootstrap},
                                 {"group.id", "bare"},
                                 {"isolation.level", "read_committed"},
                                 {"enable.auto.commit", "false"},
                                 {"enable.auto.offset.store", "false"},
                                 {"enable.partition.eof", "true"},
                                 {"fetch.wait.max.ms", "20"},
                                 {"check.crcs", "true"}});
  must(rd_kafka_poll_set_consumer(made.get()), "poll");
  return made;
}

int partitions_of(rd_kafka_t* handle, const std::string& topic) {
  const TopicHandle asked(rd_kafka_topic_new(handle, topic.c_str(), nullptr));
  const struct rd_kafka_metadata* found = nullptr;
  must(rd_kafka_metadata(handle, 0, asked.get(), &found, ask_ms), "ask");
  const MetadataHandle metadata(found);
  return metadata->topics[0].partition_cnt;
}

/// Calls `visit` with every message of some partitions, to their ends.
template <class Visit>
void drain(const std::string& bootstrap, const std::string& topic, int first,
           int last, Visit visit) {
  const ClientHandle made = consumer(bootstrap);
  const PartitionsHandle list(rd_kafka_topic_partition_list_new(1));
  for (int one = first; one < last; ++one) {
    rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), one)->offset =
        RD_KAFKA_OFFSET_BEGINNING;
  }
  must(rd_kafka_assign(made.get(), list.get()), "assign");
  for (int left = last - first; left > 0;) {
    const MessageHandle message(rd_kafka_consumer_poll(made.get(), ask_ms));
    if (!message) give_up("nothing comes from " + topic);
    if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
      --left;
      continue;
    }
    must(message->err, "read");
    visit(*message);
  }
}

int consume(const std::string& bootstrap, const std::string& topic,
            int at_once) {
  const int all = partitions_of(consumer(bootstrap).get(), topic);
  const int share = (all + at_once - 1) / at_once;
  std::atomic<std::uint64_t> messages = 0;
  std::atomic<std::uint64_t> bytes = 0;
  const auto began = Steady::now();
  std::vector<std::thread> threads;
  for (int first = 0; first < all; first += share) {
    threads.emplace_back([&, first] {
      std::uint64_t seen = 0;
      std::uint64_t size = 0;
      drain(bootstrap, topic, first, std::min(all, first + share),
            [&](const rd_kafka_message_t& one) {
              ++seen;
              size += one.len;
            });
      messages += seen;
      bytes += size;
    });
  }
  for (auto& one : threads)
    one.join();
  const double seconds = seconds_since(began);
  std::printf("{\"messages\": %llu, \"bytes\": %llu, \"seconds\": %.6f}\n",
              static_cast<unsigned long long>(messages),
              static_cast<unsigned long long>(bytes), seconds);
  return 0;
}

struct Message {
  std::string key;
  std::string value;
  HeadersHandle headers;
  bool ends = false;  ///< The last of a transaction.
};

std::vector<Message> keep(const std::string& bootstrap,
                          const std::string& topic, int partition,
                          std::size_t most) {
  std::vector<Message> kept;
  drain(bootstrap, topic, partition, partition + 1,
        [&](const rd_kafka_message_t& one) {
          rd_kafka_headers_t* headers = nullptr;
          rd_kafka_message_headers(&one, &headers);
          const void* ignored = nullptr;
          std::size_t size = 0;
          const auto has = [&](const char* name) {
            return headers != nullptr &&
                   rd_kafka_header_get_last(headers, name, &ignored, &size) ==
                       RD_KAFKA_RESP_ERR_NO_ERROR;
          };
          // Claims and notes are no records.
          if (has("understudy-kind")) return;
          Message message;
          message.key.assign(static_cast<const char*>(one.key), one.key_len);
          message.value.assign(static_cast<const char*>(one.payload), one.len);
          message.headers.reset(rd_kafka_headers_copy(headers));
          message.ends = has("commands");
          kept.push_back(std::move(message));
        });
  const auto extra = kept.size() - std::min(kept.size(), most);
  kept.erase(kept.begin(), kept.begin() + static_cast<std::ptrdiff_t>(extra));
  return kept;
}

void produce(rd_kafka_t* handle, const std::string& topic, int partition,
             const Message& message) {
  rd_kafka_headers_t* headers = rd_kafka_headers_copy(message.headers.get());
  while (true) {
    const auto code = rd_kafka_producev(
        handle, RD_KAFKA_V_TOPIC(topic.c_str()),
        RD_KAFKA_V_PARTITION(partition),
        RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
        RD_KAFKA_V_KEY(message.key.data(), message.key.size()),
        RD_KAFKA_V_VALUE(const_cast<char*>(message.value.data()),
                         message.value.size()),
        RD_KAFKA_V_HEADERS(headers), RD_KAFKA_V_END);
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR) return;
    if (code != RD_KAFKA_RESP_ERR__QUEUE_FULL) must(code, "produce");
    rd_kafka_poll(handle, 1);
  }
}

/// Until all that is in a partition can be read.
void await_visible(rd_kafka_t* all, rd_kafka_t* settled,
                   const std::string& topic, int partition) {
  std::int64_t low = 0;
  std::int64_t end = 0;
  std::int64_t stable = -1;
  must(rd_kafka_query_watermark_offsets(all, topic.c_str(), partition, &low,
                                        &end, ask_ms),
       "ask");
  while (stable < end) {
    must(rd_kafka_query_watermark_offsets(settled, topic.c_str(), partition,
                                          &low, &stable, ask_ms),
         "ask");
    if (stable < end)
      std::this_thread::sleep_for(std::chrono::microseconds(500));
  }
}

struct Job {
  std::string bootstrap;
  std::string from;
  std::string to;
  std::size_t most = SIZE_MAX;
  bool wait = false;
};

/// Writes one partition; returns the number of transactions.
std::size_t write_partition(const Job& job, int partition,
                            const std::vector<Message>& journal,
                            const std::vector<Message>& events,
                            std::promise<void>& ready,
                            const std::shared_future<void>& go) {
  const ClientHandle made =
      client(RD_KAFKA_PRODUCER,
             {{"bootstrap.servers", job.bootstrap},
              {"transactional.id", job.to + '.' + std::to_string(partition)},
              {"transaction.timeout.ms", "10000"},
              {"message.timeout.ms", "10000"},
              {"linger.ms", "5"},
              {"retry.backoff.ms", "20"}});
  const ClientHandle asker =
      client(RD_KAFKA_CONSUMER, {{"bootstrap.servers", job.bootstrap},
                                 {"group.id", "bare"},
                                 {"isolation.level", "read_committed"}});
  const ClientHandle all =
      client(RD_KAFKA_CONSUMER, {{"bootstrap.servers", job.bootstrap},
                                 {"group.id", "bare"},
                                 {"isolation.level", "read_uncommitted"}});
  rd_kafka_t* handle = made.get();
  partitions_of(handle, job.to + ".journal");
  partitions_of(handle, job.to + ".events");
  must(rd_kafka_init_transactions(handle, ask_ms), "init");
  ready.set_value();
  go.wait();
  std::size_t transactions = 0;
  for (std::size_t at = 0; at < journal.size();) {
    must(rd_kafka_begin_transaction(handle), "begin");
    bool last = false;
    for (; at < journal.size() && !last; ++at) {
      produce(handle, job.to + ".journal", partition, journal[at]);
      if (at < events.size())
        produce(handle, job.to + ".events", partition, events[at]);
      last = journal[at].ends;
    }
    must(rd_kafka_commit_transaction(handle, ask_ms), "commit");
    ++transactions;
    rd_kafka_poll(handle, 0);
    if (job.wait)
      await_visible(all.get(), asker.get(), job.to + ".journal", partition);
  }
  return transactions;
}

int write(const Job& job) {
  const int all =
      partitions_of(consumer(job.bootstrap).get(), job.from + ".journal");
  std::vector<std::vector<Message>> journal;
  std::vector<std::vector<Message>> events;
  std::size_t records = 0;
  std::size_t bytes = 0;
  for (int one = 0; one < all; ++one) {
    journal.push_back(
        keep(job.bootstrap, job.from + ".journal", one, job.most));
    events.push_back(keep(job.bootstrap, job.from + ".events", one, job.most));
    records += journal.back().size();
    for (const auto* part : {&journal.back(), &events.back()}) {
      for (const Message& message : *part)
        bytes += message.value.size();
    }
  }
  std::promise<void> start;
  const std::shared_future<void> go = start.get_future().share();
  std::vector<std::promise<void>> ready(static_cast<std::size_t>(all));
  std::vector<std::future<std::size_t>> writers;
  for (std::size_t one = 0; one < ready.size(); ++one) {
    writers.push_back(std::async(std::launch::async, [&, one] {
      return write_partition(job, static_cast<int>(one), journal[one],
                             events[one], ready[one], go);
    }));
  }
  for (auto& one : ready)
    one.get_future().wait();
  const auto began = Steady::now();
  start.set_value();
  std::size_t transactions = 0;
  for (auto& one : writers)
    transactions += one.get();
  const double seconds = seconds_since(began);
  std::printf(
      "{\"records\": %zu, \"transactions\": %zu, \"value_bytes\": %zu, "
      "\"seconds\": %.6f}\n",
      records, transactions, bytes, seconds);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  if (words.size() >= 3 && words[0] == "consume")
    return consume(words[1], words[2],
                   words.size() > 3 ? std::atoi(words[3].c_str()) : 1);
  if (words.size() >= 4 && words[0] == "write") {
    Job job{words[1], words[2], words[3]};
    for (std::size_t at = 4; at < words.size(); ++at) {
      if (words[at] == "--wait") {
        job.wait = true;
      } else {
        job.most = std::strtoul(words[at].c_str(), nullptr, 10);
      }
    }
    return write(job);
  }
  std::fprintf(stderr, "usage: see the head of kafka_bare.cpp\n");
  return 2;
}
