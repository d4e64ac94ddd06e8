#pragma once

/// The directory that the daemons of one machine share: what was granted,
/// which process is which, what ended how, and which offerings are closed.
///
///     lock                 held for every grant and every end
///     closed               one offering a line
///     calls/KEY/call       what the call was granted
///     calls/KEY/N.process  who instance N is, written by itself
///     calls/KEY/N.ending   when its end was asked for
///     calls/KEY/N.exit     how its process ended, by whoever started it
///     calls/KEY/N.gone     that it is gone, and in what words
///     calls/KEY/N.output   what it wrote, N.output.old what came before
///     ended/KEY            moved here once all of the call's are gone
///
/// Thread safety: all calls from any thread; those that say so need the lock.

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "actors/core/result.hpp"
#include "services/capacity/process_identity.hpp"
#include "services/capacity/process_record.hpp"
#include "services/event_log/descriptor.hpp"

namespace understudy {

class ProcessDirectory {
 public:
  /// Makes it where it is missing. Errors: `unavailable`.
  [[nodiscard]] static Result<ProcessDirectory> open(const std::string& path);

  /// One holder among all processes, until it is destroyed.
  class Lock {
   public:
    explicit Lock(Descriptor file) : file_(std::move(file)) {}
    Lock(Lock&&) = default;
    ~Lock();

   private:
    Descriptor file_;
  };
  [[nodiscard]] Result<Lock> lock() const;

  /// Those calls of which something may be left. Needs the lock.
  [[nodiscard]] Result<std::vector<std::string>> keys() const;
  /// Also of a call that is over. Errors: `not_found`, `corrupt`.
  [[nodiscard]] Result<ProcessRecord> read(const std::string& key) const;
  /// Written and durable, or not there at all. Needs the lock.
  Result<void> write(const std::string& key, const ProcessRecord& record) const;
  /// Nothing was started of it. Needs the lock.
  void remove(const std::string& key) const;

  /// The path of a file of one instance, wherever its call is now.
  [[nodiscard]] std::string file(const ProcessPlace& place,
                                 const char* suffix) const;
  [[nodiscard]] bool has(const ProcessPlace& place, const char* suffix) const;
  [[nodiscard]] std::string text(const ProcessPlace& place,
                                 const char* suffix) const;
  /// Replaces the file.
  Result<void> put(const ProcessPlace& place, const char* suffix,
                   const std::string& text) const;
  [[nodiscard]] std::optional<ProcessIdentity> identity(
      const ProcessPlace& place) const;
  [[nodiscard]] std::string folder(const std::string& key) const;

  /// Marks an instance as gone, in these words unless there are some, and
  /// the call as over when all of its instances are. Needs the lock.
  void mark_gone(const ProcessPlace& place, const std::string& words) const;
  /// Forgets calls that were over a week ago, and the output of all but the
  /// latest. Needs the lock.
  void tidy() const;

  /// Errors: `unavailable`. One that cannot be read is none of them open.
  [[nodiscard]] Result<std::set<std::string>> closed() const;
  /// Needs the lock.
  Result<void> set_closed(const std::string& offering, bool closed) const;

 private:
  explicit ProcessDirectory(std::string path) : path_(std::move(path)) {}

  std::string path_;
};

}  // namespace understudy
