#pragma once

/// Which release this is.

namespace understudy {

/// Such as `0.1.0`: what the top CMakeLists.txt says of the project.
extern const char* const version;

}  // namespace understudy
