#include "services/rendering/recent_log.hpp"

namespace understudy {
namespace {

Error only_read() {
  return {ErrorCode::invalid_input, "this log was opened for reading only"};
}

}  // namespace

Result<void> RecentLog::read(
    std::uint64_t from,
    const std::function<Visit(const LogRecord&)>& visit) const {
  if (!kept_.empty() && from >= kept_.front().sequence &&
      from <= kept_.back().sequence) {
    const Kept& found = kept_[from - kept_.front().sequence];
    if (visit({found.position, found.sequence, found.bytes}) == Visit::stop)
      return {};
    ++from;
  }
  return log_.read(from, [&](const LogRecord& record) {
    keep(record);
    return visit(record);
  });
}

void RecentLog::keep(const LogRecord& record) const {
  if (!kept_.empty()) {
    // A look back is no reading on.
    if (record.sequence <= kept_.back().sequence) return;
    if (record.sequence != kept_.back().sequence + 1) {
      kept_.clear();
      bytes_ = 0;
    }
  }
  Kept one;
  if (bytes_ + record.bytes.size() > most_bytes) {
    while (!kept_.empty() && bytes_ + record.bytes.size() > most_bytes) {
      one = std::move(kept_.front());
      bytes_ -= one.bytes.size();
      kept_.pop_front();
    }
  }
  one.position = record.position;
  one.sequence = record.sequence;
  one.bytes.assign(record.bytes.begin(), record.bytes.end());
  bytes_ += one.bytes.size();
  kept_.push_back(std::move(one));
}

Result<void> RecentLog::append(std::uint64_t, std::span<const Bytes>) {
  return only_read();
}

Result<void> RecentLog::put_snapshots(std::span<const Snapshot>) {
  return only_read();
}

Result<void> RecentLog::remove_snapshots(std::span<const std::string>) {
  return only_read();
}

Result<void> RecentLog::drop_snapshots() { return only_read(); }

}  // namespace understudy
