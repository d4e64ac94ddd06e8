#include "services/config/places.hpp"

#include <gtest/gtest.h>

namespace understudy {
namespace {

TEST(Places, Finds_a_field_or_the_nearest_around_it) {
  Places places("f.yaml");
  places.note("", {1, 1});
  places.note("variants[0]", {4, 5});
  places.note("variants[0].pools[2].priority", {9, 17});
  EXPECT_EQ(places.find("variants[0].pools[2].priority").line, 9);
  EXPECT_EQ(places.find("variants[0].pools[2].name").line, 4);
  EXPECT_EQ(places.find("variants[0].pools").column, 5);
  EXPECT_EQ(places.find("name").line, 1);
}

TEST(Places, Says_file_line_column_and_field) {
  Places places("f.yaml");
  places.note("name", {2, 7});
  EXPECT_EQ(places.error("name", "'-' is no name", "letters").message,
            "f.yaml:2:7: name: '-' is no name; accepted: letters");
  EXPECT_EQ(places.error("", "a list", "a mapping").message,
            "f.yaml:1:1: a list; accepted: a mapping");
  EXPECT_EQ(places.error("a\nb", "x", "y").message,
            "f.yaml:1:1: a?b: x; accepted: y");
}

}  // namespace
}  // namespace understudy
