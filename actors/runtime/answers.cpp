#include "actors/runtime/answers.hpp"

namespace understudy {

CommandAnswer stopped_answer(const StreamId& stream, const std::string& why) {
  return {false, std::string(stream_stopped_reason), "", stream.text, why, 0};
}

const std::string& command_id(const OutsideInput& input) {
  static const std::string none;
  return std::visit(
      [](const auto& value) -> const std::string& {
        if constexpr (requires { value.command; }) {
          return value.command;
        } else {
          return none;
        }
      },
      input);
}

std::optional<CommandAnswer> answer_to(const AnyState& state,
                                       const OutsideInput& input) {
  const auto* box = std::get_if<std::unique_ptr<endpoint::State>>(&state);
  const auto& id = command_id(input);
  if (box == nullptr || id.empty()) return std::nullopt;
  const auto* known = (*box)->answer(id);
  if (known == nullptr) return std::nullopt;
  return CommandAnswer{known->ok,    known->reason,   known->field,
                       known->value, known->accepted, 0};
}

}  // namespace understudy
