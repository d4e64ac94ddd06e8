#include "services/client/event_json.hpp"

#include <utility>
#include <variant>

#include "services/rendering/positions.hpp"
#include "services/text/instant_text.hpp"
#include "services/text/line_reader.hpp"

namespace understudy {
namespace {

template <class T>
bool read(const Json& json, T& out);

template <class T>
bool read_integer(const Json& json, T& out) {
  if (!json.is_number_integer()) return false;
  if (json.is_number_unsigned()) {
    const auto wide = json.get<std::uint64_t>();
    out = static_cast<T>(wide);
    return std::in_range<T>(wide);
  }
  const auto wide = json.get<std::int64_t>();
  out = static_cast<T>(wide);
  return std::in_range<T>(wide);
}

template <class T>
bool read_list(const Json& json, T& out) {
  if (!json.is_array()) return false;
  for (const Json& one : json) {
    typename T::value_type value{};
    if (!read(one, value)) return false;
    out.insert(out.end(), std::move(value));
  }
  return true;
}

template <class K>
bool read_key(const std::string& text, K& out) {
  if constexpr (std::is_same_v<K, std::string>) {
    out = text;
    return true;
  } else if constexpr (std::is_same_v<K, InstanceId>) {
    return read(Json(text), out);
  } else {
    const auto number = parse_number(text, UINT64_MAX);
    return number && read(Json(*number), out);
  }
}

template <class T>
bool read_map(const Json& json, T& out) {
  if (!json.is_object()) return false;
  for (const auto& [name, one] : json.items()) {
    typename T::key_type key{};
    if (!read_key(name, key) || !read(one, out[key])) return false;
  }
  return true;
}

template <class T>
bool read_object(const Json& json, T& out) {
  if (!json.is_object()) return false;
  bool good = true;
  for_each_field(out, [&](std::string_view name, auto& member) {
    const auto found = json.find(std::string(name));
    // An older daemon does not know the newer fields.
    if (good && found != json.end()) good = read(*found, member);
  });
  return good;
}

template <class T>
bool read_text(const Json& json, T& out) {
  if (!json.is_string()) return false;
  const auto text = json.get<std::string>();
  if constexpr (std::is_same_v<T, std::string>) {
    out = text;
    return true;
  } else if constexpr (std::is_same_v<T, StreamId>) {
    out.text = text;
    return true;
  } else {
    std::optional<T> value;
    if constexpr (std::is_same_v<T, Instant>) {
      value = parse_instant(text);
    } else if constexpr (std::is_same_v<T, InstanceId>) {
      value = parse_instance_id(text);
    } else {
      value = parse_enum<T>(text);
    }
    if (value) out = *value;
    return value.has_value();
  }
}

template <class T>
bool read(const Json& json, T& out) {
  if constexpr (std::is_same_v<T, bool>) {
    if (json.is_boolean()) out = json.get<bool>();
    return json.is_boolean();
  } else if constexpr (std::is_integral_v<T>) {
    return read_integer(json, out);
  } else if constexpr (std::is_same_v<T, Instant>) {
    return json.is_null() || read_text(json, out);
  } else if constexpr (std::is_enum_v<T> || std::is_same_v<T, std::string> ||
                       std::is_same_v<T, StreamId> ||
                       std::is_same_v<T, InstanceId>) {
    return read_text(json, out);
  } else if constexpr (StrongId<T>) {
    return read_integer(json, out.value);
  } else if constexpr (is_optional<T>::value) {
    return json.is_null() || read(json, out.emplace());
  } else if constexpr (is_map<T>::value) {
    return read_map(json, out);
  } else if constexpr (is_vector<T>::value || is_set<T>::value) {
    return read_list(json, out);
  } else {
    return read_object(json, out);
  }
}

template <std::size_t I = 0>
std::optional<AnyEvent> read_alternative(const std::string& type,
                                         const Json& data) {
  if constexpr (I == std::variant_size_v<AnyEvent>) {
    return std::nullopt;
  } else {
    using Event = std::variant_alternative_t<I, AnyEvent>;
    if (type != Event::name) return read_alternative<I + 1>(type, data);
    Event event{};
    if (!read_object(data, event)) return std::nullopt;
    return AnyEvent(std::move(event));
  }
}

std::string text_of(const Json& json, const char* name) {
  const auto found = json.find(name);
  return found != json.end() && found->is_string() ? found->get<std::string>()
                                                   : std::string();
}

}  // namespace

std::optional<AnyEvent> read_event_json(const std::string& type,
                                        const Json& data) {
  return read_alternative(type, data);
}

std::optional<Record> read_cloud_event(const Json& json) {
  if (!json.is_object() || !json.contains("data")) return std::nullopt;
  const auto position = parse_position(text_of(json, "id"));
  const auto time = parse_instant(text_of(json, "time"));
  const auto stream = StreamId::parse(text_of(json, "subject"));
  auto event = read_event_json(text_of(json, "type"), json["data"]);
  if (!position || !time || !stream || !event) return std::nullopt;
  Record record;
  record.sequence = *position;
  record.time = *time;
  record.stream = *stream;
  record.version =
      parse_number(text_of(json, "streamversion"), UINT64_MAX).value_or(0);
  record.event = *std::move(event);
  return record;
}

}  // namespace understudy
