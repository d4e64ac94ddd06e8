#include "services/api/api_server.hpp"

#include <algorithm>
#include <chrono>
#include <exception>
#include <utility>

#include <sys/resource.h>

#include "services/api/api.hpp"
#include "services/api/listening.hpp"
#include "services/api/reception.hpp"
#include "services/api/request_pool.hpp"
#include "services/api/responder.hpp"
#include "services/api/routes.hpp"

namespace understudy {
namespace {

using std::chrono::milliseconds;
using Steady = std::chrono::steady_clock;

/// Descriptors that are not for clients: the log, log files, the library's.
constexpr std::size_t kept_descriptors = 64;
/// Idle connections beside those that are answered: pools of clients.
constexpr std::size_t connections_per_thread = 8;

std::size_t most_connections(const ApiSettings& settings) {
  const std::size_t wanted =
      std::size_t{settings.threads} * connections_per_thread +
      settings.max_followers;
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  const std::size_t possible =
      limit.rlim_cur > 2 * kept_descriptors
          ? static_cast<std::size_t>(limit.rlim_cur) - kept_descriptors
          : kept_descriptors;
  return std::min(wanted, possible);
}

ReceptionLimits reception_limits(const ApiSettings& settings) {
  ReceptionLimits limits;
  limits.connections = most_connections(settings);
  limits.body_bytes = settings.max_body_bytes;
  limits.buffered_bytes = std::max<std::size_t>(
      64U << 20U, 4 * std::size_t{settings.max_body_bytes});
  limits.patience = milliseconds(settings.io_timeout_ms);
  return limits;
}

ApiAnswer fault(const char* what) {
  Problem problem;
  problem.reason = "internal-error";
  problem.detail = what;
  return answer_of(problem);
}

/// For those who cannot even wait for their turn.
std::string raw_text(const ApiAnswer& answer) {
  return "HTTP/1.1 " + std::to_string(answer.status) +
         " Service Unavailable\r\nContent-Type: " + answer.content_type +
         "\r\nContent-Length: " + std::to_string(answer.body.size()) +
         "\r\nRetry-After: 1\r\nConnection: close\r\n\r\n" + answer.body;
}

ApiAnswer overloaded() {
  Problem problem;
  problem.reason = "overloaded";
  problem.detail = "too many requests wait already";
  return answer_of(problem);
}

}  // namespace

struct ApiServer::Inside {
  Inside(const ApiSettings& settings, ApiParts parts, Tokens tokens,
         Descriptor listening)
      : port(port_of(listening)),
        api(settings, std::move(parts), std::move(tokens)),
        responder(milliseconds(settings.io_timeout_ms)),
        pool(settings.threads, settings.threads + settings.max_followers,
             [this](std::unique_ptr<Connection> connection,
                    RequestPool::Place& place) {
               serve(std::move(connection), place);
             }),
        reception(
            std::move(listening), reception_limits(settings),
            [this](ApiCall& call) { return api.judge(call); },
            [this](std::unique_ptr<Connection> connection) {
              hand_over(std::move(connection));
            }) {}

  void hand_over(std::unique_ptr<Connection> connection);
  void serve(std::unique_ptr<Connection> connection, RequestPool::Place& place);
  [[nodiscard]] ApiAnswer answer(Connection& connection);
  void tell(Connection& connection, int status, Steady::time_point began) const;
  void end(std::unique_ptr<Connection> connection);

  const std::uint16_t port;
  Api api;
  Responder responder;
  RequestPool pool;
  Reception reception;
};

void ApiServer::Inside::hand_over(std::unique_ptr<Connection> connection) {
  const Api::Gate& gate = connection->reader.gate();
  const bool urgent = gate.refusal || gate.route->urgent;
  if (pool.add(connection, urgent)) return;
  const ApiAnswer refusal = overloaded();
  connection->send_now(raw_text(refusal));
  tell(*connection, refusal.status, Steady::now());
  end(std::move(connection));
}

void ApiServer::Inside::serve(std::unique_ptr<Connection> connection,
                              RequestPool::Place& place) {
  const auto began = Steady::now();
  const ApiAnswer answered = answer(*connection);
  ApiCall& call = connection->reader.call();
  const bool follows = answered.stream != nullptr;
  if (follows) {
    call.keep_alive = false;
    place.give_back();
  }
  const bool sent = responder.respond(*connection, answered);
  tell(*connection, answered.status, began);
  if (!sent || follows) {
    connection.reset();
    reception.forget();
  } else if (!call.keep_alive) {
    end(std::move(connection));
  } else {
    connection->reader.next();
    reception.give_back(std::move(connection));
  }
}

ApiAnswer ApiServer::Inside::answer(Connection& connection) {
  const Api::Gate& gate = connection.reader.gate();
  if (gate.refusal) return *gate.refusal;
  try {
    return api.answer(*gate.route, connection.reader.call());
  } catch (const std::exception& error) {
    return fault(error.what());
  }
}

void ApiServer::Inside::tell(Connection& connection, int status,
                             Steady::time_point began) const {
  if (!api.parts().served) return;
  RequestReader& reader = connection.reader;
  ApiRequest request;
  request.route =
      reader.gate().pattern.empty() ? "none" : reader.gate().pattern;
  // What a client made up must not become a label.
  request.method =
      reader.gate().route ? std::string(reader.call().method) : "none";
  request.status = status;
  request.duration_us = std::chrono::duration_cast<std::chrono::microseconds>(
                            Steady::now() - began)
                            .count();
  api.parts().served(request);
}

void ApiServer::Inside::end(std::unique_ptr<Connection> connection) {
  connection->finish_sending();
  connection->lingering = true;
  reception.give_back(std::move(connection));
}

ApiServer::ApiServer(std::unique_ptr<Inside> inside)
    : inside_(std::move(inside)) {}

ApiServer::~ApiServer() { stop(); }

Result<Descriptor> ApiServer::bind(const ApiSettings& settings) {
  const auto address = parse_listen(settings.listen);
  if (!address) {
    return Error{ErrorCode::invalid_input,
                 "api.listen: accepted: HOST:PORT, such as 127.0.0.1:7780"};
  }
  return listen_on(*address);
}

Result<std::unique_ptr<ApiServer>> ApiServer::start(const ApiSettings& settings,
                                                    ApiParts parts) {
  auto listening = bind(settings);
  if (!listening) return listening.error();
  return start(settings, std::move(parts), std::move(listening).value());
}

Result<std::unique_ptr<ApiServer>> ApiServer::start(const ApiSettings& settings,
                                                    ApiParts parts,
                                                    Descriptor listening) {
  auto tokens = Tokens::read(settings);
  if (!tokens) return tokens.error();
  auto inside =
      std::make_unique<Inside>(settings, std::move(parts),
                               std::move(tokens).value(), std::move(listening));
  inside->reception.start();
  return std::unique_ptr<ApiServer>(new ApiServer(std::move(inside)));
}

std::uint16_t ApiServer::port() const { return inside_->port; }

std::size_t ApiServer::followers() const {
  return inside_->api.followers().count();
}

void ApiServer::stop() {
  inside_->reception.stop();
  inside_->api.followers().stop();
  inside_->pool.stop();
}

}  // namespace understudy
