#include "services/codec/command_json.hpp"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "command_bfbs_generated.h"
#include "services/codec/written_command.hpp"
#include "tests/unit/codec/schema_walk.hpp"

namespace understudy {
namespace {

using ::testing::IsEmpty;

Command accepted(const std::string& text) {
  auto command = decode_command_json(text);
  EXPECT_TRUE(command.ok()) << command.error().message;
  return command.ok() ? command.value() : Command{};
}

std::string refusal(const std::string& text) {
  const auto command = decode_command_json(text);
  if (command.ok()) return "accepted";
  EXPECT_EQ(command.error().code, ErrorCode::invalid_input);
  EXPECT_EQ(command.error().message.find('\n'), std::string::npos);
  EXPECT_LT(command.error().message.size(), 300U);
  return command.error().message;
}

/// A scale command whose wanted number is written as `desired`.
std::string scale(const std::string& desired) {
  return R"({"command":"c","endpoint":"chat","scale":{"variant":"primary",)"
         R"("desired":)" +
         desired + "}}";
}

/// A create command with one variant that holds `fields`.
std::string create(const std::string& fields) {
  return R"({"command":"c","endpoint":"chat","create":{"spec":{"variants":[{)" +
         fields + "}]}}}";
}

TEST(CommandJson, ReadsEachKind) {
  EXPECT_EQ(accepted(scale("6")),
            (Command{"chat", endpoint::ScaleVariant{"c", "primary", 6, {}}}));
  EXPECT_EQ(accepted(R"({"command": "c", "endpoint": "chat", "delete": {}})"),
            (Command{"chat", endpoint::DeleteEndpoint{"c"}}));
  EXPECT_EQ(accepted(R"({"update":{},"endpoint":"chat","command":"c"})"),
            (Command{"chat", endpoint::UpdateEndpoint{"c", {"chat", {}}}}));
}

TEST(CommandJson, ReadsASpecificationAndKeepsDefaults) {
  VariantSpec variant;
  variant.initial_count = 0;
  variant.model = "m";
  variant.scaling.enabled = true;
  variant.scaling.targets = {{ScalingMetric::in_flight_per_instance, 5}};
  variant.return_policy.mode = ReturnMode::active;
  PoolSpec pool;
  pool.instance_type = "p5";
  pool.zones = {"a", "b"};
  pool.market = Market::spot;
  pool.price_micros_per_hour = 18'446'744'073'709'551'615U;
  variant.pools = {pool};
  variant.environment = {{"B", "2"}, {"A", ""}};
  variant.routing = RoutingStrategy::random;
  variant.health.ping_path = "/up";
  EXPECT_EQ(
      accepted(create(
          R"("initial_count": 0, "model": "m", "pools": [{
               "instance_type": "p5", "zones": ["a", "b"], "market": "spot",
               "price_micros_per_hour": 18446744073709551615}],
             "environment": [{"name": "B", "value": "2"}, {"name": "A"}],
             "routing": "random", "health": {"ping_path": "/up"},
             "return_policy": {"mode": "active"},
             "scaling": {"enabled": true, "targets": [
               {"metric": "in-flight-per-instance", "target_milli": 5}]})")),
      (Command{"chat", endpoint::CreateEndpoint{"c", {"chat", {variant}}}}));
}

/// Stored, an empty path would tell of an older build.
TEST(CommandJson, NoPathIsTheDefault) {
  const auto command = accepted(create(
      R"("invocations_path": "", "health": {
           "ping_path": "", "probe_timeout_ms": 0})"));
  EXPECT_EQ(command, accepted(create("")));
}

TEST(CommandJson, SaysWhoSentIt) {
  for (const char* text :
       {R"({"command": "c", "endpoint": "chat", "delete": {}})",
        R"({"command": "c", "endpoint": "chat", "update": {}})"}) {
    Command command = accepted(text);
    attribute(command, "somebody", "00-1-2-00");
    std::visit(
        [](const auto& input) {
          EXPECT_EQ(input.principal, "somebody");
          EXPECT_EQ(input.traceparent, "00-1-2-00");
        },
        command.input);
  }
  EXPECT_EQ(refusal(R"({"command":"c","endpoint":"e","principal":"root",)"
                    R"("delete":{}})"),
            "unknown field \"principal\"; accepted: command, endpoint, "
            "create, update, scale, delete");
}

TEST(CommandJson, NamesAnUnknownField) {
  EXPECT_EQ(refusal(create(R"("colour":1)")),
            "create.spec.variants[0]: unknown field \"colour\"; accepted: "
            "name, model, initial_count, provision_timeout_s, pools, scaling, "
            "health, return_policy, cool_down, environment, routing, "
            "invocations_path");
  EXPECT_EQ(refusal("{\"a\\nb\":1}"),
            "unknown field \"a\\nb\"; accepted: command, endpoint, create, "
            "update, scale, delete");
  EXPECT_EQ(refusal(R"({"command":"c","endpoint":"e","delete":{"x":1}})"),
            "delete: unknown field \"x\"; accepted: none");
  refusal("{\"" + std::string(10'000, 'x') + "\":1}");
}

TEST(CommandJson, NamesAnEnumsValues) {
  EXPECT_EQ(refusal(create(R"("pools":[{},{"market":"sport"}])")),
            "create.spec.variants[0].pools[1].market: \"sport\"; accepted: "
            "on-demand, spot");
  EXPECT_EQ(refusal(create(R"("return_policy":{"mode":""})")),
            "create.spec.variants[0].return_policy.mode: \"\"; accepted: "
            "on-scale-in, active");
}

TEST(CommandJson, RefusesOtherTypes) {
  const std::string number = "; accepted: a whole number from 0 to 4294967295";
  EXPECT_EQ(refusal(scale("-1")), "scale.desired: -1" + number);
  EXPECT_EQ(refusal(scale("1.5")), "scale.desired: 1.5" + number);
  EXPECT_EQ(refusal(scale("4294967296")), "scale.desired: 4294967296" + number);
  EXPECT_EQ(refusal(scale("\"6\"")), "scale.desired: a text" + number);
  EXPECT_EQ(refusal(scale("true")), "scale.desired: true" + number);
  EXPECT_EQ(refusal(scale("[6]")), "scale.desired: a list" + number);
  EXPECT_EQ(refusal(scale("null")),
            "scale.desired: null" + number + ", or no such field");
  EXPECT_EQ(refusal(create(R"("model":7)")),
            "create.spec.variants[0].model: 7; accepted: a text");
  EXPECT_EQ(refusal(create(R"("scaling":{"enabled":1})")),
            "create.spec.variants[0].scaling.enabled: 1; accepted: true or "
            "false");
  EXPECT_EQ(refusal(create(R"("pools":{})")),
            "create.spec.variants[0].pools: an object; accepted: a list");
  EXPECT_EQ(refusal(R"({"command":"c","endpoint":"chat","scale":["p",6]})"),
            "scale: a list; accepted: an object");
}

TEST(CommandJson, SaysWhereTextIsNoJson) {
  EXPECT_EQ(refusal("{\n  \"command\": \"c\",,\n}"),
            "2:18: syntax error while parsing object key - unexpected ','; "
            "expected string literal");
  EXPECT_EQ(refusal("{"),
            "1:1: syntax error while parsing object key - unexpected end of "
            "input; expected string literal");
  EXPECT_THAT(refusal(""), ::testing::StartsWith("1:1: "));
  EXPECT_THAT(refusal("{\"command\": \"\xff\"}"),
              ::testing::HasSubstr("ill-formed UTF-8"));
}

TEST(CommandJson, RefusesWhatIsOnlyLikeJson) {
  for (const char* text :
       {"null", "[]", "12", "{'command':\"c\"}", "// hello\n{}", "{} {}",
        "{command: 1}", R"({"command":"c",})", "table T {}",
        R"(include "record.fbs";)", R"({"command":"\q"})",
        R"({"command":"\ud800"})"}) {
    EXPECT_NE(refusal(text), "accepted") << text;
  }
  for (const char* number :
       {"0x10", "+3", "007", "1e3", "12abc", "rad(180)", "NaN", ".5", "--1"}) {
    EXPECT_NE(refusal(scale(number)), "accepted") << number;
  }
}

TEST(CommandJson, RefusesAFieldThatIsSetTwice) {
  EXPECT_EQ(refusal(R"({"command":"c","command":"d"})"),
            "field \"command\" is set more than once");
  EXPECT_EQ(refusal(R"({"scale":{"a":1},"delete":{"a":1,"b":2,"a":3}})"),
            "field \"a\" is set more than once");
  EXPECT_NE(refusal(R"([{"a":1},{"a":1}])"),
            "field \"a\" is set more than once");
}

TEST(CommandJson, WantsExactlyOneKind) {
  EXPECT_EQ(refusal(R"({"command":"c","endpoint":"chat"})"),
            "0 kinds of command; accepted: exactly one of create, update, "
            "scale, delete");
  EXPECT_EQ(
      refusal(R"({"command":"c","endpoint":"chat","delete":{},"scale":{}})"),
      "2 kinds of command; accepted: exactly one of create, update, scale, "
      "delete");
  EXPECT_EQ(refusal(R"({"command":"c","endpoint":"chat","scale":{}})"),
            "scale.desired: missing; accepted: a number");
}

TEST(CommandJson, WantsAnIdAndAnEndpoint) {
  const std::string id =
      "; accepted: an id of 1 to 128 bytes without control characters";
  EXPECT_EQ(refusal(R"({"endpoint":"chat","delete":{}})"),
            "command: 0 bytes" + id);
  EXPECT_EQ(refusal(R"({"command":"a\u0000b","endpoint":"chat","delete":{}})"),
            "command: 3 bytes" + id);
  EXPECT_EQ(refusal(R"({"command":"c","endpoint":"ch/at","delete":{}})"),
            "endpoint: \"ch/at\"; accepted: 1 to 63 letters, digits and "
            "inner hyphens");
  EXPECT_EQ(refusal(R"({"command":"c","endpoint":"chat",)"
                    R"("create":{"spec":{"name":"talk"}}})"),
            "create.spec.name: \"talk\"; accepted: the endpoint's name, "
            "\"chat\", or no such field");
}

TEST(CommandJson, RefusesSizeAndDepth) {
  EXPECT_EQ(refusal(std::string(longest_command_bytes + 1, ' ')),
            "a command of 1048577 bytes; accepted: up to 1048576");
  const std::string deep(100'000, '[');
  EXPECT_NE(refusal(deep), "accepted");
  EXPECT_EQ(refusal(std::string(40, '[') + std::string(40, ']')),
            "nested too deep; accepted: up to 32 levels");
}

TEST(CommandJson, GoesOnAfterAnError) {
  for (int i = 0; i < 3; ++i) {
    EXPECT_NE(refusal(R"({"command":"c","command":"d"})"), "accepted");
    accepted(scale("6"));
  }
}

TEST(CommandJson, ItsSchemaIsAsItsStructsSay) {
  using Schema = fb::written::CommandBinarySchema;
  const auto& schema = *reflection::GetSchema(Schema::data());
  testing::SchemaWalk walk(schema, testing::Dialect::written);
  walk.compare_table<codec::written::Command>(*schema.root_table());
  EXPECT_EQ(walk.seen().size(), schema.objects()->size());
  EXPECT_THAT(walk.differences(), IsEmpty());
}

}  // namespace
}  // namespace understudy
