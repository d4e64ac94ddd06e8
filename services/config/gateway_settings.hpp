#pragma once

/// What the gateway can be told, and from where: a file, then the
/// environment, then the command line, as the daemon. A key such as
/// `queue.timeout_ms` is UNDERSTUDY_GATEWAY_QUEUE_TIMEOUT_MS in the
/// environment. deploy/understudy-gateway.yaml holds every key with its
/// default and what it means.
///
/// Thread safety: plain values.

#include <cstdint>
#include <string>
#include <vector>

#include "services/config/settings.hpp"

namespace understudy {

struct GatewayDaemonSettings {
  std::string server = "http://127.0.0.1:7780";
  std::string token_file;
  /// Whether load facts are sent there.
  bool publish = true;
  UNDERSTUDY_FIELDS(GatewayDaemonSettings, server, token_file, publish)
};

struct HaproxySettings {
  std::string program = "haproxy";
  /// Of a HAProxy that somebody else runs; empty: the gateway runs one.
  std::string socket;
  std::string directory = "/run/understudy-gateway";
  std::uint32_t max_connections = 4'000;
  std::uint32_t threads = 0;
  std::uint32_t slots = 64;         ///< Endpoints by outstanding requests,
  std::uint32_t random_slots = 16;  ///< and those at random, at first.
  UNDERSTUDY_FIELDS(HaproxySettings, program, socket, directory,
                    max_connections, threads, slots, random_slots)
};

struct QueueSettings {
  std::uint32_t max = 1'000;  ///< Of one endpoint.
  std::uint32_t timeout_ms = 30'000;
  /// Requests for an endpoint without an instance where one is expected.
  std::uint32_t waiting_max = 1'000;
  std::uint32_t waiting_ms = 60'000;
  UNDERSTUDY_FIELDS(QueueSettings, max, timeout_ms, waiting_max, waiting_ms)
};

struct RequestSettings {
  std::uint32_t timeout_ms = 600'000;        ///< Of an instance's silence.
  std::uint32_t client_timeout_ms = 60'000;  ///< Of a client's silence.
  std::uint32_t head_timeout_ms = 10'000;
  std::uint32_t connect_timeout_ms = 3'000;
  UNDERSTUDY_FIELDS(RequestSettings, timeout_ms, client_timeout_ms,
                    head_timeout_ms, connect_timeout_ms)
};

struct InstanceSettings {
  std::uint32_t slow_start_ms = 5'000;
  std::uint32_t check_interval_ms = 1'000;
  UNDERSTUDY_FIELDS(InstanceSettings, slow_start_ms, check_interval_ms)
};

/// As the daemon's settings of these names.
struct GatewayKafkaSettings {
  std::string prefix = "understudy";
  std::string config_file;
  UNDERSTUDY_FIELDS(GatewayKafkaSettings, prefix, config_file)
};

struct GatewaySettings {
  std::string listen = "127.0.0.1:8080";
  std::string status_listen = "127.0.0.1:8081";
  std::string log;   ///< Empty: the daemon is followed.
  std::string name;  ///< Of this gateway; empty: machine and address.
  std::string tls_certificate;
  std::string token_file;  ///< Lines `ENDPOINT TOKEN`; `*`: all others.
  std::uint32_t stop_timeout_ms = 30'000;
  GatewayKafkaSettings kafka;
  GatewayDaemonSettings daemon;
  HaproxySettings haproxy;
  QueueSettings queue;
  RequestSettings request;
  InstanceSettings instance;
  LoggingSettings logging;
  UNDERSTUDY_FIELDS(GatewaySettings, listen, status_listen, log, name,
                    tls_certificate, token_file, stop_timeout_ms, kafka, daemon,
                    haproxy, queue, request, instance, logging)
};

/// Errors: as `read_settings`.
[[nodiscard]] Result<GatewaySettings> read_gateway_settings(
    const SettingsSources& sources);

[[nodiscard]] std::vector<std::string> gateway_settings_keys();

}  // namespace understudy
