#include <ostream>

#include "services/rendering/explain_text.hpp"

namespace understudy {

Json record_explanation_json(const RecordExplanation& told) {
  Json json = envelope("RecordExplanation");
  add_members(json, to_json(told));
  json["data"] = Json::parse(told.data);
  return json;
}

Json walk_explanation_json(const WalkExplanation& told) {
  Json json = envelope(told.instance.empty() ? "FallbackExplanation"
                                             : "InstanceExplanation");
  add_members(json, to_json(told));
  return json;
}

Result<void> write_explanation(std::ostream& out, Output output,
                               LogReader& reader, const std::string& text,
                               bool chain) {
  const auto found = find_subject(reader, text);
  if (!found) return found.error();
  const Subject& subject = found.value();
  const bool structured = output == Output::json || output == Output::yaml;
  const auto note = [&] {
    if (!subject.note.empty()) out << subject.note << "\n\n";
  };
  if (subject.walk && !chain) {
    const auto told = explain_walk(reader, *subject.walk);
    if (!told) return told.error();
    if (structured) {
      write_structured(out, output, walk_explanation_json(told.value()));
    } else {
      note();
      write_walk(out, told.value());
    }
    return {};
  }
  const auto told = explain_record(reader, subject.position);
  if (!told) return told.error();
  if (structured) {
    write_structured(out, output, record_explanation_json(told.value()));
  } else {
    note();
    write_record(out, told.value());
  }
  return {};
}

}  // namespace understudy
