#include "services/client/event_json.hpp"

#include <sstream>

#include <gtest/gtest.h>

#include "services/rendering/event_line.hpp"
#include "tests/support/small_story.hpp"

namespace understudy {
namespace {

std::string line(const Record& record) {
  std::ostringstream out;
  write_event_line(out, record);
  return out.str();
}

TEST(EventJson, a_record_that_came_as_json_reads_like_the_one_of_the_log) {
  const TinyRuntime story = small_story();
  for (const Record& record : story.records()) {
    const auto read = read_cloud_event(cloud_event(record));
    ASSERT_TRUE(read) << json_text(cloud_event(record));
    EXPECT_EQ(line(*read), line(record));
    EXPECT_EQ(to_json(read->event), to_json(record.event));
  }
}

TEST(EventJson, what_this_build_does_not_know_is_nothing) {
  EXPECT_FALSE(read_event_json("meteor-struck", Json::object()));
  EXPECT_FALSE(read_event_json("pool-reopened", Json::array()));
  EXPECT_FALSE(read_event_json("pool-reopened", {{"offering", 3}}));
  EXPECT_FALSE(read_cloud_event(Json::object()));
  EXPECT_FALSE(read_cloud_event(nullptr));
}

TEST(EventJson, fields_of_another_release_do_no_harm) {
  EXPECT_TRUE(read_event_json("pool-reopened", Json::object()));
  EXPECT_TRUE(read_event_json("pool-reopened", {{"mood", "sunny"}}));
}

}  // namespace
}  // namespace understudy
