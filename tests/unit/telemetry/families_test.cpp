// The table itself, and the documentation beside it.

#include "services/telemetry/families.hpp"

#include <algorithm>
#include <fstream>
#include <set>
#include <string>

#include <gtest/gtest.h>

namespace understudy::telemetry {
namespace {

TEST(Families, stand_in_the_order_of_their_ids_with_unique_names) {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < families().size(); ++i) {
    EXPECT_EQ(static_cast<std::size_t>(families()[i].id), i);
    EXPECT_TRUE(names.insert(families()[i].name).second) << families()[i].name;
  }
  EXPECT_EQ(families().back().id, Family::process_start_time);
}

TEST(Families, are_named_by_their_type_and_unit) {
  for (const FamilySpec& one : families()) {
    EXPECT_TRUE(one.name.starts_with("understudy_") ||
                one.name.starts_with("process_"))
        << one.name;
    EXPECT_EQ(one.name.ends_with("_total"), one.type == FamilyType::counter)
        << one.name;
    const bool timed = one.name.find("_seconds") != std::string_view::npos;
    EXPECT_EQ(timed, one.unit == "seconds") << one.name;
    EXPECT_EQ(one.buckets.empty(), one.type != FamilyType::histogram)
        << one.name;
    EXPECT_TRUE(std::ranges::is_sorted(one.buckets)) << one.name;
    EXPECT_TRUE(one.help.ends_with(".")) << one.name;
  }
}

TEST(Families, have_no_label_that_grows_with_history) {
  const std::set<std::string_view> accepted{
      "endpoint", "variant", "pool",      "instance_type", "reason",
      "kind",     "state",   "route",     "method",        "code",
      "phase",    "version", "direction", "condition"};
  for (const FamilySpec& one : families()) {
    for (const std::string_view label : one.labels)
      EXPECT_TRUE(accepted.contains(label)) << one.name << " " << label;
  }
}

/// A row of the documentation's table for a family.
std::string row_of(const FamilySpec& one) {
  const std::string_view types[] = {"counter", "gauge", "histogram"};
  const std::string_view stabilities[] = {"stable", "alpha"};
  std::string labels;
  for (const std::string_view label : one.labels)
    labels += (labels.empty() ? "" : ", ") + std::string(label);
  return "| `" + std::string(one.name) + "` | " +
         std::string(types[static_cast<int>(one.type)]) + " | " + labels +
         " | " + std::string(stabilities[static_cast<int>(one.stability)]) +
         " | " + std::string(one.help) + " |";
}

TEST(Families, are_documented_one_row_each_and_no_other) {
  std::ifstream file(UNDERSTUDY_SOURCE_DIR "/services/telemetry/README.md");
  std::set<std::string> rows;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("| `understudy_") || line.starts_with("| `process_")) {
      rows.insert(line);
    }
  }
  for (const FamilySpec& one : families())
    EXPECT_EQ(rows.erase(row_of(one)), 1U) << "accepted:\n" << row_of(one);
  for (const std::string& row : rows)
    ADD_FAILURE() << "no family is described so: " << row;
}

}  // namespace
}  // namespace understudy::telemetry
