#include "probes/uplink/settings.hpp"

#include "probes/options.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/ip/address.hpp>

namespace vg::probes::uplink {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr auto known_kinds =
    std::to_array<std::string_view>({"fibre", "xdsl", "2g", "3g", "4g", "5g", "satellite", "unknown"});

std::string text_at(const yaml::Node& entry, std::string_view key, Problems& problems) {
    const auto* node = entry.find(key);
    return node ? yaml::as_string(*node, problems).value_or("") : std::string{};
}

Line read_line(const yaml::Node& entry, Problems& problems) {
    yaml::refuse_unknown_keys(entry, {"name", "kind", "interface", "next_hop", "primary"}, problems);
    Line line{text_at(entry, "name", problems), text_at(entry, "kind", problems), text_at(entry, "interface", problems),
              text_at(entry, "next_hop", problems)};
    if (line.name.empty()) problems.add(entry.place, {"đường truyền cần có 'name'", "an uplink needs a name"});
    if (line.kind.empty()) line.kind = "unknown";
    if (std::find(known_kinds.begin(), known_kinds.end(), line.kind) == known_kinds.end())
        problems.add(entry.find("kind")->place,
                     {"kind phải là fibre, xdsl, 2g, 3g, 4g, 5g, satellite hoặc unknown, không phải '{}'",
                      "kind must be fibre, xdsl, 2g, 3g, 4g, 5g, satellite or unknown, not '{}'"},
                     line.kind);
    if (!line.next_hop.empty()) {
        boost::system::error_code bad;
        const auto address = asio::ip::make_address(line.next_hop, bad);
        if (bad)
            problems.add(entry.find("next_hop")->place,
                         {"next_hop phải là một địa chỉ IP", "next_hop must be an IP address"});
        if (!bad) line.next_hop = address.to_string();  // one form, so that texts compare
    }
    if (const auto* primary = entry.find("primary")) line.primary = yaml::as_bool(*primary, problems).value_or(false);
    return line;
}

std::vector<Line> read_lines(const yaml::Node* list, Problems& problems) {
    std::vector<Line> lines;
    if (!list) return lines;
    if (list->kind != yaml::Kind::sequence) {
        problems.add(list->place, {"uplinks phải là danh sách { name, kind, interface, next_hop, primary }",
                                   "uplinks must be a list of { name, kind, interface, next_hop, primary }"});
        return lines;
    }
    for (const auto& entry : list->items) {
        auto line = read_line(entry, problems);
        const auto twice =
            std::any_of(lines.begin(), lines.end(), [&](const Line& other) { return other.name == line.name; });
        if (twice)
            problems.add(entry.place, {"hai đường truyền cùng tên '{}'", "two uplinks are named '{}'"}, line.name);
        lines.push_back(std::move(line));
    }
    return lines;
}

}  // namespace

std::vector<Option> options() {
    return {
        {"uplinks", "list of { name, kind, interface, next_hop, primary }", "-", "các đường truyền đã đăng ký",
         "the lines that the register names"},
        {"hop", "1..16", "2", "thiết bị thứ mấy trên đường đi cho biết đường truyền",
         "how many hops away the router is that tells the lines apart"},
        {"sound_every", "duration", "3s", "khoảng cách giữa hai lần dò đường", "time between two echoes on the path"},
        {"metered_sound_every", "duration", "15s", "như trên, khi đường truyền tính theo dung lượng",
         "the same while the line is metered"},
        {"down_after", "duration", "2500ms", "im lặng bao lâu thì coi là mất kết nối",
         "silence that means that no line works"},
        {"refresh", "duration", "60s", "bao lâu báo lại một lần khi không có gì đổi",
         "how often facts are told again unchanged"},
        {"metered_refresh", "duration", "5m", "như trên, khi đường truyền tính theo dung lượng",
         "the same while the line is metered"},
    };
}

std::optional<Settings> read_settings(const Task& task, Problems& problems) {
    Options options(task, problems);
    Settings s;
    s.judge.lines = read_lines(options.node("uplinks"), problems);
    s.judge.hop = static_cast<unsigned>(options.integer("hop", 2, 1, 16));
    s.judge.every = options.duration("sound_every", s.judge.every, Millis(100), minutes(10));
    s.judge.metered_every = options.duration("metered_sound_every", s.judge.metered_every, Millis(100), hours(1));
    s.judge.down_after = options.duration("down_after", s.judge.down_after, Millis(500), minutes(5));
    s.refresh = options.duration("refresh", s.refresh, Millis(1000), minutes(9));
    s.metered_refresh = options.duration("metered_refresh", s.metered_refresh, Millis(1000), minutes(9));
    if (!options.ok()) return std::nullopt;
    return s;
}

}  // namespace vg::probes::uplink
