#pragma once

/// Where the fields of a file stand, so that whatever is wrong with a value
/// is reported with its place, also by a check that knows nothing of files.
///
/// Paths are as `variants[0].pools[2].priority`. Thread safety: plain value.

#include <map>
#include <string>
#include <utility>

#include "actors/core/result.hpp"

namespace understudy {

class Places {
 public:
  struct Place {
    int line = 1;  ///< From 1, as the column.
    int column = 1;
  };

  /// Empty: there is no file, and errors name no place.
  explicit Places(std::string file) : file_(std::move(file)) {}

  void note(const std::string& path, Place place) { places_[path] = place; }

  /// The field's place, or that of the nearest field around it that the file
  /// holds.
  [[nodiscard]] Place find(std::string path) const;

  /// `file:line:column: path: what; accepted: accepted`.
  [[nodiscard]] Error error(const std::string& path, const std::string& what,
                            const std::string& accepted) const;
  /// The same for a place that has no field.
  [[nodiscard]] Error error_at(Place place, const std::string& what,
                               const std::string& accepted) const;

  [[nodiscard]] const std::string& file() const { return file_; }

 private:
  std::string file_;
  std::map<std::string, Place> places_;
};

}  // namespace understudy
