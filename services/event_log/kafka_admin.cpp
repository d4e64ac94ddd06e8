#include "services/event_log/kafka_admin.hpp"

#include <algorithm>
#include <array>

namespace understudy::kafka {
namespace {

constexpr int answer_within_ms = 15000;
constexpr std::size_t text_size = 512;

/// The one answer to an admin call. Errors: none came, or it is an error.
Result<EventHandle> answer(const Client& client, const QueueHandle& queue,
                           std::string_view doing) {
  EventHandle event(rd_kafka_queue_poll(queue.get(), answer_within_ms + 5000));
  if (event == nullptr)
    return client.error(doing, RD_KAFKA_RESP_ERR__TIMED_OUT);
  if (const auto code = rd_kafka_event_error(event.get()))
    return client.error(doing, code, rd_kafka_event_error_string(event.get()));
  return event;
}

AdminOptionsHandle options_of(const Client& client, rd_kafka_admin_op_t what) {
  AdminOptionsHandle options(rd_kafka_AdminOptions_new(client.handle(), what));
  std::array<char, text_size> text{};
  rd_kafka_AdminOptions_set_request_timeout(options.get(), answer_within_ms,
                                            text.data(), text.size());
  return options;
}

Admin::Topic topic_of(const rd_kafka_metadata_topic& topic) {
  Admin::Topic made;
  made.partitions = topic.partition_cnt;
  made.ready = topic.err == RD_KAFKA_RESP_ERR_NO_ERROR;
  for (int at = 0; at < topic.partition_cnt; ++at) {
    const rd_kafka_metadata_partition& one = topic.partitions[at];
    made.ready = made.ready && one.leader >= 0;
    made.replicas =
        at == 0 ? one.replica_cnt : std::min(made.replicas, one.replica_cnt);
  }
  return made;
}

}  // namespace

Result<Admin::Cluster> Admin::cluster() const {
  const struct rd_kafka_metadata* raw = nullptr;
  // Asking for all: asking for one by name may make it, with the broker's
  // own settings.
  const auto code =
      rd_kafka_metadata(client_.handle(), 1, nullptr, &raw, answer_within_ms);
  // What went wrong meanwhile is told by callbacks.
  rd_kafka_poll(client_.handle(), 0);
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
    return client_.error("list the topics", code);
  const MetadataHandle metadata(raw);
  Cluster cluster;
  cluster.brokers = metadata->broker_cnt;
  for (int at = 0; at < metadata->topic_cnt; ++at) {
    const rd_kafka_metadata_topic& one = metadata->topics[at];
    if (one.err == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART) continue;
    cluster.topics.emplace(one.topic, topic_of(one));
  }
  return cluster;
}

Result<void> Admin::create(const std::vector<NewTopic>& topics) const {
  std::vector<NewTopicHandle> owned;
  std::vector<rd_kafka_NewTopic_t*> raw;
  std::array<char, text_size> text{};
  for (const NewTopic& topic : topics) {
    owned.emplace_back(rd_kafka_NewTopic_new(topic.name.c_str(),
                                             topic.partitions, topic.replicas,
                                             text.data(), text.size()));
    if (owned.back() == nullptr) {
      return Error{ErrorCode::invalid_input,
                   "topic " + topic.name + ": " + text.data()};
    }
    raw.push_back(owned.back().get());
    for (const auto& [key, value] : topic.settings)
      rd_kafka_NewTopic_set_config(raw.back(), key.c_str(), value.c_str());
  }
  const auto options = options_of(client_, RD_KAFKA_ADMIN_OP_CREATETOPICS);
  const QueueHandle queue(rd_kafka_queue_new(client_.handle()));
  rd_kafka_CreateTopics(client_.handle(), raw.data(), raw.size(), options.get(),
                        queue.get());
  const auto event = answer(client_, queue, "make the topics");
  if (!event) return event.error();
  std::size_t count = 0;
  const auto* results = rd_kafka_CreateTopics_result_topics(
      rd_kafka_event_CreateTopics_result(event.value().get()), &count);
  for (std::size_t at = 0; at < count; ++at) {
    const auto code = rd_kafka_topic_result_error(results[at]);
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR ||
        code == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS)
      continue;
    const char* said = rd_kafka_topic_result_error_string(results[at]);
    return client_.error(
        std::string("make topic ") + rd_kafka_topic_result_name(results[at]),
        code, said == nullptr ? "" : said);
  }
  return {};
}

Result<std::map<std::string, std::string>> Admin::settings(
    const std::string& topic) const {
  const std::string doing = "read the settings of topic " + topic;
  const ConfigResourceHandle resource(
      rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topic.c_str()));
  rd_kafka_ConfigResource_t* raw = resource.get();
  const auto options = options_of(client_, RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS);
  const QueueHandle queue(rd_kafka_queue_new(client_.handle()));
  rd_kafka_DescribeConfigs(client_.handle(), &raw, 1, options.get(),
                           queue.get());
  const auto event = answer(client_, queue, doing);
  if (!event) return event.error();
  std::size_t count = 0;
  const auto* results = rd_kafka_DescribeConfigs_result_resources(
      rd_kafka_event_DescribeConfigs_result(event.value().get()), &count);
  std::map<std::string, std::string> found;
  for (std::size_t at = 0; at < count; ++at) {
    if (const auto code = rd_kafka_ConfigResource_error(results[at])) {
      const char* said = rd_kafka_ConfigResource_error_string(results[at]);
      return client_.error(doing, code, said == nullptr ? "" : said);
    }
    std::size_t entries = 0;
    const auto* configs =
        rd_kafka_ConfigResource_configs(results[at], &entries);
    for (std::size_t entry = 0; entry < entries; ++entry) {
      const char* value = rd_kafka_ConfigEntry_value(configs[entry]);
      if (value != nullptr)
        found.emplace(rd_kafka_ConfigEntry_name(configs[entry]), value);
    }
  }
  return found;
}

Result<std::map<std::uint32_t, std::string>> Admin::owners(
    const std::string& group, const std::string& topic) const {
  const std::string doing = "ask for group " + group;
  const QueueHandle queue(rd_kafka_queue_new(client_.handle()));
  const auto options =
      options_of(client_, RD_KAFKA_ADMIN_OP_DESCRIBECONSUMERGROUPS);
  const char* name = group.c_str();
  rd_kafka_DescribeConsumerGroups(client_.handle(), &name, 1, options.get(),
                                  queue.get());
  const auto event = answer(client_, queue, doing);
  if (!event) return event.error();
  std::size_t count = 0;
  const auto* result =
      rd_kafka_event_DescribeConsumerGroups_result(event.value().get());
  const auto** groups =
      rd_kafka_DescribeConsumerGroups_result_groups(result, &count);
  std::map<std::uint32_t, std::string> owners;
  for (std::size_t at = 0; at < count; ++at) {
    if (const auto* wrong = rd_kafka_ConsumerGroupDescription_error(groups[at]))
      return client_.error(doing, rd_kafka_error_code(wrong),
                           rd_kafka_error_string(wrong));
    const std::size_t members =
        rd_kafka_ConsumerGroupDescription_member_count(groups[at]);
    for (std::size_t of = 0; of < members; ++of) {
      const auto* member =
          rd_kafka_ConsumerGroupDescription_member(groups[at], of);
      const auto* assigned = rd_kafka_MemberDescription_assignment(member);
      const auto* list = rd_kafka_MemberAssignment_partitions(assigned);
      for (int one = 0; list != nullptr && one < list->cnt; ++one) {
        if (list->elems[one].topic != topic) continue;
        owners[static_cast<std::uint32_t>(list->elems[one].partition)] =
            rd_kafka_MemberDescription_host(member);
      }
    }
  }
  return owners;
}

}  // namespace understudy::kafka
