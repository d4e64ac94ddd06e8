#include <charconv>
#include <cstring>
#include <set>
#include <string_view>

#include <lmdb.h>
#include <sys/stat.h>
#include <unistd.h>

#include "services/event_log/environment.hpp"
#include "services/event_log/lmdb_format.hpp"
#include "services/event_log/lmdb_log.hpp"
#include "services/event_log/transaction.hpp"
#include "services/event_log/writer_lock.hpp"

namespace understudy {
namespace {

/// LMDB's own database of free pages, which has a number and no name.
constexpr MDB_dbi kFreePages = 0;

/// Each entry is a list of pages that begins with its length.
int count_free(MDB_txn* transaction, std::uint64_t& pages) {
  lmdb::Cursor cursor;
  int code = cursor.open(transaction, kFreePages);
  while (code == 0) {
    MDB_val key{};
    MDB_val value{};
    code = cursor.get(key, value, MDB_NEXT);
    std::size_t count = 0;
    if (code != 0 || value.mv_size < sizeof(count)) break;
    std::memcpy(&count, value.mv_data, sizeof(count));
    pages += count;
  }
  return code == MDB_NOTFOUND ? 0 : code;
}

/// LMDB lists its reader table as text, one line for each reader after a
/// heading: process, thread, transaction.
int note_reader(const char* line, void* into) {
  std::string_view text(line);
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  std::int64_t pid = 0;
  const auto read =
      std::from_chars(text.data(), text.data() + text.size(), pid);
  if (read.ec == std::errc() && pid != ::getpid())
    static_cast<std::set<std::int64_t>*>(into)->insert(pid);
  return 0;
}

int entries_of(MDB_txn* transaction, MDB_dbi database, std::uint64_t& count) {
  MDB_stat found{};
  const int code = ::mdb_stat(transaction, database, &found);
  count = found.ms_entries;
  return code;
}

}  // namespace

Result<LogFacts> LmdbLog::facts() const {
  lmdb::Reading reading(*environment_);
  if (auto begun = reading.refresh(); !begun) return begun.error();
  LogFacts facts;
  const auto number = [&](const char* key, std::uint64_t& into) {
    return lmdb::get_number(reading.get(), environment_->meta(), key, into);
  };
  int code = number(lmdb::kFormatKey, facts.format);
  if (code == 0) code = number(lmdb::kEpochKey, facts.epoch);
  if (code == 0) {
    code = entries_of(reading.get(), environment_->records(), facts.records);
  }
  if (code == 0) {
    code =
        entries_of(reading.get(), environment_->snapshots(), facts.snapshots);
  }
  if (code == 0) code = count_free(reading.get(), facts.free_pages);
  if (code != 0) return environment_->error("read its figures", code);
  std::uint64_t created_us = 0;
  if (number(lmdb::kCreatedKey, created_us) == 0) {
    facts.created = Instant{static_cast<std::int64_t>(created_us)};
  }

  MDB_envinfo info{};
  ::mdb_env_info(environment_->get(), &info);
  facts.page_bytes = environment_->page_bytes();
  facts.used_pages = info.me_last_pgno + 1 - facts.free_pages;
  struct stat status {};
  int fd = -1;
  ::mdb_env_get_fd(environment_->get(), &fd);
  if (::fstat(fd, &status) != 0)
    return environment_->error("read its figures", errno);
  facts.file_bytes = static_cast<std::uint64_t>(status.st_size);
  std::set<std::int64_t> readers;
  ::mdb_reader_list(environment_->get(), note_reader, &readers);
  facts.readers = readers.size();
  const auto writer = lmdb::WriterLock::holder(directory_);
  facts.has_writer = writer.has_value();
  facts.writer_pid = writer.value_or(0);
  return facts;
}

}  // namespace understudy
