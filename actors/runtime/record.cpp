#include "actors/runtime/record.hpp"

namespace understudy {

std::string_view event_name(const AnyEvent& event) {
  return std::visit(
      [](const auto& e) { return std::decay_t<decltype(e)>::name; }, event);
}

}  // namespace understudy
