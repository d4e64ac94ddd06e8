#include "services/config/catalogue_document.hpp"

#include <optional>
#include <set>

#include <arpa/inet.h>

#include "actors/core/ids.hpp"
#include "services/config/endpoint_document.hpp"
#include "services/config/places.hpp"
#include "services/config/yaml_reader.hpp"
#include "services/text/line_reader.hpp"
#include "services/text/text_file.hpp"

namespace understudy {
namespace {

constexpr std::uint32_t most_instances = 10'000;
constexpr std::uint32_t longest_grace_ms = 3'600'000;

std::optional<Error> check_number(const Places& places, const std::string& path,
                                  std::uint64_t value, std::uint64_t min,
                                  std::uint64_t max) {
  if (value >= min && value <= max) return std::nullopt;
  return places.error(path, std::to_string(value),
                      std::to_string(min) + " to " + std::to_string(max));
}

bool holds_control(const std::string& text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return true;
  }
  return false;
}

std::optional<Error> check_command(const ProcessOffering& one,
                                   const Places& places,
                                   const std::string& path) {
  const std::string accepted =
      "a list: an absolute path or a name found in PATH, then arguments";
  if (one.command.empty() || one.command.front().empty())
    return places.error(path, "no program", accepted);
  const std::string& program = one.command.front();
  if (program.front() != '/' && program.find('/') != std::string::npos)
    return places.error(path + "[0]", in_quotes(program), accepted);
  for (std::size_t i = 0; i < one.command.size(); ++i) {
    if (one.command[i].find('\0') == std::string::npos) continue;
    return places.error(path + '[' + std::to_string(i) + ']',
                        "holds a zero byte", "text");
  }
  return std::nullopt;
}

std::optional<Error> check_environment(const ProcessOffering& one,
                                       const Places& places,
                                       const std::string& path) {
  for (const auto& [name, value] : one.environment) {
    if (name.empty() || name.find('=') != std::string::npos ||
        holds_control(name)) {
      return places.error(path, in_quotes(name),
                          "a name without = and control characters");
    }
    if (name.starts_with("UNDERSTUDY_")) {
      return places.error(path + '.' + name, "set by the provider itself",
                          "a name that does not begin with UNDERSTUDY_");
    }
    if (value.find('\0') != std::string::npos)
      return places.error(path + '.' + name, "holds a zero byte", "text");
  }
  return std::nullopt;
}

std::optional<Error> check_offering(const ProcessOffering& one,
                                    const Places& places,
                                    const std::string& path) {
  if (!valid_pool_name(one.instance_type)) {
    return places.error(path + ".instance_type", in_quotes(one.instance_type),
                        "1 to 63 letters, digits and inner - . _");
  }
  if (!valid_pool_name(one.zone)) {
    return places.error(path + ".zone", in_quotes(one.zone),
                        "1 to 63 letters, digits and inner - . _");
  }
  if (auto wrong = check_number(places, path + ".capacity", one.capacity, 0,
                                most_instances))
    return wrong;
  if (auto wrong = check_number(places, path + ".max_concurrency",
                                one.max_concurrency, 0, 1'000'000))
    return wrong;
  const std::string& folder = one.working_directory;
  if (!folder.empty() && folder.front() != '/') {
    return places.error(path + ".working_directory", in_quotes(folder),
                        "an absolute path, or empty");
  }
  if (auto wrong = check_command(one, places, path + ".command")) return wrong;
  return check_environment(one, places, path + ".environment");
}

bool is_address(const std::string& host) {
  in6_addr address{};
  return ::inet_pton(AF_INET, host.c_str(), &address) == 1 ||
         ::inet_pton(AF_INET6, host.c_str(), &address) == 1;
}

std::optional<Error> check_catalogue(const ProcessCatalogue& all,
                                     const Places& places) {
  if (!is_address(all.host)) {
    return places.error("host", in_quotes(all.host),
                        "an IP address, such as 127.0.0.1");
  }
  if (auto wrong =
          check_number(places, "ports.from", all.ports.from, 1, 65'535))
    return wrong;
  if (auto wrong = check_number(places, "ports.to", all.ports.to,
                                all.ports.from, 65'535))
    return wrong;
  if (auto wrong = check_number(places, "termination_grace_ms",
                                all.termination_grace_ms, 0, longest_grace_ms))
    return wrong;
  if (all.offerings.empty())
    return places.error("offerings", "an empty list", "one offering at least");
  std::set<Offering> seen;
  for (std::size_t i = 0; i < all.offerings.size(); ++i) {
    const std::string path = "offerings[" + std::to_string(i) + ']';
    const ProcessOffering& one = all.offerings[i];
    if (auto wrong = check_offering(one, places, path)) return wrong;
    if (seen.insert(one.offering()).second) continue;
    return places.error(path, to_string(one.offering()) + " is there twice",
                        "each of instance_type, zone and market once");
  }
  return std::nullopt;
}

}  // namespace

Result<ProcessCatalogue> parse_catalogue(const std::string& file,
                                         const std::string& text) {
  const auto root = parse_yaml(file, text);
  if (!root) return root.error();
  YamlReader reader(file);
  ProcessCatalogue catalogue;
  if (!reader.read(root.value(), "", catalogue)) return reader.error();
  if (auto wrong = check_catalogue(catalogue, reader.places())) return *wrong;
  return catalogue;
}

Result<ProcessCatalogue> read_catalogue(const std::string& path) {
  const auto text = read_text_file(path, largest_document);
  if (!text) return text.error();
  return parse_catalogue(path, text.value());
}

}  // namespace understudy
