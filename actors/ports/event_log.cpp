#include "actors/ports/event_log.hpp"

namespace understudy {

std::string to_string(Position position) {
  return std::to_string(position.partition) + ':' +
         std::to_string(position.offset);
}

}  // namespace understudy
