// ./dev bench devices: GET /devices with 50,000 records, as the pages ask for them: the handler on a real pipeline and
// store, then the answer as it goes out. Prints one JSON object.
#include "collector/api/parameters.hpp"
#include "collector/api/response.hpp"
#include "collector/register/read.hpp"
#include "collector/rule_files.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

namespace {

using namespace vg;
using namespace vg::collector;
using Watch = std::chrono::steady_clock;

constexpr int sites = 500, devices_a_site = 100, registered_a_site = 20, rounds = 15;
constexpr const char* communes[] = {"Hòa Ân", "Trà My", "Đại Lộc", "Ngũ Hành Sơn", "Điện Bàn", "Thủy Biều", "Ea H'leo"};

template <class T>
T must(Result<T> result) {
    if (result) return std::move(*result);
    std::fprintf(stderr, "%s\n", result.error().message.c_str());
    std::exit(1);
}

std::string site_of(int site) { return "S" + std::to_string(1000 + site); }
std::string mac_of(int site, int device) {
    char text[18];
    std::snprintf(text, sizeof(text), "00:1b:%02x:%02x:00:%02x", site / 256, site % 256, device);
    return text;
}
std::string ip_of(int site, int device) {
    return "10." + std::to_string(site / 256) + "." + std::to_string(site % 256) + "." + std::to_string(device + 1);
}

std::string register_text() {
    std::string units = "units:\n", places = "sites:\n", devices = "devices:\n";
    for (int u = 0; u < 100; ++u)
        units += "  - { code: \"" + std::to_string(20000 + u) + "\", level: commune, kind: xa, name: \"" +
                 communes[u % 7] + "\" }\n";
    for (int s = 0; s < sites; ++s) {
        places += "  - { id: " + site_of(s) + ", name: \"Trụ sở UBND xã " + communes[s % 7] + " " + std::to_string(s) +
                  "\", unit: \"" + std::to_string(20000 + s / 5) + "\" }\n";
        for (int d = 0; d < registered_a_site; ++d)
            devices += "  - { site: " + site_of(s) + ", name: \"Máy in phòng " + std::to_string(d) +
                       "\", kind: printer, mac: \"" + mac_of(s, d) + "\" }\n";
    }
    return units + places + devices;
}

// What agents told: every other device is seen on the LAN only, the others tell of themselves or answer to SNMP.
void fill(Store& store, Time now) {
    for (int s = 0; s < sites; ++s) {
        Commit commit;
        for (int d = 0; d < devices_a_site; ++d) {
            const auto mac = mac_of(s, d), ip = ip_of(s, d), n = std::to_string(d);
            const std::string key = d % 4 == 1   ? "host:" + site_of(s) + "a" + n
                                    : d % 4 == 3 ? "snmp:" + ip
                                                 : "mac:" + mac;
            const auto tell = [&](const char* name, wire::FactValue value) {
                commit.facts.push_back({{wire::SubjectKind::device, site_of(s) + "/" + key},
                                        name,
                                        std::move(value),
                                        now,
                                        now,
                                        0,
                                        "a",
                                        now});
            };
            tell("ip", ip);
            tell("mac", mac);
            tell("seen", true);
            tell("mac_vendor", std::string(d % 3 == 0 ? "Hewlett Packard" : "Công ty Viễn Thông"));
            tell("host_name", "may-tinh-" + std::to_string(s * devices_a_site + d));
            if (d % 2 == 0) continue;
            for (const char* name : {"computer_name", "os_name", "os_version", "board_vendor", "board_model", "vendor",
                                     "hardware", "version", "antimalware", "cpu_model"})
                tell(name, "Một đoạn chữ vừa " + n);
        }
        if (auto done = store.commit(commit); !done) must<int>(done.error());
    }
}

struct Timed {
    double handler_ms = 0, whole_ms = 0;
    std::size_t total = 0, bytes = 0;
};

class Bench {
public:
    Bench(Pipeline& pipeline) : pipeline_(pipeline) {}

    Timed ask(const std::string& name, std::map<std::string, std::string, std::less<>> query, int times = rounds) {
        http::Request request;
        request.method = "GET";
        request.path = request.raw_path = "/api/v1/devices";
        request.query = std::move(query);
        const auto route = api::match("GET", "/devices").route;
        std::vector<double> handler, whole;
        Timed out;
        for (int i = 0; i < times; ++i) {
            const auto begun = Watch::now();
            api::Call call{request, {}, {"bench", auth::Role::auditor, "", "", ""}, pipeline_, state_, now_, {}};
            auto answer = api::objection_to_query(call, *route).value_or(api::Answer{});
            if (answer.status == 200) answer = route->handler(call);
            handler.push_back(ms_since(begun));
            out.total = answer.list ? answer.list->total : 0;
            out.bytes = api::to_response(std::move(answer), request, route).body.size();
            whole.push_back(ms_since(begun));
        }
        out.handler_ms = middle(handler);
        out.whole_ms = middle(whole);
        std::printf("%-28s %8.1f ms on the pipeline, %8.1f ms with the answer; %zu found, %zu bytes\n", name.c_str(),
                    out.handler_ms, out.whole_ms, out.total, out.bytes);
        return out;
    }

private:
    static double ms_since(Watch::time_point from) {
        return std::chrono::duration<double, std::milli>(Watch::now() - from).count();
    }
    static double middle(std::vector<double> all) {
        std::sort(all.begin(), all.end());
        return all[all.size() / 2];
    }

    Pipeline& pipeline_;
    api::State state_;
    Time now_ = system_clock().wall();
};

}  // namespace

int main() {
    const auto folder = std::filesystem::temp_directory_path() / ("vonggac-devices-" + crypto::random_text(10));
    std::filesystem::create_directories(folder);
    struct Removed {
        std::filesystem::path path;
        ~Removed() { std::filesystem::remove_all(path); }
    } const removed{folder};
    Problems problems;
    Pipeline::Parts parts;
    parts.store = must(open_sqlite_store((folder / "vonggac.db").string()));
    fill(*parts.store, system_clock().wall());
    parts.clock = &system_clock();
    parts.reg =
        std::make_shared<const registry::Register>(registry::read_yaml(register_text(), "register.yaml", problems));
    parts.rules = load_rule_files({}, problems);
    if (!problems.empty()) {
        std::fprintf(stderr, "%s", problems.text().c_str());
        return 1;
    }
    Counters counters;
    const auto begun = Watch::now();
    const auto pipeline = must(Pipeline::make(std::move(parts), counters));
    std::printf("started in %.1f s\n", std::chrono::duration<double>(Watch::now() - begun).count());

    Bench bench(*pipeline);
    const auto first = bench.ask("the first page ever", {{"limit", "50"}}, 1);
    const auto page = bench.ask("a page of 50 by site", {{"limit", "50"}, {"sort", "site"}});
    const auto name = bench.ask("a page of 50 by name", {{"limit", "50"}, {"sort", "name"}});
    const auto last = bench.ask("the last page by address", {{"limit", "50"}, {"sort", "-ip"}, {"offset", "49950"}});
    const auto search = bench.ask("search without tones", {{"limit", "50"}, {"sort", "site"}, {"q", "hoa an may in"}});
    const auto toned = bench.ask("search with tones", {{"limit", "50"}, {"sort", "site"}, {"q", "hoà ân máy in"}});
    const auto site = bench.ask("one site", {{"limit", "50"}, {"site", site_of(77)}});
    const auto csv = bench.ask("all as CSV", {{"format", "csv"}, {"lang", "vi"}}, 3);
    const auto xlsx = bench.ask("all as XLSX", {{"format", "xlsx"}, {"lang", "vi"}}, 1);
    std::printf(
        "{\"bench\": \"devices\", \"figures\": {\"devices\": %zu, \"page_ms\": %.1f, \"page_by_name_ms\": %.1f, "
        "\"last_page_ms\": %.1f, \"search_ms\": %.1f, \"search_with_tones_ms\": %.1f, \"site_ms\": %.1f, "
        "\"first_page_ms\": %.1f, \"csv_ms\": %.1f, \"csv_on_pipeline_ms\": %.1f, \"csv_mb\": %.1f, \"xlsx_ms\": "
        "%.1f}, "
        "\"method\": \"GET /devices of %d sites with %d devices each, %d of a site in the register; handler and "
        "answer (JSON, CSV) without the network, one thread; medians of %d (CSV 3, first page and XLSX 1)\"}\n",
        page.total, page.whole_ms, name.whole_ms, last.whole_ms, search.whole_ms, toned.whole_ms, site.whole_ms,
        first.whole_ms, csv.whole_ms, csv.handler_ms, static_cast<double>(csv.bytes) / 1e6, xlsx.whole_ms, sites,
        devices_a_site, registered_a_site, rounds);
    return 0;
}
