#include "services/api/message.hpp"

namespace understudy {
namespace {

const std::string* find(const std::vector<TextPair>& pairs,
                        std::string_view name) {
  for (const TextPair& one : pairs) {
    if (one.first == name) return &one.second;
  }
  return nullptr;
}

}  // namespace

const std::string* ApiCall::header(std::string_view name) const {
  return find(headers, name);
}

const std::string* ApiCall::parameter(std::string_view name) const {
  return find(query, name);
}

const std::string& ApiCall::name(std::string_view name) const {
  static const std::string none;
  const std::string* found = find(names, name);
  return found ? *found : none;
}

}  // namespace understudy
