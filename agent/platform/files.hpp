#pragma once
// Files of the state directory: private, whole or not at all, and owned by one running agent at a time.
// Any thread; what is POSIX about it stays in files_linux.cpp.

#include "base/result.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace vg::agent::platform {

// Makes the directory (mode 0700) where it is missing.
[[nodiscard]] Result<void> make_private_directory(const std::string& path);
// Writes beside, syncs, renames: a power cut leaves the old or the new text. Mode 0600.
[[nodiscard]] Result<void> write_file(const std::string& path, std::string_view text);
// A missing file is Errc::not_found. At most 4 MiB.
[[nodiscard]] Result<std::string> read_file(const std::string& path);
[[nodiscard]] Result<void> rename_file(const std::string& from, const std::string& to);
void remove_file(const std::string& path);

// Held while it lives; a second agent on the same directory gets Errc::conflict.
class DirectoryLock {
public:
    [[nodiscard]] static Result<DirectoryLock> take(const std::string& directory);
    // Whether somebody holds it now; makes nothing.
    [[nodiscard]] static Result<bool> is_held(const std::string& directory);
    DirectoryLock(DirectoryLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
    DirectoryLock& operator=(DirectoryLock&&) = delete;
    ~DirectoryLock();

private:
    explicit DirectoryLock(int descriptor) : descriptor_(descriptor) {}
    int descriptor_;
};

}  // namespace vg::agent::platform
