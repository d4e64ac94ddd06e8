/// Writes a generation of golden files:
///
///     codec_golden tests/unit/codec/golden/vN
///
/// The folder must not exist yet: a generation is never written again.

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "services/codec/record_codec.hpp"
#include "tests/unit/codec/golden_files.hpp"
#include "tests/unit/codec/samples.hpp"

namespace {

namespace fs = std::filesystem;

bool write(const fs::path& path, const char* data, std::size_t size) {
  std::ofstream file(path, std::ios::binary);
  file.write(data, static_cast<std::streamsize>(size));
  return file.flush().good();
}

int write_all(const fs::path& folder) {
  using namespace understudy;
  const auto codec = make_record_codec();
  Json expected;
  for (const auto& [name, record] : testing::golden_samples()) {
    std::vector<std::byte> bytes;
    codec->encode(record, bytes);
    if (!write(folder / testing::golden_file_name(name),
               reinterpret_cast<const char*>(bytes.data()), bytes.size()))
      return 1;
    expected[name] = testing::record_json(record);
  }
  const std::string text = json_text(expected, 1) + "\n";
  return write(folder / "expected.json", text.data(), text.size()) ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  std::error_code error;
  if (argc != 2 || !fs::create_directories(argv[1], error)) {
    std::fprintf(stderr,
                 "codec_golden: accepted: one folder that does not exist\n");
    return 2;
  }
  const int failed = write_all(argv[1]);
  if (failed != 0)
    std::fprintf(stderr, "codec_golden: cannot write to %s\n", argv[1]);
  return failed;
}
