// Any text as what agents tell of devices and what people decide about them, line by line:
//   1 snmp:10.1.0.1 interface/1 {"name":"ether1"}   agent 1 or 2 tells a fact or an entry of a list; "?": not known
//   +                                               twenty seconds pass
//   !                                               the collector is started again
//   POST /devices/merge {"ids":[]}                  an operator's request (below /api/v1), with its body
// Through wire, pipeline, store and identity to what the pages of devices show. Every device is one row for the rules
// and one item on the list, all that is shown is JSON, nothing is an internal error, and a start anew changes nothing.
#include "base/text.hpp"
#include "collector/api/response.hpp"
#include "collector/api/routes.hpp"
#include "collector/http/parser.hpp"
#include "collector/inventory/inventory.hpp"
#include "rules/facts.hpp"
#include "tests/fuzz/province.hpp"
#include "wire/fact_table.hpp"
#include "wire/limits.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <map>

using namespace vg;
using namespace vg::collector;

namespace {

constexpr int most_steps = 24;  // of those lines that take their time
constexpr std::size_t most_facts = 200, most_shown = 12;

std::string encoded(std::string_view text) {  // as a segment of a path
    std::string out;
    for (const char c : text) {
        static constexpr char digits[] = "0123456789ABCDEF";
        const auto byte = static_cast<unsigned char>(c);
        out += {'%', digits[byte >> 4], digits[byte & 15]};
    }
    return out;
}

class House {
public:
    House() {
        start();
        province_.enrol(*pipeline_);
    }

    void start() {
        pipeline_.reset();
        pipeline_ = fuzz::must(Pipeline::make(province_.parts(), province_.counters()));
    }
    void restart() {
        start();
        province_.connect(*pipeline_);
    }

    void tell(std::string_view line) {
        const int agent = line.front() - '0';
        if (agent != told_by_) flush();
        told_by_ = agent;
        line.remove_prefix(std::min<std::size_t>(2, line.size()));
        const auto key = next_piece(line, ' '), name = next_piece(line, ' ');
        if (auto fact = read(key, name, line)) facts_.push_back(std::move(*fact));
    }
    void flush() {
        if (!facts_.empty()) province_.tell(*pipeline_, told_by_, std::exchange(facts_, {}));
    }
    void pass() { province_.pass(*pipeline_, std::chrono::seconds(20)); }

    // What an operator gets for it; nothing when it is no request of the API.
    std::string ask(const std::string& method, const std::string& path, const std::string& body = {}) {
        http::RequestParser parser(16 * 1024);
        parser.feed(view_of(method + " /api/v1" + path + " HTTP/1.1\r\nContent-Length: " + std::to_string(body.size()) +
                            "\r\n\r\n" + body));
        if (parser.advance() != http::RequestParser::State::head) return {};
        parser.limit_body(64 * 1024);
        if (parser.advance() != http::RequestParser::State::complete) return {};
        const auto request = parser.take();
        const auto matched = api::match(request.method, std::string_view(request.raw_path).substr(7));
        if (matched.route == nullptr || matched.route->special != api::Special::none) return {};
        const auth::Principal who{"operator", auth::Role::operator_, "", "", ""};
        if (!auth::contains(matched.route->roles, who.role)) return {};
        api::Call call{request, matched.path, who, *pipeline_, state_, province_.clock().wall(), {}};
        const auto response = api::to_response(matched.route->handler(call), request, matched.route);
        fuzz::require(response.status != 500);
        if (request.parameter("format")) return {};
        fuzz::require_json(response.body);
        return response.body;
    }

    // Records with their witnesses.
    using Partition = std::map<std::string, std::vector<std::string>>;
    [[nodiscard]] Partition partition() {
        Partition out;
        for (const auto* record : pipeline_->inventory().identity().records()) {
            auto witnesses = record->witnesses;
            std::sort(witnesses.begin(), witnesses.end());
            fuzz::require(out.emplace(record->id, std::move(witnesses)).second);
        }
        return out;
    }

    void check() {
        const auto& inventory = pipeline_->inventory();
        std::size_t witnesses = 0;
        const auto all = partition();
        for (const auto& [id, members] : all) {
            fuzz::require(!members.empty());
            witnesses += members.size();
            const auto* record = inventory.find(id);
            fuzz::require(record != nullptr && record->id == id);
            for (const auto& member : members) fuzz::require(inventory.identity().record_of(member) == record);
        }
        fuzz::require(witnesses == inventory.identity().witnesses());
        const auto rows = pipeline_->facts().subjects(wire::SubjectKind::device);
        fuzz::require(rows.size() == all.size());
        for (const auto& row : rows) fuzz::require(all.contains(row.id));
        const auto list = boost::json::parse(ask("GET", "/devices?limit=10000"));
        fuzz::require(list.at("total").to_number<std::size_t>() == all.size());
        fuzz::require(list.at("items").as_array().size() == all.size());
    }

    // All that the pages show, of the first devices.
    void show() {
        for (const char* path : {"/topology?site=HA01", "/topology?site=HA02", "/stocktake", "/devices?q=a&sort=-name",
                                 "/sites/HA01", "/gaps", "/facts?subject=device", "/units"})
            (void)ask("GET", path);
        std::size_t shown = 0;
        for (const auto& [id, members] : partition()) {
            if (++shown > most_shown) break;
            const auto path = "/devices/" + encoded(id);
            const auto item = boost::json::parse(ask("GET", path));
            fuzz::require(item.at("id").as_string() == id);
            fuzz::require(item.at("witnesses").as_array().size() == members.size());
            for (const auto& [list, count] : item.at("lists").as_object())
                (void)ask("GET", path + "/list/" + std::string(list));
            (void)ask("GET", path + "/history");
        }
    }

private:
    static std::optional<wire::Fact> read(std::string_view key, std::string_view name, std::string_view value) {
        using wire::FactType;
        const auto* row = wire::find_fact(wire::SubjectKind::device, name);
        if (row == nullptr) return std::nullopt;
        wire::Fact fact{{wire::SubjectKind::device, std::string(key)}, std::string(name), {}};
        if (value == "?") return fact;
        switch (row->type) {
            case FactType::boolean: fact.value = value == "true"; break;
            case FactType::integer: fact.value = to_number<std::int64_t>(value).value_or(0); break;
            case FactType::real: fact.value = static_cast<double>(value.size()); break;
            case FactType::text: fact.value = std::string(value.substr(0, wire::limits::max_text)); break;
        }
        return fact;
    }

    fuzz::Province province_;
    std::unique_ptr<Pipeline> pipeline_;
    api::State state_;
    fuzz::Province::Facts facts_;
    int told_by_ = 1;
};

void take(House& house, std::string_view line) {
    if (line.starts_with("1 ") || line.starts_with("2 ")) return house.tell(line);
    house.flush();
    if (line == "+") return house.pass();
    if (line == "!") return house.restart();
    for (const std::string_view method : {"POST ", "GET ", "DELETE "}) {
        if (!line.starts_with(method)) continue;
        line.remove_prefix(method.size());
        const auto path = next_piece(line, ' ');
        (void)house.ask(std::string(method.substr(0, method.size() - 1)), std::string(path), std::string(line));
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    House house;
    std::string_view text(reinterpret_cast<const char*>(data), size);
    std::size_t facts = 0;
    for (int steps = 0; !text.empty() && steps < most_steps && facts < most_facts;) {
        const auto line = next_piece(text, '\n');
        const bool is_fact = line.starts_with("1 ") || line.starts_with("2 ");
        facts += is_fact ? 1 : 0;
        steps += is_fact ? 0 : 1;
        take(house, line);
    }
    house.flush();
    house.pass();
    house.check();
    house.show();
    const auto before = house.partition();
    house.restart();
    house.check();
    fuzz::require(house.partition() == before);
    return 0;
}
