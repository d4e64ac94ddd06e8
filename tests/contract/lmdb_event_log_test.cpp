#include "services/event_log/lmdb_log.hpp"
#include "tests/contract/event_log_contract.hpp"
#include "tests/contract/temporary_directory.hpp"

namespace understudy::test {
namespace {

class LmdbUnderTest final : public LogUnderTest {
 public:
  explicit LmdbUnderTest(Durability durability) : durability_(durability) {}

  Result<std::unique_ptr<EventLog>> open_writer() override {
    LmdbOptions options;
    options.durability = durability_;
    return as_port(LmdbLog::open_writer(path(), options));
  }
  Result<std::unique_ptr<EventLog>> open_reader() override {
    return as_port(LmdbLog::open_reader(path()));
  }

 private:
  static Result<std::unique_ptr<EventLog>> as_port(
      Result<std::unique_ptr<LmdbLog>> opened) {
    if (!opened) return opened.error();
    return std::unique_ptr<EventLog>(std::move(opened).value());
  }
  [[nodiscard]] std::filesystem::path path() const {
    return directory_.path() / "log";
  }

  TemporaryDirectory directory_;
  Durability durability_;
};

LogMaker lmdb_with(std::string name, Durability durability) {
  return {std::move(name),
          [durability] { return std::make_unique<LmdbUnderTest>(durability); }};
}

INSTANTIATE_TEST_SUITE_P(lmdb, EventLogContract,
                         testing::Values(lmdb_with("fsync", Durability::fsync),
                                         lmdb_with("os", Durability::os)),
                         testing::PrintToStringParamName());

}  // namespace
}  // namespace understudy::test
