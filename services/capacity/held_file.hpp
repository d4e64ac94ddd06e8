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

  /// What was held when the file was opened, in the order of launches.
  [[nodiscard]] std::vector<HeldInstance> held() const;

  void launched(const HeldInstance& instance);
  void gone(const std::string& token, std::uint32_t index);

 private:
  HeldFile(std::string path, int descriptor)
      : path_(std::move(path)), descriptor_(descriptor) {}

  Result<void> read(const std::string& text);
  void write(const std::string& line) const;

  std::string path_;
  int descriptor_;
  std::map<std::pair<std::string, std::uint32_t>, HeldInstance> held_;
};

}  // namespace understudy
