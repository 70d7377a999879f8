#include "probes/inventory/products.hpp"

#include <array>

namespace vg::probes::inventory {
namespace {

// In order of preference: on a machine with two, the first that runs is told.
constexpr auto rows = std::to_array<Product>({
    {"Kaspersky Endpoint Security", "/opt/kaspersky/kesl", "kesl", "", {}},
    {"BKAV Endpoint", "/opt/bkav", "bkav", "", {}},
    {"CMC Endpoint Security", "/opt/cmc", "cmc", "", {}},
    {"VCS Ajiant", "/opt/ajiant", "ajiant", "", {}},
    {"ESET Endpoint Antivirus", "/opt/eset/eea", "eea", "oaeventd", {}},
    {"ESET Server Security", "/opt/eset/efs", "efs", "oaeventd", {}},
    {"Microsoft Defender", "/opt/microsoft/mdatp", "wdavdaemon", "", {}},
    {"CrowdStrike Falcon", "/opt/CrowdStrike", "falcon-sensor", "", {}},
    {"SentinelOne", "/opt/sentinelone", "s1-agent", "", {}},
    {"Trend Micro Deep Security", "/opt/ds_agent", "ds_agent", "ds_am", {}},
    {"Sophos", "/opt/sophos-spl", "sophos_threat_d", "", {}},
    {"Bitdefender", "/opt/bitdefender-security-tools", "bdsecd", "", {}},
    {"Trellix Endpoint Security", "/opt/McAfee/ens", "mfetpd", "", {}},
    {"Dr.Web", "/opt/drweb.com", "drweb-configd", "drweb-spider", {}},
    {"WithSecure", "/opt/f-secure", "fsavd", "", {}},
    {"ClamAV", "/var/lib/clamav", "clamd", "clamonacc", {"/var/lib/clamav/daily.cld", "/var/lib/clamav/daily.cvd"}},
});

}  // namespace

std::span<const Product> products() { return rows; }

}  // namespace vg::probes::inventory
