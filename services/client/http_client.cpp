#include "services/client/http_client.hpp"

#include <algorithm>

#include <httplib.h>

namespace understudy {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds longest_connect{5000};

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return text;
}

std::string trouble_of(httplib::Error error) {
  switch (error) {
    case httplib::Error::Connection:
      return "no connection";
    case httplib::Error::ConnectionTimeout:
      return "no connection in time";
    case httplib::Error::SSLConnection:
    case httplib::Error::SSLLoadingCerts:
      return "no TLS connection";
    case httplib::Error::SSLServerVerification:
      return "its certificate is not trusted";
    default:
      return "the connection was lost";
  }
}

bool may_have_been_sent(httplib::Error error) {
  switch (error) {
    case httplib::Error::Connection:
    case httplib::Error::ConnectionTimeout:
    case httplib::Error::BindIPAddress:
    case httplib::Error::SSLConnection:
    case httplib::Error::SSLLoadingCerts:
    case httplib::Error::SSLServerVerification:
      return false;
    default:
      return true;
  }
}

void take_headers(const httplib::Headers& from, HttpAnswer& answer) {
  for (const auto& [name, value] : from)
    answer.headers.emplace(lower(name), value);
}

HttpAnswer answer_of(const httplib::Result& result) {
  HttpAnswer answer;
  if (!result) {
    answer.trouble = trouble_of(result.error());
    answer.sent = may_have_been_sent(result.error());
    return answer;
  }
  answer.status = result->status;
  answer.body = result->body;
  take_headers(result->headers, answer);
  return answer;
}

}  // namespace

std::string HttpAnswer::header(const std::string& name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? std::string() : found->second;
}

struct HttpClient::Inside {
  std::unique_ptr<httplib::ClientImpl> http;
};

HttpClient::HttpClient(const ServerAccess& access)
    : inside_(std::make_unique<Inside>()) {
  const ServerAddress& at = access.address;
  if (at.tls) {
    inside_->http = std::make_unique<httplib::SSLClient>(at.host, at.port);
  } else {
    inside_->http = std::make_unique<httplib::ClientImpl>(at.host, at.port);
  }
  httplib::ClientImpl& http = *inside_->http;
  http.set_keep_alive(true);
  http.set_tcp_nodelay(true);
  http.set_url_encode(false);
  http.set_connection_timeout(std::min(longest_connect, access.timeout));
  http.set_write_timeout(access.timeout);
  http.set_read_timeout(access.timeout);
  if (!access.token.empty()) http.set_bearer_token_auth(access.token);
}

HttpClient::~HttpClient() = default;

void HttpClient::set_silence(milliseconds longest) {
  inside_->http->set_read_timeout(longest);
}

HttpAnswer HttpClient::get(const std::string& target) {
  return answer_of(inside_->http->Get(target));
}

HttpAnswer HttpClient::post(const std::string& target,
                            const std::string& json) {
  return answer_of(inside_->http->Post(target, json, "application/json"));
}

HttpAnswer HttpClient::stream(
    const std::string& target, const std::string& last_event_id,
    const std::function<bool(std::string_view)>& receive) {
  httplib::Headers headers{{"Accept", "text/event-stream"}};
  if (!last_event_id.empty()) headers.emplace("Last-Event-ID", last_event_id);
  HttpAnswer answer;
  const auto result = inside_->http->Get(
      target, headers,
      [&](const httplib::Response& response) {
        answer.status = response.status;
        take_headers(response.headers, answer);
        return true;
      },
      [&](const char* data, std::size_t size) {
        if (answer.ok()) return receive({data, size});
        constexpr std::size_t longest_problem = 1 << 16;
        answer.body.append(data, size);
        return answer.body.size() < longest_problem;
      });
  if (!result) {
    answer.trouble = trouble_of(result.error());
    answer.sent = may_have_been_sent(result.error());
  }
  return answer;
}

void HttpClient::stop() { inside_->http->stop(); }

}  // namespace understudy
