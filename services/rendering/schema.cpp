#include "services/rendering/schema.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <type_traits>

#include "services/config/required.hpp"
#include "services/config/scenario.hpp"
#include "services/text/line_reader.hpp"

namespace understudy {
namespace {

using Type = SchemaField::Type;

constexpr std::array<std::string_view, 2> names = {"endpoint", "scenario"};
constexpr std::string_view delay_low = "At least";
constexpr std::string_view delay_high = "At most; min_ms at least";

const FieldNote* find(std::span<const FieldNote> notes, std::string_view path) {
  const auto found =
      std::find_if(notes.begin(), notes.end(),
                   [path](const FieldNote& one) { return one.path == path; });
  return found == notes.end() ? nullptr : &*found;
}

/// Every delay of a scenario is a pair of the same two fields.
const FieldNote* delay_note(std::string_view path) {
  static constexpr FieldNote low{"min_ms", delay_low};
  static constexpr FieldNote high{"max_ms", delay_high};
  if (!path.starts_with("world.")) return nullptr;
  if (path.ends_with(".min_ms")) return &low;
  return path.ends_with(".max_ms") ? &high : nullptr;
}

/// Builds the tree below one kind of document.
class Builder {
 public:
  explicit Builder(bool scenario) : scenario_(scenario) {}

  template <class T>
  SchemaField field(std::string name, std::string path, const T& value) const {
    SchemaField made;
    made.name = std::move(name);
    made.note = note_of(path);
    made.path = std::move(path);
    fill(made, value);
    return made;
  }

 private:
  [[nodiscard]] const FieldNote* note_of(std::string_view path) const {
    constexpr std::string_view inner = "endpoint.";
    if (!scenario_) return find(endpoint_notes(), path);
    if (path.starts_with(inner)) {
      return find(endpoint_notes(), path.substr(inner.size()));
    }
    const FieldNote* note = find(scenario_notes(), path);
    return note == nullptr ? delay_note(path) : note;
  }

  template <class T>
  void fill(SchemaField& made, const T& value) const {
    if constexpr (Described<T>) {
      made.type = Type::object;
      for_each_field(value, [&](std::string_view name, const auto& member) {
        const std::string inner(name);
        made.children.push_back(
            field(inner, made.path.empty() ? inner : made.path + '.' + inner,
                  member));
        const auto& required = required_fields<T>;
        made.children.back().required =
            std::find(required.begin(), required.end(), name) != required.end();
      });
    } else if constexpr (is_vector<T>::value) {
      made.type = Type::list;
      made.children.push_back(
          field({}, made.path + "[]", typename T::value_type{}));
    } else if constexpr (is_map<T>::value) {
      made.type = Type::map;
      made.children.push_back(
          field({}, made.path + "[]", typename T::mapped_type{}));
    } else {
      fill_scalar(made, value);
    }
  }

  template <class T>
  static void fill_scalar(SchemaField& made, const T& value) {
    made.fallback = to_json(value);
    if constexpr (DescribedEnum<T>) {
      made.type = Type::choice;
      constexpr auto all = names_of(T{});
      made.choices.assign(all.begin(), all.end());
    } else if constexpr (std::is_same_v<T, bool>) {
      made.type = Type::boolean;
    } else if constexpr (std::is_integral_v<T>) {
      made.type = Type::number;
      made.type_max = std::numeric_limits<T>::max();
    } else {
      static_assert(std::is_same_v<T, std::string>);
      made.type = Type::text;
    }
  }

  bool scenario_;
};

}  // namespace

std::uint64_t SchemaField::high() const {
  const std::uint64_t noted =
      note == nullptr ? FieldNote::unbounded : note->high;
  return type == Type::number ? std::min(noted, type_max) : noted;
}

std::span<const std::string_view> schema_names() { return names; }

Result<SchemaField> schema_of(std::string_view name) {
  const bool scenario = name == "scenario";
  if (!scenario && name != "endpoint") {
    return Error{ErrorCode::invalid_input,
                 "there is no schema " + in_quotes(name) +
                     "; accepted: endpoint, scenario"};
  }
  const Builder builder(scenario);
  return scenario ? builder.field("scenario", {}, Scenario{})
                  : builder.field("endpoint", {}, EndpointSpec{});
}

}  // namespace understudy
