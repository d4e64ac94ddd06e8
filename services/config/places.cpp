#include "services/config/places.hpp"

#include <utility>

namespace understudy {

Places::Place Places::find(std::string path) const {
  for (;;) {
    const auto found = places_.find(path);
    if (found != places_.end()) return found->second;
    const auto end = path.find_last_of(".[");
    if (end == std::string::npos) break;
    path.resize(end);
  }
  const auto root = places_.find("");
  return root == places_.end() ? Place{} : root->second;
}

Error Places::error(const std::string& path, const std::string& what,
                    const std::string& accepted) const {
  return error_at(find(path), path.empty() ? what : path + ": " + what,
                  accepted);
}

Error Places::error_at(Place place, const std::string& what,
                       const std::string& accepted) const {
  std::string message = what + "; accepted: " + accepted;
  if (!file_.empty()) {
    message = file_ + ':' + std::to_string(place.line) + ':' +
              std::to_string(place.column) + ": " + message;
  }
  // A key may hold anything; a message is one line.
  for (char& c : message) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  }
  return {ErrorCode::invalid_input, std::move(message)};
}

}  // namespace understudy
