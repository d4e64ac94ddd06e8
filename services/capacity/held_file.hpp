#pragma once

/// What a simulated provider holds, kept in a file of its own, so that it
/// outlives the process as a real provider's instances do: a daemon that is
/// killed between a launch and its record finds the instance in the list.
///
/// One line for each change, in the order of changes:
///
///     + OWNER TOKEN INDEX INSTANCE_TYPE ZONE MARKET LAUNCHED_AT_US
///     - TOKEN INDEX
///
/// A last line without its end was cut by a crash and counts for nothing.
/// When most lines are of what is gone, the file is written anew with what is
/// held, so that its size follows the fleet and not its history.
/// Written without fsync: it survives the process, not the machine.
///
/// Thread safety: none; the provider calls it under its lock. Ownership: owns
/// the open file.

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "actors/core/result.hpp"
#include "services/capacity/simulated_capacity.hpp"

namespace understudy {

class HeldFile {
 public:
  /// Makes the file where it is missing. Errors: `unavailable`, and
  /// `corrupt` with the line that cannot be read.
  [[nodiscard]] static Result<std::unique_ptr<HeldFile>> open(
      const std::string& path);
  ~HeldFile();
  HeldFile(const HeldFile&) = delete;
  HeldFile& operator=(const HeldFile&) = delete;

  /// What is held, in the order of launches.
  [[nodiscard]] std::vector<HeldInstance> held() const;

  /// All of them, or on error none. Errors: `unavailable` when the file
  /// cannot be written, such as on a full disk.
  [[nodiscard]] Result<void> launched(
      const std::vector<HeldInstance>& instances);
  /// On error it is written with the next line that can be; after a restart
  /// without that, the instance is held again.
  [[nodiscard]] Result<void> gone(const std::string& token,
                                  std::uint32_t index);

 private:
  HeldFile(std::string path, int descriptor)
      : path_(std::move(path)), descriptor_(descriptor) {}

  Result<void> read(const std::string& text);
  Result<void> write(const std::string& lines);
  void write_anew();

  std::string path_;
  int descriptor_;
  std::map<std::pair<std::string, std::uint32_t>, HeldInstance> held_;
  std::string owed_;       ///< Ends that could not be written.
  std::size_t size_ = 0;   ///< Bytes that are whole lines.
  std::size_t lines_ = 0;  ///< At most, since it was written anew.
};

}  // namespace understudy
