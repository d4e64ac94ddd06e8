#include <algorithm>
#include <cstring>
#include <utility>

#include <lmdb.h>

#include "services/event_log/environment.hpp"
#include "services/event_log/lmdb_format.hpp"
#include "services/event_log/lmdb_log.hpp"
#include "services/event_log/room.hpp"
#include "services/event_log/transaction.hpp"

namespace understudy {
namespace {

/// Of the tree of snapshots: more than any number of streams makes.
constexpr std::uint64_t kMaxDepth = 8;
constexpr std::size_t kSequenceBytes = sizeof(std::uint64_t);

Result<std::uint64_t> room_for(std::span<const Snapshot> batch,
                               std::uint64_t page_bytes) {
  lmdb::Room room(page_bytes);
  for (const auto& snapshot : batch) {
    const auto size = snapshot.stream.size();
    if (size == 0 || size > lmdb::kMaxKeyBytes) {
      return Error{ErrorCode::invalid_input,
                   "snapshot of '" + snapshot.stream + "': a name of " +
                       std::to_string(size) + " bytes; accepted: 1 to " +
                       std::to_string(lmdb::kMaxKeyBytes)};
    }
    room.add(size, kSequenceBytes + snapshot.bytes.size());
  }
  // Names arrive in any order, and pages that split stay half empty.
  return 2 * room.bytes();
}

int put(MDB_txn* transaction, MDB_dbi database, const Snapshot& snapshot) {
  auto key = lmdb::to_value(snapshot.stream);
  MDB_val value{kSequenceBytes + snapshot.bytes.size(), nullptr};
  const int code = ::mdb_put(transaction, database, &key, &value, MDB_RESERVE);
  if (code != 0) return code;
  auto* at = static_cast<std::byte*>(value.mv_data);
  std::memcpy(at, &snapshot.sequence, kSequenceBytes);
  if (!snapshot.bytes.empty()) {
    std::memcpy(at + kSequenceBytes, snapshot.bytes.data(),
                snapshot.bytes.size());
  }
  return 0;
}

}  // namespace

Result<void> LmdbLog::put_snapshots(std::span<const Snapshot> batch) {
  const std::scoped_lock lock(writing_);
  if (auto writable = check_writable(); !writable) return writable;
  if (batch.empty()) return {};
  const auto room = room_for(batch, environment_->page_bytes());
  if (!room) return room.error();
  // No room for a cache is no reason to give the log up.
  if (auto ready = environment_->reserve(room.value()); !ready) return ready;
  return write(room.value(), [&](MDB_txn* transaction) {
    int code = 0;
    for (const auto& snapshot : batch) {
      if (code == 0)
        code = put(transaction, environment_->snapshots(), snapshot);
    }
    return code;
  });
}

Result<void> LmdbLog::read_snapshots(
    const std::function<Visit(const Snapshot&)>& visit) const {
  lmdb::Reading reading(*environment_);
  if (auto begun = reading.refresh(); !begun) return begun;
  lmdb::Cursor cursor;
  int code = cursor.open(reading.get(), environment_->snapshots());
  Snapshot snapshot;
  while (code == 0) {
    MDB_val key{};
    MDB_val value{};
    code = cursor.get(key, value, MDB_NEXT);
    if (code != 0) break;
    snapshot.stream = lmdb::to_text(key);
    if (value.mv_size < kSequenceBytes) {
      return Error{ErrorCode::corrupt, "log " + directory_.string() +
                                           ": the snapshot of '" +
                                           snapshot.stream +
                                           "' is damaged; accepted: drop the "
                                           "snapshots, they are a cache"};
    }
    const auto* at = static_cast<const std::byte*>(value.mv_data);
    std::memcpy(&snapshot.sequence, at, kSequenceBytes);
    snapshot.bytes.assign(at + kSequenceBytes, at + value.mv_size);
    if (visit(snapshot) == Visit::stop) return {};
  }
  if (code == MDB_NOTFOUND) return {};
  return environment_->error("read snapshots", code);
}

Result<void> LmdbLog::remove_snapshots(std::span<const std::string> streams) {
  const std::scoped_lock lock(writing_);
  if (auto writable = check_writable(); !writable) return writable;
  if (streams.empty()) return {};
  const auto pages =
      lmdb::count_pages(*environment_, environment_->snapshots());
  if (!pages) return pages.error();
  // Removing copies the pages on the way and lists those that become free.
  const auto touched =
      std::min<std::uint64_t>(pages.value(), streams.size() * kMaxDepth);
  const auto room = touched * environment_->page_bytes() +
                    pages.value() * 2 * sizeof(std::uint64_t);
  if (auto ready = environment_->reserve(room); !ready) return ready;
  return write(room, [&](MDB_txn* transaction) {
    int code = 0;
    for (const auto& stream : streams) {
      if (stream.empty() || stream.size() > lmdb::kMaxKeyBytes) continue;
      auto key = lmdb::to_value(stream);
      code = ::mdb_del(transaction, environment_->snapshots(), &key, nullptr);
      if (code != 0 && code != MDB_NOTFOUND) return code;
    }
    return 0;
  });
}

Result<void> LmdbLog::drop_snapshots() {
  const std::scoped_lock lock(writing_);
  if (auto writable = check_writable(); !writable) return writable;
  const auto pages =
      lmdb::count_pages(*environment_, environment_->snapshots());
  if (!pages) return pages.error();
  // The list of the pages that become free is itself stored.
  const auto bytes = pages.value() * 2 * sizeof(std::uint64_t);
  return write(bytes, [&](MDB_txn* transaction) {
    return ::mdb_drop(transaction, environment_->snapshots(), 0);
  });
}

}  // namespace understudy
