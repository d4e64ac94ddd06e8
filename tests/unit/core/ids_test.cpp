#include "actors/core/ids.hpp"

#include <string>

#include <gtest/gtest.h>

namespace understudy {
namespace {

TEST(InstanceId, tells_its_request_attempt_and_index) {
  const auto id = InstanceId::make(RequestId{0xffff'fffe}, 0xfffd, 0xfffc);
  EXPECT_EQ(id.request(), RequestId{0xffff'fffe});
  EXPECT_EQ(id.attempt(), 0xfffd);
  EXPECT_EQ(id.index(), 0xfffc);
  EXPECT_EQ(InstanceId::make(RequestId{1}, 2, 3).value, 0x1'0002'0003U);
}

TEST(InstanceId, sorts_in_the_order_of_making) {
  const auto first = InstanceId::make(RequestId{1}, 0xffff, 0xffff);
  const auto second = InstanceId::make(RequestId{2}, 1, 0);
  EXPECT_LT(first, second);
  EXPECT_LT(InstanceId::make(RequestId{2}, 1, 9),
            InstanceId::make(RequestId{2}, 2, 0));
}

TEST(InstanceId, text_goes_both_ways) {
  const auto id = InstanceId::make(RequestId{12}, 3, 0);
  EXPECT_EQ(to_string(id), "12-3-0");
  EXPECT_EQ(parse_instance_id("12-3-0"), id);
  const auto top = InstanceId::make(RequestId{0xffff'ffff}, 0xffff, 0xffff);
  EXPECT_EQ(parse_instance_id("4294967295-65535-65535"), top);
}

TEST(InstanceId, other_text_is_refused) {
  for (const char* text :
       {"", "1", "1-2", "1-2-", "1-2-3-", "1-2-3-4", "-1-2-3", "1--2-3",
        "a-b-c", "1-2-3 ", " 1-2-3", "+1-2-3", "4294967296-0-0", "0-65536-0",
        "0-0-65536", "99999999999999999999-0-0"}) {
    EXPECT_FALSE(parse_instance_id(text)) << text;
  }
}

TEST(Ids, numbers_as_text) {
  EXPECT_EQ(to_string(OperationId{18'446'744'073'709'551'615U}),
            "18446744073709551615");
  EXPECT_EQ(to_string(RequestId{7}), "7");
}

TEST(StreamId, four_forms) {
  const auto instance = InstanceId::make(RequestId{1}, 2, 3);
  EXPECT_EQ(StreamId::endpoint("chat").text, "endpoint/chat");
  EXPECT_EQ(StreamId::pool("chat", "primary", "p5.48xlarge").text,
            "pool/chat/primary/p5.48xlarge");
  EXPECT_EQ(StreamId::instance("chat", instance).text, "instance/chat/1-2-3");
  EXPECT_EQ(StreamId::autoscaler("chat", "primary").text,
            "autoscaler/chat/primary");
}

TEST(StreamId, is_parsed_into_its_parts) {
  const auto id = StreamId::parse("pool/chat/primary/p5.48xlarge");
  ASSERT_TRUE(id);
  EXPECT_EQ(id->kind(), ActorKind::pool);
  EXPECT_EQ(id->endpoint_name(), "chat");
  EXPECT_EQ(id->part(1), "primary");
  EXPECT_EQ(id->part(2), "p5.48xlarge");
  EXPECT_EQ(id->part(3), "");
  EXPECT_EQ(StreamId::parse("endpoint/chat")->kind(), ActorKind::endpoint);
  EXPECT_EQ(StreamId::parse("instance/chat/1-2-3")->kind(),
            ActorKind::instance);
  EXPECT_EQ(StreamId::parse("autoscaler/chat/v")->kind(),
            ActorKind::autoscaler);
}

TEST(StreamId, other_text_is_refused) {
  for (const char* text :
       {"", "endpoint", "endpoint/", "endpoint//", "endpoint/a/b", "pool/a/b",
        "pool/a/b/c/d", "pool/a//c", "pool/a/b/", "robot/a", "Endpoint/a",
        "endpoint/a b", "/endpoint/a", "instance/a", "autoscaler/a"}) {
    EXPECT_FALSE(StreamId::parse(text)) << text;
  }
}

TEST(Names, follow_the_reference) {
  const std::string longest(63, 'a');
  for (const auto& name :
       {std::string("a"), std::string("A-9"), std::string("a--b"), longest}) {
    EXPECT_TRUE(valid_name(name)) << name;
    EXPECT_TRUE(valid_pool_name(name)) << name;
  }
  for (const auto& name :
       {std::string(), std::string("-a"), std::string("a-"), std::string("a b"),
        std::string("a/b"), std::string("\xc3\xa4"), longest + "a"}) {
    EXPECT_FALSE(valid_name(name)) << name;
    EXPECT_FALSE(valid_pool_name(name)) << name;
  }
}

TEST(Names, pools_may_be_called_like_instance_types) {
  EXPECT_TRUE(valid_pool_name("ml.p5.48xlarge"));
  EXPECT_TRUE(valid_pool_name("spot_h100"));
  EXPECT_FALSE(valid_name("ml.p5"));
  EXPECT_FALSE(valid_name("a_b"));
  EXPECT_FALSE(valid_pool_name(".p5"));
  EXPECT_FALSE(valid_pool_name("p5_"));
}

}  // namespace
}  // namespace understudy
