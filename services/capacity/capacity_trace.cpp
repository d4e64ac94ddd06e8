#include "services/capacity/capacity_trace.hpp"

#include <algorithm>
#include <utility>

#include "actors/core/ids.hpp"
#include "services/text/instant_text.hpp"
#include "services/text/line_reader.hpp"
#include "services/text/text_file.hpp"

namespace understudy {
namespace {

constexpr std::size_t largest_file = 64U << 20U;
constexpr std::uint64_t most_offerings = 4096;
constexpr std::uint64_t most_seconds = 315'360'000;  // Ten years.
constexpr std::uint64_t most_capacity = 1'000'000;

std::string second_text(std::uint64_t second) {
  return "second " + std::to_string(second);
}

}  // namespace

/// Reads a trace from top to bottom; each step gives the first error.
class CapacityTraceParser {
 public:
  CapacityTraceParser(const std::string& name, std::string_view text)
      : in_(name, text) {}

  Result<CapacityTrace> parse() {
    for (auto step : {&CapacityTraceParser::head, &CapacityTraceParser::start,
                      &CapacityTraceParser::offerings,
                      &CapacityTraceParser::rows, &CapacityTraceParser::end}) {
      if (auto done = (this->*step)(); !done) return done.error();
    }
    for (std::size_t i = 0; i < trace_.offerings_.size(); ++i)
      trace_.steps_[trace_.offerings_[i]] = std::move(steps_[i]);
    return std::move(trace_);
  }

 private:
  using Fields = std::vector<std::string_view>;

  [[nodiscard]] bool is(std::string_view word, std::size_t count) const {
    return in_.fields().size() == count && in_.fields().front() == word;
  }
  [[nodiscard]] Error wrong(const std::string& what,
                            std::string_view accepted) const {
    return in_.error(what, accepted);
  }
  [[nodiscard]] std::string line_text() const {
    std::string text;
    for (const auto field : in_.fields())
      text += (text.empty() ? "" : " ") + std::string(field);
    return in_.fields().empty() ? "the end of the file" : in_quotes(text);
  }

  Result<void> head() {
    in_.next();
    if (!is("understudy-capacity", 2)) {
      return wrong(line_text() + " is no head of a capacity trace",
                   "'understudy-capacity 1'");
    }
    if (in_.fields()[1] != "1") {
      return Error{ErrorCode::too_new,
                   wrong("version " + in_quotes(in_.fields()[1]) +
                             " of the format is not known here",
                         "1")
                       .message};
    }
    return {};
  }

  Result<void> instant(std::string_view word, Instant& out) {
    const std::string accepted =
        '\'' + std::string(word) + "' and " + std::string(instant_form);
    if (!is(word, 2)) return wrong(line_text(), accepted);
    const auto parsed = parse_instant(in_.fields()[1]);
    if (!parsed) return wrong(line_text(), accepted);
    out = *parsed;
    return {};
  }

  Result<void> start() {
    in_.next();
    return instant("start", trace_.start_);
  }

  Result<void> offerings() {
    in_.next();
    while (!in_.fields().empty() && in_.fields().front() == "offering") {
      if (auto added = offering(); !added) return added.error();
      in_.next();
    }
    if (trace_.offerings_.empty())
      return wrong(line_text(), "'offering 0 TYPE ZONE MARKET'");
    return {};
  }

  Result<void> offering() {
    const Fields& fields = in_.fields();
    if (fields.size() != 5)
      return wrong(line_text(), "'offering NUMBER TYPE ZONE MARKET'");
    const std::uint64_t due = trace_.offerings_.size();
    if (due == most_offerings) return wrong("too many offerings", "up to 4096");
    if (parse_number(fields[1], most_offerings) != due) {
      return wrong("offering number " + in_quotes(fields[1]),
                   std::to_string(due) + ", since they count from 0");
    }
    for (const std::string_view name : {fields[2], fields[3]}) {
      if (!valid_pool_name(name)) {
        return wrong("the name " + in_quotes(name),
                     "1 to 63 letters, digits and inner - . _");
      }
    }
    const auto market = parse_enum<Market>(fields[4]);
    if (!market)
      return wrong("market " + in_quotes(fields[4]), "on-demand, spot");
    Offering named{std::string(fields[2]), std::string(fields[3]), *market};
    const auto& known = trace_.offerings_;
    if (std::find(known.begin(), known.end(), named) != known.end())
      return wrong(to_string(named) + " is named twice", "each offering once");
    trace_.offerings_.push_back(std::move(named));
    steps_.emplace_back();
    return {};
  }

  /// `offerings` left the first row as the current line.
  Result<void> rows() {
    while (!in_.fields().empty() && in_.fields().front() != "end") {
      if (auto added = row(); !added) return added.error();
      in_.next();
    }
    return every_offering_began();
  }

  Result<void> row() {
    const Fields& fields = in_.fields();
    if (fields.size() != 3)
      return wrong(line_text(), "'SECOND OFFERING CAPACITY', or 'end'");
    const auto second = parse_number(fields[0], most_seconds);
    if (!second) {
      return wrong(in_quotes(fields[0]) + " seconds since the start",
                   "0 to 315360000");
    }
    const auto number = parse_number(fields[1], steps_.size() - 1);
    if (!number) {
      return wrong("offering " + in_quotes(fields[1]) + " is not known",
                   "0 to " + std::to_string(steps_.size() - 1));
    }
    const auto capacity = parse_number(fields[2], most_capacity);
    if (!capacity)
      return wrong("capacity " + in_quotes(fields[2]), "0 to 1000000");
    if (std::pair(*second, *number) < next_) {
      return wrong(second_text(*second) + " of offering " +
                       std::to_string(*number) + " comes too late",
                   "rows by second, then by offering, each pair once");
    }
    next_ = {*second, *number + 1};
    if (*second > 0) {
      if (auto began = every_offering_began(); !began) return began.error();
    }
    steps_[*number].push_back(
        {at_second(*second), static_cast<std::uint32_t>(*capacity)});
    return {};
  }

  [[nodiscard]] Instant at_second(std::uint64_t second) const {
    return after_ms(trace_.start_, static_cast<std::int64_t>(second) * 1000);
  }

  [[nodiscard]] Result<void> every_offering_began() {
    if (began_) return {};
    for (std::size_t i = 0; i < steps_.size(); ++i) {
      if (!steps_[i].empty()) continue;
      return wrong("offering " + std::to_string(i) + " (" +
                       to_string(trace_.offerings_[i]) +
                       ") has no value at second 0",
                   "a row at second 0 for each offering");
    }
    began_ = true;
    return {};
  }

  Result<void> end() {
    if (auto read = instant("end", trace_.end_); !read) return read;
    const Instant last = at_second(next_.first);
    if (trace_.end_ <= trace_.start_ || trace_.end_ < last)
      return wrong(line_text(), "a time after " + to_string(last));
    if (in_.next()) return wrong(line_text(), "nothing after 'end'");
    return {};
  }

  LineReader in_;
  CapacityTrace trace_;
  std::vector<std::vector<CapacityStep>> steps_;  ///< By offering number.
  /// The least (second, offering) that may come next.
  std::pair<std::uint64_t, std::uint64_t> next_{0, 0};
  bool began_ = false;
};

Result<CapacityTrace> CapacityTrace::parse(const std::string& name,
                                           std::string_view text) {
  return CapacityTraceParser(name, text).parse();
}

Result<CapacityTrace> CapacityTrace::read(const std::string& path) {
  const auto text = read_text_file(path, largest_file);
  if (!text) return text.error();
  return parse(path, text.value());
}

const std::vector<CapacityStep>& CapacityTrace::steps(
    const Offering& offering) const {
  static const std::vector<CapacityStep> none;
  const auto found = steps_.find(offering);
  return found == steps_.end() ? none : found->second;
}

std::optional<std::uint32_t> CapacityTrace::at(const Offering& offering,
                                               Instant at) const {
  const auto& known = steps(offering);
  if (known.empty()) return std::nullopt;
  const auto after = std::upper_bound(
      known.begin(), known.end(), at,
      [](Instant when, const CapacityStep& step) { return when < step.from; });
  return after == known.begin() ? after->capacity : std::prev(after)->capacity;
}

}  // namespace understudy
