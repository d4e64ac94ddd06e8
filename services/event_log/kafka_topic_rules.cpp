#include "services/event_log/kafka_topic_rules.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace understudy {
namespace {

using Setting = TopicRule::Setting;
constexpr auto exact = Setting::Check::exact;
constexpr auto at_least = Setting::Check::at_least;

constexpr std::string_view loses_earlier =
    "compaction keeps only the last record of each endpoint";
constexpr std::string_view own_time =
    "with the time of a client, one whose clock is wrong has its records "
    "removed early or refused";
constexpr std::string_view stale_leader =
    "a replica that missed records could become leader and drop them";
constexpr Setting stored_time = {"message.timestamp.type", "LogAppendTime",
                                 exact, "", own_time};
constexpr Setting clean_leader = {"unclean.leader.election.enable", "false",
                                  exact, "", stale_leader};

constexpr Setting of_commands[] = {
    {"cleanup.policy", "delete", exact, "", loses_earlier},
    {"retention.ms", "604800000", at_least, "86400000",
     "commands that came while no daemon ran would be gone"},
    {"retention.bytes", "-1", exact, "",
     "a burst of commands would push out those not yet read"},
    {"max.message.bytes", "1048576", at_least, "1048576",
     "a large endpoint could not be applied"},
    stored_time,
    clean_leader,
};
constexpr Setting of_journal[] = {
    {"cleanup.policy", "delete", exact, "", loses_earlier},
    {"retention.ms", "-1", exact, "",
     "the journal is the only truth: what is removed from it is lost"},
    {"retention.bytes", "-1", exact, "",
     "the journal is the only truth: what is removed from it is lost"},
    {"max.message.bytes", "4194304", at_least, "4194304",
     "a decision about a large endpoint could not be stored"},
    stored_time,
    clean_leader,
};
constexpr Setting of_events[] = {
    {"cleanup.policy", "delete", exact, "", loses_earlier},
    {"retention.ms", "604800000", at_least, "3600000",
     "a consumer that pauses would miss events"},
    {"max.message.bytes", "4194304", at_least, "4194304",
     "an event is stored with its journal record or not at all"},
    stored_time,
    clean_leader,
};
constexpr Setting of_load[] = {
    {"cleanup.policy", "delete", exact, "",
     "load is a series: each record counts"},
    {"retention.ms", "86400000", at_least, "60000",
     "load would be gone before it is read"},
    stored_time,
};
constexpr Setting of_snapshots[] = {
    {"cleanup.policy", "compact", exact, "",
     "only the last snapshot of a stream is of use, and it is kept"},
    {"max.message.bytes", "4194304", at_least, "4194304",
     "the snapshot of a large endpoint could not be stored"},
    // What is in the newest segment is never compacted, and is read at start.
    {"segment.bytes", "67108864", at_least, "1048576",
     "thousands of files would be made"},
    stored_time,
    clean_leader,
};
constexpr Setting of_dead_letter[] = {
    {"cleanup.policy", "delete", exact, "", loses_earlier},
    {"retention.ms", "2592000000", at_least, "86400000",
     "nobody would have the time to look at it"},
    {"max.message.bytes", "5242880", at_least, "5242880",
     "it takes the largest record of the others and says why it is here"},
    stored_time,
    clean_leader,
};

constexpr TopicRule rules[] = {
    {"commands", true, of_commands},   {"journal", true, of_journal},
    {"events", true, of_events},       {"load", false, of_load},
    {"snapshots", true, of_snapshots}, {"dead-letter", false, of_dead_letter},
};

std::int64_t number(std::string_view text) {
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value < 0 ? INT64_MAX : value;
}

bool holds(const Setting& setting, std::string_view found) {
  if (setting.check == exact) return found == setting.value;
  return number(found) >= number(setting.least);
}

/// Judges one topic after the other.
class Judge {
 public:
  Judge(const KafkaSettings& settings, const TopicStates& states,
        const TopicDemands& demands)
      : settings_(settings), states_(states), demands_(demands) {
    const auto journal = states.topics.find(settings.topic("journal"));
    wanted_ = journal != states.topics.end() ? journal->second.partitions
                                             : demands.partitions;
  }

  void see(const TopicRule& rule) {
    topic_ = settings_.topic(rule.name);
    const auto found = states_.topics.find(topic_);
    if (found == states_.topics.end()) {
      add("topic", "missing", "there", "nothing can be stored",
          "understudy topics create --log kafka:" + settings_.bootstrap +
              " --kafka-prefix " + settings_.prefix);
      return;
    }
    if (rule.alike) see_partitions(found->second);
    see_replicas(found->second);
    for (const Setting& setting : rule.settings)
      see_setting(setting, found->second);
    if (rule.name == "journal") see_journal(found->second);
  }

  std::vector<TopicFinding> findings;

 private:
  void add(std::string setting, std::string found, std::string wanted,
           std::string_view why, std::string change) {
    findings.push_back({topic_, std::move(setting), std::move(found),
                        std::move(wanted), std::string(why),
                        std::move(change)});
  }

  [[nodiscard]] std::string tool(std::string_view name,
                                 const std::string& rest) const {
    return std::string(name) + ".sh --bootstrap-server " + settings_.bootstrap +
           ' ' + rest;
  }

  [[nodiscard]] std::string configure(const std::string& pair) const {
    return tool("kafka-configs", "--alter --entity-type topics --entity-name " +
                                     topic_ + " --add-config " + pair);
  }

  /// All are to have as many as the journal, which has what it has.
  void see_partitions(const TopicState& state) {
    constexpr std::string_view why =
        "an endpoint has the same partition in all topics, for ever";
    const std::string found = std::to_string(state.partitions);
    if (topic_ == settings_.topic("journal")) {
      const auto asked = demands_.partitions;
      if (asked == 0 || asked == state.partitions) return;
      add("partitions", found, std::to_string(asked), why,
          "the flag --partitions " + found +
              ", or another prefix; those of a journal stay as they are");
      return;
    }
    if (wanted_ == 0 || state.partitions == wanted_) return;
    const std::string wanted = std::to_string(wanted_);
    add("partitions", found, wanted, why,
        state.partitions < wanted_
            ? tool("kafka-topics",
                   "--alter --topic " + topic_ + " --partitions " + wanted)
            : "another prefix; partitions cannot be made fewer");
  }

  void see_replicas(const TopicState& state) {
    if (demands_.production && state.replicas < 3) {
      add("replication", std::to_string(state.replicas), "3 or more",
          "production: the loss of one broker must lose nothing and stop "
          "nothing",
          tool("kafka-reassign-partitions",
               "--execute --reassignment-json-file FILE"));
    }
    const std::int64_t insync = number(value(state, "min.insync.replicas"));
    const std::int64_t least = demands_.production ? 2 : 1;
    if (insync < least || insync > state.replicas) {
      const auto fit =
          std::max<std::int64_t>(least, min_insync(state.replicas));
      add("min.insync.replicas", std::to_string(insync), std::to_string(fit),
          insync > state.replicas
              ? "there are fewer replicas than that: nothing can be written"
              : "production: a record would count as stored with one copy",
          configure("min.insync.replicas=" + std::to_string(fit)));
    }
  }

  [[nodiscard]] static std::string value(const TopicState& state,
                                         std::string_view key) {
    const auto found = state.settings.find(std::string(key));
    return found == state.settings.end() ? std::string() : found->second;
  }

  void see_setting(const Setting& setting, const TopicState& state) {
    const std::string found = value(state, setting.key);
    // A broker that does not know a setting does not do what it forbids.
    if (found.empty() || holds(setting, found)) return;
    const std::string wanted(setting.value);
    add(std::string(setting.key), found,
        setting.check == exact ? wanted
                               : std::string(setting.least) + " or more",
        setting.why, configure(std::string(setting.key) + '=' + wanted));
  }

  void see_journal(const TopicState& state) {
    for (std::size_t at = 0; at < states_.journal.size(); ++at) {
      const JournalPartition& one = states_.journal[at];
      const std::string where = "partition " + std::to_string(at);
      if (one.begin != 0) {
        add("first offset of " + where, std::to_string(one.begin), "0",
            "records of the journal were removed",
            "a copy of the journal in topics of another prefix");
      }
      if (one.partitions_at_first.value_or(state.partitions) !=
          state.partitions) {
        add("partitions", std::to_string(state.partitions),
            std::to_string(*one.partitions_at_first),
            "so many there were when the first record of " + where +
                " was written; since then endpoints have another partition",
            "a copy of the journal in topics of another prefix");
        return;
      }
    }
  }

  const KafkaSettings& settings_;
  const TopicStates& states_;
  const TopicDemands& demands_;
  std::int32_t wanted_ = 0;
  std::string topic_;
};

}  // namespace

std::span<const TopicRule> topic_rules() { return rules; }

std::string TopicFinding::line() const {
  return topic + ": " + setting + " is " + found + ", must be " + wanted +
         ": " + why + "; change it with: " + change;
}

std::vector<TopicFinding> judge_topics(const KafkaSettings& settings,
                                       const TopicStates& states,
                                       const TopicDemands& demands) {
  Judge judge(settings, states, demands);
  for (const TopicRule& rule : rules)
    judge.see(rule);
  return std::move(judge.findings);
}

}  // namespace understudy
