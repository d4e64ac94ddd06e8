#include "actors/endpoint/validate.hpp"

#include "tests/unit/endpoint/story.hpp"

namespace understudy::endpoint {
namespace {

/// `reason field value (accepted)` of each violation, one a line.
std::string faults(const EndpointSpec& spec) {
  std::string text;
  for (const Violation& one : validate(with_defaults(spec))) {
    text += std::string(one.reason) + ' ' + one.field + ' ' + one.value + " (" +
            one.accepted + ")\n";
  }
  return text;
}

/// Of three pools after a change.
template <class Change>
std::string after(Change change) {
  EndpointSpec spec = three_pools(1);
  change(spec.variants[0]);
  return faults(spec);
}

TEST(EndpointValidation, a_plain_specification_is_right) {
  EXPECT_EQ(faults(three_pools(1)), "");
}

TEST(EndpointValidation, names_are_checked_and_shown_in_one_line) {
  EndpointSpec spec = three_pools(1);
  spec.name = "chat\nbot";
  spec.variants[0].name = "-v";
  spec.variants[0].pools[0].name = std::string(500, 'p');
  EXPECT_EQ(faults(spec),
            "invalid-name name chat\\x0abot (1 to 63 letters, digits and "
            "inner hyphens)\n"
            "invalid-name variants[0].name -v (1 to 63 letters, digits and "
            "inner hyphens)\n"
            "invalid-name variants[0].pools[0].name " +
                std::string(61, 'p') +
                "... (1 to 63 letters, digits and inner hyphens, dots and "
                "underscores)\n");
}

TEST(EndpointValidation, number_of_variants_and_pools) {
  EXPECT_EQ(faults({"chat", {}}),
            "empty-variants variants 0 entries (1 to 10 entries)\n");
  EndpointSpec twice = three_pools(1);
  twice.variants.push_back(twice.variants[0]);
  EXPECT_EQ(faults(twice),
            "duplicate-variant variants[1].name primary (a value that no "
            "earlier entry has)\n");
  EXPECT_EQ(after([](auto& v) { v.pools.clear(); }),
            "empty-pools variants[0].pools 0 entries (1 to 128 entries)\n");
  const auto many = [](std::size_t count) {
    return after([count](auto& v) {
      v.pools.clear();
      for (std::size_t i = 0; i < count; ++i)
        v.pools.push_back(pool("p" + std::to_string(i), 1));
    });
  };
  EXPECT_EQ(many(128), "");
  EXPECT_EQ(many(1'000),
            "too-many-pools variants[0].pools 1000 entries (1 to 128 "
            "entries)\n");
}

TEST(EndpointValidation, pools_are_named_apart) {
  const std::string twice = after([](auto& v) {
    v.pools[1].instance_type = v.pools[0].instance_type;
    v.pools[0].name = v.pools[1].name = "";
  });
  EXPECT_EQ(twice,
            "duplicate-pool variants[0].pools[1].name type-a (a value that no "
            "earlier entry has)\n");
  EXPECT_EQ(after([](auto& v) {
              v.pools[1].instance_type = v.pools[0].instance_type;
            }),
            "");
}

TEST(EndpointValidation, zones) {
  EXPECT_EQ(after([](auto& v) { v.pools[1].zones.clear(); }),
            "empty-zones variants[0].pools[1].zones 0 entries (1 to 64 "
            "entries)\n");
  EXPECT_EQ(after([](auto& v) {
              v.pools[0].zones = {"a", "b", "a"};
            }),
            "duplicate-zone variants[0].pools[0].zones[2] a (a value that no "
            "earlier entry has)\n");
  EXPECT_NE(after([](auto& v) { v.pools[0].zones = {"a/b"}; }), "");
}

TEST(EndpointValidation, numbers_have_limits) {
  const auto wrong = [](auto change) {
    const std::string text = after(change);
    return text.substr(0, text.find(' ', text.find(' ') + 1));
  };
  const std::string at = "out-of-range variants[0].";
  EXPECT_EQ(wrong([](auto& v) { v.pools[2].priority = 1'001; }),
            at + "pools[2].priority");
  EXPECT_EQ(wrong([](auto& v) { v.pools[0].max_concurrency = 257; }),
            at + "pools[0].max_concurrency");
  EXPECT_EQ(wrong([](auto& v) { v.pools[0].max_concurrency = 0; }),
            at + "pools[0].max_concurrency");
  EXPECT_EQ(wrong([](auto& v) {
              v.pools[0].price_micros_per_hour = 1'000'000'000'001;
            }),
            at + "pools[0].price_micros_per_hour");
  EXPECT_EQ(wrong([](auto& v) { v.provision_timeout_s = 299; }),
            at + "provision_timeout_s");
  EXPECT_EQ(wrong([](auto& v) { v.provision_timeout_s = 3'601; }),
            at + "provision_timeout_s");
  EXPECT_EQ(wrong([](auto& v) { v.initial_count = 0; }), at + "initial_count");
  EXPECT_EQ(wrong([](auto& v) { v.initial_count = 10'001; }),
            at + "initial_count");
  EXPECT_EQ(wrong([](auto& v) { v.health.probe_interval_ms = 0; }),
            at + "health.probe_interval_ms");
  EXPECT_EQ(wrong([](auto& v) { v.cool_down.cap_ms = 59'999; }),
            at + "cool_down.cap_ms");
  EXPECT_EQ(wrong([](auto& v) { v.cool_down.base_ms = 999; }),
            at + "cool_down.base_ms");
  EXPECT_EQ(wrong([](auto& v) { v.return_policy.interval_ms = 0; }),
            at + "return_policy.interval_ms");
}

TEST(EndpointValidation, scaling_is_checked_when_it_is_enabled) {
  const auto scaling = [](auto change) {
    return after([&](auto& v) {
      v.initial_count = 3;
      v.scaling.enabled = true;
      v.scaling.min_count = 2;
      v.scaling.max_count = 5;
      v.scaling.targets = {ScalingTarget{}};
      change(v);
    });
  };
  EXPECT_EQ(scaling([](auto&) {}), "");
  EXPECT_EQ(scaling([](auto& v) { v.initial_count = 6; }),
            "out-of-range variants[0].initial_count 6 (2 to 5)\n");
  EXPECT_EQ(scaling([](auto& v) { v.scaling.max_count = 1; }),
            "out-of-range variants[0].scaling.max_count 1 (2 to 10000)\n");
  EXPECT_EQ(scaling([](auto& v) { v.scaling.min_count = 10'001; }),
            "out-of-range variants[0].scaling.min_count 10001 (0 to 10000)\n"
            "out-of-range variants[0].scaling.max_count 5 (10000 to 10000)\n");
  EXPECT_EQ(scaling([](auto& v) { v.scaling.targets.clear(); }),
            "empty-targets variants[0].scaling.targets 0 entries (at least "
            "one target when scaling is enabled)\n");
  EXPECT_EQ(scaling([](auto& v) { v.scaling.targets[0].target_milli = 49; }),
            "out-of-range variants[0].scaling.targets[0].target_milli 49 (50 "
            "to 1000)\n");
  EXPECT_EQ(scaling([](auto& v) {
              v.scaling.targets.push_back(v.scaling.targets[0]);
            }),
            "duplicate-target variants[0].scaling.targets[1].metric "
            "weighted-utilisation (a value that no earlier entry has)\n");
  EXPECT_EQ(after([](auto& v) { v.scaling.min_count = 0; }), "");
}

TEST(EndpointValidation, scaling_may_lead_to_none) {
  const auto to_none = [](auto change) {
    return after([&](auto& v) {
      v.initial_count = 0;
      v.scaling.enabled = true;
      v.scaling.min_count = 0;
      v.scaling.max_count = 5;
      v.scaling.targets = {ScalingTarget{}};
      change(v);
    });
  };
  EXPECT_EQ(to_none([](auto&) {}), "");
  EXPECT_EQ(to_none([](auto& v) { v.initial_count = 5; }), "");
  EXPECT_EQ(to_none([](auto& v) { v.initial_count = 6; }),
            "out-of-range variants[0].initial_count 6 (0 to 5)\n");
  EXPECT_EQ(to_none([](auto& v) { v.scaling.min_count = 1; }),
            "out-of-range variants[0].initial_count 0 (1 to 5)\n");
  EXPECT_EQ(to_none([](auto& v) { v.scaling.max_count = 0; }),
            "out-of-range variants[0].initial_count 0 (1 to 10000)\n"
            "out-of-range variants[0].scaling.max_count 0 (1 to 10000)\n");
}

/// What a build before `invocations_path` refused is refused when its log is
/// verified.
TEST(EndpointValidation, an_older_specification_may_not_scale_to_none) {
  EXPECT_EQ(after([](auto& v) {
              v.invocations_path = "";
              v.scaling.enabled = true;
              v.scaling.min_count = 0;
              v.scaling.targets = {ScalingTarget{}};
            }),
            "out-of-range variants[0].scaling.min_count 0 (1 to 10000)\n");
}

TEST(EndpointValidation, environment) {
  const auto with = [](std::vector<EnvironmentVariable> all) {
    return after([&](auto& v) { v.environment = all; });
  };
  const std::string rule =
      " (1 to 256 letters, digits and underscores, no digit first and not "
      "UNDERSTUDY_, which is the provider's)\n";
  EXPECT_EQ(with({{"_A9z", "a = \"b\"\nc"}, {"B", ""}}), "");
  EXPECT_EQ(with({{std::string(256, 'A'), std::string(4'096, 'x')}}), "");
  const std::string name = "invalid-name variants[0].environment[0].name ";
  for (const std::string bad :
       {"", "9A", "A-B", "A B", "A=B", "\xc3\x84", "UNDERSTUDY_PORT"}) {
    EXPECT_TRUE(with({{bad, ""}}).starts_with(name)) << bad;
  }
  EXPECT_EQ(with({{"A.B", ""}}), name + "A.B" + rule);
  EXPECT_NE(with({{std::string(257, 'A'), ""}}), "");
  EXPECT_EQ(with({{"A", "1"}, {"B", "2"}, {"A", "3"}}),
            "duplicate-variable variants[0].environment[2].name A (a value "
            "that no earlier entry has)\n");
  EXPECT_EQ(with({{"A", std::string("x\0y", 3)}}),
            "invalid-text variants[0].environment[0].value x\\x00y (up to "
            "4096 bytes without NUL)\n");
  EXPECT_NE(with({{"A", std::string(4'097, 'x')}}), "");
  std::vector<EnvironmentVariable> many;
  for (int i = 0; i < 64; ++i)
    many.push_back({"V" + std::to_string(i), ""});
  EXPECT_EQ(with(many), "");
  many.push_back({"W", ""});
  EXPECT_EQ(with(many),
            "too-many-variables variants[0].environment 65 entries (0 to 64 "
            "entries)\n");
}

TEST(EndpointValidation, paths_at_the_instance) {
  const auto invocations = [](const std::string& path) {
    return after([&](auto& v) { v.invocations_path = path; });
  };
  EXPECT_EQ(invocations("/v1/chat-completions;x=%20"), "");
  EXPECT_EQ(invocations('/' + std::string(255, 'x')), "");
  EXPECT_EQ(invocations("v1"),
            "invalid-path variants[0].invocations_path v1 ('/' and up to 255 "
            "printable ASCII characters without blanks, quotes, backslashes, "
            "'?' and '#')\n");
  for (const std::string bad : {"/a b", "/a\n", "/a?b", "/a#b", "/\"", "/'",
                                "/`", "/\\", "/\xc3\xa4", "/\x7f"}) {
    EXPECT_NE(invocations(bad), "") << bad;
  }
  EXPECT_NE(invocations('/' + std::string(256, 'x')), "");
  EXPECT_EQ(after([](auto& v) { v.health.ping_path = "/health?x"; }),
            "invalid-path variants[0].health.ping_path /health?x ('/' and up "
            "to 255 printable ASCII characters without blanks, quotes, "
            "backslashes, '?' and '#')\n");
  EXPECT_EQ(after([](auto& v) { v.health.probe_timeout_ms = 3'600'001; }),
            "out-of-range variants[0].health.probe_timeout_ms 3600001 (0 to "
            "3600000)\n");
}

TEST(EndpointValidation, texts_hold_no_control_characters) {
  EXPECT_EQ(after([](auto& v) { v.model = "llama\x1b[2J"; }),
            "invalid-text variants[0].model llama\\x1b[2J (up to 1024 bytes "
            "without control characters)\n");
  EXPECT_EQ(after([](auto& v) { v.model = "modèle"; }), "");
}

TEST(EndpointValidation, defaults_fill_only_what_is_empty) {
  EndpointSpec spec = three_pools(1);
  spec.variants[0].pools[0].name = "";
  spec.variants[0].pools[1].market = Market::spot;
  spec.variants[0].pools[2].quota_family = "mine";
  const auto pools = with_defaults(spec).variants[0].pools;
  EXPECT_EQ(pools[0].name, "type-a");
  EXPECT_EQ(pools[1].name, "b");
  EXPECT_EQ(pools[1].quota_family, "type-b/spot");
  EXPECT_EQ(pools[2].quota_family, "mine");
  EXPECT_EQ(with_defaults(with_defaults(spec)), with_defaults(spec));
}

}  // namespace
}  // namespace understudy::endpoint
