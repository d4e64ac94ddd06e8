#include "actors/core/result.hpp"

namespace understudy {

std::string_view to_string(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid_input:
      return "invalid-input";
    case ErrorCode::not_found:
      return "not-found";
    case ErrorCode::already_held:
      return "already-held";
    case ErrorCode::unavailable:
      return "unavailable";
    case ErrorCode::corrupt:
      return "corrupt";
    case ErrorCode::too_new:
      return "too-new";
    case ErrorCode::internal:
      return "internal";
  }
  return "internal";
}

}  // namespace understudy
