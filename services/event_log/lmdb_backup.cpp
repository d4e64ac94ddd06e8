#include <array>
#include <cerrno>
#include <cstdio>
#include <string>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "services/event_log/data_file.hpp"
#include "services/event_log/descriptor.hpp"
#include "services/event_log/environment.hpp"
#include "services/event_log/lmdb_error.hpp"
#include "services/event_log/lmdb_format.hpp"
#include "services/event_log/lmdb_log.hpp"
#include "services/event_log/writer_lock.hpp"

namespace understudy {
namespace {

namespace fs = std::filesystem;

constexpr mode_t kFileMode = 0664;

Error refused(const fs::path& path, const std::string& what) {
  return {ErrorCode::invalid_input, path.string() + ": " + what};
}

int sync_directory(const fs::path& path) {
  const Descriptor directory(
      ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return directory && ::fsync(directory.get()) == 0 ? 0 : errno;
}

/// A file or directory that is removed unless it got its final name.
class Unfinished {
 public:
  explicit Unfinished(fs::path path) : path_(std::move(path)) {}
  Unfinished(const Unfinished&) = delete;
  Unfinished& operator=(const Unfinished&) = delete;
  ~Unfinished() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  [[nodiscard]] const fs::path& path() const { return path_; }

  /// LMDB's codes; EEXIST when something has that name.
  int rename_to(const fs::path& name) {
    if (::renameat2(AT_FDCWD, path_.c_str(), AT_FDCWD, name.c_str(),
                    RENAME_NOREPLACE) != 0) {
      return errno;
    }
    path_.clear();
    return 0;
  }

 private:
  fs::path path_;
};

Result<std::uint64_t> copy_into(lmdb::Environment& from,
                                const fs::path& directory, const char* name) {
  const auto file = directory / name;
  const Descriptor fd(
      ::open(file.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, kFileMode));
  if (!fd) return lmdb::make_error(directory, "write a copy", errno);
  if (auto copied = from.copy_to(fd.get()); !copied) return copied.error();
  // What the copy claims of itself must be there.
  const auto made = lmdb::inspect(file);
  if (!made) return made.error();
  return made.value().file_bytes;
}

/// Whether a log may be put into `directory`; what a writer that never made
/// one leaves does not count.
Result<void> check_free(const fs::path& directory) {
  std::error_code failure;
  if (const auto pid = lmdb::WriterLock::holder(directory)) {
    return Error{ErrorCode::already_held,
                 "log " + directory.string() + ": process " +
                     std::to_string(*pid) +
                     " has it open for writing; accepted: a new or empty "
                     "directory, or stop that process and move its log away"};
  }
  if (fs::exists(directory / lmdb::kDataFile, failure)) {
    return refused(directory,
                   "there is a log here; accepted: a new or empty directory, "
                   "or move this one away first");
  }
  if (!fs::exists(directory, failure)) return {};
  if (!fs::is_directory(directory, failure)) {
    return refused(directory, "not a directory; accepted: a new name");
  }
  for (const auto& entry : fs::directory_iterator(directory, failure)) {
    const auto name = entry.path().filename();
    if (name == lmdb::kWriterLock || name == lmdb::kReaderTable ||
        name == lmdb::kUnfinished) {
      continue;
    }
    return refused(directory, "it holds " + name.string() +
                                  "; accepted: a new or empty directory");
  }
  if (failure) {
    return Error{ErrorCode::unavailable,
                 directory.string() + ": " + failure.message()};
  }
  return {};
}

Result<std::uint64_t> check_records(
    const LmdbLog& log,
    const std::function<Result<void>(const LogRecord&)>& check) {
  std::uint64_t last = 0;
  Result<void> checked;
  const auto read = log.read(1, [&](const LogRecord& record) {
    checked = check(record);
    last = record.sequence;
    return checked ? Visit::next : Visit::stop;
  });
  if (!read) return read.error();
  if (!checked) return checked.error();
  return last;
}

}  // namespace

Result<CopyReport> LmdbLog::backup(const fs::path& target) const {
  // A path that ends with a slash names the same directory.
  const auto name = target.has_filename() ? target : target.parent_path();
  std::error_code failure;
  if (name.empty() ||
      fs::symlink_status(name, failure).type() != fs::file_type::not_found) {
    return refused(target, "it is there already; accepted: a new name");
  }
  auto pattern = name.string() + ".XXXXXX";
  if (::mkdtemp(pattern.data()) == nullptr) {
    return lmdb::make_error(name, "make the backup", errno);
  }
  Unfinished made(pattern);
  const auto bytes = copy_into(*environment_, made.path(), lmdb::kDataFile);
  if (!bytes) return bytes.error();
  std::uint64_t end = 0;
  {
    const auto copy = open_reader(made.path());
    if (!copy) return copy.error();
    const auto found = copy.value()->end();
    if (!found) return found.error();
    end = found.value();
  }
  fs::remove(made.path() / lmdb::kReaderTable, failure);
  int code = sync_directory(made.path());
  if (code == 0) code = made.rename_to(name);
  if (code == EEXIST)
    return refused(target, "it is there already; accepted: a new name");
  if (code == 0) {
    code = sync_directory(name.has_parent_path() ? name.parent_path() : ".");
  }
  if (code != 0) return lmdb::make_error(name, "make the backup", code);
  return CopyReport{end - 1, bytes.value()};
}

Result<CopyReport> LmdbLog::restore(
    const fs::path& backup, const fs::path& directory,
    const std::function<Result<void>(const LogRecord&)>& check) {
  if (auto free = check_free(directory); !free) return free.error();
  const auto from = open_reader(backup);
  if (!from) return from.error();
  const auto last = check_records(*from.value(), check);
  if (!last) return last.error();

  if (auto made = make_directory(directory); !made) return made.error();
  const auto lock = lmdb::WriterLock::take(directory);
  if (!lock) return lock.error();
  Unfinished made(directory / lmdb::kUnfinished);
  const auto bytes =
      copy_into(*from.value()->environment_, directory, lmdb::kUnfinished);
  if (!bytes) return bytes.error();
  // A reader table belongs to one data file; this one is new.
  ::unlink((directory / lmdb::kReaderTable).c_str());
  int code = made.rename_to(directory / lmdb::kDataFile);
  if (code == EEXIST)
    return refused(directory, "somebody made a log here meanwhile");
  if (code == 0) code = sync_directory(directory);
  if (code != 0) return lmdb::make_error(directory, "restore", code);
  sync_directory(directory / "..");
  return CopyReport{last.value(), bytes.value()};
}

}  // namespace understudy
