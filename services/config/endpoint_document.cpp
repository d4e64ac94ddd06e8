#include "services/config/endpoint_document.hpp"

#include <utility>

#include "actors/endpoint/validate.hpp"
#include "services/config/yaml_reader.hpp"
#include "services/text/text_file.hpp"

namespace understudy {

Result<EndpointDocument> read_endpoint(const std::string& path) {
  const auto text = read_text_file(path, largest_document);
  if (!text) return text.error();
  return parse_endpoint(path, text.value());
}

Result<EndpointDocument> parse_endpoint(const std::string& file,
                                        const std::string& text) {
  const auto root = parse_yaml(file, text);
  if (!root) return root.error();
  YamlReader reader(file);
  EndpointSpec spec;
  if (!reader.read(root.value(), "", spec)) return reader.error();
  if (auto checked = check_endpoint(spec, reader.places(), ""); !checked)
    return checked.error();
  return EndpointDocument{std::move(spec), std::move(reader.places())};
}

Result<void> check_endpoint(EndpointSpec& spec, const Places& places,
                            const std::string& prefix) {
  spec = endpoint::with_defaults(std::move(spec));
  const auto violations = endpoint::validate(spec);
  if (violations.empty()) return {};
  const endpoint::Violation& first = violations.front();
  return places.error(prefix + first.field, first.value, first.accepted);
}

}  // namespace understudy
