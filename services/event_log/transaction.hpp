#pragma once

/// Read transactions and cursors that close themselves, and the numbers and
/// texts they move.
/// Thread safety: one thread per object; the environment must outlive it.

#include <cstdint>
#include <optional>
#include <string_view>

#include <lmdb.h>

#include "actors/ports/event_log.hpp"
#include "services/event_log/environment.hpp"

namespace understudy::lmdb {

/// One consistent state of the log. While it is open, a writer cannot reuse
/// the pages of that state.
class Reading {
 public:
  explicit Reading(Environment& environment) : environment_(environment) {}
  ~Reading();
  Reading(const Reading&) = delete;
  Reading& operator=(const Reading&) = delete;

  /// Begins, or moves on to the newest state.
  Result<void> refresh();
  /// Ends it and keeps the databases that were opened in it. LMDB's code.
  int finish();
  [[nodiscard]] MDB_txn* get() const { return transaction_; }

 private:
  Environment& environment_;
  MDB_txn* transaction_ = nullptr;
  bool active_ = false;
};

class Cursor {
 public:
  Cursor() = default;
  ~Cursor() { close(); }
  Cursor(const Cursor&) = delete;
  Cursor& operator=(const Cursor&) = delete;

  /// LMDB's codes; `get` answers MDB_NOTFOUND past the end. `open` moves an
  /// open cursor of a read transaction over to `transaction`.
  int open(MDB_txn* transaction, MDB_dbi database);
  int get(MDB_val& key, MDB_val& value, MDB_cursor_op how) {
    return ::mdb_cursor_get(cursor_, &key, &value, how);
  }
  int put(MDB_val& key, MDB_val& value, unsigned flags) {
    return ::mdb_cursor_put(cursor_, &key, &value, flags);
  }
  void close();

 private:
  MDB_cursor* cursor_ = nullptr;
};

[[nodiscard]] inline MDB_val to_value(std::string_view text) {
  return {text.size(), const_cast<char*>(text.data())};
}
[[nodiscard]] inline MDB_val to_value(Bytes bytes) {
  return {bytes.size(), const_cast<std::byte*>(bytes.data())};
}
[[nodiscard]] inline MDB_val to_value(const std::uint64_t& number) {
  return {sizeof(number), const_cast<std::uint64_t*>(&number)};
}
[[nodiscard]] std::string_view to_text(const MDB_val& value);
[[nodiscard]] std::optional<std::uint64_t> to_number(const MDB_val& value);

/// LMDB's codes; `number` is set when the answer is 0. A value of another
/// length is MDB_CORRUPTED.
int get_number(MDB_txn* transaction, MDB_dbi database, std::string_view key,
               std::uint64_t& number);
int put_number(MDB_txn* transaction, MDB_dbi database, std::string_view key,
               std::uint64_t number);

/// The sequence that the next record will get.
Result<std::uint64_t> find_end(const Reading& reading,
                               const Environment& environment);

/// How many pages a database has.
Result<std::uint64_t> count_pages(Environment& environment, MDB_dbi database);

}  // namespace understudy::lmdb
