#include "services/rendering/event_filter.hpp"

#include <utility>
#include <variant>

#include "services/text/line_reader.hpp"

namespace understudy {
namespace {

template <std::size_t... i>
std::set<std::string_view> all_types(std::index_sequence<i...>) {
  return {std::variant_alternative_t<i, AnyEvent>::name...};
}

}  // namespace

bool EventFilter::selects(const Record& record) const {
  if (!endpoint.empty() && record.stream.endpoint_name() != endpoint) {
    return false;
  }
  if (!stream.empty() && record.stream.text != stream) return false;
  return types.empty() || types.contains(event_name(record.event));
}

const std::set<std::string_view>& event_types() {
  static const std::set<std::string_view> types =
      all_types(std::make_index_sequence<std::variant_size_v<AnyEvent>>{});
  return types;
}

Result<std::set<std::string, std::less<>>> parse_event_types(
    std::string_view name, std::string_view text) {
  std::set<std::string, std::less<>> types;
  while (!text.empty()) {
    const auto comma = text.find(',');
    const std::string_view type = text.substr(0, comma);
    if (!event_types().contains(type)) {
      return Error{ErrorCode::invalid_input,
                   std::string(name) + ' ' + in_quotes(type) +
                       " is no event; accepted: the types that `understudy "
                       "events --help` lists"};
    }
    types.emplace(type);
    text.remove_prefix(comma == std::string_view::npos ? text.size()
                                                       : comma + 1);
  }
  return types;
}

Result<std::string> parse_stream(std::string_view name,
                                 const std::string& text) {
  if (text.empty() || StreamId::parse(text)) return text;
  return Error{ErrorCode::invalid_input,
               std::string(name) + ' ' + in_quotes(text) +
                   " is no stream; accepted: endpoint/E, pool/E/V/P, "
                   "instance/E/I, autoscaler/E/V"};
}

}  // namespace understudy
