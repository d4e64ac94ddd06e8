#pragma once

/// A log in memory, for tests of what stands above a log. It can be told to
/// fail, and it can be cut to a prefix, as a crash would leave it.

#include <algorithm>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "actors/ports/event_log.hpp"

namespace understudy {

class MemoryLog final : public EventLog {
 public:
  explicit MemoryLog(std::uint32_t epoch = 1) : epoch_(epoch) {}

  /// What a crash after `records` records leaves, opened by the next writer.
  [[nodiscard]] std::unique_ptr<MemoryLog> prefix(std::size_t records) const {
    const std::lock_guard lock(mutex_);
    auto cut = std::make_unique<MemoryLog>(epoch_ + 1);
    const auto end = static_cast<std::ptrdiff_t>(records);
    cut->records_.assign(records_.begin(), records_.begin() + end);
    return cut;
  }

  Result<void> append(std::uint64_t first,
                      std::span<const Bytes> records) override {
    const std::lock_guard lock(mutex_);
    if (failing_) return *failing_;
    if (first != records_.size() + 1) {
      return Error{ErrorCode::invalid_input, "not the end of the log"};
    }
    for (const auto& one : records) {
      records_.emplace_back(one.begin(), one.end());
    }
    batch_ends_.push_back(records_.size());
    return {};
  }

  Result<std::uint64_t> end() const override {
    const std::lock_guard lock(mutex_);
    return records_.size() + 1;
  }

  Result<void> read(
      std::uint64_t from,
      const std::function<Visit(const LogRecord&)>& visit) const override {
    const std::uint64_t end = this->end().value();
    for (std::uint64_t sequence = from; sequence < end; ++sequence) {
      const std::vector<std::byte> bytes = copy(sequence);
      if (visit({{0, sequence}, sequence, bytes}) == Visit::stop) break;
    }
    return {};
  }

  [[nodiscard]] std::uint32_t epoch() const override { return epoch_; }

  Result<void> put_snapshots(std::span<const Snapshot> batch) override {
    const std::lock_guard lock(mutex_);
    for (const auto& one : batch)
      snapshots_[one.stream] = one;
    return {};
  }

  Result<void> read_snapshots(
      const std::function<Visit(const Snapshot&)>& visit) const override {
    std::map<std::string, Snapshot> all;
    {
      const std::lock_guard lock(mutex_);
      all = snapshots_;
    }
    for (const auto& [stream, one] : all) {
      if (visit(one) == Visit::stop) break;
    }
    return {};
  }

  Result<void> remove_snapshots(std::span<const std::string> streams) override {
    const std::lock_guard lock(mutex_);
    for (const auto& stream : streams)
      snapshots_.erase(stream);
    return {};
  }

  Result<void> drop_snapshots() override {
    const std::lock_guard lock(mutex_);
    snapshots_.clear();
    return {};
  }

  void fail_with(Error error) {
    const std::lock_guard lock(mutex_);
    failing_ = std::move(error);
  }

  /// Replaces one record's bytes, as damage or a forger would.
  void replace(std::uint64_t sequence, std::vector<std::byte> bytes) {
    const std::lock_guard lock(mutex_);
    records_[sequence - 1] = std::move(bytes);
  }

  [[nodiscard]] std::vector<std::vector<std::byte>> all() const {
    const std::lock_guard lock(mutex_);
    return records_;
  }

  /// The number of records after each batch.
  [[nodiscard]] std::vector<std::size_t> batch_ends() const {
    const std::lock_guard lock(mutex_);
    return batch_ends_;
  }

 private:
  [[nodiscard]] std::vector<std::byte> copy(std::uint64_t sequence) const {
    const std::lock_guard lock(mutex_);
    return records_[sequence - 1];
  }

  mutable std::mutex mutex_;
  std::uint32_t epoch_;
  std::vector<std::vector<std::byte>> records_;
  std::vector<std::size_t> batch_ends_;
  std::map<std::string, Snapshot> snapshots_;
  std::optional<Error> failing_;
};

}  // namespace understudy
