#include "tests/unit/event_log/log_fixture.hpp"

namespace understudy::test {
namespace {

using LmdbMeta = LogTest;

TEST_F(LmdbMeta, FactsAreKeptAndReplaced) {
  {
    const auto log = writer();
    need(log->put_meta("scenario", "main"));
    need(log->put_meta("seed", "42"));
    need(log->put_meta("seed", "43"));
    EXPECT_EQ(need(log->get_meta("seed")), "43");
  }
  EXPECT_EQ(need(reader()->get_meta("scenario")), "main");
  EXPECT_EQ(need(writer()->get_meta("seed")), "43");
}

TEST_F(LmdbMeta, FactsMayBeEmptyBinaryAndLarge) {
  const auto log = writer();
  const std::string large(100'000, '\0');
  need(log->put_meta("empty", ""));
  need(log->put_meta("large", large));
  EXPECT_EQ(need(log->get_meta("empty")), "");
  EXPECT_EQ(need(log->get_meta("large")), large);
}

TEST_F(LmdbMeta, AnUnknownKeyIsNotFound) {
  const auto log = writer();
  expect_error(log->get_meta("seed"), ErrorCode::not_found, "'seed'");
  // The log's own entries are not facts of the user.
  expect_error(log->get_meta("epoch"), ErrorCode::not_found, "'epoch'");
}

TEST_F(LmdbMeta, AUserKeyCannotReachTheLogsOwn) {
  auto log = writer();
  need(log->put_meta("epoch", "x"));
  need(log->put_meta("format", "x"));
  log.reset();
  EXPECT_EQ(writer()->epoch(), 2U);
}

TEST_F(LmdbMeta, KeysHaveALength) {
  const auto log = writer();
  expect_error(log->put_meta("", "x"), ErrorCode::invalid_input, "accepted: 1");
  expect_error(log->put_meta(std::string(501, 'k'), "x"),
               ErrorCode::invalid_input, "accepted: 1 to 500");
  need(log->put_meta(std::string(500, 'k'), "x"));
}

TEST_F(LmdbMeta, AReaderWritesNoFacts) {
  make_log(1);
  expect_error(reader()->put_meta("seed", "1"), ErrorCode::invalid_input,
               "open_writer");
  expect_error(reader()->sync(), ErrorCode::invalid_input, "open_writer");
}

TEST_F(LmdbMeta, TheTimeOfMakingIsKeptFromTheFirstWriter) {
  auto options = fast();
  options.created = Instant{1'700'000'000'000'000};
  EXPECT_EQ(need(writer(options)->created()), options.created);
  auto later = options;
  later.created = Instant{1'800'000'000'000'000};
  EXPECT_EQ(need(writer(later)->created()), options.created);
  EXPECT_EQ(need(reader()->created()), options.created);
}

TEST_F(LmdbMeta, WithoutATimeOfMakingItSaysSo) {
  expect_error(writer()->created(), ErrorCode::not_found, "when it was made");
}

TEST_F(LmdbMeta, SyncFlushesWhatIsWithTheSystem) {
  const auto log = writer();
  need(append(*log, 10));
  need(log->sync());
}

}  // namespace
}  // namespace understudy::test
