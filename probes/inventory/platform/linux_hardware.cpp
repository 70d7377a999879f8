// What the machine is made of: board, processor, memory, disks, USB devices.
#include "probes/inventory/disk_health.hpp"
#include "probes/inventory/platform/linux_parts.hpp"
#include "probes/inventory/smbios.hpp"
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

bool is_whole_disk(const std::string& name) {
    for (const auto* start : {"loop", "ram", "zram", "dm-", "md", "sr", "fd", "nbd", "drbd", "mtdblock", "zd", "rbd"})
        if (name.starts_with(start)) return false;
    return name.find("boot") == std::string::npos;  // boot partitions of eMMC stand beside their disk
}

// One property of the disk in udev's database, which anybody may read.
std::string udev_property(const std::string& database, std::string_view key) {
    std::string_view rest = database;
    for (std::string_view line; next_line(rest, line);)
        if (line.starts_with("E:") && next_piece(line, '=').substr(2) == key) return clean(line);
    return {};
}

std::string disk_kind(const Tree& tree, const std::string& name, const Disk& disk) {
    const auto folder = "/sys/block/" + name;
    if (name.starts_with("vd") || name.starts_with("xvd") || name.starts_with("pmem")) return "virtual";
    const auto vendor = tree.word(folder + "/device/vendor");
    for (const auto* maker : {"QEMU", "VMware", "VBOX", "Msft", "Google", "Xen"})
        if (vendor.starts_with(maker) || disk.model.starts_with(maker)) return "virtual";
    if (name.starts_with("nvme")) return "nvme";
    const auto rotates = tree.number(folder + "/queue/rotational");
    return !rotates ? "" : *rotates == 1 ? "hdd" : "ssd";
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

std::optional<std::vector<MemoryModule>> look_at_memory(const Tree& tree) {
    const auto table = tree.read("/sys/firmware/dmi/tables/DMI");
    if (!table || table->empty()) return std::nullopt;
    return read_memory_modules(view_of(*table));
}

std::vector<Disk> look_at_disks(const Tree& tree) {
    std::vector<Disk> out;
    for (const auto& name : tree.names("/sys/block")) {
        const auto folder = "/sys/block/" + name;
        const auto sectors = tree.number(folder + "/size");  // of 512 bytes, whatever the disk's own
        if (!is_whole_disk(name) || !sectors || *sectors <= 0 || *sectors > INT64_MAX / 512) continue;
        if (tree.number(folder + "/removable") == 1) continue;  // a stick stands among the USB devices
        Disk disk;
        disk.name = clean(name);
        disk.bytes = *sectors * 512;
        disk.model = tree.word(folder + "/device/model");
        if (disk.model.empty()) disk.model = tree.word(folder + "/device/name");
        const auto udev = tree.read("/run/udev/data/b" + tree.word(folder + "/dev")).value_or("");
        disk.serial = udev_property(udev, "ID_SERIAL_SHORT");
        if (disk.serial.empty()) disk.serial = tree.word(folder + "/device/serial");
        if (disk.serial.empty()) disk.serial = tree.word(folder + "/serial");
        if (is_placeholder(disk.serial)) disk.serial.clear();
        disk.kind = disk_kind(tree, name, disk);
        if (name.starts_with("mmcblk"))
            disk.failing = emmc_is_failing(tree.word(folder + "/device/pre_eol_info"));
        else if (disk.kind != "virtual" && tree.is_running_system())
            disk.failing = disk_is_failing("/dev/" + name, name.starts_with("nvme"));
        out.push_back(std::move(disk));
    }
    return out;
}

std::vector<UsbDevice> look_at_usb(const Tree& tree) {
    constexpr std::size_t most = 200;
    std::vector<UsbDevice> out;
    for (const auto& name : tree.names("/sys/bus/usb/devices")) {
        const auto folder = "/sys/bus/usb/devices/" + name;
        const auto vendor = tree.word(folder + "/idVendor"), product = tree.word(folder + "/idProduct");
        if (vendor.empty() || product.empty() || tree.word(folder + "/bDeviceClass") == "09") continue;  // hubs
        UsbDevice device;
        device.id = vendor + ":" + product;
        if (const auto serial = tree.word(folder + "/serial"); !is_placeholder(serial)) device.id += ":" + serial;
        device.name = clean(tree.word(folder + "/manufacturer") + " " + tree.word(folder + "/product"));
        if (device.name.empty()) device.name = "?";
        if (out.size() < most) out.push_back(std::move(device));
    }
    return out;
}

}  // namespace vg::probes::inventory
