#pragma once

/// One probe: a connection, a GET, and the status that comes back. It never
/// waits: its owner polls the descriptor and calls `go_on`.
///
/// Thread safety: none.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "services/event_log/descriptor.hpp"

namespace understudy {

class ProbeExchange {
 public:
  /// `address` is `host:port`; the host is an IP address or `localhost`.
  ProbeExchange(const std::string& address, const std::string& path);

  [[nodiscard]] int descriptor() const { return socket_.get(); }
  [[nodiscard]] short events() const;

  /// Does what can be done without waiting.
  void go_on();

  [[nodiscard]] bool over() const { return over_; }
  /// The status, where one came.
  [[nodiscard]] std::optional<int> status() const { return status_; }
  /// Why none came.
  [[nodiscard]] const std::string& trouble() const { return trouble_; }
  /// What it was waiting for, for whoever gives it up.
  [[nodiscard]] std::string waited_for() const;

 private:
  void connect(const std::string& host, const std::string& port);
  void fail(std::string trouble);
  void read_status();

  Descriptor socket_;
  std::string request_;
  std::size_t sent_ = 0;
  std::string answer_;
  bool connected_ = false;
  bool over_ = false;
  std::optional<int> status_;
  std::string trouble_;
};

/// The status in the first line of an HTTP/1 answer; nothing when the line
/// is none. REQUIRES: the line is whole.
[[nodiscard]] std::optional<int> parse_status_line(std::string_view line);

}  // namespace understudy
