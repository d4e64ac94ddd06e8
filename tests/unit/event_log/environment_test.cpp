#include "services/event_log/environment.hpp"

#include "services/event_log/data_file.hpp"
#include "tests/unit/event_log/bare_lmdb.hpp"
#include "tests/unit/event_log/log_fixture.hpp"

namespace understudy::test {
namespace {

using lmdb::Access;
using lmdb::Environment;

class EnvironmentTest : public LogTest {
 protected:
  [[nodiscard]] std::shared_ptr<Environment> open() const {
    return need(Environment::open(path(), Access::write, 0));
  }
};

TEST_F(EnvironmentTest, OneFileIsOneEnvironmentWhateverThePath) {
  make_log(1);
  const auto first = open();
  EXPECT_EQ(open(), first);
  const auto alias = path().parent_path() / "alias";
  std::filesystem::create_directory_symlink(path(), alias);
  EXPECT_EQ(need(Environment::open(alias, Access::read, 0)), first);
}

TEST_F(EnvironmentTest, WorkThatFailsChangesNothing) {
  make_log(3);
  const auto environment = open();
  need(environment->begin_writing(false));
  const auto outcome = environment->write(100, [&](MDB_txn* transaction) {
    check_lmdb(::mdb_drop(transaction, environment->records(), 0));
    return EIO;
  });
  expect_error(outcome, ErrorCode::unavailable, "cannot write");
  EXPECT_EQ(need(count(*reader())), 3U);
}

// Pages that one transaction takes and gives back are never written. Where
// they are the last ones, as here after some steps, LMDB's file is shorter
// than its head claims.
TEST_F(EnvironmentTest, NoFileOfOursLooksAsIfItHadBeenCut) {
  constexpr std::size_t kPage = 4096;
  const auto log = writer();
  std::uint64_t state = 1;
  for (int step = 0; step < 500; ++step) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    const auto size = kPage * (1 + (state >> 33) % 60);
    const std::vector<Snapshot> batch{
        {"a", 1, std::vector<std::byte>(size)},
        {"a", 2, std::vector<std::byte>(size + kPage)}};
    need(log->put_snapshots(batch));
    const auto found = lmdb::inspect(data());
    ASSERT_TRUE(found) << "step " << step << ": " << found.error().message;
  }
}

}  // namespace
}  // namespace understudy::test
