#include "services/config/catalogue_document.hpp"

#include <string>

#include <gmock/gmock.h>

namespace understudy {
namespace {

using testing::HasSubstr;

constexpr const char* whole = R"(
host: 127.0.0.1
ports: {from: 22000, to: 22009}
termination_grace_ms: 5000
offerings:
  - instance_type: gpu.large
    zone: rack-1
    market: spot
    capacity: 2
    command: [/usr/bin/serve, --port, "{port}"]
    working_directory: /srv
    environment: {CUDA_VISIBLE_DEVICES: "0"}
    price_micros_per_hour: 1000000
    max_concurrency: 20
  - {instance_type: cpu, command: [serve]}
)";

TEST(CatalogueDocumentTest, A_whole_one_is_read) {
  const auto read = parse_catalogue("c.yaml", whole);
  ASSERT_TRUE(read) << read.error().message;
  const ProcessCatalogue& all = read.value();
  EXPECT_EQ(all.ports.to, 22009U);
  EXPECT_EQ(all.termination_grace_ms, 5000U);
  const auto* gpu = all.find({"gpu.large", "rack-1", Market::spot});
  ASSERT_NE(gpu, nullptr);
  EXPECT_EQ(gpu->capacity, 2U);
  EXPECT_EQ(gpu->command.size(), 3U);
  EXPECT_EQ(gpu->environment.at("CUDA_VISIBLE_DEVICES"), "0");
  const auto* cpu = all.find({"cpu", "local", Market::on_demand});
  ASSERT_NE(cpu, nullptr);
  EXPECT_EQ(cpu->capacity, 1U);
  EXPECT_EQ(all.find({"cpu", "local", Market::spot}), nullptr);
}

struct Wrong {
  const char* text;
  const char* said;
};

TEST(CatalogueDocumentTest, What_is_wrong_is_said_in_one_line) {
  const Wrong all[] = {
      {"{}", "missing offerings"},
      {"offerings: []", "offerings: an empty list"},
      {"offerings: [{command: [a]}]", "missing instance_type"},
      {"offerings: [{instance_type: a}]", "missing command"},
      {"offerings: [{instance_type: a, command: []}]",
       "offerings[0].command: no program"},
      {"offerings: [{instance_type: a, command: ['']}]",
       "offerings[0].command: no program"},
      {"offerings: [{instance_type: a, command: [b/c]}]",
       "offerings[0].command[0]: 'b/c'"},
      {"offerings: [{instance_type: a, command: serve}]", "a list"},
      {"offerings: [{instance_type: a, command: [b], colour: red}]",
       "offerings[0].colour: unknown field"},
      {"offerings: [{instance_type: a b, command: [b]}]",
       "offerings[0].instance_type: 'a b'"},
      {"offerings: [{instance_type: a, zone: x/y, command: [b]}]",
       "offerings[0].zone"},
      {"offerings: [{instance_type: a, market: free, command: [b]}]",
       "accepted: on-demand, spot"},
      {"offerings: [{instance_type: a, command: [b]},\n"
       " {instance_type: a, command: [c]}]",
       "c.yaml:2:2: offerings[1]: a/local/on-demand is there twice"},
      {"offerings: [{instance_type: a, command: [b], capacity: 20000}]",
       "accepted: 0 to 10000"},
      {"offerings: [{instance_type: a, command: [b], max_concurrency: "
       "1000001}]",
       "accepted: 0 to 1000000"},
      {"offerings: [{instance_type: a, command: [b], working_directory: c}]",
       "an absolute path"},
      {"offerings: [{instance_type: a, command: [b], environment: {'A=B': c}}]",
       "a name without ="},
      {"offerings: [{instance_type: a, command: [b],"
       " environment: {UNDERSTUDY_PORT: '1'}}]",
       "set by the provider itself"},
      {"host: example.com\nofferings: [{instance_type: a, command: [b]}]",
       "an IP address"},
      {"ports: {from: 9, to: 8}\nofferings: [{instance_type: a, command: [b]}]",
       "ports.to: 8; accepted: 9 to 65535"},
      {"ports: {from: 0, to: 8}\nofferings: [{instance_type: a, command: [b]}]",
       "ports.from: 0"},
      {"grace: 1\nofferings: [{instance_type: a, command: [b]}]",
       "grace: unknown field"},
  };
  for (const Wrong& one : all) {
    const auto read = parse_catalogue("c.yaml", one.text);
    ASSERT_FALSE(read) << one.text;
    EXPECT_THAT(read.error().message, HasSubstr("c.yaml:")) << one.text;
    EXPECT_THAT(read.error().message, HasSubstr(one.said)) << one.text;
    EXPECT_EQ(read.error().message.find('\n'), std::string::npos) << one.text;
  }
  EXPECT_EQ(read_catalogue("/no/such/file").error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace understudy
