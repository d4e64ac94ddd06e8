#pragma once

/// The records of an embedded log, read beside the daemon that writes it.

#include <cstdint>
#include <memory>
#include <string>

#include "services/event_log/lmdb_log.hpp"
#include "services/gateway/fleet_source.hpp"

namespace understudy::gateway {

/// Thread safety: as `FleetSource`.
class LogSource final : public FleetSource {
 public:
  explicit LogSource(std::string directory);

  Result<Progress> next(std::chrono::milliseconds longest,
                        const See& see) override;
  void restart() override;
  [[nodiscard]] std::string where() const override {
    return "embedded:" + directory_;
  }

 private:
  Result<void> open();
  Result<std::uint64_t> await_end(std::chrono::milliseconds longest);

  const std::string directory_;
  const std::unique_ptr<RecordCodec> codec_;
  std::unique_ptr<LmdbLog> log_;
  std::uint64_t next_ = 1;
  std::uint64_t found_ = 0;  ///< The end when it was opened.
  Record record_;
};

}  // namespace understudy::gateway
