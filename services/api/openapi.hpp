#pragma once

/// openapi.json of this folder, built into the program.

#include <string_view>

namespace understudy {

[[nodiscard]] std::string_view openapi_document();

}  // namespace understudy
