// The table that `schema` prints against the fields that there are and the
// rules that are applied.

#include "services/rendering/schema.hpp"

#include <functional>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "actors/core/ids.hpp"
#include "actors/endpoint/validate.hpp"

namespace understudy {
namespace {

using Type = SchemaField::Type;

void each_field(const SchemaField& field,
                const std::function<void(const SchemaField&)>& visit) {
  for (const SchemaField& one : field.children) {
    visit(one);
    each_field(one, visit);
  }
}

SchemaField schema(const std::string& name) {
  auto made = schema_of(name);
  EXPECT_TRUE(made.ok());
  return std::move(made).value();
}

/// Every range of the validator can be reached from here.
EndpointSpec base() {
  PoolSpec pool;
  pool.instance_type = "gpu";
  pool.zones = {"zone-a"};
  VariantSpec variant;
  variant.pools = {pool};
  variant.scaling.enabled = true;
  variant.scaling.min_count = 0;
  variant.scaling.max_count = endpoint::limits::instances;
  variant.scaling.targets = {{ScalingMetric::in_flight_per_instance, 700}};
  variant.cool_down.base_ms = 1'000;
  EndpointSpec spec;
  spec.name = "chat";
  spec.variants = {variant};
  return endpoint::with_defaults(spec);
}

/// Sets the number at a path such as `variants[].pools[].priority`.
template <class T>
bool set_number(T& value, std::string_view path, std::uint64_t number) {
  if constexpr (Described<T>) {
    bool done = false;
    for_each_field(value, [&](std::string_view name, auto& member) {
      if (done || !path.starts_with(name)) return;
      std::string_view rest = path.substr(name.size());
      if (!rest.empty() && rest.front() != '.' && rest.front() != '[') return;
      if (rest.starts_with('.')) rest.remove_prefix(1);
      done = set_number(member, rest, number);
    });
    return done;
  } else if constexpr (is_vector<T>::value) {
    if (!path.starts_with("[]")) return false;
    path.remove_prefix(2);
    if (path.starts_with('.')) path.remove_prefix(1);
    return set_number(value.front(), path, number);
  } else if constexpr (std::is_integral_v<T> && !std::is_same_v<T, bool>) {
    value = static_cast<T>(number);
    return path.empty();
  } else {
    return false;
  }
}

std::string first_entries(std::string path) {
  for (auto at = path.find("[]"); at != std::string::npos;
       at = path.find("[]", at + 3)) {
    path.insert(at + 1, "0");
  }
  return path;
}

bool accepts(const EndpointSpec& spec, const std::string& path) {
  for (const auto& one : endpoint::validate(spec)) {
    if (one.field == first_entries(path)) return false;
  }
  return true;
}

TEST(Schema, every_field_is_described_and_nothing_else_is) {
  for (const char* name : {"endpoint", "scenario"}) {
    std::set<std::string_view> described;
    each_field(schema(name), [&](const SchemaField& field) {
      // The entry of a list of objects, or of a delay, needs no words.
      if (field.name.empty() && field.type == Type::object) return;
      EXPECT_NE(field.note, nullptr) << name << ": " << field.path;
      if (field.note != nullptr) described.insert(field.note->path);
    });
    for (const FieldNote& note : endpoint_notes()) {
      EXPECT_TRUE(described.contains(note.path)) << name << ": " << note.path;
    }
    if (std::string_view(name) != "scenario") continue;
    for (const FieldNote& note : scenario_notes()) {
      EXPECT_TRUE(described.contains(note.path)) << note.path;
    }
  }
}

TEST(Schema, ranges_are_those_of_the_validator) {
  ASSERT_TRUE(endpoint::validate(base()).empty());
  std::size_t tried = 0;
  each_field(schema("endpoint"), [&](const SchemaField& field) {
    if (field.type != Type::number) return;
    const auto with = [&](std::uint64_t number) {
      EndpointSpec spec = base();
      EXPECT_TRUE(set_number(spec, field.path, number)) << field.path;
      return accepts(spec, field.path);
    };
    ++tried;
    EXPECT_TRUE(with(field.low())) << field.path << " lowest";
    EXPECT_TRUE(with(field.high())) << field.path << " highest";
    ASSERT_LT(field.high(), field.type_max) << field.path << " has no bound";
    EXPECT_FALSE(with(field.high() + 1)) << field.path << " above";
    if (field.low() != 0) {
      EXPECT_FALSE(with(field.low() - 1)) << field.path << " below";
    }
  });
  EXPECT_EQ(tried, 27U);
}

TEST(Schema, lengths_of_lists_are_those_of_the_validator) {
  const auto variants = [](std::size_t count) {
    EndpointSpec spec = base();
    spec.variants.resize(count, spec.variants.front());
    return accepts(spec, "variants");
  };
  const auto pools = [](std::size_t count) {
    EndpointSpec spec = base();
    auto& all = spec.variants[0].pools;
    all.resize(count, all.front());
    return accepts(spec, "variants[].pools");
  };
  const auto zones = [](std::size_t count) {
    EndpointSpec spec = base();
    spec.variants[0].pools[0].zones.resize(count, "z");
    return accepts(spec, "variants[].pools[].zones");
  };
  const auto variables = [](std::size_t count) {
    EndpointSpec spec = base();
    spec.variants[0].environment.resize(count);
    return accepts(spec, "variants[].environment");
  };
  each_field(schema("endpoint"), [&](const SchemaField& field) {
    if (field.type != Type::list || field.name == "targets") return;
    const std::map<std::string, std::function<bool(std::size_t)>> all = {
        {"variants", variants},
        {"pools", pools},
        {"zones", zones},
        {"environment", variables}};
    ASSERT_TRUE(all.contains(field.name)) << field.path;
    const auto& with = all.at(field.name);
    if (field.low() != 0) {
      EXPECT_FALSE(with(field.low() - 1)) << field.path;
    }
    EXPECT_TRUE(with(field.low())) << field.path;
    EXPECT_TRUE(with(field.high())) << field.path;
    EXPECT_FALSE(with(field.high() + 1)) << field.path;
  });
}

TEST(Schema, patterns_are_the_rules_for_names) {
  const Json json = json_schema(schema("endpoint"));
  const std::regex name(
      json["properties"]["name"]["pattern"].get<std::string>());
  const Json& pool = json["properties"]["variants"]["items"]["properties"]
                         ["pools"]["items"]["properties"];
  const std::regex pool_name(
      pool["instance_type"]["pattern"].get<std::string>());
  for (const std::string& text :
       {std::string("a"), std::string("a-b"), std::string("-a"),
        std::string("a-"), std::string("a.b"), std::string("a_b"),
        std::string("a b"), std::string("A9"), std::string(63, 'x'),
        std::string(64, 'x'), std::string(".a"), std::string("a.")}) {
    EXPECT_EQ(std::regex_match(text, name), valid_name(text)) << text;
    EXPECT_EQ(std::regex_match(text, pool_name), valid_pool_name(text)) << text;
  }
}

TEST(Schema, patterns_are_the_rules_for_the_contract) {
  const Json json = json_schema(schema("endpoint"));
  const Json& variant = json["properties"]["variants"]["items"]["properties"];
  const std::regex path(
      variant["invocations_path"]["pattern"].get<std::string>());
  for (const std::string text :
       {"", "/", "/a", "a", "/a b", "/a?", "/a#", "/\"", "/'", "/`", "/\\",
        "/~!$%&()*+,-.:;<=>@[]^_{|}", "/\x7f"}) {
    EndpointSpec spec = base();
    spec.variants[0].invocations_path = text;
    EXPECT_EQ(std::regex_match(text, path),
              accepts(spec, "variants[].invocations_path"))
        << text;
  }
  const std::regex name(
      variant["environment"]["items"]["properties"]["name"]["pattern"]
          .get<std::string>());
  for (const std::string text : {"", "A", "_9", "9", "A-B", "UNDERSTUDY_",
                                 "UNDERSTUDY", "A UNDERSTUDY_"}) {
    EndpointSpec spec = base();
    spec.variants[0].environment = {{text, ""}};
    EXPECT_EQ(std::regex_match(text, name),
              accepts(spec, "variants[].environment[].name"))
        << text;
  }
}

TEST(Schema, as_json_schema) {
  const Json json = json_schema(schema("endpoint"));
  EXPECT_EQ(json["$schema"], "https://json-schema.org/draft/2020-12/schema");
  EXPECT_EQ(json["required"], Json::array({"name", "variants"}));
  EXPECT_EQ(json["additionalProperties"], false);
  const Json& pool =
      json["properties"]["variants"]["items"]["properties"]["pools"]["items"];
  EXPECT_EQ(pool["required"], Json::array({"instance_type", "zones"}));
  EXPECT_EQ(pool["properties"]["priority"]["minimum"], 1);
  EXPECT_EQ(pool["properties"]["priority"]["maximum"], 1'000);
  EXPECT_EQ(pool["properties"]["market"]["enum"],
            Json::array({"on-demand", "spot"}));
  EXPECT_EQ(pool["properties"]["market"]["default"], "on-demand");
  const Json scenario = json_schema(schema("scenario"));
  EXPECT_EQ(scenario["properties"]["endpoint"]["required"],
            Json::array({"name", "variants"}));
  EXPECT_EQ(scenario["properties"]["loads"]["items"]["properties"]["profile"]
                    ["properties"]["pool_service_time_ms"]
                    ["additionalProperties"]["maximum"],
            3'600'000);
}

TEST(Schema, an_unknown_name_is_told_the_known_ones) {
  const auto none = schema_of("pool");
  ASSERT_FALSE(none.ok());
  EXPECT_EQ(none.error().message,
            "there is no schema 'pool'; accepted: endpoint, scenario");
}

}  // namespace
}  // namespace understudy
