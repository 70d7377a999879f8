// What disks say about their health, by ioctl. Needs the right to talk to them (root); never wakes a disk that sleeps,
// and never waits for one longer than two seconds.
#include "probes/inventory/disk_health.hpp"
#include "probes/inventory/platform/linux_parts.hpp"

#include <fcntl.h>
#include <linux/nvme_ioctl.h>
#include <scsi/sg.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <array>

namespace vg::probes::inventory {
namespace {

constexpr unsigned patience_ms = 2000;

class Device {
public:
    explicit Device(const std::string& path) : fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
    Device(const Device&) = delete;
    Device& operator=(const Device&) = delete;
    ~Device() {
        if (fd_ >= 0) ::close(fd_);
    }
    [[nodiscard]] int get() const { return fd_; }

private:
    int fd_;
};

std::optional<bool> nvme_health(const Device& device) {
    std::array<std::uint8_t, 512> log{};
    nvme_admin_cmd command{};
    command.opcode = 0x02;  // get log page
    command.nsid = 0xffffffff;
    command.addr = reinterpret_cast<std::uintptr_t>(log.data());
    command.data_len = log.size();
    command.cdw10 = 0x02 | (log.size() / 4 - 1) << 16;  // SMART / Health Information
    command.timeout_ms = patience_ms;
    if (::ioctl(device.get(), NVME_IOCTL_ADMIN_CMD, &command) != 0) return std::nullopt;
    return nvme_is_failing(log);
}

// An ATA command without data through ATA PASS-THROUGH (16) (SAT-4 §12.2.2.3); gives the sense data with the registers.
std::optional<std::array<std::uint8_t, 32>> ata(const Device& device, std::uint8_t command, std::uint8_t feature,
                                                std::uint8_t middle, std::uint8_t high) {
    std::array<std::uint8_t, 16> words{};
    words[0] = 0x85;
    words[1] = 3 << 1;  // no data
    words[2] = 0x20;    // give the registers back
    words[4] = feature;
    words[10] = middle;
    words[12] = high;
    words[14] = command;
    std::array<std::uint8_t, 32> sense{};
    sg_io_hdr_t request{};
    request.interface_id = 'S';
    request.dxfer_direction = SG_DXFER_NONE;
    request.cmdp = words.data();
    request.cmd_len = words.size();
    request.sbp = sense.data();
    request.mx_sb_len = sense.size();
    request.timeout = patience_ms;
    if (::ioctl(device.get(), SG_IO, &request) != 0 || request.sb_len_wr == 0) return std::nullopt;
    return sense;
}

std::optional<bool> ata_health(const Device& device) {
    const auto power = ata(device, 0xe5, 0, 0, 0);  // CHECK POWER MODE
    if (!power || ata_is_asleep(*power) != false) return std::nullopt;
    const auto status = ata(device, 0xb0, 0xda, 0x4f, 0xc2);  // SMART RETURN STATUS
    return status ? ata_is_failing(*status) : std::nullopt;
}

}  // namespace

std::optional<bool> disk_is_failing(const std::string& path, bool is_nvme) {
    const Device device(path);
    if (device.get() < 0) return std::nullopt;
    return is_nvme ? nvme_health(device) : ata_health(device);
}

}  // namespace vg::probes::inventory
