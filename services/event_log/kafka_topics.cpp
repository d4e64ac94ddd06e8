#include "services/event_log/kafka_topics.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <optional>
#include <string_view>
#include <thread>
#include <utility>

#include "services/event_log/kafka_admin.hpp"
#include "services/event_log/kafka_client.hpp"
#include "services/event_log/kafka_error.hpp"

namespace understudy {
namespace {

using kafka::Admin;
using kafka::Client;
using Clock = std::chrono::steady_clock;

constexpr int answer_within_ms = 15000;
constexpr std::int32_t most_replicas = 3;

Error refused(const KafkaSettings& settings, const std::string& message) {
  return {ErrorCode::invalid_input,
          "kafka:" + settings.bootstrap + ": " + message};
}

/// How many partitions and replicas the missing ones get.
Result<TopicsToMake> fitted(const KafkaSettings& settings,
                            const Admin::Cluster& cluster,
                            TopicsToMake wanted) {
  if (wanted.partitions < 1)
    return refused(settings, "partitions: accepted: 1 or more");
  if (wanted.replication == 0)
    wanted.replication = std::min(most_replicas, cluster.brokers);
  if (wanted.production && wanted.replication < most_replicas) {
    return refused(settings,
                   "replication " + std::to_string(wanted.replication) +
                       " is too little for production; accepted: 3 or more, "
                       "on as many brokers");
  }
  if (wanted.replication < 1 || wanted.replication > cluster.brokers) {
    return refused(settings,
                   "replication " + std::to_string(wanted.replication) +
                       "; accepted: 1 to " + std::to_string(cluster.brokers) +
                       ", the number of brokers");
  }
  const auto journal = cluster.topics.find(settings.topic("journal"));
  if (journal != cluster.topics.end())
    wanted.partitions = journal->second.partitions;
  return wanted;
}

/// Topics are there before their partitions have leaders.
Result<void> await(const Admin& admin, const KafkaSettings& settings) {
  const auto end = Clock::now() + std::chrono::milliseconds(answer_within_ms);
  for (;;) {
    const auto cluster = admin.cluster();
    if (!cluster) return cluster.error();
    const auto& topics = cluster.value().topics;
    bool ready = true;
    for (const TopicRule& rule : topic_rules()) {
      const auto found = topics.find(settings.topic(rule.name));
      ready = ready && found != topics.end() && found->second.ready;
    }
    if (ready) return {};
    if (Clock::now() > end) {
      return Error{ErrorCode::unavailable,
                   "kafka:" + settings.bootstrap +
                       ": the topics are made, but some partition has no "
                       "leader; look at the brokers"};
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

std::optional<std::int32_t> stated_partitions(
    const rd_kafka_message_t& message) {
  rd_kafka_headers_t* headers = nullptr;
  if (rd_kafka_message_headers(&message, &headers) != 0) return {};
  const void* value = nullptr;
  std::size_t size = 0;
  if (rd_kafka_header_get_last(headers, "partitions", &value, &size) != 0)
    return {};
  const auto* text = static_cast<const char*>(value);
  std::int32_t count = 0;
  const auto read = std::from_chars(text, text + size, count);
  if (read.ec != std::errc() || count < 1) return {};
  return count;
}

/// Reads the begin of each partition of the journal.
class JournalLook {
 public:
  JournalLook(const Client& client, std::string topic)
      : client_(client), topic_(std::move(topic)) {}

  Result<std::vector<JournalPartition>> look(std::int32_t partitions) {
    std::vector<JournalPartition> found(static_cast<std::size_t>(partitions));
    const kafka::PartitionsHandle list(
        rd_kafka_topic_partition_list_new(partitions));
    std::size_t awaited = 0;
    for (std::int32_t at = 0; at < partitions; ++at) {
      std::int64_t low = 0;
      std::int64_t high = 0;
      if (auto asked = ask(at, low, high); !asked) return asked.error();
      found[static_cast<std::size_t>(at)].begin = low;
      if (low == high) continue;
      rd_kafka_topic_partition_list_add(list.get(), topic_.c_str(), at)
          ->offset = low;
      ++awaited;
    }
    if (awaited == 0) return found;
    if (const auto code = rd_kafka_assign(client_.handle(), list.get()))
      return client_.error("read topic " + topic_, code);
    return read_first(std::move(found), awaited);
  }

 private:
  /// A leader that has just been chosen may not know of it yet.
  Result<void> ask(std::int32_t partition, std::int64_t& low,
                   std::int64_t& high) const {
    const auto end = Clock::now() + std::chrono::milliseconds(answer_within_ms);
    for (;;) {
      const auto code = rd_kafka_query_watermark_offsets(
          client_.handle(), topic_.c_str(), partition, &low, &high,
          answer_within_ms);
      if (code == RD_KAFKA_RESP_ERR_NO_ERROR) return {};
      if (kafka::remedy_of(code) != kafka::Remedy::retry || Clock::now() > end)
        return client_.error("read topic " + topic_, code);
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  }

  /// One message, or its end, of each partition. None may be visible when a
  /// transaction was given up or is still open.
  Result<std::vector<JournalPartition>> read_first(
      std::vector<JournalPartition> found, std::size_t awaited) {
    std::vector<bool> seen(found.size());
    const auto end = Clock::now() + std::chrono::milliseconds(answer_within_ms);
    while (awaited > 0) {
      const kafka::MessageHandle message(
          rd_kafka_consumer_poll(client_.handle(), 100));
      if (Clock::now() > end) {
        return client_.error("read topic " + topic_,
                             RD_KAFKA_RESP_ERR__TIMED_OUT);
      }
      if (message == nullptr) continue;
      const bool ended = message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF;
      if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR && !ended) {
        // Without a topic it is about the client; it tries again by itself.
        if (message->rkt == nullptr) continue;
        return client_.error("read topic " + topic_, message->err);
      }
      const auto at = static_cast<std::size_t>(message->partition);
      if (at >= found.size() || seen[at]) continue;
      seen[at] = true;
      --awaited;
      if (!ended) found[at].partitions_at_first = stated_partitions(*message);
    }
    return found;
  }

  const Client& client_;
  const std::string topic_;
};

}  // namespace

Result<std::vector<TopicMade>> create_topics(const KafkaSettings& settings,
                                             const TopicsToMake& asked) {
  const auto client = Client::make(RD_KAFKA_PRODUCER, settings, {});
  if (!client) return client.error();
  const Admin admin(*client.value());
  const auto cluster = admin.cluster();
  if (!cluster) return cluster.error();
  const auto wanted = fitted(settings, cluster.value(), asked);
  if (!wanted) return wanted.error();
  const auto& [partitions, replication, production] = wanted.value();
  std::vector<TopicMade> topics;
  std::vector<Admin::NewTopic> missing;
  for (const TopicRule& rule : topic_rules()) {
    Admin::NewTopic topic{
        settings.topic(rule.name),
        partitions,
        replication,
        {{"min.insync.replicas", std::to_string(min_insync(replication))}}};
    for (const auto& setting : rule.settings)
      topic.settings.emplace(setting.key, setting.value);
    const bool there = cluster.value().topics.contains(topic.name);
    topics.push_back({topic.name, !there});
    if (!there) missing.push_back(std::move(topic));
  }
  if (missing.empty()) return topics;
  if (auto made = admin.create(missing); !made) return made.error();
  if (auto ready = await(admin, settings); !ready) return ready.error();
  return topics;
}

Result<TopicStates> look_at_topics(const KafkaSettings& settings) {
  const auto client = Client::make(RD_KAFKA_CONSUMER, settings,
                                   {{"group.id", settings.prefix + ".check"},
                                    {"auto.offset.reset", "earliest"},
                                    {"isolation.level", "read_committed"},
                                    {"enable.auto.commit", "false"},
                                    {"enable.partition.eof", "true"},
                                    {"fetch.wait.max.ms", "20"}});
  if (!client) return client.error();
  const Admin admin(*client.value());
  const auto cluster = admin.cluster();
  if (!cluster) return cluster.error();
  TopicStates states;
  for (const TopicRule& rule : topic_rules()) {
    const std::string name = settings.topic(rule.name);
    const auto found = cluster.value().topics.find(name);
    if (found == cluster.value().topics.end()) continue;
    auto configured = admin.settings(name);
    if (!configured) return configured.error();
    states.topics.emplace(
        name, TopicState{found->second.partitions, found->second.replicas,
                         std::move(configured).value()});
  }
  const auto journal = states.topics.find(settings.topic("journal"));
  if (journal == states.topics.end()) return states;
  auto look = JournalLook(*client.value(), journal->first)
                  .look(journal->second.partitions);
  if (!look) return look.error();
  states.journal = std::move(look).value();
  return states;
}

Result<std::vector<TopicFinding>> check_topics(const KafkaSettings& settings,
                                               const TopicDemands& demands) {
  const auto states = look_at_topics(settings);
  if (!states) return states.error();
  return judge_topics(settings, states.value(), demands);
}

}  // namespace understudy
