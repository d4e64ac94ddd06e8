#pragma once

/// Why a launch was refused, typed by what it means for the next try. A
/// provider maps its own codes to these; whoever reads "capacity" where the
/// request itself was wrong marks a healthy zone dry.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "actors/core/describe.hpp"
#include "actors/core/instant.hpp"
#include "actors/core/specification.hpp"

namespace understudy {

enum class RefusalKind : std::uint8_t {
  none,        ///< Not refused.
  capacity,    ///< The offering has none left now: cool down, go on.
  quota,       ///< The account may not have more of this family.
  infeasible,  ///< This offering can never satisfy this specification.
  throttled,   ///< Asked too often: wait as told, the pool is not to blame.
  unknown,     ///< No answer: reconcile before anything else.
  cooling,     ///< Not asked: the offering is still cooling down.
};

constexpr std::array<std::string_view, 7> names_of(RefusalKind) {
  return {"none",      "capacity", "quota",  "infeasible",
          "throttled", "unknown",  "cooling"};
}

/// What one offering answered, in the provider's own words.
struct OfferingRefusal {
  Offering offering;
  RefusalKind kind = RefusalKind::none;
  std::string code;     ///< The provider's code.
  std::string message;  ///< The provider's text.
  Instant until;        ///< Cooling down until then; 0 when it is not.
  UNDERSTUDY_FIELDS(OfferingRefusal, offering, kind, code, message, until)
};

}  // namespace understudy
