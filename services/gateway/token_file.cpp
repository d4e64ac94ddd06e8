#include "services/gateway/token_file.hpp"

#include <array>

#include <openssl/evp.h>
#include <sys/stat.h>

#include "actors/core/ids.hpp"
#include "services/text/line_reader.hpp"
#include "services/text/text_file.hpp"

namespace understudy::gateway {
namespace {

constexpr std::size_t largest_file = 1'048'576;

std::string sha256_of(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned int size = 0;
  ::EVP_Digest(text.data(), text.size(), bytes.data(), &size, ::EVP_sha256(),
               nullptr);
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string hex;
  for (unsigned int i = 0; i < size; ++i) {
    hex += digits[bytes[i] >> 4U];
    hex += digits[bytes[i] & 15U];
  }
  return hex;
}

}  // namespace

Result<TextMap> read_token_map(const std::string& path) {
  struct stat facts {};
  if (::stat(path.c_str(), &facts) == 0 && (facts.st_mode & 077U) != 0) {
    return Error{
        ErrorCode::invalid_input,
        "token_file " + path + ": others may read it; accepted: mode 0600"};
  }
  const auto text = read_text_file(path, largest_file);
  if (!text) return text.error();
  TextMap tokens;
  LineReader lines(path, text.value());
  while (lines.next()) {
    const auto& fields = lines.fields();
    if (fields.size() != 2 || (fields[0] != "*" && !valid_name(fields[0])))
      return lines.error("no endpoint with a token",
                         "ENDPOINT TOKEN, or * TOKEN");
    if (!tokens.emplace(std::string(fields[0]), sha256_of(fields[1])).second)
      return lines.error("a second token for " + std::string(fields[0]),
                         "one token for each endpoint");
  }
  // Whoever names a file wants requests to need a token: one that is empty,
  // or half written, must not let everybody in.
  if (tokens.empty()) {
    return Error{ErrorCode::invalid_input,
                 "token_file " + path +
                     ": no token in it; accepted: lines of ENDPOINT TOKEN, or "
                     "* TOKEN; no token_file where none is wanted"};
  }
  return tokens;
}

}  // namespace understudy::gateway
