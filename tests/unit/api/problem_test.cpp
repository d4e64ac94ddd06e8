#include "services/api/problem.hpp"

#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

#include "services/api/head.hpp"

namespace understudy {
namespace {

std::string text_of(const std::string& path) {
  std::ifstream file(std::string(UNDERSTUDY_SOURCE_DIR) + '/' + path);
  std::ostringstream text;
  text << file.rdbuf();
  EXPECT_FALSE(text.str().empty()) << path;
  return text.str();
}

TEST(Problem, SaysWhatWasWrongAndWhereItIsExplained) {
  Problem problem;
  problem.reason = "out-of-range";
  problem.detail = "a line\nand \"more\"";
  problem.field = "scale.desired";
  problem.position = 7;
  problem.more["extra"] = 1;
  const ApiAnswer answer = answer_of(problem);
  EXPECT_EQ(answer.status, 422);
  EXPECT_EQ(answer.content_type, "application/problem+json");
  const Json json = Json::parse(answer.body);
  EXPECT_EQ(json["type"], "/docs/problems#out-of-range");
  EXPECT_EQ(json["status"], 422);
  EXPECT_EQ(json["reason"], "out-of-range");
  EXPECT_EQ(json["position"], "0:7");
  EXPECT_EQ(json["extra"], 1);
  EXPECT_FALSE(json.contains("value"));
}

TEST(Problem, AnUnknownReasonIsARefusalNevertheless) {
  Problem problem;
  problem.reason = "invented";
  const ApiAnswer answer = answer_of(problem);
  EXPECT_EQ(answer.status, 409);
  EXPECT_EQ(Json::parse(answer.body)["reason"], "invented");
}

TEST(Problem, EveryReasonOfTheDecidersHasItsEntry) {
  const std::string text = text_of("actors/endpoint/reasons.hpp");
  const std::regex reason("constexpr Reason \\w+ =\\s+\"([^\"]+)\"");
  int found = 0;
  for (std::sregex_iterator one(text.begin(), text.end(), reason), end;
       one != end; ++one, ++found)
    EXPECT_TRUE(find_problem_kind((*one)[1].str())) << (*one)[1];
  EXPECT_GT(found, 15);
}

TEST(Problem, KindsAreSortedAndComplete) {
  const ProblemKind* last = nullptr;
  for (const ProblemKind& kind : problem_kinds()) {
    if (last) {
      EXPECT_TRUE(std::pair(last->status, last->reason) <
                  std::pair(kind.status, kind.reason))
          << kind.reason;
    }
    last = &kind;
    EXPECT_FALSE(kind.title.ends_with('.')) << kind.reason;
    EXPECT_TRUE(kind.help.ends_with('.')) << kind.reason;
    EXPECT_NE(problems_page().find("id=\"" + std::string(kind.reason) + '"'),
              std::string::npos);
  }
}

}  // namespace
}  // namespace understudy
