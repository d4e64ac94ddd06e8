#include "services/text/version.hpp"

namespace understudy {

const char* const version = UNDERSTUDY_VERSION;

}  // namespace understudy
