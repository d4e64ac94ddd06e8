#include "services/codec/command_json.hpp"

#include <algorithm>
#include <cstring>
#include <utility>
#include <vector>

#include <flatbuffers/reflection.h>

#include "actors/core/ids.hpp"
#include "command_bfbs_generated.h"
#include "services/codec/json.hpp"
#include "services/codec/json_reader.hpp"
#include "services/codec/strict_json.hpp"
#include "services/codec/written_command.hpp"
#include "services/codec/written_reader.hpp"

namespace understudy {
namespace {

using WrittenCommand = codec::written::Command;

Error invalid(std::string message) {
  return {ErrorCode::invalid_input, std::move(message)};
}

Result<WrittenCommand> parse(std::string_view text) {
  if (text.size() > longest_command_bytes) {
    return invalid("a command of " + std::to_string(text.size()) +
                   " bytes; accepted: up to " +
                   std::to_string(longest_command_bytes));
  }
  const auto strict = codec::parse_strict_json(text);
  if (!strict) return strict.error();
  codec::KindCheck kinds;
  kinds.check<WrittenCommand>(strict.value(), "");
  if (kinds.error()) return *kinds.error();
  WrittenCommand written;
  codec::JsonReader reader;
  reader.read(strict.value(), "", written);
  if (reader.error()) return *reader.error();
  return written;
}

bool is_control(char c) {
  return static_cast<unsigned char>(c) < ' ' || c == '\x7f';
}

std::optional<Error> check_envelope(const WrittenCommand& written) {
  const auto& id = written.command;
  if (id.empty() || id.size() > 128 ||
      std::any_of(id.begin(), id.end(), is_control)) {
    return invalid("command: " + std::to_string(id.size()) +
                   " bytes; accepted: an id of 1 to 128 bytes without control "
                   "characters");
  }
  if (!valid_name(written.endpoint)) {
    return invalid("endpoint: " + json_quoted(written.endpoint) +
                   "; accepted: 1 to 63 letters, digits and inner hyphens");
  }
  const int kinds = written.create.has_value() + written.update.has_value() +
                    written.scale.has_value() + written.delete_.has_value();
  if (kinds != 1) {
    return invalid(std::to_string(kinds) +
                   " kinds of command; accepted: exactly one of create, "
                   "update, scale, delete");
  }
  return std::nullopt;
}

/// An empty path is the default, and is stored as that: a specification
/// without one is known to be older than the field.
void settle_paths(EndpointSpec& spec) {
  for (VariantSpec& variant : spec.variants) {
    variant.invocations_path = variant.invocations();
    variant.health.ping_path = variant.health.ping();
    variant.health.probe_timeout_ms = variant.health.timeout_ms();
  }
}

/// The specification's name may be left out: the endpoint's is meant.
std::optional<Error> settle_name(const std::string& path,
                                 const std::string& endpoint,
                                 EndpointSpec& spec) {
  settle_paths(spec);
  if (spec.name.empty()) spec.name = endpoint;
  if (spec.name == endpoint) return std::nullopt;
  return invalid(path + ".spec.name: " + json_quoted(spec.name) +
                 "; accepted: the endpoint's name, " + json_quoted(endpoint) +
                 ", or no such field");
}

Result<WrittenCommand> parse_binary(Bytes bytes) {
  if (bytes.size() > longest_command_bytes) {
    return invalid("a command of " + std::to_string(bytes.size()) +
                   " bytes; accepted: up to " +
                   std::to_string(longest_command_bytes));
  }
  // FlatBuffers reads in place: the bytes must lie aligned.
  std::vector<std::uint64_t> aligned(bytes.size() / 8 + 1);
  std::memcpy(aligned.data(), bytes.data(), bytes.size());
  const auto* start = reinterpret_cast<const std::uint8_t*>(aligned.data());
  using Schema = fb::written::CommandBinarySchema;
  const auto* schema = reflection::GetSchema(Schema::data());
  if (bytes.size() < 8 ||
      !flatbuffers::Verify(*schema, *schema->root_table(), start, bytes.size()))
    return invalid("no FlatBuffer of a command (schemas/command.fbs)");
  WrittenCommand written;
  codec::WrittenReader reader;
  reader.read(*flatbuffers::GetRoot<flatbuffers::Table>(start), "", written);
  if (reader.error()) return *reader.error();
  return written;
}

Result<Command> to_command(WrittenCommand written) {
  if (auto error = check_envelope(written)) return *std::move(error);
  Command command;
  if (written.create) {
    auto& spec = written.create->spec;
    if (auto error = settle_name("create", written.endpoint, spec))
      return *std::move(error);
    command.input =
        endpoint::CreateEndpoint{std::move(written.command), std::move(spec)};
  } else if (written.update) {
    auto& spec = written.update->spec;
    if (auto error = settle_name("update", written.endpoint, spec))
      return *std::move(error);
    command.input =
        endpoint::UpdateEndpoint{std::move(written.command), std::move(spec)};
  } else if (written.scale) {
    if (!written.scale->desired)
      return invalid("scale.desired: missing; accepted: a number");
    command.input = endpoint::ScaleVariant{std::move(written.command),
                                           std::move(written.scale->variant),
                                           *written.scale->desired,
                                           {}};
  } else {
    command.input = endpoint::DeleteEndpoint{std::move(written.command)};
  }
  command.endpoint = std::move(written.endpoint);
  return command;
}

}  // namespace

Result<Command> decode_command_json(std::string_view text) {
  auto parsed = parse(text);
  if (!parsed) return parsed.error();
  return to_command(std::move(parsed).value());
}

Result<Command> decode_command_flatbuffer(Bytes bytes) {
  auto parsed = parse_binary(bytes);
  if (!parsed) return parsed.error();
  return to_command(std::move(parsed).value());
}

void attribute(Command& command, const std::string& principal,
               const std::string& traceparent) {
  std::visit(
      [&](auto& input) {
        input.principal = principal;
        input.traceparent = traceparent;
      },
      command.input);
}

}  // namespace understudy
