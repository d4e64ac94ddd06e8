#include "services/gateway/status_server.hpp"

#include <thread>
#include <utility>

#include <httplib.h>

#include "services/config/settings.hpp"

namespace understudy::gateway {

struct StatusServer::Inside {
  httplib::Server server;
  StatusParts parts;
  int port = 0;
  std::thread thread;
};

Result<std::unique_ptr<StatusServer>> StatusServer::start(
    const std::string& listen, StatusParts parts) {
  auto inside = std::make_unique<Inside>();
  inside->parts = std::move(parts);
  httplib::Server& server = inside->server;
  server.new_task_queue = [] { return new httplib::ThreadPool(2); };
  server.set_keep_alive_timeout(5);
  // Not the library's own, which let another process listen here as well.
  server.set_socket_options([](socket_t socket) {
    const int yes = 1;
    ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  });
  server.set_payload_max_length(1024);
  server.Get("/livez", [](const httplib::Request&, httplib::Response& out) {
    out.set_content("ok\n", "text/plain");
  });
  const StatusParts& tell = inside->parts;
  server.Get(
      "/readyz", [&tell](const httplib::Request&, httplib::Response& out) {
        const std::string why = tell.not_ready();
        if (!why.empty()) out.status = 503;
        out.set_content((why.empty() ? "ready" : why) + "\n", "text/plain");
      });
  server.Get("/metrics",
             [&tell](const httplib::Request&, httplib::Response& out) {
               out.set_content(tell.metrics(), "text/plain; version=0.0.4");
             });
  const auto address = parse_listen(listen);
  if (address && address->port == 0) {
    inside->port = server.bind_to_any_port(address->host.c_str());
  } else if (address &&
             server.bind_to_port(address->host.c_str(), address->port)) {
    inside->port = address->port;
  }
  if (inside->port <= 0) {
    return Error{ErrorCode::unavailable,
                 "status_listen: cannot listen on " + listen +
                     "; accepted: an address of this machine that is free"};
  }
  inside->thread =
      std::thread([at = inside.get()] { at->server.listen_after_bind(); });
  return std::unique_ptr<StatusServer>(new StatusServer(std::move(inside)));
}

StatusServer::StatusServer(std::unique_ptr<Inside> inside)
    : inside_(std::move(inside)) {}

StatusServer::~StatusServer() {
  inside_->server.stop();
  inside_->thread.join();
}

std::uint16_t StatusServer::port() const {
  return static_cast<std::uint16_t>(inside_->port);
}

}  // namespace understudy::gateway
