#include <algorithm>

#include <gtest/gtest.h>

#include "services/gateway/proxy_config.hpp"
#include "services/gateway/proxy_names.hpp"
#include "services/gateway/proxy_table.hpp"
#include "services/gateway/stalled_uploads.hpp"

namespace understudy::gateway {
namespace {

constexpr const char* servers_text =
    "1\n# be_id be_name srv_id srv_name srv_addr srv_op_state "
    "srv_admin_state srv_uweight srv_iweight srv_port\n"
    "3 understudy_l_1 5 chat:1-1-0 127.0.0.1 2 0 8 8 18081\n"
    "3 understudy_l_1 6 chat:2-1-0 ::1 0 9 4 4 80\n"
    "9 other 1 x 127.0.0.1 2 0 1 1 1\n\n";

constexpr const char* stat_text =
    "# pxname,svname,qcur,scur,slim,stot,rate,hrsp_4xx,hrsp_5xx,rtime,ttime,\n"
    "understudy_l_1,chat:1-1-0,0,3,8,120,7,1,2,45,60,\n"
    "understudy_l_1,BACKEND,2,5,200,130,7,1,2,45,60,\n"
    "other,BACKEND,2,5,200,130,7,1,2,45,60,\n";

TEST(ProxyState, ReadsServers) {
  const auto servers = parse_servers_state(servers_text);
  ASSERT_EQ(servers.size(), 2U);
  EXPECT_EQ(servers[0].name, "chat:1-1-0");
  EXPECT_EQ(servers[0].id, 5U);
  EXPECT_EQ(servers[0].address, "127.0.0.1:18081");
  EXPECT_EQ(servers[0].weight, 8U);
  EXPECT_TRUE(servers[0].up);
  EXPECT_FALSE(servers[0].maintenance);
  EXPECT_EQ(servers[1].address, "[::1]:80");
  EXPECT_TRUE(servers[1].maintenance);
  EXPECT_TRUE(servers[1].draining);
}

TEST(ProxyState, ReadsFigures) {
  const auto rows = parse_stat(stat_text);
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].current, 3U);
  EXPECT_EQ(rows[0].limit, 8U);
  EXPECT_EQ(rows[0].total, 120U);
  EXPECT_EQ(rows[0].errors_5xx, 2U);
  EXPECT_EQ(rows[1].server, "BACKEND");
  EXPECT_EQ(rows[1].queued, 2U);
}

TEST(ProxyState, ReadsMapsAndWaiting) {
  const auto map = parse_map("0x7f1 chat {\"a\": \"b c\"}\n0x7f2 x y\n\n");
  EXPECT_EQ(map.at("chat"), "{\"a\": \"b c\"}");
  EXPECT_EQ(map.at("x"), "y");
  auto paths = parse_map_list(
      "# id (file) description\n0 (/run/g/endpoints.map) pattern loaded\n");
  EXPECT_EQ(paths.at("endpoints.map"), "/run/g/endpoints.map");
  add_missing_paths(paths);
  EXPECT_EQ(paths.at("endpoints.map"), "/run/g/endpoints.map");
  EXPECT_EQ(paths.at("instances.map"), "/run/g/instances.map");
  TextMap none;
  add_missing_paths(none);
  EXPECT_TRUE(none.empty());
  const auto waiting = parse_waiting("chat 2 17\nbroken line\n\n");
  EXPECT_EQ(waiting.at("chat").now, 2U);
  EXPECT_EQ(waiting.at("chat").arrived, 17U);
  EXPECT_EQ(waiting.size(), 1U);
}

constexpr const char* sessions_text =
    "0x10: proto=tcpv4 src=127.0.0.1:5 fe=understudy be=understudy_l_1 "
    "srv=chat:1-1-0 ts=00 age=2s rq[f=1h]\n"
    "0x20: proto=tcpv4 src=127.0.0.1:6 fe=understudy be=understudy_l_1 "
    "srv=<none> ts=00 age=1s\n"
    "0x30: proto=unix_stream src=unix:1 fe=GLOBAL be=<NONE> srv=<none>\n\n";

/// One that waits for its client, one that waits for its instance, one whose
/// instance takes nothing.
constexpr const char* details_text =
    "0x10: [29/Nov/2026:06:45:46] id=0 proto=tcpv4 source=127.0.0.1:5\n"
    "  txn=0x1 flags=0x0 meth=3 req.st=MSG_DATA rsp.st=MSG_RPBEFORE\n"
    "  req=0x2 (f=0x1 an=0x8000 pipe=0 tofwd=-1 total=300060)\n"
    "      an_exp=<NEVER> rex=<NEVER> wex=<NEVER>\n"
    "      htx=0x3 flags=0x0 size=0 data=0 used=0 wrap=NO extra=0\n"
    "  res=0x4 (f=0x2 an=0x1400000 pipe=0 tofwd=0 total=7)\n"
    "      htx=0x5 flags=0x0 size=0 data=0 used=0 wrap=NO extra=0\n\n"
    "0x11: [29/Nov/2026:06:45:46] id=1\n"
    "  txn=0x1 flags=0x0 meth=3 req.st=MSG_DONE rsp.st=MSG_RPBEFORE\n"
    "  req=0x2 (f=0x1 an=0x8000 pipe=0 tofwd=0 total=100067)\n"
    "      htx=0x3 flags=0x0 size=0 data=0 used=0 wrap=NO extra=0\n\n"
    "0x12: [29/Nov/2026:06:45:46] id=2\n"
    "  txn=0x1 flags=0x0 meth=3 req.st=MSG_DATA rsp.st=MSG_RPBEFORE\n"
    "  req=0x2 (f=0x1 an=0x8000 pipe=0 tofwd=0 total=90000)\n"
    "      htx=0x3 flags=0x0 size=16336 data=9000 used=6 wrap=NO extra=0\n";

TEST(StalledUploads, ReadsWhoWaitsForItsClient) {
  const auto sessions = parse_sessions(sessions_text);
  ASSERT_EQ(sessions.size(), 1U);
  EXPECT_EQ(sessions[0].session, "0x10");
  EXPECT_EQ(sessions[0].client, "127.0.0.1:5");
  const auto uploads = parse_uploads(details_text);
  ASSERT_EQ(uploads.size(), 1U);
  EXPECT_EQ(uploads.at("0x10"), 300'060U);
}

TEST(StalledUploads, SurvivesAnyText) {
  const std::string whole = std::string(sessions_text) + details_text;
  for (std::size_t cut = 0; cut < whole.size(); ++cut) {
    (void)parse_sessions(whole.substr(cut));
    (void)parse_uploads(whole.substr(cut));
    (void)parse_uploads(whole.substr(0, cut));
  }
}

TEST(ProxyState, SurvivesAnyText) {
  const std::string whole = std::string(servers_text) + stat_text;
  for (std::size_t cut = 0; cut < whole.size(); ++cut) {
    (void)parse_servers_state(whole.substr(cut));
    (void)parse_stat(whole.substr(0, cut));
    (void)parse_map(whole.substr(cut));
    (void)parse_map_list(whole.substr(cut));
  }
}

/// HAProxy as far as a plan needs one.
class Model {
 public:
  Model() {
    for (const std::uint32_t i : {1U, 2U}) {
      state.backends.push_back(slot_name(Balance::least_outstanding, i));
      state.backends.push_back(slot_name(Balance::random, i));
    }
    for (const std::string_view name : map_names)
      state.maps[std::string(name)];
  }

  void run(const std::string& command) {
    std::vector<std::string> words;
    std::string word;
    for (std::size_t i = 0; i <= command.size(); ++i) {
      if (i == command.size() || command[i] == ' ') {
        words.push_back(word);
        word.clear();
      } else {
        if (command[i] == '\\') ++i;
        word += command[i];
      }
    }
    if (words[1] == "map") return map(words);
    const bool named = words[0] != "set" || words[1] != "maxconn";
    const std::string full = words[named ? 2 : 3];
    const std::string slot = full.substr(0, full.find('/'));
    const std::string name = full.substr(full.find('/') + 1);
    if (words[0] == "add") return add(slot, name, words);
    auto& servers = state.servers;
    const auto found = std::find_if(
        servers.begin(), servers.end(), [&](const ServerState& one) {
          return one.backend == slot && one.name == name;
        });
    ASSERT_NE(found, servers.end()) << command;
    if (words[0] == "del") {
      EXPECT_TRUE(found->maintenance) << command;
      servers.erase(found);
    } else if (words[0] == "enable" && words[1] == "server") {
      found->maintenance = false;
      found->up = true;
    } else if (words[0] == "set" && !named) {
      for (StatRow& row : state.figures) {
        if (row.server == name)
          row.limit = static_cast<std::uint32_t>(std::stoul(words[4]));
      }
    } else if (words[0] == "set" && words[3] == "weight") {
      found->weight = static_cast<std::uint32_t>(std::stoul(words[4]));
    } else if (words[0] == "set") {
      found->maintenance = words[4] == "maint";
      found->draining = words[4] == "drain";
    }
  }

  ProxyState state;

 private:
  void map(const std::vector<std::string>& words) {
    TextMap& map = state.maps.at(words[2]);
    if (words[0] == "del") {
      EXPECT_EQ(map.erase(words[3]), 1U);
    } else {
      EXPECT_EQ(map.contains(words[3]), words[0] == "set") << words[3];
      map[words[3]] = words[4];
    }
  }
  void add(const std::string& slot, const std::string& name,
           const std::vector<std::string>& words) {
    const auto after = [&](const std::string& key) {
      const auto at = std::find(words.begin(), words.end(), key);
      return static_cast<std::uint32_t>(std::stoul(*(at + 1)));
    };
    ServerState one{slot, name, after("id"), words[3], after("weight")};
    one.maintenance = true;
    for (const ServerState& other : state.servers) {
      if (other.backend == slot) {
        EXPECT_NE(other.id, one.id);
      }
    }
    state.servers.push_back(one);
    StatRow row;
    row.backend = slot;
    row.server = name;
    row.limit = after("maxconn");
    state.figures.push_back(row);
  }
};

Server server(const std::string& name, std::uint32_t most = 8) {
  return {name, "s", "127.0.0.1:1", "primary", "pool", "gpu", most, false};
}

Route serving(std::vector<Server> servers) {
  Route route;
  route.servers = std::move(servers);
  return route;
}

std::vector<std::string> plan(const RouteTable& routes, const Model& model) {
  const RouteLimits limits;
  const Assignment slots = assign_slots(routes, model.state);
  return plan_commands(make_proxy_table(routes, slots, {}, limits), model.state,
                       limits);
}

void settle(const RouteTable& routes, Model& model) {
  for (int i = 0; i < 3; ++i) {
    for (const std::string& command : plan(routes, model))
      model.run(command);
  }
  EXPECT_TRUE(plan(routes, model).empty()) << plan(routes, model).front();
}

TEST(ProxyPlan, MakesAnyStateTheWantedOne) {
  Model model;
  RouteTable routes;
  routes["chat"] = serving({server("chat:1-1-0"), server("chat:2-1-0", 4)});
  Route idle;
  idle.reason = "scaled-to-zero";
  idle.message = "a \"quoted\" text; with \\ all of it";
  routes["idle"] = idle;
  settle(routes, model);
  ASSERT_EQ(model.state.servers.size(), 2U);
  EXPECT_EQ(model.state.servers[1].weight, 4U);
  EXPECT_NE(model.state.maps.at("reasons.map").at("idle").find("quoted"),
            std::string::npos);
  EXPECT_EQ(model.state.maps.at("routes.map").size(), 1U);
  EXPECT_EQ(model.state.maps.at("routes.map").at("/endpoints/chat/invocations"),
            "understudy_l_1|/invocations");
  EXPECT_EQ(model.state.maps.at("instances.map").at("chat:1-1-0"),
            "chat|primary|pool|gpu");
  routes["chat"].servers[0].draining = true;
  settle(routes, model);
  EXPECT_TRUE(model.state.servers[0].draining);
  routes["chat"].servers.erase(routes["chat"].servers.begin());
  routes.erase("idle");
  settle(routes, model);
  EXPECT_EQ(model.state.servers.size(), 1U);
  EXPECT_TRUE(model.state.maps.at("reasons.map").empty());
  model.run("set server understudy_l_1/chat:2-1-0 state maint");
  model.run("set maxconn server understudy_l_1/chat:2-1-0 1");
  settle(routes, model);
  EXPECT_FALSE(model.state.servers[0].maintenance);
  EXPECT_EQ(model.state.figures[1].limit, 4U);
}

TEST(ProxyPlan, WhoTakesOverIsThereBeforeAnybodyGoes) {
  Model model;
  RouteTable routes;
  routes["chat"] = serving({server("chat:1-1-0")});
  settle(routes, model);
  routes["chat"].servers[0].draining = true;
  routes["chat"].servers.push_back(server("chat:2-1-0"));
  const auto commands = plan(routes, model);
  const auto at = [&](const std::string& text) {
    return std::find(commands.begin(), commands.end(), text);
  };
  const auto enable = at("enable server understudy_l_1/chat:2-1-0");
  const auto drain = at("set server understudy_l_1/chat:1-1-0 state drain");
  ASSERT_NE(enable, commands.end());
  ASSERT_NE(drain, commands.end());
  EXPECT_LT(enable, drain);
}

TEST(ProxyPlan, WhoGoesLastIsNoRouteAnyMore) {
  Model model;
  RouteTable routes;
  routes["chat"] = serving({server("chat:1-1-0")});
  settle(routes, model);
  routes["chat"].servers[0].draining = true;
  routes["chat"].reason = "scaled-to-zero";
  const auto commands = plan(routes, model);
  const auto at = [&](const std::string& begin) {
    return std::find_if(
        commands.begin(), commands.end(),
        [&](const std::string& one) { return one.starts_with(begin); });
  };
  const auto gone = at("del map routes.map");
  ASSERT_NE(gone, commands.end());
  ASSERT_NE(at("set server"), commands.end());
  EXPECT_LT(at("add map reasons.map"), gone);
  EXPECT_LT(gone, at("set server"));
}

TEST(ProxyPlan, SlotsAreKeptAndReportedWhenTheyRunOut) {
  Model model;
  RouteTable routes;
  for (const char* name : {"b", "c"})
    routes[name] = serving({});
  settle(routes, model);
  const auto before = assign_slots(routes, model.state).slots;
  routes["a"] = serving({});
  const Assignment after = assign_slots(routes, model.state);
  EXPECT_EQ(after.slots, before);
  EXPECT_EQ(after.missing.at(Balance::least_outstanding), 1U);
  routes["a"].balance = Balance::random;
  EXPECT_TRUE(assign_slots(routes, model.state).missing.empty());
}

TEST(ProxyPlan, WeightsEndAtHaproxysLargest) {
  RouteTable routes;
  routes["a"] = serving(
      {server("a:1-1-0", 1024), server("a:2-1-0", 512), server("a:3-1-0", 1)});
  Model model;
  const auto table =
      make_proxy_table(routes, assign_slots(routes, model.state), {}, {});
  const auto& servers = table.slots.at("understudy_l_1");
  EXPECT_EQ(servers.at("a:1-1-0").weight, 256U);
  EXPECT_EQ(servers.at("a:2-1-0").weight, 128U);
  EXPECT_EQ(servers.at("a:3-1-0").weight, 1U);
}

TEST(ProxyConfig, HoldsServersAndAMarkThatIgnoresThem) {
  ProxyOptions options;
  options.directory = "/run/g";
  ProxyTable table;
  table.slots["understudy_l_1"]["chat:1-1-0"] = {"127.0.0.1:1", 8, 8, false};
  table.slots["understudy_l_1"]["chat:2-1-0"] = {"127.0.0.1:2", 8, 8, true};
  const SlotCounts slots{2, 1};
  const std::string text = haproxy_config(options, slots, table);
  EXPECT_NE(text.find("  server chat:1-1-0 127.0.0.1:1 id 1 weight 8"),
            std::string::npos);
  EXPECT_EQ(text.find("chat:2-1-0"), std::string::npos);
  EXPECT_NE(text.find("backend understudy_r_1\n  balance random"),
            std::string::npos);
  EXPECT_NE(text.find("description " + config_mark(options, slots)),
            std::string::npos);
  EXPECT_NE(config_mark(options, slots), config_mark(options, {3, 1}));
  // Without tokens nothing of a request is spent on them.
  EXPECT_NE(text.find("  # http-request set-var(txn.wanted)"),
            std::string::npos);
  ProxyOptions other = options;
  other.has_tokens = true;
  EXPECT_NE(haproxy_config(other, slots, table)
                .find("  http-request set-var(txn.wanted)"),
            std::string::npos);
  EXPECT_NE(config_mark(options, slots), config_mark(other, slots));
  other.queue_max = 7;
  EXPECT_NE(config_mark(options, slots), config_mark(other, slots));
}

TEST(RuntimeSocket, EscapesWhatACommandMayNotHold) {
  EXPECT_EQ(command_word("a b;\"c\"\n"), "a\\ b\\;\\\"c\\\"\\ ");
  EXPECT_EQ(command_word("understudy_l_1|5|/x-y.z"), "understudy_l_1|5|/x-y.z");
}

TEST(RuntimeSocket, SaysThatNobodyIsThere) {
  const auto answer = RuntimeSocket("/nowhere/at.all").ask("show info");
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, ErrorCode::unavailable);
  EXPECT_NE(answer.error().message.find("/nowhere/at.all"), std::string::npos);
}

}  // namespace
}  // namespace understudy::gateway
