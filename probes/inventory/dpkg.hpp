#pragma once
// /var/lib/dpkg/status (and /usr/lib/opkg/status of OpenWrt, which has the same form), several megabytes on an office
// PC, read piece by piece: nothing but names and versions is kept. Total over any bytes; owned by one look; one thread.

#include "probes/inventory/reading.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace vg::probes::inventory {

class DpkgStatus {
public:
    void feed(std::string_view piece);  // the next bytes of the file, cut anywhere
    // The installed packages (also those whose installation was interrupted), in the file's order.
    [[nodiscard]] std::vector<Package> finish();

private:
    void line(std::string_view text);
    void end_of_record();
    std::string rest_;       // a line that has not ended
    bool too_long_ = false;  // its rest is skipped: no field of ours is so long
    Package package_;
    bool installed_ = false;
    std::vector<Package> found_;
};

}  // namespace vg::probes::inventory
