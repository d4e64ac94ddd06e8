#include "services/event_log/kafka_client.hpp"

#include <array>

#include "services/event_log/kafka_error.hpp"

namespace understudy::kafka {

struct Callbacks {
  static Client& of(void* opaque) { return *static_cast<Client*>(opaque); }

  static void note(Client& client, int code, std::string text) {
    const std::lock_guard lock(client.mutex_);
    // That all brokers are down follows from trouble that says why.
    if (code == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN && client.trouble_code_)
      return;
    client.trouble_code_ = code;
    client.trouble_ = std::move(text);
    for (char& c : client.trouble_) {
      if (c == '\n') c = ' ';
    }
  }

  static void error(rd_kafka_t*, int code, const char* text, void* opaque) {
    note(of(opaque), code, text);
  }

  static void rebalance(rd_kafka_t*, rd_kafka_resp_err_t code,
                        rd_kafka_topic_partition_list_t* partitions,
                        void* opaque) {
    of(opaque).calls_.rebalanced(code, partitions);
  }

  static void delivered(rd_kafka_t*, const rd_kafka_message_t* message,
                        void* opaque) {
    of(opaque).calls_.delivered(*message);
  }

  static int statistics(rd_kafka_t*, char* json, std::size_t length,
                        void* opaque) {
    of(opaque).calls_.statistics(std::string(json, length));
    return 0;
  }

  /// librdkafka writes to stderr otherwise. Why a broker cannot be reached is
  /// said here at once, and as an error only to who polls.
  static void log(const rd_kafka_t* handle, int level, const char* facility,
                  const char* text) {
    constexpr int warnings = 4;
    const std::string_view kind(facility);
    if (handle == nullptr) return;
    std::string_view line(text);
    const bool lost = kind == "FAIL" && line.find("in state UP") != line.npos;
    if (lost || kind == "REQTMOUT") ++of(rd_kafka_opaque(handle)).losses_;
    if (level > warnings || kind != "FAIL") return;
    if (line.starts_with("[thrd:")) {
      const auto end = line.find("]: ");
      if (end != std::string_view::npos) line.remove_prefix(end + 3);
    }
    const auto has = [line](std::string_view word) {
      return line.find(word) != std::string_view::npos;
    };
    int code = RD_KAFKA_RESP_ERR__TRANSPORT;
    if (has("uthentication")) {
      code = RD_KAFKA_RESP_ERR__AUTHENTICATION;
    } else if (has("SSL") || has("certificate")) {
      code = RD_KAFKA_RESP_ERR__SSL;
    }
    note(of(rd_kafka_opaque(handle)), code, std::string(line));
  }
};

namespace {

constexpr std::size_t text_size = 512;

Result<void> set(rd_kafka_conf_t* conf, const std::string& key,
                 const std::string& value) {
  std::array<char, text_size> text{};
  const auto done = rd_kafka_conf_set(conf, key.c_str(), value.c_str(),
                                      text.data(), text.size());
  if (done == RD_KAFKA_CONF_OK) return {};
  // librdkafka's text quotes the value, which may be a secret.
  return Error{ErrorCode::invalid_input,
               done == RD_KAFKA_CONF_UNKNOWN
                   ? "librdkafka knows no property " + key
                   : "librdkafka does not accept the value of " + key};
}

/// Producers' properties do not concern consumers, and the other way round;
/// librdkafka would warn of them.
bool concerns(rd_kafka_type_t type, const std::string& key) {
  constexpr std::array producers = {"acks",
                                    "request.required.acks",
                                    "linger.ms",
                                    "compression.type",
                                    "compression.codec",
                                    "batch.size",
                                    "batch.num.messages",
                                    "transaction.timeout.ms",
                                    "message.timeout.ms",
                                    "delivery.timeout.ms",
                                    "enable.idempotence"};
  constexpr std::array consumers = {
      "fetch.wait.max.ms",         "fetch.min.bytes",
      "fetch.max.bytes",           "session.timeout.ms",
      "heartbeat.interval.ms",     "max.poll.interval.ms",
      "isolation.level",           "queued.min.messages",
      "queued.max.messages.kbytes"};
  const auto has = [&key](const auto& list) {
    for (const char* one : list) {
      if (key == one) return true;
    }
    return false;
  };
  return type == RD_KAFKA_PRODUCER ? !has(consumers) : !has(producers);
}

}  // namespace

Result<std::unique_ptr<Client>> Client::make(rd_kafka_type_t type,
                                             const KafkaSettings& settings,
                                             Properties properties,
                                             ClientCalls calls) {
  if (auto good = check_kafka_settings(settings); !good) return good.error();
  std::unique_ptr<Client> client(new Client(std::move(calls)));
  client->where_ = "kafka:" + settings.bootstrap;
  ConfHandle conf(rd_kafka_conf_new());
  const std::pair<const char*, std::string> first[] = {
      {"bootstrap.servers", settings.bootstrap},
      {"client.id", "understudy"},
      // Ten seconds of silence after a broker came back help nobody.
      {"reconnect.backoff.max.ms", "500"},
      // A frozen broker holds its clients for this long.
      {"socket.timeout.ms", "10000"},
  };
  for (const auto& [key, value] : first) {
    if (auto done = set(conf.get(), key, value); !done) return done.error();
  }
  for (const auto& [key, value] : settings.properties) {
    if (!concerns(type, key)) continue;
    if (auto done = set(conf.get(), key, value); !done) return done.error();
  }
  for (const auto& [key, value] : properties) {
    if (auto done = set(conf.get(), key, value); !done) return done.error();
  }
  rd_kafka_conf_set_opaque(conf.get(), client.get());
  rd_kafka_conf_set_error_cb(conf.get(), Callbacks::error);
  rd_kafka_conf_set_log_cb(conf.get(), Callbacks::log);
  if (client->calls_.rebalanced)
    rd_kafka_conf_set_rebalance_cb(conf.get(), Callbacks::rebalance);
  if (client->calls_.delivered)
    rd_kafka_conf_set_dr_msg_cb(conf.get(), Callbacks::delivered);
  if (client->calls_.statistics)
    rd_kafka_conf_set_stats_cb(conf.get(), Callbacks::statistics);
  std::array<char, text_size> text{};
  rd_kafka_t* made = rd_kafka_new(type, conf.get(), text.data(), text.size());
  if (made == nullptr) {
    return Error{ErrorCode::invalid_input, client->where_ + ": " + text.data()};
  }
  (void)conf.release();  // The client's now.
  client->handle_.reset(made);
  if (type == RD_KAFKA_CONSUMER) rd_kafka_poll_set_consumer(made);
  return client;
}

std::string Client::trouble() const {
  const std::lock_guard lock(mutex_);
  return trouble_;
}

Error Client::error(std::string_view doing, int code,
                    std::string_view detail) const {
  const bool time_only = code == RD_KAFKA_RESP_ERR__TIMED_OUT ||
                         code == RD_KAFKA_RESP_ERR__TRANSPORT ||
                         code == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN ||
                         code == RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE;
  const std::lock_guard lock(mutex_);
  if (time_only && !trouble_.empty())
    return make_error(where_, doing, trouble_code_, trouble_);
  return make_error(where_, doing, code, detail);
}

}  // namespace understudy::kafka
