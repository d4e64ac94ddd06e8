#include "services/rendering/partition_reading.hpp"

#include <algorithm>
#include <utility>

#include "services/projection/position_number.hpp"

namespace understudy {
namespace {

constexpr std::size_t batch_records = 256;
constexpr std::size_t most_batches = 4;

bool has_stopped(const PartitionEnd& end, const StreamId& stream) {
  return std::any_of(
      end.stopped.begin(), end.stopped.end(),
      [&](const StoppedStream& one) { return one.stream == stream; });
}

/// A record of a newer build stops its stream alone.
Result<void> stop_stream(const LogRecord& entry, Position position,
                         const RecordCodec& codec, const Error& error,
                         PartitionEnd& end) {
  const Error wrong{error.code, to_string(position) + ": " + error.message};
  if (error.code != ErrorCode::too_new) return wrong;
  auto stream = codec.stream_of(entry.bytes);
  if (!stream) return wrong;
  if (!has_stopped(end, stream.value()))
    end.stopped.push_back({stream.value(), position, error.message});
  return {};
}

}  // namespace

Result<void> read_partition(const EventLog& log, std::uint32_t partition,
                            const RecordCodec& codec, std::uint64_t from,
                            ReplayUntil until, PartitionEnd& end,
                            const std::function<Visit(Record&)>& visit) {
  std::optional<Error> failure;
  Record record;
  end.next = from;
  const auto read = log.read(from, [&](const LogRecord& entry) {
    if (entry.sequence > until.sequence) {
      end.passed = true;
      return Visit::stop;
    }
    const auto decoded = codec.decode_into(entry.bytes, record);
    if (!decoded) {
      const auto stopped = stop_stream(entry, {partition, entry.sequence},
                                       codec, decoded.error(), end);
      if (!stopped) failure = stopped.error();
      if (failure) return Visit::stop;
    } else if (record.time > until.time) {
      end.passed = true;
      return Visit::stop;
    } else if (end.stopped.empty() || !has_stopped(end, record.stream)) {
      number_record(record, partition);
      if (visit(record) == Visit::stop) return Visit::stop;
    }
    end.next = entry.sequence + 1;
    return Visit::next;
  });
  if (failure) return *failure;
  return read;
}

PartitionReading::PartitionReading(const EventLog& log, std::uint32_t partition,
                                   const RecordCodec& codec, std::uint64_t from,
                                   ReplayUntil until,
                                   std::vector<StoppedStream> stopped)
    : log_(log), partition_(partition), codec_(codec), next_(from) {
  end_.stopped = std::move(stopped);
  empty_.resize(most_batches);
  thread_ = std::thread([this, from, until] { run(from, until); });
}

const PartitionEnd& PartitionReading::finish() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
  return end_;
}

void PartitionReading::run(std::uint64_t from, ReplayUntil until) {
  Batch batch;
  auto result = read_partition(
      log_, partition_, codec_, from, until, end_, [&](Record& record) {
        if (batch.records.size() == batch.count) batch.records.emplace_back();
        std::swap(batch.records[batch.count++], record);
        if (batch.count < batch_records) return Visit::next;
        return hand_over(batch) ? Visit::next : Visit::stop;
      });
  if (batch.count != 0) hand_over(batch);
  {
    const std::lock_guard lock(mutex_);
    result_ = std::move(result);
    over_ = true;
  }
  changed_.notify_all();
}

bool PartitionReading::hand_over(Batch& batch) {
  {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return closed_ || !empty_.empty(); });
    if (closed_) return false;
    full_.push_back(std::move(batch));
    batch = std::move(empty_.back());
    empty_.pop_back();
  }
  batch.count = 0;
  changed_.notify_all();
  return true;
}

void PartitionReading::take_batch() {
  at_ = 0;
  {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return over_ || !full_.empty(); });
    if (full_.empty()) {
      current_.count = 0;
      return;
    }
    // What was read is room for what comes.
    Batch read = std::exchange(current_, std::move(full_.front()));
    full_.erase(full_.begin());
    empty_.push_back(std::move(read));
  }
  changed_.notify_all();
}

const Record* PartitionReading::front() {
  if (at_ == current_.count) take_batch();
  if (at_ == current_.count) {
    // What this build cannot read was passed over, at the end too.
    if (result_) next_ = std::max(next_, end_.next);
    return nullptr;
  }
  const Record& record = current_.records[at_];
  key_ = std::max(key_, record.time);
  return &record;
}

void PartitionReading::pop() {
  next_ = position_at(current_.records[at_].sequence).offset + 1;
  ++at_;
}

}  // namespace understudy
