#pragma once

/// Why an instance counts as gone when its provider's list lacks it. It is
/// stored with the event, and readers of the log tell these losses from others
/// by it, so that a change would make old logs read differently.

#include <string_view>

namespace understudy {

inline constexpr std::string_view not_listed_detail =
    "not in the provider's list";

}  // namespace understudy
