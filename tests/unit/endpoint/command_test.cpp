#include "tests/unit/endpoint/story.hpp"

namespace understudy::endpoint {
namespace {

std::string reason(const std::vector<Event>& events) {
  return one<CommandRefused>(events).reason;
}

TEST(EndpointDecider, E12_the_same_command_again_changes_nothing) {
  Story story;
  const CreateEndpoint create{"c-1", three_pools(1)};
  story.tell(create);
  EXPECT_EQ(names(story.tell(create)), "");
  ASSERT_NE(story.state.answer("c-1"), nullptr);
  EXPECT_TRUE(story.state.answer("c-1")->ok);
  const ScaleVariant scale{"c-2", "none", 3, {}};
  EXPECT_EQ(names(story.tell(scale)), "command-refused");
  EXPECT_EQ(names(story.tell(scale)), "");
  ASSERT_NE(story.state.answer("c-2"), nullptr);
  EXPECT_FALSE(story.state.answer("c-2")->ok);
  EXPECT_EQ(story.state.answer("c-2")->reason, reasons::variant_not_found);
  EXPECT_EQ(story.state.answer("c-2")->accepted, "primary");
  EXPECT_EQ(story.state.answer("c-3"), nullptr);
}

TEST(EndpointDecider, E12_the_same_id_is_the_same_command) {
  Story story;
  story.tell(CreateEndpoint{"c-1", three_pools(1)});
  EXPECT_EQ(names(story.tell(DeleteEndpoint{"c-1"})), "");
}

TEST(EndpointDecider, E12_all_kinds_of_answers_are_remembered) {
  Story story = Story::in_service(1);
  const auto twice = [&](const Input& input) {
    const std::string first = names(story.tell(input));
    EXPECT_EQ(names(story.tell(input)), "") << first;
    return first;
  };
  EXPECT_EQ(twice(ScaleVariant{"x-1", "primary", 1, {}}), "command-accepted");
  EXPECT_EQ(twice(ScaleVariant{"x-2", "primary", 0, {}}),
            "scale-in drain-requested");
  EXPECT_EQ(twice(ScaleVariant{"x-3", "primary", 1, {}}),
            "scale-out operation-opened instance-requested");
  EndpointSpec spec = story.state.spec;
  spec.variants[0].pools[0].max_concurrency = 4;
  EXPECT_EQ(twice(UpdateEndpoint{"x-4", spec}), "endpoint-updated");
  EXPECT_EQ(twice(CreateEndpoint{"x-5", spec}), "command-refused");
  twice(DeleteEndpoint{"x-6"});
  EXPECT_EQ(twice(DeleteEndpoint{"x-7"}), "command-accepted");
}

TEST(EndpointDecider, E12_the_last_128_commands_are_remembered) {
  Story story;
  for (int i = 0; i < 129; ++i)
    story.tell(DeleteEndpoint{"d-" + std::to_string(i)});
  EXPECT_EQ(story.state.answers.size(), 128U);
  EXPECT_EQ(story.state.answer("d-0"), nullptr);
  EXPECT_NE(story.state.answer("d-1"), nullptr);
  for (int i = 129; i < 400; ++i)
    story.tell(DeleteEndpoint{"d-" + std::to_string(i)});
  story.tell(CreateEndpoint{"c-1", three_pools(1)});
  // Two events of one decision name it; one answer is kept.
  story.tell(ScaleVariant{"s-1", "primary", 0, {}});
  EXPECT_EQ(story.state.answers.size(), 128U);
  EXPECT_EQ(story.state.answer("d-273"), nullptr);
  for (int i = 274; i < 400; ++i)
    EXPECT_NE(story.state.answer("d-" + std::to_string(i)), nullptr) << i;
  EXPECT_NE(story.state.answer("c-1"), nullptr);
  EXPECT_NE(story.state.answer("s-1"), nullptr);
}

TEST(EndpointDecider, E12_a_bad_command_id_is_refused_once) {
  Story story;
  for (const std::string& id :
       {std::string(), std::string("a\nb"), std::string(5'000, 'x')}) {
    const DeleteEndpoint input{id};
    EXPECT_EQ(reason(story.tell(input)), reasons::invalid_command_id);
    EXPECT_EQ(names(story.tell(input)), "");
  }
  EXPECT_EQ(story.state.answers[1].command, "a\\x0ab");
  EXPECT_EQ(story.state.answers[2].command.size(), 128U);
}

TEST(EndpointDecider, commands_need_an_endpoint) {
  Story story;
  EXPECT_EQ(reason(story.scale_to(1)), reasons::endpoint_not_found);
  EXPECT_EQ(reason(story.remove()), reasons::endpoint_not_found);
  EXPECT_EQ(reason(story.update(three_pools(1))), reasons::endpoint_not_found);
}

TEST(EndpointDecider, creation_of_what_exists_is_refused) {
  Story story;
  story.create(three_pools(1));
  EXPECT_EQ(reason(story.create(three_pools(1))), reasons::endpoint_exists);
}

TEST(EndpointDecider, E4_after_failure_only_deletion_is_accepted) {
  Story story;
  story.create(three_pools(1));
  story.wait();
  ASSERT_EQ(story.state.status, Status::failed);
  EXPECT_EQ(reason(story.create(three_pools(1))), reasons::endpoint_failed);
  EXPECT_EQ(reason(story.update(three_pools(1))), reasons::endpoint_failed);
  EXPECT_EQ(reason(story.scale_to(2)), reasons::endpoint_failed);
  EXPECT_EQ(names(story.remove()), "endpoint-deleting");
}

TEST(EndpointDecider, E11_while_deleting_only_deletion_is_accepted) {
  Story story = Story::in_service(1);
  story.remove();
  EXPECT_EQ(reason(story.create(three_pools(1))), reasons::endpoint_deleting);
  EXPECT_EQ(reason(story.update(three_pools(1))), reasons::endpoint_deleting);
  EXPECT_EQ(reason(story.scale_to(2)), reasons::endpoint_deleting);
  EXPECT_EQ(names(story.remove()), "command-accepted");
}

TEST(EndpointDecider, a_wrong_specification_is_refused_with_its_first_fault) {
  EndpointSpec spec = three_pools(1);
  spec.variants[0].pools[2].priority = 0;
  Story story;
  const auto refused = one<CommandRefused>(story.create(spec));
  EXPECT_EQ(refused.kind, "create-endpoint");
  EXPECT_EQ(refused.reason, reasons::out_of_range);
  EXPECT_EQ(refused.field, "variants[0].pools[2].priority");
  EXPECT_EQ(refused.value, "0");
  EXPECT_EQ(refused.accepted, "1 to 1000");
  EXPECT_EQ(story.state.status, Status::absent);
}

}  // namespace
}  // namespace understudy::endpoint
