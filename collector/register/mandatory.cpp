#include "collector/register/mandatory.hpp"

namespace vg::collector::registry {

std::vector<MandatoryField> missing_fields(const Device& device) {
    std::vector<MandatoryField> out;
    const auto need = [&](bool is_there, MandatoryField field) {
        if (!is_there) out.push_back(field);
    };
    need(!device.name.empty(), {"name", "tên", "name"});
    need(!device.ip.empty(), {"static_ip", "địa chỉ IP tĩnh", "static IP"});
    need(!device.mac.empty() || !device.serial.empty(), {"serial", "MAC hoặc số sê-ri", "MAC or serial number"});
    need(device.support_end.has_value(), {"support_end", "ngày hết hỗ trợ", "support end"});
    need(!device.location.empty(), {"geographic_location", "nơi đặt", "place"});
    need(!device.segment.empty(), {"network_location", "vị trí trong mạng", "place in the network"});
    need(!device.purpose.empty(), {"purpose", "mục đích", "purpose"});
    need(!device.status.empty(), {"status", "tình trạng", "status"});
    need(!device.responsible.empty(), {"responsible", "người chịu trách nhiệm", "responsible person"});
    return out;
}

}  // namespace vg::collector::registry
