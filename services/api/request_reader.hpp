#pragma once

/// Requests of one connection, taken out of its bytes as they arrive.
///
/// A request is handed on when all of it is there, so that nobody waits for
/// a slow client but the thread that waits for all of them. A head that
/// deserves a refusal gets it before its body is read.
///
/// Thread safety: none.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "services/api/api.hpp"
#include "services/api/chunked_body.hpp"
#include "services/api/message.hpp"

namespace understudy {

class RequestReader {
 public:
  using Judge = std::function<Api::Gate(ApiCall&)>;

  enum class State : std::uint8_t {
    idle,  ///< Nothing of a request is there.
    head,
    body,
    done,  ///< `call` and `gate` are to be answered.
  };

  explicit RequestReader(std::size_t max_body_bytes)
      : max_body_bytes_(max_body_bytes) {}

  void add(std::string_view bytes) { input_ += bytes; }

  /// Reads on with what is there.
  State advance(const Judge& judge);
  /// Ends a request that is incomplete with a refusal.
  void refuse(Problem problem);
  /// Makes ready for the next request; what came after this one is kept.
  void next();

  [[nodiscard]] State state() const { return state_; }
  [[nodiscard]] ApiCall& call() { return call_; }
  [[nodiscard]] const Api::Gate& gate() const { return gate_; }
  /// The client waits for leave to send its body; true once.
  [[nodiscard]] bool take_wish_to_continue();
  [[nodiscard]] std::size_t buffered() const;

 private:
  void read_head(const Judge& judge);
  void read_body();
  [[nodiscard]] std::optional<Problem> unfinished_head() const;

  const std::size_t max_body_bytes_;
  std::string input_;
  State state_ = State::idle;
  ApiCall call_;
  Api::Gate gate_;
  std::optional<ChunkedBody> chunked_;
};

}  // namespace understudy
