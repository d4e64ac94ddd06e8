#include "services/api/tokens.hpp"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

#include <openssl/crypto.h>
#include <sys/stat.h>

#include "services/text/text_file.hpp"

namespace understudy {
namespace {

constexpr std::size_t longest_token_bytes = 4096;
constexpr std::string_view scheme = "Bearer ";

Error wrong(const std::string& file, const std::string& what) {
  return {ErrorCode::invalid_input, file + ": " + what};
}

/// systemd hands secrets over in a directory that the service alone can
/// enter, and may let the service read them by an access list, which shows
/// as a group's right.
bool is_credential(const std::string& file) {
  const char* directory = std::getenv("CREDENTIALS_DIRECTORY");
  return directory && *directory != '\0' &&
         file.starts_with(std::string(directory) + '/');
}

Result<void> check_mode(const std::string& file) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0) {
    return Error{ErrorCode::invalid_input,
                 file + ": " + std::strerror(errno) +
                     "; accepted: a file that holds one token"};
  }
  if ((status.st_mode & 0077U) != 0 && !is_credential(file)) {
    return wrong(file,
                 "others than its owner have rights to it; accepted: chmod "
                 "600");
  }
  return {};
}

bool is_token_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         (c >= '0' && c <= '9') ||
         std::string_view("-._~+/=").find(c) != std::string_view::npos;
}

Result<std::string> read_token(const std::string& file) {
  if (file.empty()) return std::string();
  if (auto checked = check_mode(file); !checked) return checked.error();
  auto text = read_text_file(file, longest_token_bytes);
  if (!text) return wrong(text.error().message, "the token cannot be read");
  std::string token = std::move(text).value();
  if (token.ends_with('\n')) token.pop_back();
  if (token.ends_with('\r')) token.pop_back();
  if (token.empty()) return wrong(file, "empty; accepted: one token");
  for (const char c : token) {
    if (is_token_char(c)) continue;
    return wrong(file,
                 "more than one line, or a character that no token has; "
                 "accepted: letters, digits and -._~+/= in one line");
  }
  return token;
}

/// Takes as long for a good guess as for a bad one. The length may be told.
bool same(const std::string& token, std::string_view given) {
  return !token.empty() && token.size() == given.size() &&
         ::CRYPTO_memcmp(token.data(), given.data(), given.size()) == 0;
}

bool is_scheme(std::string_view text) {
  if (text.size() < scheme.size()) return false;
  for (std::size_t i = 0; i + 1 < scheme.size(); ++i) {
    if ((text[i] | 0x20) != (scheme[i] | 0x20)) return false;
  }
  return text[scheme.size() - 1] == ' ';
}

}  // namespace

Result<Tokens> Tokens::read(const ApiSettings& settings) {
  auto operate = read_token(settings.token_file);
  if (!operate) return operate.error();
  auto reading = read_token(settings.read_token_file);
  if (!reading) return reading.error();
  Tokens tokens;
  tokens.operate_ = std::move(operate).value();
  tokens.read_ = std::move(reading).value();
  if (tokens.operate_.empty() && !tokens.read_.empty()) {
    return wrong(settings.read_token_file,
                 "a token to read without one to operate; accepted: "
                 "api.token_file with it");
  }
  if (tokens.needed() && tokens.operate_ == tokens.read_) {
    return wrong(settings.read_token_file, "the same token as in " +
                                               settings.token_file +
                                               "; accepted: another one");
  }
  return tokens;
}

Access Tokens::access(std::string_view authorization) const {
  if (!needed()) return Access::operate;
  if (!is_scheme(authorization)) return Access::none;
  std::string_view given = authorization.substr(scheme.size());
  while (given.starts_with(' '))
    given.remove_prefix(1);
  const bool operates = same(operate_, given);
  const bool reads = same(read_, given);
  if (operates) return Access::operate;
  return reads ? Access::read : Access::none;
}

Result<void> check_tokens(const ApiSettings& settings) {
  const auto tokens = Tokens::read(settings);
  if (!tokens) return tokens.error();
  return {};
}

}  // namespace understudy
