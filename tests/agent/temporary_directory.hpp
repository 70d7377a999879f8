#pragma once
// A directory of a test's own, gone with it.

#include <stdlib.h>
#include <unistd.h>
#include <filesystem>
#include <string>

namespace vg::agent::testing {

class TemporaryDirectory {
public:
    TemporaryDirectory() {
        // In memory where there is such a place: thousands of synced commits would wear the disk and the patience.
        const auto parent = ::access("/dev/shm", W_OK) == 0 ? std::filesystem::path("/dev/shm")
                                                            : std::filesystem::temp_directory_path();
        std::string name = (parent / "vonggac-test-XXXXXX").string();
        path_ = ::mkdtemp(name.data());
    }
    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
    ~TemporaryDirectory() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    [[nodiscard]] const std::string& path() const { return path_; }
    [[nodiscard]] std::string file(const std::string& name) const { return path_ + "/" + name; }

private:
    std::string path_;
};

}  // namespace vg::agent::testing
