#include "probes/inventory/platform/linux_parts.hpp"
#include "probes/inventory/platform/machine.hpp"

namespace vg::probes::inventory {
namespace {

class LinuxMachine final : public Machine {
public:
    explicit LinuxMachine(std::string root) : tree_(std::move(root)) {}

    std::optional<std::uint64_t> stamp(Part part) override {
        switch (part) {
            case Part::system:
                return tree_.stamp({"/etc/os-release", "/usr/lib/os-release", "/etc/machine-id", "/etc/hostname"});
            case Part::board:
            case Part::processor: return 1;  // neither changes while the machine runs
            case Part::software: return tree_.stamp({"/var/lib/dpkg/status"});
            case Part::adapters: return std::nullopt;
        }
        return std::nullopt;
    }

    void look(Part part, Reading& into) override {
        switch (part) {
            case Part::system: into.system = look_at_system(tree_); return;
            case Part::board: into.board = look_at_board(tree_); return;
            case Part::processor: into.processor = look_at_processor(tree_); return;
            case Part::adapters: into.adapters = look_at_adapters(tree_); return;
            case Part::software: into.software = look_at_software(tree_); return;
        }
    }

private:
    Tree tree_;
};

}  // namespace

std::unique_ptr<Machine> make_machine(std::string root) { return std::make_unique<LinuxMachine>(std::move(root)); }

}  // namespace vg::probes::inventory
