#include "services/codec/table_reader.hpp"

namespace understudy::codec {

void TableReader::fail(ErrorCode code, std::string message) {
  if (failed_) return;
  failed_ = true;
  error_ = {code, std::move(message)};
}

void TableReader::refuse_unknown(std::string_view name, std::string_view what,
                                 std::uint32_t found) {
  fail(ErrorCode::too_new, std::string(name) + ' ' + std::string(what) + ' ' +
                               std::to_string(found) +
                               " is not known to this build; a newer one "
                               "wrote it");
}

void TableReader::refuse_half_union(std::string_view name, std::uint8_t tag) {
  fail(ErrorCode::corrupt, tag == 0
                               ? std::string(name) + " has a value but no tag"
                               : std::string(name) + " has tag " +
                                     std::to_string(tag) + " but no value");
}

void TableReader::refuse_disorder(std::string_view name) {
  fail(ErrorCode::corrupt,
       std::string(name) + " holds a key twice; expected each once");
}

void TableReader::refuse_overlap() {
  fail(ErrorCode::corrupt,
       "parts overlap; expected each byte to be referred to once");
}

}  // namespace understudy::codec
