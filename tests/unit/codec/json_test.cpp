#include "services/codec/json.hpp"

#include <gtest/gtest.h>

#include "actors/pool/event.hpp"
#include "actors/pool/state.hpp"

namespace understudy {
namespace {

struct Everything {
  bool flag = true;
  std::uint64_t large = 18'446'744'073'709'551'615U;
  std::int64_t negative = -5;
  InstanceId instance = InstanceId::make({12}, 1, 0);
  OperationId operation{3};
  StreamId stream = StreamId::endpoint("chat");
  Instant at{1'759'536'600'123'000};
  Instant unset;
  Instant never = Instant::never();
  std::optional<std::uint32_t> nothing;
  std::optional<std::uint32_t> something = 0;
  Market market = Market::on_demand;
  std::set<InstanceId> set = {InstanceId::make({1}, 2, 3)};
  std::map<RequestId, std::string> map = {{{7}, "seven"}};
  UNDERSTUDY_FIELDS(Everything, flag, large, negative, instance, operation,
                    stream, at, unset, never, nothing, something, market, set,
                    map)
};

TEST(Json, WritesEveryKindOfField) {
  EXPECT_EQ(json_text(to_json(Everything{})),
            R"({"flag":true,"large":18446744073709551615,"negative":-5,)"
            R"("instance":"12-1-0","operation":3,"stream":"endpoint/chat",)"
            R"("at":"2025-10-04T00:10:00.123Z","unset":null,"never":null,)"
            R"("nothing":null,"something":0,"market":"on-demand",)"
            R"("set":["1-2-3"],"map":{"7":"seven"}})");
}

TEST(Json, NamesAnEvent) {
  const pool::Event event = pool::PoolReopened{{"p5", "a", Market::spot}};
  EXPECT_EQ(json_text(to_json(event)),
            R"({"type":"pool-reopened","offering":{"instance_type":"p5",)"
            R"("zone":"a","market":"spot"}})");
}

TEST(Json, WritesBytesThatAreNoText) {
  EXPECT_EQ(json_text(to_json(std::string("a\xff\n"))), "\"a\xEF\xBF\xBD\\n\"");
}

TEST(Json, WritesAState) {
  pool::State state;
  state.requests[{4}].count = 2;
  state.giving_back["i-1"] = {1'000'000};
  const Json json = to_json(state);
  EXPECT_EQ(json["requests"]["4"]["count"], 2);
  EXPECT_EQ(json["giving_back"]["i-1"], "1970-01-01T00:00:01.000Z");
}

}  // namespace
}  // namespace understudy
