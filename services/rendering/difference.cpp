#include "services/rendering/difference.hpp"

#include <ostream>
#include <set>
#include <string>

#include "services/projection/wording.hpp"
#include "services/rendering/output.hpp"

namespace understudy {
namespace {

struct FieldDifference {
  std::string field;
  std::string recorded;
  std::string decided;
};

/// `/instances/0/id` as `instances.0.id`.
std::string field_name(const std::string& pointer) {
  std::string name = pointer.empty() ? pointer : pointer.substr(1);
  for (char& c : name) {
    if (c == '/') c = '.';
  }
  return name;
}

std::string value_at(const Json& flat, const std::string& key) {
  const auto found = flat.find(key);
  return found == flat.end() ? "nothing" : json_text(*found);
}

std::vector<FieldDifference> fields_of(const AnyEvent& recorded,
                                       const AnyEvent& decided) {
  const Json a = to_json(recorded).flatten();
  const Json b = to_json(decided).flatten();
  std::set<std::string> keys;
  for (const auto& [key, value] : a.items())
    keys.insert(key);
  for (const auto& [key, value] : b.items())
    keys.insert(key);
  std::vector<FieldDifference> all;
  for (const std::string& key : keys) {
    FieldDifference one{field_name(key), value_at(a, key), value_at(b, key)};
    if (one.recorded != one.decided) all.push_back(std::move(one));
  }
  return all;
}

const AnyEvent* event_at(const std::vector<AnyEvent>& events,
                         std::size_t part) {
  return part < events.size() ? &events[part] : nullptr;
}

std::string sentence(const AnyEvent* event) {
  if (event == nullptr) return "nothing";
  return std::string(event_name(*event)) + ": " + visible(summary(*event));
}

}  // namespace

Json difference_json(const Difference& difference) {
  Json json = Json::object();
  json["position"] = to_string(difference.position);
  json["stream"] = difference.stream.text;
  json["part"] = difference.part;
  json["detail"] = difference.detail;
  json["recorded"] = Json::array();
  json["decided"] = Json::array();
  for (const AnyEvent& event : difference.recorded)
    json["recorded"].push_back(to_json(event));
  for (const AnyEvent& event : difference.decided)
    json["decided"].push_back(to_json(event));
  json["fields"] = Json::array();
  const AnyEvent* recorded = event_at(difference.recorded, difference.part);
  const AnyEvent* decided = event_at(difference.decided, difference.part);
  if (recorded == nullptr || decided == nullptr) return json;
  for (const FieldDifference& one : fields_of(*recorded, *decided)) {
    Json field = Json::object();
    field["field"] = one.field;
    field["recorded"] = one.recorded;
    field["decided"] = one.decided;
    json["fields"].push_back(std::move(field));
  }
  return json;
}

void write_difference(std::ostream& out, const Difference& difference) {
  const AnyEvent* recorded = event_at(difference.recorded, difference.part);
  const AnyEvent* decided = event_at(difference.decided, difference.part);
  out << "First difference: " << to_string(difference.position) << ", stream "
      << visible(difference.stream.text) << ", record " << difference.part + 1
      << " of its decision\n"
      << "  " << visible(difference.detail) << '\n'
      << "  recorded  " << sentence(recorded) << '\n'
      << "  decided   " << sentence(decided) << '\n';
  if (recorded == nullptr || decided == nullptr) return;
  if (recorded->index() != decided->index()) return;
  for (const FieldDifference& one : fields_of(*recorded, *decided)) {
    out << "  field " << visible(one.field) << ": recorded "
        << visible(one.recorded) << ", decided " << visible(one.decided)
        << '\n';
  }
}

}  // namespace understudy
