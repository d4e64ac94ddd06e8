#include "services/event_log/kafka_error.hpp"

#include <librdkafka/rdkafka.h>

namespace understudy::kafka {
namespace {

struct Rule {
  rd_kafka_resp_err_t code;
  Remedy remedy;
  ErrorCode kind;
  std::string_view hint;
};

constexpr std::string_view ask_rights =
    "; the principal lacks a right there: see the least rights in "
    "deploy/kafka/README.md";
// Older ones repeat a part of the nonce, which Kafka 4 does not forgive.
constexpr std::string_view check_password =
    RD_KAFKA_VERSION < 0x020601ff
        ? "; check user and password; with SCRAM, Kafka 4 accepts librdkafka "
          "2.6.1 or newer only: use PLAIN over TLS"
        : "; check user and password";
constexpr std::string_view make_topics =
    "; accepted: topics made with 'understudy topics create'";

// Codes that are not here: Remedy::rebuild, ErrorCode::unavailable.
constexpr Rule rules[] = {
    // Another owner, or a transaction that outlived its time-out: these two
    // cannot be told apart by code.
    {RD_KAFKA_RESP_ERR__FENCED, Remedy::give_up, ErrorCode::already_held,
     "; another writer took this partition over, or a transaction outlived "
     "its time-out"},
    {RD_KAFKA_RESP_ERR_PRODUCER_FENCED, Remedy::give_up,
     ErrorCode::already_held, "; another writer took this partition over"},
    {RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH, Remedy::give_up,
     ErrorCode::already_held, "; another writer took this partition over"},
    // The broker will answer later.
    {RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS, Remedy::retry,
     ErrorCode::unavailable, ""},
    {RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE, Remedy::retry,
     ErrorCode::unavailable, ""},
    {RD_KAFKA_RESP_ERR_NOT_COORDINATOR, Remedy::retry, ErrorCode::unavailable,
     ""},
    {RD_KAFKA_RESP_ERR_CONCURRENT_TRANSACTIONS, Remedy::retry,
     ErrorCode::unavailable, ""},
    {RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE, Remedy::retry,
     ErrorCode::unavailable, ""},
    {RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION, Remedy::retry,
     ErrorCode::unavailable, ""},
    {RD_KAFKA_RESP_ERR_OFFSET_NOT_AVAILABLE, Remedy::retry,
     ErrorCode::unavailable, ""},
    {RD_KAFKA_RESP_ERR_FENCED_LEADER_EPOCH, Remedy::retry,
     ErrorCode::unavailable, ""},
    {RD_KAFKA_RESP_ERR_UNKNOWN_LEADER_EPOCH, Remedy::retry,
     ErrorCode::unavailable, ""},
    {RD_KAFKA_RESP_ERR__QUEUE_FULL, Remedy::retry, ErrorCode::unavailable, ""},
    // A person must act.
    {RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, Remedy::stop,
     ErrorCode::not_found, make_topics},
    {RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC, Remedy::stop, ErrorCode::not_found,
     make_topics},
    {RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION, Remedy::stop, ErrorCode::not_found,
     make_topics},
    {RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, Remedy::stop,
     ErrorCode::unavailable, ask_rights},
    {RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED, Remedy::stop,
     ErrorCode::unavailable, ask_rights},
    {RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED, Remedy::stop,
     ErrorCode::unavailable, ask_rights},
    {RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED, Remedy::stop,
     ErrorCode::unavailable, ask_rights},
    {RD_KAFKA_RESP_ERR__AUTHENTICATION, Remedy::stop, ErrorCode::unavailable,
     check_password},
    {RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED, Remedy::stop,
     ErrorCode::unavailable, check_password},
    {RD_KAFKA_RESP_ERR__SSL, Remedy::stop, ErrorCode::unavailable,
     "; check the certificate authority (ssl.ca.location) and the address"},
    {RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE, Remedy::stop,
     ErrorCode::invalid_input,
     "; accepted: what the topic's max.message.bytes allows"},
    {RD_KAFKA_RESP_ERR_INVALID_TRANSACTION_TIMEOUT, Remedy::stop,
     ErrorCode::invalid_input,
     "; accepted: up to the broker's transaction.max.timeout.ms"},
    {RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS, Remedy::rebuild,
     ErrorCode::unavailable,
     "; fewer replicas are in sync than min.insync.replicas asks for"},
    {RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS_AFTER_APPEND, Remedy::rebuild,
     ErrorCode::unavailable,
     "; fewer replicas are in sync than min.insync.replicas asks for"},
    {RD_KAFKA_RESP_ERR_KAFKA_STORAGE_ERROR, Remedy::rebuild,
     ErrorCode::unavailable, "; look at the broker's disk"},
};

const Rule* rule_of(int code) {
  for (const Rule& one : rules) {
    if (one.code == code) return &one;
  }
  return nullptr;
}

}  // namespace

Remedy remedy_of(int code) {
  const Rule* rule = rule_of(code);
  return rule == nullptr ? Remedy::rebuild : rule->remedy;
}

Error make_error(std::string_view where, std::string_view doing, int code,
                 std::string_view detail) {
  const Rule* rule = rule_of(code);
  std::string message(where);
  message.append(": cannot ").append(doing).append(": ");
  message.append(detail.empty()
                     ? rd_kafka_err2str(static_cast<rd_kafka_resp_err_t>(code))
                     : detail);
  if (rule != nullptr) message.append(rule->hint);
  return {rule == nullptr ? ErrorCode::unavailable : rule->kind,
          std::move(message)};
}

}  // namespace understudy::kafka
