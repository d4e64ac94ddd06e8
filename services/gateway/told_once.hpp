#pragma once

/// A trouble that lasts, told once when it begins or changes, and once when
/// it is over.
///
/// Thread safety: one thread.

#include <string>

#include "services/logging/logging.hpp"

namespace understudy::gateway {

class ToldOnce {
 public:
  /// `over` is the line for the end.
  explicit ToldOnce(std::string over) : over_(std::move(over)) {}

  void trouble(const std::string& text) {
    if (text == last_) return;
    last_ = text;
    log_line(LogLevel::warning, text);
  }
  void good() {
    if (last_.empty()) return;
    last_.clear();
    log_line(LogLevel::info, over_);
  }

 private:
  const std::string over_;
  std::string last_;
};

}  // namespace understudy::gateway
