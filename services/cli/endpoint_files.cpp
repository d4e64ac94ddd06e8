#include "services/cli/endpoint_files.hpp"

#include <iostream>
#include <map>
#include <utility>

#include <CLI/CLI.hpp>

#include "services/config/endpoint_document.hpp"
#include "services/text/line_reader.hpp"
#include "services/text/text_file.hpp"

namespace understudy {
namespace {

Result<std::string> read_input(std::istream& in) {
  std::string text;
  char piece[4096];
  while (in.read(piece, sizeof piece) || in.gcount() > 0) {
    text.append(piece, static_cast<std::size_t>(in.gcount()));
    if (text.size() > largest_document) {
      return Error{ErrorCode::invalid_input,
                   "standard input is too long; accepted: up to " +
                       std::to_string(largest_document) + " bytes"};
    }
  }
  return text;
}

}  // namespace

void add_file_option(CLI::App& command, std::vector<std::string>& files) {
  command
      .add_option("-f,--file", files,
                  "YAML or JSON with one endpoint or more; - is standard "
                  "input")
      ->required()
      ->type_name("FILE")
      ->allow_extra_args(false);
}

Result<std::vector<GivenEndpoint>> read_endpoint_files(
    const std::vector<std::string>& files) {
  std::vector<GivenEndpoint> all;
  std::map<std::string, std::string> places;
  for (const std::string& file : files) {
    const bool input = file == "-";
    const auto text =
        input ? read_input(std::cin) : read_text_file(file, largest_document);
    if (!text) return text.error();
    auto documents =
        parse_endpoints(input ? "standard input" : file, text.value());
    if (!documents) return documents.error();
    for (EndpointDocument& one : documents.value()) {
      const auto at = one.places.find("name");
      const std::string place =
          one.places.file() + ':' + std::to_string(at.line);
      const auto [before, first] = places.emplace(one.spec.name, place);
      if (!first) {
        return one.places.error(
            "name", in_quotes(one.spec.name) + " is given twice",
            "each endpoint once (it stands at " + before->second + " too)");
      }
      all.push_back({one.places.file(), std::move(one.spec)});
    }
  }
  return all;
}

}  // namespace understudy
