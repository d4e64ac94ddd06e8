#pragma once

/// An endpoint's specification as a user writes it, in YAML or JSON.
///
/// Thread safety: plain values.

#include <string>
#include <vector>

#include "actors/core/result.hpp"
#include "actors/core/specification.hpp"
#include "services/config/places.hpp"

namespace understudy {

struct EndpointDocument {
  EndpointSpec spec;  ///< Valid, with defaults filled in.
  Places places;      ///< By paths of the specification.
};

/// Errors: as `read_text_file`, and `invalid_input` that names file, line,
/// column and field; nothing is half read.
[[nodiscard]] Result<EndpointDocument> read_endpoint(const std::string& path);
/// `file` stands in messages.
[[nodiscard]] Result<EndpointDocument> parse_endpoint(const std::string& file,
                                                      const std::string& text);
/// Several documents in one text, all of them good.
[[nodiscard]] Result<std::vector<EndpointDocument>> parse_endpoints(
    const std::string& file, const std::string& text);

/// The first rule that `spec` breaks, as an error at its place; `prefix` is
/// the path of the specification in its file, empty or with a dot at the
/// end. Fills in defaults.
[[nodiscard]] Result<void> check_endpoint(EndpointSpec& spec,
                                          const Places& places,
                                          const std::string& prefix);

/// No configuration is larger.
inline constexpr std::size_t largest_document = 4U << 20U;

}  // namespace understudy
