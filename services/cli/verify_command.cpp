#include <algorithm>
#include <iterator>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "services/cli/commands.hpp"
#include "services/cli/log_option.hpp"
#include "services/cli/output_option.hpp"
#include "services/rendering/difference.hpp"
#include "services/rendering/log_replay.hpp"

namespace understudy {
namespace {

constexpr const char* examples =
    "Takes every decision of the log again, from the recorded state and "
    "input,\n"
    "and compares what comes out with what is recorded. A decision of rules\n"
    "that this build no longer has is counted as not verifiable. Exit code 1\n"
    "when anything differs; the first difference is shown field by field.\n"
    "Examples:\n"
    "  understudy verify --log run1\n"
    "  understudy verify --log run1 -o json\n";

struct Options {
  LogOption log;
  OutputOption output;
};

Json json_of(const Verification& result, const Difference* first) {
  Json json = envelope("Verification");
  json["ok"] = result.ok();
  json["records"] = result.records;
  json["decisions"] = result.decisions;
  json["verified"] = result.decisions - result.not_verifiable;
  json["not_verifiable"] = result.not_verifiable;
  json["stopped_streams"] = result.stopped.size();
  json["differing_streams"] = result.differences.size();
  json["digest"] = digest_text(result.digest);
  json["first_difference"] =
      first == nullptr ? Json(nullptr) : difference_json(*first);
  return json;
}

/// All partitions as one; differences with position and partition.
Verification sum_of(std::vector<Verification> parts) {
  Verification sum;
  std::vector<std::uint64_t> digests;
  for (Verification& one : parts) {
    sum.records += one.records;
    sum.decisions += one.decisions;
    sum.not_verifiable += one.not_verifiable;
    std::move(one.stopped.begin(), one.stopped.end(),
              std::back_inserter(sum.stopped));
    std::move(one.differences.begin(), one.differences.end(),
              std::back_inserter(sum.differences));
    digests.push_back(one.digest);
  }
  sum.digest = digest_of_all(digests);
  return sum;
}

/// The one that stands first in the log.
const Difference* first_of(const Verification& result) {
  const auto first =
      std::min_element(result.differences.begin(), result.differences.end(),
                       [](const Difference& a, const Difference& b) {
                         return a.position < b.position;
                       });
  return first == result.differences.end() ? nullptr : &*first;
}

Result<int> run(const Options& options, Context& context, LogReader& reader) {
  const auto end = reader.end();
  if (!end) return end.error();
  std::uint64_t all = 1;
  for (const std::uint64_t next : end.value().next)
    all += next - 1;
  const auto progress = [&](std::uint64_t records) {
    if (!context.progress) return;
    context.err << "\rverified " << std::min(records, all) * 100 / all << "%"
                << std::flush;
  };
  auto verified = verify_log(reader, progress);
  if (context.progress) context.err << "\r             \r";
  if (!verified) return verified.error();
  const Verification result = sum_of(std::move(verified).value());
  warn_of(context, result.stopped);
  const Difference* first = first_of(result);
  const int code = result.ok() ? exit_done : exit_refused;
  if (write_structured(context.out, options.output.value(),
                       json_of(result, first))) {
    return code;
  }
  std::ostream& out = context.out;
  out << "Records:         " << grouped(result.records) << '\n'
      << "Decisions:       " << grouped(result.decisions) << '\n'
      << "Verified:        "
      << grouped(result.decisions - result.not_verifiable) << '\n'
      << "Not verifiable:  " << grouped(result.not_verifiable) << '\n'
      << "Digest:          " << digest_text(result.digest) << '\n';
  if (first == nullptr) {
    out << "Every decision that could be taken again came out the same.\n";
  } else {
    out << '\n';
    write_difference(out, *first);
    out << "Streams that differ: " << result.differences.size() << '\n';
  }
  return code;
}

}  // namespace

void add_verify(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "verify", "Take every decision of a log again and compare");
  command->footer(examples);
  add_output_option(*command, options->output);
  add_log_option(*command, options->log);
  command->callback([options, &context] {
    context.exit_code = with_log(context, options->log, [&](LogReader& reader) {
      return run(*options, context, reader);
    });
  });
}

}  // namespace understudy
