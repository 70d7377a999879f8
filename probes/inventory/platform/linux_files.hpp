#pragma once
// Files of /proc, /sys, /etc and /var below a root, read for the inventory. Whatever cannot be read is nothing; nothing
// here throws or blocks on more than a local disk. One thread.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vg::probes::inventory {

class Tree {
public:
    explicit Tree(std::string root) : root_(std::move(root)) {}

    // The first `most` bytes.
    [[nodiscard]] std::optional<std::string> read(const std::string& path, std::size_t most = 256 * 1024) const;
    // One line of /sys or /proc without blanks at its ends; empty when it cannot be read.
    [[nodiscard]] std::string word(const std::string& path) const;
    [[nodiscard]] std::optional<std::int64_t> number(const std::string& path) const;
    // A file of any size, piece by piece; false when it cannot be opened.
    bool each_piece(const std::string& path, const std::function<void(std::string_view)>& take) const;
    [[nodiscard]] std::vector<std::string> names(const std::string& folder) const;  // sorted; without . and ..
    [[nodiscard]] bool exists(const std::string& path) const;
    [[nodiscard]] std::string link(const std::string& path) const;  // where a symbolic link points; empty: none

    struct Glance {
        std::int64_t changed_ns = 0;  // of the content, since 1970
        std::uint64_t size = 0, inode = 0;
        bool is_roots = false;  // root's, and nobody else may write it
    };
    [[nodiscard]] std::optional<Glance> glance(const std::string& path) const;  // follows links
    // Of all these paths together: another number when one came, went or changed.
    [[nodiscard]] std::uint64_t stamp(const std::vector<std::string>& paths) const;

    [[nodiscard]] std::string full(const std::string& path) const { return root_ + path; }
    [[nodiscard]] bool is_running_system() const { return root_.empty(); }

private:
    std::string root_;
};

}  // namespace vg::probes::inventory
