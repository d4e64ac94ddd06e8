#include "services/capacity/process_record.hpp"

#include <array>
#include <cstdio>

#include "actors/core/hash.hpp"
#include "services/text/line_reader.hpp"

namespace understudy {
namespace {

constexpr std::string_view ref_head = "process:";
constexpr std::size_t key_length = 16;
constexpr std::uint32_t most_instances = 1'000'000;

std::string escaped(std::string_view text) {
  static constexpr char digits[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte != 0x7f && c != '%') {
      out += c;
      continue;
    }
    out += '%';
    out += digits[byte >> 4U];
    out += digits[byte & 15U];
  }
  return out;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 &&
        hex_digit(text[i + 2]) >= 0) {
      out += static_cast<char>(hex_digit(text[i + 1]) * 16 +
                               hex_digit(text[i + 2]));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

/// False when the line is none of ours.
bool read_line(std::string_view name, const std::string& value,
               ProcessRecord& record) {
  const auto number = parse_number(value, most_instances);
  if (name == "owner") {
    record.owner = value;
  } else if (name == "token") {
    record.token = value;
  } else if (name == "type") {
    record.offering.instance_type = value;
  } else if (name == "zone") {
    record.offering.zone = value;
  } else if (name == "market") {
    const auto market = parse_enum<Market>(value);
    if (market) record.offering.market = *market;
    return market.has_value();
  } else if (name == "host") {
    record.host = value;
  } else if (name == "port") {
    if (number) record.ports.push_back(static_cast<std::uint32_t>(*number));
    return number.has_value();
  } else if (name == "refused") {
    if (number) record.refused = static_cast<std::uint32_t>(*number);
    return number.has_value();
  } else if (name == "kind") {
    const auto kind = parse_enum<RefusalKind>(value);
    if (kind) record.kind = *kind;
    return kind.has_value();
  } else if (name == "code") {
    record.code = value;
  } else if (name == "message") {
    record.message = value;
  } else {
    return name == "end";
  }
  return true;
}

}  // namespace

std::string to_text(const ProcessRecord& record) {
  std::string text;
  const auto put = [&text](const char* name, std::string_view value) {
    text += std::string(name) + ' ' + escaped(value) + '\n';
  };
  put("owner", record.owner);
  put("token", record.token);
  put("type", record.offering.instance_type);
  put("zone", record.offering.zone);
  put("market", name_of(record.offering.market));
  put("host", record.host);
  for (const std::uint32_t port : record.ports)
    put("port", std::to_string(port));
  put("refused", std::to_string(record.refused));
  put("kind", name_of(record.kind));
  put("code", record.code);
  put("message", record.message);
  put("end", "");
  return text;
}

Result<ProcessRecord> parse_process_record(const std::string& file,
                                           std::string_view text) {
  ProcessRecord record;
  std::size_t line = 0;
  bool ended = false;
  while (!text.empty()) {
    ++line;
    const auto end = text.find('\n');
    const std::string_view whole = text.substr(0, end);
    text = end == std::string_view::npos ? "" : text.substr(end + 1);
    const auto space = whole.find(' ');
    ended = whole == "end ";
    if (space != std::string_view::npos &&
        read_line(whole.substr(0, space), unescaped(whole.substr(space + 1)),
                  record))
      continue;
    return Error{ErrorCode::corrupt,
                 file + ':' + std::to_string(line) +
                     ": cannot be read; accepted: what the process provider "
                     "wrote"};
  }
  if (ended) return record;
  return Error{ErrorCode::corrupt,
               file + ": cut off; accepted: what the process provider wrote"};
}

std::string process_key(const std::string& owner, const std::string& token) {
  const std::uint64_t hash = mix(hash_text(token, mix(hash_text(owner))));
  std::array<char, key_length + 1> text{};
  std::snprintf(text.data(), text.size(), "%016llx",
                static_cast<unsigned long long>(hash));
  return text.data();
}

std::string process_ref(const std::string& key, std::uint32_t index) {
  return std::string(ref_head) + key + '-' + std::to_string(index);
}

std::optional<ProcessPlace> parse_process_ref(std::string_view ref) {
  if (!ref.starts_with(ref_head)) return std::nullopt;
  ref.remove_prefix(ref_head.size());
  if (ref.size() < key_length + 2 || ref[key_length] != '-')
    return std::nullopt;
  const std::string_view key = ref.substr(0, key_length);
  if (key.find_first_not_of("0123456789abcdef") != std::string_view::npos)
    return std::nullopt;
  const auto index = parse_number(ref.substr(key_length + 1), most_instances);
  if (!index) return std::nullopt;
  return ProcessPlace{std::string(key), static_cast<std::uint32_t>(*index)};
}

std::string process_address(const std::string& host, std::uint32_t port) {
  const bool six = host.find(':') != std::string::npos;
  return (six ? '[' + host + ']' : host) + ':' + std::to_string(port);
}

}  // namespace understudy
