#include "services/config/endpoint_document.hpp"

#include <utility>

#include "actors/endpoint/validate.hpp"
#include "services/config/yaml_reader.hpp"
#include "services/text/text_file.hpp"

namespace understudy {
namespace {

Result<EndpointDocument> read_document(const std::string& file,
                                       const YAML::Node& root) {
  YamlReader reader(file);
  EndpointSpec spec;
  if (!reader.read(root, "", spec)) return reader.error();
  if (auto checked = check_endpoint(spec, reader.places(), ""); !checked)
    return checked.error();
  return EndpointDocument{std::move(spec), std::move(reader.places())};
}

}  // namespace

Result<EndpointDocument> read_endpoint(const std::string& path) {
  const auto text = read_text_file(path, largest_document);
  if (!text) return text.error();
  return parse_endpoint(path, text.value());
}

Result<EndpointDocument> parse_endpoint(const std::string& file,
                                        const std::string& text) {
  const auto root = parse_yaml(file, text);
  if (!root) return root.error();
  return read_document(file, root.value());
}

Result<std::vector<EndpointDocument>> parse_endpoints(const std::string& file,
                                                      const std::string& text) {
  const auto roots = parse_yaml_documents(file, text);
  if (!roots) return roots.error();
  std::vector<EndpointDocument> documents;
  for (const YAML::Node& root : roots.value()) {
    auto document = read_document(file, root);
    if (!document) return document.error();
    documents.push_back(std::move(document).value());
  }
  return documents;
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
