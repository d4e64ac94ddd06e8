#pragma once

/// librdkafka's handles, each owned by a `std::unique_ptr` of its own type.
///
/// Thread safety: as librdkafka says: handles may be used from any thread.
/// Destroying a client waits for its threads.

#include <memory>

#include <librdkafka/rdkafka.h>

namespace understudy::kafka {

template <class T, void (*destroy)(T*)>
struct Destroy {
  void operator()(T* handle) const { destroy(handle); }
};

inline void close_client(rd_kafka_t* client) {
  // Without this flag destroying a consumer leaves its group first, which
  // waits for the broker: whoever wants that closes the consumer itself.
  rd_kafka_destroy_flags(client, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
}

using ClientHandle =
    std::unique_ptr<rd_kafka_t, Destroy<rd_kafka_t, close_client>>;
using ConfHandle =
    std::unique_ptr<rd_kafka_conf_t,
                    Destroy<rd_kafka_conf_t, rd_kafka_conf_destroy>>;
using TopicHandle =
    std::unique_ptr<rd_kafka_topic_t,
                    Destroy<rd_kafka_topic_t, rd_kafka_topic_destroy>>;
using QueueHandle =
    std::unique_ptr<rd_kafka_queue_t,
                    Destroy<rd_kafka_queue_t, rd_kafka_queue_destroy>>;
using MessageHandle =
    std::unique_ptr<rd_kafka_message_t,
                    Destroy<rd_kafka_message_t, rd_kafka_message_destroy>>;
using HeadersHandle =
    std::unique_ptr<rd_kafka_headers_t,
                    Destroy<rd_kafka_headers_t, rd_kafka_headers_destroy>>;
using PartitionsHandle =
    std::unique_ptr<rd_kafka_topic_partition_list_t,
                    Destroy<rd_kafka_topic_partition_list_t,
                            rd_kafka_topic_partition_list_destroy>>;
using ErrorHandle =
    std::unique_ptr<rd_kafka_error_t,
                    Destroy<rd_kafka_error_t, rd_kafka_error_destroy>>;
using EventHandle =
    std::unique_ptr<rd_kafka_event_t,
                    Destroy<rd_kafka_event_t, rd_kafka_event_destroy>>;
using AdminOptionsHandle = std::unique_ptr<
    rd_kafka_AdminOptions_t,
    Destroy<rd_kafka_AdminOptions_t, rd_kafka_AdminOptions_destroy>>;
using NewTopicHandle =
    std::unique_ptr<rd_kafka_NewTopic_t,
                    Destroy<rd_kafka_NewTopic_t, rd_kafka_NewTopic_destroy>>;
using ConfigResourceHandle = std::unique_ptr<
    rd_kafka_ConfigResource_t,
    Destroy<rd_kafka_ConfigResource_t, rd_kafka_ConfigResource_destroy>>;

struct DestroyMetadata {
  void operator()(const struct rd_kafka_metadata* metadata) const {
    rd_kafka_metadata_destroy(metadata);
  }
};
using MetadataHandle =
    std::unique_ptr<const struct rd_kafka_metadata, DestroyMetadata>;

}  // namespace understudy::kafka
