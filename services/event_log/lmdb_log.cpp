#include "services/event_log/lmdb_log.hpp"

#include <cerrno>
#include <chrono>
#include <utility>

#include <lmdb.h>

#include "services/event_log/environment.hpp"
#include "services/event_log/lmdb_format.hpp"
#include "services/event_log/room.hpp"
#include "services/event_log/transaction.hpp"

namespace understudy {
namespace {

constexpr std::uint64_t kRecordsPerState = 1024;
constexpr std::uint64_t kCommitsPerCleaning = 256;

Result<std::uint64_t> room_for(std::span<const Bytes> records,
                               std::uint64_t first, std::uint64_t page_bytes) {
  lmdb::Room room(page_bytes);
  for (std::size_t at = 0; at < records.size(); ++at) {
    const auto size = records[at].size();
    if (size == 0 || size % 8 != 0 || size > lmdb::kMaxRecordBytes) {
      return Error{ErrorCode::invalid_input,
                   "record " + std::to_string(first + at) + " is " +
                       std::to_string(size) +
                       " bytes long; accepted: multiples of 8 from 8 to " +
                       std::to_string(lmdb::kMaxRecordBytes)};
    }
    room.add(sizeof(std::uint64_t), size);
  }
  return room.bytes();
}

}  // namespace

Result<void> LmdbLog::check_writable() const {
  if (lock_ == nullptr) {
    return Error{ErrorCode::invalid_input,
                 "log " + directory_.string() +
                     " is open for reading; accepted: open_writer"};
  }
  if (broken_) return *broken_;
  return {};
}

Result<void> LmdbLog::write(std::uint64_t bytes,
                            const std::function<int(MDB_txn*)>& work) {
  std::uint64_t found = epoch_;
  std::uint64_t number = 0;
  // Whoever removes the file a moment later removes what is answered now, as
  // he removes all that was answered before.
  auto written = check_place();
  if (written)
    written = environment_->write(bytes, [&](MDB_txn* transaction) {
      // The lock keeps other writers out unless somebody removes its file; the
      // epoch in the log itself is what decides. It cannot have changed while
      // transactions follow one another without a gap.
      number = ::mdb_txn_id(transaction);
      if (number != next_transaction_) {
        const int code = lmdb::get_number(transaction, environment_->meta(),
                                          lmdb::kEpochKey, found);
        if (code != 0) return code;
      }
      return found == epoch_ ? work(transaction) : ECANCELED;
    });
  if (written) next_transaction_ = number + 1;
  counted_.file_bytes = environment_->file_bytes();
  if (found > epoch_) {
    written =
        Error{ErrorCode::already_held,
              "log " + directory_.string() +
                  ": another writer took over (epoch " + std::to_string(found) +
                  ", this one has " + std::to_string(epoch_) + ')'};
  }
  if (!written && written.error().code != ErrorCode::invalid_input) {
    broken_ = written.error();
  }
  if (++commits_ % kCommitsPerCleaning == 0) environment_->clean_readers();
  return written;
}

Result<void> LmdbLog::append(std::uint64_t first,
                             std::span<const Bytes> records) {
  const auto began = std::chrono::steady_clock::now();
  LogCommit commit;
  auto appended = append_batch(first, records, commit);
  if (!appended || commit.records == 0) return appended;
  commit.duration_us = std::chrono::duration_cast<std::chrono::microseconds>(
                           std::chrono::steady_clock::now() - began)
                           .count();
  ++counted_.commits;
  counted_.records += commit.records;
  counted_.bytes += commit.bytes;
  counted_.last_commit_us = commit.duration_us;
  if (on_commit_) on_commit_(commit);
  return appended;
}

LogStatistics LmdbLog::statistics() const {
  return {counted_.commits, counted_.records, counted_.bytes,
          counted_.last_commit_us, counted_.file_bytes};
}

Result<void> LmdbLog::append_batch(std::uint64_t first,
                                   std::span<const Bytes> records,
                                   LogCommit& commit) {
  const std::scoped_lock lock(writing_);
  if (auto writable = check_writable(); !writable) return writable;
  const auto end = end_.load();
  if (first != end) {
    return Error{ErrorCode::invalid_input,
                 "log " + directory_.string() + ": record " +
                     std::to_string(first) +
                     " cannot be next; accepted: " + std::to_string(end)};
  }
  if (records.empty()) return {};
  const auto room = room_for(records, first, environment_->page_bytes());
  if (!room) return room.error();

  auto written = write(room.value(), [&](MDB_txn* transaction) {
    lmdb::Cursor cursor;
    int code = cursor.open(transaction, environment_->records());
    auto sequence = first;
    for (const auto& record : records) {
      if (code != 0) break;
      auto key = lmdb::to_value(sequence);
      auto value = lmdb::to_value(record);
      code = cursor.put(key, value, MDB_APPEND);
      ++sequence;
    }
    return code;
  });
  if (!written) return written;
  end_.store(first + records.size());
  commit.records = records.size();
  for (const auto& record : records)
    commit.bytes += record.size();
  return written;
}

Result<std::uint64_t> LmdbLog::end() const {
  if (lock_ != nullptr) return end_.load();
  return find_end();
}

Result<std::uint64_t> LmdbLog::find_end() const {
  lmdb::Reading reading(*environment_);
  if (auto begun = reading.refresh(); !begun) return begun.error();
  return lmdb::find_end(reading, *environment_);
}

Error LmdbLog::gap(std::uint64_t sequence) const {
  return {ErrorCode::corrupt, "log " + directory_.string() + ": record " +
                                  to_string(Position{0, sequence}) +
                                  " is missing or damaged"};
}

Result<void> LmdbLog::read(
    std::uint64_t from,
    const std::function<Visit(const LogRecord&)>& visit) const {
  if (from == 0) {
    return Error{ErrorCode::invalid_input,
                 "there is no record 0; accepted: 1 or more"};
  }
  lmdb::Reading reading(*environment_);
  lmdb::Cursor cursor;
  std::uint64_t end = 0;
  std::uint64_t until = from;  // where the present state is given back
  auto how = MDB_SET_KEY;
  for (auto sequence = from;; ++sequence, how = MDB_NEXT) {
    if (sequence == until) {
      if (auto begun = reading.refresh(); !begun) return begun;
      if (end == 0) {
        const auto found = lmdb::find_end(reading, *environment_);
        if (!found) return found.error();
        end = found.value();
      }
      const int code = cursor.open(reading.get(), environment_->records());
      if (code != 0) return environment_->error("read", code);
      until = sequence + kRecordsPerState;
      how = MDB_SET_KEY;
    }
    if (sequence >= end) return {};
    auto key = lmdb::to_value(sequence);
    MDB_val value{};
    const int code = cursor.get(key, value, how);
    if (code == MDB_NOTFOUND) return gap(sequence);
    if (code != 0) return environment_->error("read", code);
    if (lmdb::to_number(key) != sequence || value.mv_size == 0 ||
        value.mv_size % 8 != 0) {
      return gap(sequence);
    }
    const LogRecord record{
        Position{0, sequence}, sequence,
        Bytes(static_cast<const std::byte*>(value.mv_data), value.mv_size)};
    if (visit(record) == Visit::stop) return {};
  }
}

Result<void> LmdbLog::sync() {
  const std::scoped_lock lock(writing_);
  if (auto writable = check_writable(); !writable) return writable;
  return environment_->sync();
}

}  // namespace understudy
