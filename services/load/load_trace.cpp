#include "services/load/load_trace.hpp"

#include <utility>

#include "services/text/instant_text.hpp"
#include "services/text/line_reader.hpp"
#include "services/text/text_file.hpp"

namespace understudy {
namespace {

constexpr std::size_t largest_file = 64U << 20U;
constexpr std::uint64_t longest_step_s = 86'400;
constexpr std::uint64_t most_seconds = 315'360'000;  // Ten years.
constexpr std::uint64_t highest_rate_milli = 1'000'000'000;

std::int64_t floor_div(std::int64_t a, std::int64_t b) {
  return a / b - (a % b < 0 ? 1 : 0);
}

}  // namespace

/// Reads a trace from top to bottom; each step gives the first error.
class LoadTraceParser {
 public:
  LoadTraceParser(const std::string& name, std::string_view text)
      : in_(name, text) {}

  Result<LoadTrace> parse() {
    for (auto part : {&LoadTraceParser::head, &LoadTraceParser::start,
                      &LoadTraceParser::step, &LoadTraceParser::rows,
                      &LoadTraceParser::end}) {
      if (auto done = (this->*part)(); !done) return done.error();
    }
    return std::move(trace_);
  }

 private:
  [[nodiscard]] bool is(std::string_view word, std::size_t count) const {
    return in_.fields().size() == count && in_.fields().front() == word;
  }
  [[nodiscard]] Error wrong(std::string_view accepted) const {
    std::string text;
    for (const auto field : in_.fields())
      text += (text.empty() ? "" : " ") + std::string(field);
    return in_.error(
        in_.fields().empty() ? "the end of the file" : in_quotes(text),
        accepted);
  }

  Result<void> head() {
    in_.next();
    if (!is("understudy-load", 2)) return wrong("'understudy-load 1'");
    if (in_.fields()[1] != "1")
      return Error{ErrorCode::too_new, wrong("'understudy-load 1'").message};
    return {};
  }

  Result<void> start() {
    in_.next();
    const std::string accepted = "'start' and " + std::string(instant_form);
    if (!is("start", 2)) return wrong(accepted);
    const auto instant = parse_instant(in_.fields()[1]);
    if (!instant) return wrong(accepted);
    trace_.start_ = *instant;
    return {};
  }

  Result<void> step() {
    in_.next();
    if (is("step", 2)) {
      const auto seconds = parse_number(in_.fields()[1], longest_step_s);
      if (seconds && *seconds > 0) {
        trace_.step_s_ = *seconds;
        return {};
      }
    }
    return wrong("'step SECONDS', 1 to 86400");
  }

  Result<void> rows() {
    while (in_.next() && in_.fields().front() != "end") {
      const auto& fields = in_.fields();
      if (fields.size() != 2) return wrong("'SECOND RATE_MILLI', or 'end'");
      if (parse_number(fields[0], most_seconds) != due()) {
        return wrong("second " + std::to_string(due()) +
                     " next: one row for each step");
      }
      const auto rate = parse_number(fields[1], highest_rate_milli);
      if (!rate) return wrong("a rate of 0 to 1000000000");
      trace_.rates_.push_back(static_cast<std::int64_t>(*rate));
    }
    return {};
  }

  Result<void> end() {
    if (!is("end", 2) || parse_number(in_.fields()[1], most_seconds) != due() ||
        due() == 0) {
      return wrong(due() == 0 ? "'0 RATE_MILLI', the first row"
                              : "'end " + std::to_string(due()) +
                                    "', or the next row");
    }
    if (in_.next()) return wrong("nothing after 'end'");
    return {};
  }

  [[nodiscard]] std::uint64_t due() const {
    return trace_.rates_.size() * trace_.step_s_;
  }

  LineReader in_;
  LoadTrace trace_;
};

Result<LoadTrace> LoadTrace::parse(const std::string& name,
                                   std::string_view text) {
  return LoadTraceParser(name, text).parse();
}

Result<LoadTrace> LoadTrace::read(const std::string& path) {
  const auto text = read_text_file(path, largest_file);
  if (!text) return text.error();
  return parse(path, text.value());
}

Instant LoadTrace::end() const {
  return {start_.us +
          static_cast<std::int64_t>(rates_.size() * step_s_) * 1'000'000};
}

std::int64_t LoadTrace::rate_milli(Instant at) const {
  const auto step_us = static_cast<std::int64_t>(step_s_) * 1'000'000;
  const std::int64_t step = floor_div(at.us - start_.us, step_us);
  const auto count = static_cast<std::int64_t>(rates_.size());
  return rates_[static_cast<std::size_t>(step -
                                         floor_div(step, count) * count)];
}

Instant LoadTrace::next_change(Instant at) const {
  const auto step_us = static_cast<std::int64_t>(step_s_) * 1'000'000;
  const std::int64_t step = floor_div(at.us - start_.us, step_us);
  return {start_.us + (step + 1) * step_us};
}

}  // namespace understudy
