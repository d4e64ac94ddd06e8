#include "services/config/scenario_document.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>

namespace understudy {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

const std::string good = R"(name: small
seed: 7
duration_s: 3600
capacity_trace: data/c.capacity
world:
  provider:
    launch: {min_ms: 1000, max_ms: 2000}
    reclaim: {enabled: true, notice_ms: 120000}
  instances:
    startup: {min_ms: 5000, max_ms: 6000}
    start_failure_milli: 10
endpoint:
  name: chat
  variants:
    - pools:
        - name: west
          instance_type: h100
          zones: [west-a, west-b]
          market: spot
loads:
  - variant: primary
    trace: data/l.load
    profile:
      scale_milli: 500
      service_time_ms: 2000
      pool_service_time_ms:
        west: 2500
commands:
  - {at_s: 600, action: scale, desired: 3}
  - at_s: 900
    action: close
    offering: {instance_type: h100, zone: west-b, market: spot}
  - {at_s: 1800, action: delete}
)";

const std::string capacity =
    "understudy-capacity 1\nstart 2025-01-01T00:00:00Z\n"
    "offering 0 h100 west-a spot\noffering 1 h100 west-b spot\n"
    "0 0 4\n0 1 0\nend 2025-01-01T02:00:00Z\n";
const std::string load =
    "understudy-load 1\nstart 2025-01-01T00:00:00Z\nstep 600\n0 1000\n"
    "end 600\n";

std::string replaced(std::string text, const std::string& what,
                     const std::string& with) {
  const auto at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return text.replace(at, what.size(), with);
}

class ScenarioDocumentTest : public testing::Test {
 protected:
  ScenarioDocumentTest() {
    std::string name = testing::TempDir() + "scenario_XXXXXX";
    folder_ = mkdtemp(name.data());
    std::filesystem::create_directory(folder_ + "/data");
    write("data/c.capacity", capacity);
    write("data/l.load", load);
  }
  ~ScenarioDocumentTest() override { std::filesystem::remove_all(folder_); }

  void write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ + '/' + name, std::ios::binary) << text;
  }
  std::string path() const { return folder_ + "/s.yaml"; }

  Result<ScenarioDocument> read(const std::string& text) {
    write("s.yaml", text);
    return read_scenario(path());
  }
  /// What is wrong, without the folder's name.
  std::string message(const std::string& text) {
    const auto document = read(text);
    EXPECT_FALSE(document.ok()) << text;
    if (document.ok()) return "";
    std::string said = document.error().message;
    EXPECT_THAT(said, StartsWith(folder_ + '/'));
    return said.substr(folder_.size() + 1);
  }

  std::string folder_;
};

TEST_F(ScenarioDocumentTest, Reads_the_scenario_and_its_traces) {
  const auto document = read(good);
  ASSERT_TRUE(document.ok()) << document.error().message;
  const Scenario& scenario = document.value().scenario;
  EXPECT_EQ(scenario.name, "small");
  EXPECT_EQ(scenario.seed, 7U);
  EXPECT_EQ(scenario.duration_s, 3600U);
  EXPECT_EQ(scenario.capacity_trace, folder_ + "/data/c.capacity");
  EXPECT_EQ(scenario.world.provider.launch, (DelayRange{1000, 2000}));
  EXPECT_TRUE(scenario.world.provider.reclaim.enabled);
  EXPECT_EQ(scenario.world.provider.refusal, ProviderWorld{}.refusal);
  EXPECT_EQ(scenario.world.instances.start_failure_milli, 10U);
  EXPECT_EQ(scenario.endpoint.variants[0].pools[0].name, "west");
  ASSERT_EQ(scenario.loads.size(), 1U);
  EXPECT_EQ(scenario.loads[0].profile.pool_service_time_ms.at("west"), 2500U);
  EXPECT_EQ(scenario.loads[0].profile.patience_ms, 60'000U);
  ASSERT_EQ(scenario.commands.size(), 3U);
  EXPECT_EQ(scenario.commands[0].desired, 3U);
  EXPECT_EQ(scenario.commands[1].offering.zone, "west-b");
  EXPECT_EQ(scenario.commands[2].action, ScenarioAction::delete_endpoint);
  EXPECT_EQ(document.value().capacity.offerings().size(), 2U);
  EXPECT_EQ(document.value().loads[0].steps(), 1U);
}

TEST_F(ScenarioDocumentTest, Lasts_as_long_as_its_trace_by_default) {
  const auto document = read(replaced(good, "duration_s: 3600\n", ""));
  ASSERT_TRUE(document.ok()) << document.error().message;
  EXPECT_EQ(document.value().scenario.duration_s, 7200U);
}

struct Bad {
  std::string what;
  std::string with;
  std::string where_and_what;
  std::string accepted;
};

TEST_F(ScenarioDocumentTest, Bad_input_is_refused_with_its_place) {
  const std::vector<Bad> cases = {
      {"name: small", "name: -small", "s.yaml:1:7: name: '-small'",
       "1 to 63 letters, digits and inner hyphens"},
      {"seed: 7", "sead: 7", "s.yaml:2:1: sead: unknown field", "commands"},
      {"duration_s: 3600", "duration_s: 7201", "s.yaml:3:13: duration_s: 7201",
       "up to the trace's 7200"},
      {"max_ms: 2000}", "max_ms: 999}",
       "s.yaml:7:36: world.provider.launch.max_ms: 999",
       "min_ms (1000) or more"},
      {"max_ms: 2000}", "}", "s.yaml:7:13: world.provider.launch: missing",
       "min_ms, max_ms"},
      {"start_failure_milli: 10", "start_failure_milli: 1001",
       "s.yaml:11:26: world.instances.start_failure_milli: 1001", "0 to 1000"},
      {"zones: [west-a, west-b]", "zones: [west-a, moon]",
       "s.yaml:18:27: endpoint.variants[0].pools[0].zones[1]: 'moon' does",
       "for h100 as spot: west-a, west-b"},
      {"instance_type: h100\n", "instance_type: h200\n",
       "s.yaml:18:19: endpoint.variants[0].pools[0].zones[0]: 'west-a' does",
       "a trace that has h200 as spot"},
      {"          market: spot\n", "          priority: 0\n",
       "s.yaml:19:21: endpoint.variants[0].pools[0].priority: 0", "1 to 1000"},
      {"variant: primary", "variant: second",
       "s.yaml:21:14: loads[0].variant: 'second' is no variant", "primary"},
      {"scale_milli: 500", "scale_milli: 0",
       "s.yaml:24:20: loads[0].profile.scale_milli: 0", "1 to 1000000"},
      {"service_time_ms: 2000", "service_time_ms: 0",
       "s.yaml:25:24: loads[0].profile.service_time_ms: 0", "1 to 3600000"},
      {"west: 2500", "east: 2500",
       "s.yaml:27:15: loads[0].profile.pool_service_time_ms.east: 'east' is",
       "pools of variant primary"},
      {"at_s: 900", "at_s: 500", "s.yaml:30:11: commands[1].at_s: 500",
       "600 or later: commands in their order"},
      {"at_s: 1800", "at_s: 3601", "s.yaml:33:12: commands[2].at_s: 3601",
       "up to the run's 3600"},
      {"action: delete", "action: explode",
       "s.yaml:33:26: commands[2].action: 'explode'",
       "scale, delete, close, open"},
      {"zone: west-b,", "zone: west-c,",
       "s.yaml:32:43: commands[1].offering.zone: 'west-c' does",
       "for h100 as spot: west-a, west-b"},
      {"data/l.load", "data/none.load", "data/none.load: cannot be read",
       "a readable file"},
  };
  for (const Bad& bad : cases) {
    const std::string said = message(replaced(good, bad.what, bad.with));
    EXPECT_THAT(said, StartsWith(bad.where_and_what)) << bad.with;
    EXPECT_THAT(said, EndsWith(bad.accepted)) << bad.with;
    EXPECT_THAT(said, HasSubstr("; accepted: ")) << bad.with;
  }
}

TEST_F(ScenarioDocumentTest, A_variant_has_one_load) {
  EXPECT_THAT(message(replaced(
                  good, "commands:", "  - {trace: data/l.load}\ncommands:")),
              StartsWith("s.yaml:28:5: loads[1].variant: 'primary' has"));
}

TEST_F(ScenarioDocumentTest, Bad_traces_are_refused_with_their_place) {
  write("data/c.capacity", replaced(capacity, "0 1 0\n", "0 1 0\n-1 0 2\n"));
  EXPECT_THAT(message(good), StartsWith("data/c.capacity:7: '-1' seconds"));
  write("data/c.capacity", replaced(capacity, "0 1 0\n", "5 1 0\n"));
  EXPECT_THAT(message(good), StartsWith("data/c.capacity:6: offering 1 ("));
  write("data/c.capacity", replaced(capacity, "0 1 0\n", "0 1 -3\n"));
  EXPECT_THAT(message(good), StartsWith("data/c.capacity:6: capacity '-3'"));
  write("data/c.capacity", capacity);
  write("data/l.load", replaced(load, "0 1000\n", "0 1000\n1200 5\n"));
  EXPECT_THAT(message(good), StartsWith("data/l.load:5: '1200 5'"));
}

}  // namespace
}  // namespace understudy
