#pragma once

/// A directory for one log, and short names for what most tests do with it.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <grp.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "services/event_log/lmdb_log.hpp"
#include "tests/contract/temporary_directory.hpp"

namespace understudy::test {

inline LmdbOptions fast() {
  LmdbOptions options;
  options.durability = Durability::os;
  return options;
}

/// `count` records of `words` times 8 bytes; each begins with its sequence.
class Records {
 public:
  Records(std::uint64_t first, std::size_t count, std::size_t words = 25)
      : words_(count * words, first) {
    const auto bytes = std::as_bytes(std::span(words_));
    for (std::size_t at = 0; at < count; ++at) {
      words_[at * words] = first + at;
      views_.push_back(bytes.subspan(at * words * 8, words * 8));
    }
  }
  [[nodiscard]] std::span<const Bytes> views() const { return views_; }

 private:
  std::vector<std::uint64_t> words_;
  std::vector<Bytes> views_;
};

inline Result<void> append(LmdbLog& log, std::size_t count,
                           std::size_t words = 25) {
  const auto end = log.end();
  if (!end) return end.error();
  return log.append(end.value(), Records(end.value(), count, words).views());
}

/// Reads all and checks what `Records` wrote; the number of records.
inline Result<std::uint64_t> count(const EventLog& log) {
  std::uint64_t seen = 0;
  bool as_written = true;
  auto outcome = log.read(1, [&](const LogRecord& record) {
    std::uint64_t first_word = 0;
    std::memcpy(&first_word, record.bytes.data(), 8);
    as_written = as_written && first_word == record.sequence;
    ++seen;
    return Visit::next;
  });
  if (!outcome) return outcome.error();
  if (!as_written) return Error{ErrorCode::corrupt, "a record differs"};
  return seen;
}

class LogTest : public testing::Test {
 protected:
  [[nodiscard]] std::filesystem::path path() const {
    return directory_.path() / "log";
  }
  [[nodiscard]] std::filesystem::path data() const {
    return path() / "data.mdb";
  }

  template <class T>
  static T need(Result<T> outcome) {
    if (!outcome) throw std::runtime_error(outcome.error().message);
    return std::move(outcome).value();
  }
  static void need(const Result<void>& outcome) {
    ASSERT_TRUE(outcome) << outcome.error().message;
  }

  [[nodiscard]] std::unique_ptr<LmdbLog> writer(
      const LmdbOptions& options = fast()) const {
    return need(LmdbLog::open_writer(path(), options));
  }
  [[nodiscard]] std::unique_ptr<LmdbLog> reader() const {
    return need(LmdbLog::open_reader(path()));
  }
  void make_log(std::size_t records) const {
    const auto log = writer();
    need(append(*log, records));
  }
  void write_data_file(const std::string& content) const {
    std::filesystem::create_directories(path());
    std::ofstream(data(), std::ios::binary) << content;
  }

  template <class T>
  static void expect_error(const Result<T>& outcome, ErrorCode code,
                           const std::string& part) {
    ASSERT_FALSE(outcome.ok());
    EXPECT_EQ(to_string(outcome.error().code), to_string(code));
    EXPECT_THAT(outcome.error().message, testing::HasSubstr(part));
    EXPECT_THAT(outcome.error().message,
                testing::Not(testing::HasSubstr("\n")));
  }

  /// In a child process: become somebody whom permissions concern.
  static Result<void> drop_privilege() {
    constexpr uid_t kNobody = 65534;
    if (::geteuid() != 0) return {};
    if (::setgroups(0, nullptr) == 0 && ::setgid(kNobody) == 0 &&
        ::setuid(kNobody) == 0) {
      return {};
    }
    return Error{ErrorCode::internal, "cannot become nobody"};
  }
  void let_others_in() const {
    using std::filesystem::perms;
    std::filesystem::permissions(directory_.path(),
                                 perms::owner_all | perms::group_exec |
                                     perms::group_read | perms::others_exec |
                                     perms::others_read);
  }

 private:
  TemporaryDirectory directory_;
};

}  // namespace understudy::test
