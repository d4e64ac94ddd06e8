#include "services/event_log/transaction.hpp"

#include <cstring>

namespace understudy::lmdb {

Reading::~Reading() {
  if (transaction_ != nullptr) ::mdb_txn_abort(transaction_);
  if (active_) environment_.stop_reading();
}

Result<void> Reading::refresh() {
  if (active_) {
    ::mdb_txn_reset(transaction_);
    environment_.stop_reading();
    active_ = false;
  }
  auto started = environment_.start_reading([this] {
    return transaction_ == nullptr
               ? ::mdb_txn_begin(environment_.get(), nullptr, MDB_RDONLY,
                                 &transaction_)
               : ::mdb_txn_renew(transaction_);
  });
  active_ = started.ok();
  return started;
}

int Reading::finish() {
  const int code = ::mdb_txn_commit(transaction_);
  transaction_ = nullptr;
  active_ = false;
  environment_.stop_reading();
  return code;
}

int Cursor::open(MDB_txn* transaction, MDB_dbi database) {
  if (cursor_ != nullptr) return ::mdb_cursor_renew(transaction, cursor_);
  return ::mdb_cursor_open(transaction, database, &cursor_);
}

void Cursor::close() {
  if (cursor_ != nullptr) ::mdb_cursor_close(cursor_);
  cursor_ = nullptr;
}

std::string_view to_text(const MDB_val& value) {
  return {static_cast<const char*>(value.mv_data), value.mv_size};
}

std::optional<std::uint64_t> to_number(const MDB_val& value) {
  std::uint64_t number = 0;
  if (value.mv_size != sizeof(number)) return std::nullopt;
  std::memcpy(&number, value.mv_data, sizeof(number));
  return number;
}

int get_number(MDB_txn* transaction, MDB_dbi database, std::string_view key,
               std::uint64_t& number) {
  auto name = to_value(key);
  MDB_val value{};
  const int code = ::mdb_get(transaction, database, &name, &value);
  if (code != 0) return code;
  const auto found = to_number(value);
  if (!found) return MDB_CORRUPTED;
  number = *found;
  return 0;
}

int put_number(MDB_txn* transaction, MDB_dbi database, std::string_view key,
               std::uint64_t number) {
  auto name = to_value(key);
  auto value = to_value(number);
  return ::mdb_put(transaction, database, &name, &value, 0);
}

Result<std::uint64_t> find_end(const Reading& reading,
                               const Environment& environment) {
  Cursor cursor;
  int code = cursor.open(reading.get(), environment.records());
  MDB_val key{};
  MDB_val value{};
  if (code == 0) code = cursor.get(key, value, MDB_LAST);
  if (code == MDB_NOTFOUND) return std::uint64_t{1};
  const auto last = code == 0 ? to_number(key) : std::nullopt;
  if (code == 0 && !last) code = MDB_CORRUPTED;
  if (code != 0) return environment.error("find its end", code);
  return *last + 1;
}

Result<std::uint64_t> count_pages(Environment& environment, MDB_dbi database) {
  Reading reading(environment);
  if (auto begun = reading.refresh(); !begun) return begun.error();
  MDB_stat found{};
  const int code = ::mdb_stat(reading.get(), database, &found);
  if (code != 0) return environment.error("read", code);
  return found.ms_branch_pages + found.ms_leaf_pages + found.ms_overflow_pages;
}

}  // namespace understudy::lmdb
