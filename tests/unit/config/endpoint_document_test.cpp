#include "services/config/endpoint_document.hpp"

#include <string>
#include <vector>

#include <gmock/gmock.h>

namespace understudy {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

const std::string good = R"(name: chat
variants:
  - model: chat-8b
    initial_count: 2
    pools:
      - instance_type: h100
        zones: [west-b, west-a]
        market: spot
        max_concurrency: 64
        price_micros_per_hour: 2600000
      - name: spare
        instance_type: l40
        zones:
          - east-a
        priority: 2
    scaling:
      enabled: true
      min_count: 1
      max_count: 9
      targets:
        - {metric: weighted-utilisation, target_milli: 700}
)";

std::string replaced(std::string text, const std::string& what,
                     const std::string& with) {
  const auto at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return text.replace(at, what.size(), with);
}

std::string message(const std::string& text) {
  const auto read = parse_endpoint("e.yaml", text);
  EXPECT_FALSE(read.ok()) << text;
  return read.ok() ? "" : read.error().message;
}

TEST(EndpointDocument, Reads_fields_by_their_names) {
  const auto read = parse_endpoint("e.yaml", good);
  ASSERT_TRUE(read.ok()) << read.error().message;
  const EndpointSpec& spec = read.value().spec;
  EXPECT_EQ(spec.name, "chat");
  ASSERT_EQ(spec.variants.size(), 1U);
  const VariantSpec& variant = spec.variants[0];
  EXPECT_EQ(variant.name, "primary");
  EXPECT_EQ(variant.initial_count, 2U);
  ASSERT_EQ(variant.pools.size(), 2U);
  EXPECT_EQ(variant.pools[0].offering(1),
            (Offering{"h100", "west-a", Market::spot}));
  EXPECT_EQ(variant.pools[0].name, "h100") << "default: the instance type";
  EXPECT_EQ(variant.pools[0].quota_family, "h100/spot");
  EXPECT_EQ(variant.pools[0].price_micros_per_hour, 2'600'000U);
  EXPECT_EQ(variant.pools[1].priority, 2U);
  EXPECT_TRUE(variant.scaling.enabled);
  EXPECT_EQ(variant.scaling.targets[0].target_milli, 700U);
  EXPECT_EQ(variant.scaling.window_ms, 60'000U) << "default";
}

TEST(EndpointDocument, Reads_json_alike) {
  const auto read = parse_endpoint("e.json", R"({
	"name": "chat",
	"variants": [{"model": "chat-8b", "initial_count": 2,
	  "pools": [{"instance_type": "h100", "zones": ["west-b"],
	             "market": "spot", "priority": 3}],
	  "scaling": {"enabled": false}}]
})");
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read.value().spec.variants[0].pools[0].priority, 3U);
  EXPECT_EQ(read.value().spec.variants[0].pools[0].market, Market::spot);
}

TEST(EndpointDocument, Remembers_where_fields_stand) {
  const auto read = parse_endpoint("e.yaml", good);
  ASSERT_TRUE(read.ok());
  const Places& places = read.value().places;
  EXPECT_EQ(places.find("variants[0].pools[1].priority").line, 15);
  EXPECT_EQ(places.find("variants[0].pools[0].zones[1]").line, 7);
  EXPECT_EQ(places.find("variants[0].pools[0].zones[1]").column, 25);
}

struct Bad {
  std::string what;
  std::string with;
  std::string where_and_what;
  std::string accepted;
};

TEST(EndpointDocument, Bad_input_is_refused_with_its_place) {
  const std::string u32 = "a whole number from 0 to 4294967295";
  const std::vector<Bad> cases = {
      {"    initial_count: 2", "    initial: 2",
       "e.yaml:4:5: variants[0].initial: unknown field", "invocations_path"},
      {"initial_count: 2", "initial_count: two",
       "e.yaml:4:20: variants[0].initial_count: 'two'", u32},
      {"initial_count: 2", "initial_count: \"2\"",
       "e.yaml:4:20: variants[0].initial_count: '2'", u32},
      {"initial_count: 2", "initial_count: -2",
       "e.yaml:4:20: variants[0].initial_count: '-2'", u32},
      {"initial_count: 2", "initial_count: 4294967296",
       "e.yaml:4:20: variants[0].initial_count: '4294967296'", u32},
      {"initial_count: 2", "initial_count: 2.5",
       "e.yaml:4:20: variants[0].initial_count: '2.5'", u32},
      {"initial_count: 2", "initial_count: [2]",
       "e.yaml:4:20: variants[0].initial_count: a list", u32},
      {"initial_count: 2", "initial_count:",
       "e.yaml:4:5: variants[0].initial_count: no value", u32},
      {"initial_count: 2", "model: again",
       "e.yaml:4:5: variants[0].model: given twice", "each field once"},
      {"market: spot", "market: cheap",
       "e.yaml:8:17: variants[0].pools[0].market: 'cheap'", "on-demand, spot"},
      {"enabled: true", "enabled: yes",
       "e.yaml:17:16: variants[0].scaling.enabled: 'yes'", "true, false"},
      {"[west-b, west-a]", "west-b",
       "e.yaml:7:16: variants[0].pools[0].zones: 'west-b'", "a list"},
      {"name: chat\n", "name: [chat]\n", "e.yaml:1:7: name: a list", "text"},
      {"name: chat\n", "", "e.yaml:1:1: missing name", "name, variants"},
      {"        zones:\n          - east-a\n", "",
       "e.yaml:11:9: variants[0].pools[1]: missing zones", "quota_family"},
      {"  - model: chat-8b", "  - model: [chat-8b", "e.yaml:", "YAML or JSON"},
      {"variants:\n", "variants:\n\t", "e.yaml:", "YAML or JSON"},
  };
  for (const Bad& bad : cases) {
    const std::string said = message(replaced(good, bad.what, bad.with));
    EXPECT_THAT(said, StartsWith(bad.where_and_what)) << bad.with;
    EXPECT_THAT(said, EndsWith(bad.accepted)) << bad.with;
    EXPECT_THAT(said, HasSubstr("; accepted: "));
    EXPECT_THAT(said, Not(HasSubstr("\n")));
  }
}

TEST(EndpointDocument, Broken_rules_are_refused_with_their_place) {
  EXPECT_THAT(message(replaced(good, "priority: 2", "priority: 0")),
              StartsWith("e.yaml:15:19: variants[0].pools[1].priority: 0"));
  EXPECT_THAT(message(replaced(good, "name: spare", "name: h100")),
              StartsWith("e.yaml:11:15: variants[0].pools[1].name: "));
  EXPECT_THAT(message("name: chat\nvariants:\n  - pools: []\n"),
              StartsWith("e.yaml:3:12: variants[0].pools: 0 entries"));
  EXPECT_THAT(message(replaced(good, "name: chat", "name: \"a\\tb\"")),
              StartsWith("e.yaml:1:7: name: "));
  EXPECT_THAT(
      message(replaced(good, "name: chat", "name: " + std::string(64, 'x'))),
      StartsWith("e.yaml:1:7: name: "));
}

TEST(EndpointDocument, A_thousand_pools_are_too_many) {
  std::string text = "name: chat\nvariants:\n  - pools:\n";
  for (int i = 0; i < 1000; ++i) {
    text += "      - {name: p" + std::to_string(i) +
            ", instance_type: h100, zones: [a]}\n";
  }
  EXPECT_THAT(message(text), HasSubstr("variants[0].pools: 1000 entries"));
}

TEST(EndpointDocument, One_document_and_no_less) {
  EXPECT_THAT(message(""), StartsWith("e.yaml:1:1: an empty file"));
  EXPECT_THAT(message("# nothing\n"), StartsWith("e.yaml:1:1: an empty file"));
  EXPECT_THAT(message(good + "---\n" + good),
              StartsWith("e.yaml:1:1: 2 documents"));
  EXPECT_THAT(message("just text"), HasSubstr("'just text'"));
  EXPECT_THAT(message("- a\n- b\n"), HasSubstr("a list; accepted: name, "));
  EXPECT_THAT(message(std::string("\0\x01\xff", 3)), HasSubstr("accepted"));
}

TEST(EndpointDocument, Endless_input_ends) {
  EXPECT_THAT(message(std::string(100'000, '[')), HasSubstr("malformed"));
  EXPECT_THAT(message(std::string(100'000, '{')), HasSubstr("malformed"));
  // Ten lists of ten aliases each, one within the other, would be 10^9.
  std::string bomb = "a0: &a0 [x]\n";
  for (int i = 1; i < 10; ++i) {
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
    for (int j = 0; j < 10; ++j)
      bomb += (j > 0 ? ", *a" : "*a") + std::to_string(i - 1);
    bomb += "]\n";
  }
  EXPECT_THAT(message(bomb), HasSubstr("a0: unknown field"));
  std::string pools = "name: chat\nvariants:\n  - &v\n    pools: &p\n";
  for (int i = 0; i < 500; ++i)
    pools += "      - {instance_type: h100, zones: [a, b, c, d]}\n";
  for (int i = 0; i < 500; ++i)
    pools += "  - *v\n";
  EXPECT_THAT(message(pools), HasSubstr("too many values"));
}

TEST(EndpointDocument, Files_that_are_not_there) {
  const auto read = read_endpoint("no/such/file.yaml");
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace understudy
