#include "actors/core/specification.hpp"

namespace understudy {

std::string to_string(const Offering& offering) {
  return offering.instance_type + '/' + offering.zone + '/' +
         std::string(name_of(offering.market));
}

}  // namespace understudy
