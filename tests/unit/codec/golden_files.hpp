#pragma once

/// The golden files: records as earlier builds wrote them, one folder per
/// generation, and what they hold in expected.json.

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "actors/runtime/record.hpp"
#include "services/codec/json.hpp"

namespace understudy::testing {

inline std::filesystem::path golden_folder() {
  return std::filesystem::path(UNDERSTUDY_SOURCE_DIR) / "tests" / "unit" /
         "codec" / "golden";
}

/// Oldest first: v1, v2, ...
inline std::vector<std::filesystem::path> golden_generations() {
  std::vector<std::filesystem::path> folders;
  for (int n = 1;; ++n) {
    const auto folder = golden_folder() / ("v" + std::to_string(n));
    if (!std::filesystem::is_directory(folder)) return folders;
    folders.push_back(folder);
  }
}

/// `event.capacity-denied` as a file's name.
inline std::string golden_file_name(std::string name) {
  std::replace_if(
      name.begin(), name.end(), [](char c) { return c == '.' || c == '-'; },
      '_');
  return name + ".bin";
}

inline std::vector<std::byte> read_bytes(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  std::vector<std::byte> bytes(text.size());
  std::transform(text.begin(), text.end(), bytes.begin(),
                 [](char c) { return static_cast<std::byte>(c); });
  return bytes;
}

inline Json record_json(const Record& record) {
  Json json;
  json["stream"] = to_json(record.stream);
  json["sequence"] = record.sequence;
  json["version"] = record.version;
  json["epoch"] = record.epoch;
  json["time"] = to_json(record.time);
  json["decider_version"] = record.decider_version;
  json["part"] = record.part;
  json["parts"] = record.parts;
  json["delivered"] = record.delivered;
  json["cause_sequence"] = record.cause.sequence;
  json["cause_input"] = to_json(record.cause.input);
  json["event"] = to_json(record.event);
  return json;
}

/// Where `found` says something else than `expected`. What only `found` has
/// was appended later.
inline std::vector<std::string> differences(const Json& expected,
                                            const Json& found,
                                            const std::string& path = "") {
  std::vector<std::string> all;
  const auto append = [&](const std::vector<std::string>& more) {
    all.insert(all.end(), more.begin(), more.end());
  };
  if (expected.is_object() && found.is_object()) {
    for (const auto& [key, value] : expected.items()) {
      if (found.contains(key)) {
        append(differences(value, found[key], path + "." + key));
      } else {
        all.push_back(path + "." + key + " is gone");
      }
    }
  } else if (expected.is_array() && found.is_array() &&
             expected.size() == found.size()) {
    for (std::size_t i = 0; i < expected.size(); ++i) {
      append(differences(expected[i], found[i],
                         path + "[" + std::to_string(i) + "]"));
    }
  } else if (expected != found) {
    all.push_back(path + " was " + json_text(expected) + ", is " +
                  json_text(found));
  }
  return all;
}

}  // namespace understudy::testing
