// What the machine is made of: board, processor, memory.
#include "probes/inventory/platform/linux_parts.hpp"
#include "probes/inventory/system_files.hpp"
#include "probes/inventory/words.hpp"

namespace vg::probes::inventory {
namespace {

std::string told(const Tree& tree, const char* name) {
    auto text = tree.word(std::string("/sys/class/dmi/id/") + name);
    return is_placeholder(text) ? std::string() : text;
}

// A machine without SMBIOS (single-board computers, routers) names itself in its device tree.
std::optional<Board> from_device_tree(const Tree& tree) {
    const auto property = [&](const char* name) {
        auto text = tree.read(std::string("/sys/firmware/devicetree/base/") + name, 256).value_or("");
        return clean(std::string_view(text).substr(0, text.find('\0')));
    };
    Board board;
    board.model = property("model");
    board.serial = property("serial-number");
    if (is_placeholder(board.serial)) board.serial.clear();
    if (board.model.empty()) return std::nullopt;
    return board;
}

}  // namespace

std::optional<Board> look_at_board(const Tree& tree) {
    if (!tree.exists("/sys/class/dmi/id")) return from_device_tree(tree);
    Board board;
    board.vendor = told(tree, "sys_vendor");
    board.model = told(tree, "product_name");
    // A machine that was put together from parts is known by its main board.
    if (board.vendor.empty()) board.vendor = told(tree, "board_vendor");
    if (board.model.empty()) board.model = told(tree, "board_name");
    board.serial = told(tree, "product_serial");
    if (board.serial.empty()) board.serial = told(tree, "board_serial");
    board.bios_version = told(tree, "bios_version");
    board.bios_date = iso_of_bios_date(tree.word("/sys/class/dmi/id/bios_date"));
    const auto type = tree.number("/sys/class/dmi/id/chassis_type");
    board.chassis = is_virtual_board(board.vendor, board.model)
                        ? "virtual"
                        : std::string(chassis_word(type ? static_cast<int>(*type & 0xff) : 0));
    return board;
}

Processor look_at_processor(const Tree& tree) {
    Processor processor;
    processor.model = read_processor_model(tree.read("/proc/cpuinfo", 16 * 1024).value_or(""));
    processor.memory_mib = read_memory_mib(tree.read("/proc/meminfo").value_or(""));
    return processor;
}

}  // namespace vg::probes::inventory
