#include "services/event_log/kafka_group.hpp"

#include <utility>

namespace understudy {
namespace {

constexpr int poll_ms = 100;

std::vector<std::uint32_t> numbers_of(
    const rd_kafka_topic_partition_list_t& list) {
  std::vector<std::uint32_t> numbers;
  for (int at = 0; at < list.cnt; ++at)
    numbers.push_back(static_cast<std::uint32_t>(list.elems[at].partition));
  return numbers;
}

}  // namespace

Result<std::unique_ptr<PartitionGroup>> PartitionGroup::join(
    const KafkaSettings& settings, GroupCalls calls) {
  std::unique_ptr<PartitionGroup> made(new PartitionGroup(std::move(calls)));
  made->topic_ = settings.topic("commands");
  kafka::ClientCalls heard;
  heard.rebalanced = [group = made.get()](
                         rd_kafka_resp_err_t code,
                         rd_kafka_topic_partition_list_t* all) {
    group->rebalance(code, all);
  };
  auto client = kafka::Client::make(
      RD_KAFKA_CONSUMER, settings,
      {{"group.id", settings.prefix + ".daemons"},
       {"partition.assignment.strategy", "cooperative-sticky"},
       {"enable.auto.commit", "false"},
       {"enable.auto.offset.store", "false"},
       {"isolation.level", "read_committed"},
       // A daemon that is gone is missed after so long; a broker accepts no
       // less by default.
       {"session.timeout.ms", "6000"},
       {"heartbeat.interval.ms", "1000"},
       // Nothing is read: what is fetched before a partition is paused would
       // be in vain.
       {"queued.min.messages", "1"},
       {"fetch.message.max.bytes", "1024"}},
      std::move(heard));
  if (!client) return client.error();
  made->client_ = std::move(client).value();
  const kafka::PartitionsHandle list(rd_kafka_topic_partition_list_new(1));
  rd_kafka_topic_partition_list_add(list.get(), made->topic_.c_str(),
                                    RD_KAFKA_PARTITION_UA);
  const auto code = rd_kafka_subscribe(made->client_->handle(), list.get());
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
    return made->client_->error("join the group of daemons", code);
  made->thread_ = std::thread([group = made.get()] { group->run(); });
  return made;
}

PartitionGroup::~PartitionGroup() { leave(); }

void PartitionGroup::leave() {
  leaving_ = true;
  if (thread_.joinable()) thread_.join();
}

void PartitionGroup::run() {
  while (!leaving_) {
    // Only rebalancing and errors come: every partition is paused.
    const kafka::MessageHandle ignored(
        rd_kafka_consumer_poll(client_->handle(), poll_ms));
  }
  rd_kafka_consumer_close(client_->handle());
}

void PartitionGroup::rebalance(rd_kafka_resp_err_t code,
                               rd_kafka_topic_partition_list_t* partitions) {
  rd_kafka_t* handle = client_->handle();
  if (code == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
    for (int at = 0; at < partitions->cnt; ++at)
      partitions->elems[at].offset = RD_KAFKA_OFFSET_END;
    kafka::ErrorHandle failed(rd_kafka_incremental_assign(handle, partitions));
    rd_kafka_pause_partitions(handle, partitions);
    joined_ = true;
    if (!failed) calls_.gained(numbers_of(*partitions));
    return;
  }
  if (code == RD_KAFKA_RESP_ERR__REVOKE_PARTITIONS) {
    const bool lost = rd_kafka_assignment_lost(handle) != 0;
    calls_.taken(numbers_of(*partitions), lost);
    const kafka::ErrorHandle failed(
        rd_kafka_incremental_unassign(handle, partitions));
    return;
  }
  rd_kafka_assign(handle, nullptr);
}

std::uint32_t home_partition(std::string_view endpoint,
                             std::uint32_t partitions) {
  return static_cast<std::uint32_t>(rd_kafka_msg_partitioner_murmur2(
      nullptr, endpoint.data(), endpoint.size(),
      static_cast<std::int32_t>(partitions), nullptr, nullptr));
}

}  // namespace understudy
