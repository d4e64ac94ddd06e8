#include "services/config/yaml_reader.hpp"

#include <exception>
#include <set>

#include "services/text/line_reader.hpp"

namespace understudy {
namespace {

/// Many times what the largest specification needs. An alias is counted as
/// often as it is used, so a small file cannot stand for an endless one.
constexpr std::size_t most_values = 200'000;

Places::Place place_of(const YAML::Mark& mark) {
  if (mark.is_null()) return {};
  return {mark.line + 1, mark.column + 1};
}

/// yaml-cpp marks a plain scalar with this tag, a quoted one with "!".
bool plain(const YAML::Node& node) {
  return node.IsScalar() && node.Tag() == "?";
}

}  // namespace

Result<std::vector<YAML::Node>> parse_yaml_documents(const std::string& file,
                                                     const std::string& text) {
  const Places places(file);
  try {
    std::vector<YAML::Node> documents = YAML::LoadAll(text);
    std::erase_if(documents,
                  [](const YAML::Node& one) { return one.IsNull(); });
    if (!documents.empty()) return documents;
    return places.error_at({}, "an empty file", "YAML or JSON documents");
  } catch (const YAML::Exception& error) {
    return places.error_at(place_of(error.mark), "malformed: " + error.msg,
                           "YAML or JSON");
  } catch (const std::exception& error) {
    return places.error_at({}, std::string("malformed: ") + error.what(),
                           "YAML or JSON");
  }
}

Result<YAML::Node> parse_yaml(const std::string& file,
                              const std::string& text) {
  const auto documents = parse_yaml_documents(file, text);
  if (!documents) return documents.error();
  const std::size_t count = documents.value().size();
  if (count == 1) return documents.value()[0];
  return Places(file).error_at({}, std::to_string(count) + " documents",
                               "one YAML or JSON document");
}

bool YamlReader::enter(const YAML::Node& node, const std::string& path) {
  // A missing value is marked behind the gap; its key was noted before it.
  if (!node.IsNull() && !node.Mark().is_null())
    places_.note(path, place_of(node.Mark()));
  if (++values_ <= most_values) return true;
  return wrong(path, "too many values", "up to " + std::to_string(most_values));
}

bool YamlReader::wrong(const std::string& path, const std::string& what,
                       const std::string& accepted) {
  error_ = places_.error(path, what, accepted);
  return false;
}

std::string YamlReader::member(const std::string& path,
                               const std::string& key) {
  constexpr std::size_t longest = 64;
  std::string below = path;
  if (!below.empty()) below += '.';
  // A longer key is no field, and only stands in a message.
  return below.append(key, 0, longest);
}

std::string YamlReader::shown(const YAML::Node& node) {
  if (node.IsSequence()) return "a list";
  if (node.IsMap()) return "a mapping";
  if (!node.IsScalar()) return "no value";
  return in_quotes(node.Scalar());
}

bool YamlReader::read_text(const YAML::Node& node, const std::string& path,
                           std::string& out) {
  if (!node.IsScalar()) return wrong(path, shown(node), "text");
  out = node.Scalar();
  return true;
}

bool YamlReader::read_bool(const YAML::Node& node, const std::string& path,
                           bool& out) {
  if (!plain(node) || (node.Scalar() != "true" && node.Scalar() != "false"))
    return wrong(path, shown(node), "true, false");
  out = node.Scalar() == "true";
  return true;
}

bool YamlReader::read_number(const YAML::Node& node, const std::string& path,
                             std::uint64_t max, std::uint64_t& out) {
  const auto value = plain(node) ? parse_number(node.Scalar(), max)
                                 : std::optional<std::uint64_t>();
  if (!value) {
    return wrong(path, shown(node),
                 "a whole number from 0 to " + std::to_string(max));
  }
  out = *value;
  return true;
}

bool YamlReader::read_keys(const YAML::Node& node, const std::string& path,
                           Keys& out, const std::string& accepted) {
  if (!node.IsMap()) return wrong(path, shown(node), accepted);
  std::set<std::string_view> seen;
  for (const auto& pair : node) {
    if (!pair.first.IsScalar())
      return wrong(path, "a key that is no name", accepted);
    const std::string& key = pair.first.Scalar();
    const std::string below = member(path, key);
    places_.note(below, place_of(pair.first.Mark()));
    if (!seen.insert(key).second)
      return wrong(below, "given twice", "each field once");
    out.push_back(key);
  }
  return true;
}

}  // namespace understudy
