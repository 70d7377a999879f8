// Writes the golden files, and the same bytes as seeds of the fuzzers, after a wanted change of the format:
// wire_golden tests/wire/golden tests/fuzz/corpus
#include "tests/wire/golden_cases.hpp"

#include <cstdio>
#include <filesystem>
#include <fstream>

namespace {

using namespace vg;

std::string fuzzer_of(const wire::golden::Case& one) {
    for (const char* kind : {"samples", "facts", "events"})
        if (one.name.starts_with(kind)) return std::string("fuzz_") + kind;
    return one.name.starts_with("column") ? "fuzz_columns" : "fuzz_messages";
}

void write(const std::filesystem::path& file, std::string_view content) {
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << content;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::fprintf(stderr, "wire_golden GOLDEN_FOLDER CORPUS_FOLDER\n");
        return 2;
    }
    const std::filesystem::path golden = argv[1], corpus = argv[2];
    Bytes stream;
    for (const auto& one : wire::golden::cases()) {
        write(golden / (one.name + ".hex"), wire::golden::to_file(one));
        const auto fuzzer = fuzzer_of(one);
        auto seed = one.bytes;
        if (fuzzer == "fuzz_columns") seed.insert(seed.begin(), 10);  // the count comes first there
        write(corpus / fuzzer / one.name, text_of(seed));
        if (fuzzer == "fuzz_messages") stream.insert(stream.end(), one.bytes.begin(), one.bytes.end());
    }
    write(corpus / "fuzz_frame" / "all_messages", text_of(stream));
    return 0;
}
