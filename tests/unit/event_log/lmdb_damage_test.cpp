#include <array>

#include "services/event_log/data_file.hpp"
#include "services/event_log/guarded.hpp"
#include "tests/unit/event_log/bare_lmdb.hpp"
#include "tests/unit/event_log/log_fixture.hpp"

namespace understudy::test {
namespace {

namespace fs = std::filesystem;

class LmdbDamage : public LogTest {
 protected:
  static constexpr std::size_t kRecords = 2000;

  /// Reads the whole log in a child; what a crash is, `check_guarded` says.
  Result<void> read_guarded() const {
    return check_guarded("log " + path().string(), [&]() -> Result<void> {
      const auto log = LmdbLog::open_reader(path());
      if (!log) return log.error();
      const auto records = count(*log.value());
      if (!records) return records.error();
      if (records.value() == kRecords) return {};
      return Error{ErrorCode::corrupt, "records are missing"};
    });
  }

  void change_records(
      const std::function<void(MDB_txn*, MDB_dbi)>& change) const {
    with_database(path(), "records", MDB_INTEGERKEY, change);
  }
};

TEST_F(LmdbDamage, ACutFileIsRefusedBeforeItIsMapped) {
  make_log(kRecords);
  const auto whole = need(lmdb::inspect(data()));
  for (const std::uint64_t left :
       {whole.claimed_bytes - 1, whole.claimed_bytes - 4096,
        whole.claimed_bytes - 40'000, whole.claimed_bytes / 2,
        std::uint64_t{3} * whole.page_bytes, std::uint64_t{8192},
        std::uint64_t{5000}, std::uint64_t{100}, std::uint64_t{1}}) {
    fs::resize_file(data(), left);
    expect_error(LmdbLog::open_reader(path()), ErrorCode::corrupt, "cut short");
    expect_error(LmdbLog::open_writer(path()), ErrorCode::corrupt, "cut short");
  }
}

TEST_F(LmdbDamage, CuttingOnlyWhatIsNotInUseDoesNoHarm) {
  make_log(kRecords);
  fs::resize_file(data(), need(lmdb::inspect(data())).claimed_bytes);
  EXPECT_EQ(need(count(*reader())), kRecords);
  const auto log = writer();
  need(append(*log, 10));
  EXPECT_EQ(need(count(*log)), kRecords + 10);
}

// Whatever page is lost, this process gets an answer: the records, or an
// error that says that the log is damaged.
TEST_F(LmdbDamage, AnyPageOfGarbageIsAnErrorAtWorst) {
  make_log(kRecords);
  const auto whole = need(lmdb::inspect(data()));
  const auto copy = path().parent_path() / "copy.mdb";
  fs::copy_file(data(), copy);
  int found = 0;
  for (const char filler : {'\0', '\x55', '\xff'}) {
    for (std::uint64_t page = 0; page * whole.page_bytes < whole.claimed_bytes;
         page += page < 12 ? 1 : 9) {
      {
        std::fstream file(data(),
                          std::ios::binary | std::ios::in | std::ios::out);
        file.seekp(static_cast<std::streamoff>(page * whole.page_bytes));
        file << std::string(whole.page_bytes, filler);
      }
      const auto outcome = read_guarded();
      if (!outcome) {
        ++found;
        EXPECT_EQ(outcome.error().code, ErrorCode::corrupt)
            << "page " << page << ": " << outcome.error().message;
      }
      fs::copy_file(copy, data(), fs::copy_options::overwrite_existing);
    }
  }
  EXPECT_GT(found, 20);
  EXPECT_TRUE(read_guarded());
}

TEST_F(LmdbDamage, AFileThatIsCutWhileItIsReadEndsOnlyTheChild) {
  make_log(kRecords);
  const auto outcome = check_guarded("log", [&]() -> Result<void> {
    const auto log = LmdbLog::open_reader(path());
    if (!log) return log.error();
    fs::resize_file(data(), 16'384);
    const auto records = count(*log.value());
    if (!records) return records.error();
    return {};
  });
  expect_error(outcome, ErrorCode::corrupt, "");
}

TEST_F(LmdbDamage, AMissingRecordIsFoundWithItsPosition) {
  make_log(kRecords);
  change_records([](MDB_txn* transaction, MDB_dbi records) {
    std::uint64_t sequence = 1234;
    MDB_val key{sizeof(sequence), &sequence};
    check_lmdb(::mdb_del(transaction, records, &key, nullptr));
  });
  std::uint64_t last = 0;
  const auto outcome = reader()->read(1, [&](const LogRecord& record) {
    last = record.sequence;
    return Visit::next;
  });
  expect_error(outcome, ErrorCode::corrupt, "record 0:1234 is missing");
  EXPECT_EQ(last, 1233U);
  expect_error(reader()->read(1234, [](auto&) { return Visit::next; }),
               ErrorCode::corrupt, "record 0:1234");
  EXPECT_TRUE(reader()->read(1235, [](auto&) { return Visit::next; }));
}

TEST_F(LmdbDamage, AMissingBeginningIsFound) {
  make_log(kRecords);
  change_records([](MDB_txn* transaction, MDB_dbi records) {
    std::uint64_t sequence = 1;
    MDB_val key{sizeof(sequence), &sequence};
    check_lmdb(::mdb_del(transaction, records, &key, nullptr));
  });
  expect_error(count(*reader()), ErrorCode::corrupt, "record 0:1 is missing");
}

TEST_F(LmdbDamage, ARecordOfAnImpossibleLengthIsFound) {
  for (const std::size_t size : {0U, 7U, 201U}) {
    fs::remove_all(path());
    make_log(kRecords);
    change_records([size](MDB_txn* transaction, MDB_dbi records) {
      std::uint64_t sequence = 77;
      const std::string bytes(size, 'x');
      MDB_val key{sizeof(sequence), &sequence};
      MDB_val value{bytes.size(), const_cast<char*>(bytes.data())};
      check_lmdb(::mdb_put(transaction, records, &key, &value, 0));
    });
    expect_error(count(*reader()), ErrorCode::corrupt, "record 0:77");
  }
}

TEST_F(LmdbDamage, ADamagedSnapshotSaysThatItIsOnlyACache) {
  make_log(3);
  put_bare(path(), "snapshots", "endpoint/a", "short");
  const auto visit = [](const Snapshot&) { return Visit::next; };
  expect_error(reader()->read_snapshots(visit), ErrorCode::corrupt,
               "'endpoint/a' is damaged; accepted: drop");
  const auto log = writer();
  need(log->drop_snapshots());
  need(log->read_snapshots(visit));
  EXPECT_EQ(need(count(*log)), 3U);
}

}  // namespace
}  // namespace understudy::test
