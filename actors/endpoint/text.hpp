#pragma once

/// Text of other people made fit for one line of ours.

#include <string>
#include <string_view>

namespace understudy::endpoint {

/// `text` with everything but printable ASCII written as `\xNN`, cut to at
/// most `limit` characters (a cut text ends with `...`). Printable text of
/// up to `limit` characters is itself.
[[nodiscard]] std::string shown(std::string_view text, std::size_t limit = 64);

}  // namespace understudy::endpoint
