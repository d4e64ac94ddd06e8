#pragma once

/// A log that remembers the records it read last.
///
/// To take a decision again its cause is looked up, and that is nearly
/// always a record that was read a moment ago. In a log over the network each
/// such look would be a journey.
///
/// Thread safety: one thread reads. Ownership: the log must outlive it.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

#include "actors/ports/event_log.hpp"

namespace understudy {

class RecentLog final : public EventLog {
 public:
  static constexpr std::size_t most_bytes = std::size_t{16} << 20U;

  explicit RecentLog(const EventLog& log) : log_(log) {}

  /// From a record that is remembered, visits that and, if it is asked to go
  /// on, what the log holds after it.
  Result<void> read(
      std::uint64_t from,
      const std::function<Visit(const LogRecord&)>& visit) const override;
  Result<std::uint64_t> end() const override { return log_.end(); }
  [[nodiscard]] std::uint32_t epoch() const override { return log_.epoch(); }
  Result<void> read_snapshots(
      const std::function<Visit(const Snapshot&)>& visit) const override {
    return log_.read_snapshots(visit);
  }

  // It is only read.
  Result<void> append(std::uint64_t, std::span<const Bytes>) override;
  Result<void> put_snapshots(std::span<const Snapshot>) override;
  Result<void> remove_snapshots(std::span<const std::string>) override;
  Result<void> drop_snapshots() override;

 private:
  struct Kept {
    Position position;
    std::uint64_t sequence = 0;
    std::vector<std::byte> bytes;
  };
  void keep(const LogRecord& record) const;

  const EventLog& log_;
  mutable std::deque<Kept> kept_;  ///< Without a gap.
  mutable std::size_t bytes_ = 0;
};

}  // namespace understudy
