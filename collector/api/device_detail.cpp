#include "collector/api/device_item.hpp"
#include "collector/api/handlers.hpp"
#include "collector/api/render.hpp"
#include "collector/api/search.hpp"
#include "collector/inventory/topology.hpp"
#include "collector/record_reader.hpp"

#include <algorithm>

namespace vg::collector::api {
namespace {

using wire::SubjectKind;

constexpr std::size_t most_askers = 4;  // agents of a site that ask devices by SNMP

json::value parsed(const std::string& text) {
    if (!text.starts_with('{')) return json::value(text);
    boost::system::error_code ec;
    auto value = json::parse(text, ec);
    return ec ? json::value(text) : value;
}

json::value field(const json::value& object, std::string_view name) {
    const auto* inside = object.if_object();
    const auto* value = inside != nullptr ? inside->if_contains(name) : nullptr;
    return value != nullptr ? *value : json::value();
}

json::value number_or_text(const std::string& text) {
    const bool is_number = !text.empty() && text.size() < 10 && text.find_first_not_of("0123456789") == text.npos;
    return is_number ? json::value(std::stoll(text)) : json::value(text);
}

json::array witness_items(Call& call, const inventory::Record& record) {
    json::array out;
    for (const auto& id : record.witnesses) {
        const auto* witness = call.pipeline.inventory().identity().witness(id);
        json::array signals;
        for (const auto& signal : witness->signals) {
            if (signals.size() == 50) break;
            double weight = 0;
            const auto add = [&](const inventory::Witness& one) {
                if (one.link)
                    for (const auto& reason : one.link->reasons)
                        if (reason.kind == signal.kind && reason.value == signal.value)
                            weight = std::max(weight, reason.weight);
            };
            add(*witness);
            for (const auto& mate : record.witnesses)
                if (const auto* other = call.pipeline.inventory().identity().witness(mate);
                    other->link && other->link->to == id)
                    add(*other);
            signals.push_back(
                json::object{{"name", to_string(signal.kind)}, {"value", signal.value}, {"weight", weight}});
        }
        const bool is_host = witness->source == inventory::Source::host;
        const auto agent = is_host ? witness->key.substr(5) : std::string();
        out.push_back(json::object{
            {"id", id},
            {"source", to_string(witness->source)},
            {"agent", agent},
            {"first_seen", witness->source == inventory::Source::reg ? json::value() : iso(witness->first)},
            {"last_seen", witness->source == inventory::Source::reg ? json::value()
                          : witness->alive                          ? iso(call.now)
                                                                    : iso(witness->last)},
            {"held", witness->link && witness->link->held},
            {"by_person", witness->link && witness->link->by_person},
            {"signals", std::move(signals)}});
    }
    return out;
}

json::array fact_items(Call& call, const inventory::Record& record) {
    json::array out;
    for (const auto& fact : call.pipeline.facts_of(record)) {
        const auto* row = wire::find_fact(SubjectKind::device, fact.name);
        out.push_back(json::object{{"name", fact.name},
                                   {"value", to_json(fact.value)},
                                   {"at", iso(fact.at)},
                                   {"witness", fact.witness},
                                   {"vi", row->vi},
                                   {"en", row->en}});
    }
    return out;
}

// The traffic of a port: the series of the agent that asks the device. Newest series of a name wins.
struct PortSeries {
    std::map<std::string, std::int64_t> rx, tx;  // by interface, as the probe names it
};

PortSeries series_of(Call& call, const inventory::Record& record) {
    PortSeries out;
    std::vector<std::string> addresses;
    for (const auto& id : record.witnesses)
        if (const auto at = id.find("/snmp:"); at != std::string::npos) addresses.push_back(id.substr(at + 6));
    if (addresses.empty()) return out;
    std::size_t asked = 0;
    for (const auto* agent : call.pipeline.agents().of_site(call.pipeline.inventory().site_of(record))) {
        if (++asked > most_askers) break;
        auto all = call.pipeline.store().series({.agent = agent->enrolment.id});
        if (!all) continue;
        for (const auto& series : *all) {
            const bool is_rx = series.name.metric == "snmp.if_rx", is_tx = series.name.metric == "snmp.if_tx";
            if (!is_rx && !is_tx) continue;
            for (const auto& address : addresses)
                if (series.name.target.starts_with(address + "/"))
                    (is_rx ? out.rx : out.tx)[series.name.target.substr(address.size() + 1)] = series.key;
        }
    }
    return out;
}

json::array interface_items(Call& call, const inventory::Record& record, const RecordReader& reader) {
    const auto series = series_of(call, record);
    const auto entries = reader.entries("interface/");
    std::vector<std::pair<std::int64_t, json::object>> rows;
    for (const auto& entry : entries) {
        const auto value = parsed(entry.value);
        json::object face{{"index", number_or_text(entry.name)}};
        for (const char* key : {"name", "descr", "type", "speed_bps", "mac", "admin", "oper", "alias"})
            face[key] = field(value, key);
        const auto name = face["name"].is_string() ? std::string(face["name"].get_string()) : std::string();
        const auto id = [&](const std::map<std::string, std::int64_t>& known) {
            for (const auto& key : {name, entry.name})
                if (const auto found = known.find(key); found != known.end()) return json::value(found->second);
            return json::value();
        };
        face["series"] = json::object{{"rx", id(series.rx)}, {"tx", id(series.tx)}};
        const auto* index = face["index"].if_int64();
        rows.emplace_back(index != nullptr ? *index : INT64_MAX, std::move(face));
    }
    std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    json::array out;
    for (auto& [index, face] : rows) out.push_back(std::move(face));
    return out;
}

json::array address_items(const RecordReader& reader) {
    json::array out;
    for (const auto& entry : reader.entries("address/")) {
        const auto value = parsed(entry.value);
        out.push_back(json::object{
            {"address", entry.name}, {"prefix", field(value, "prefix")}, {"interface", field(value, "interface")}});
    }
    return out;
}

json::array neighbour_items(Call& call, const RecordReader& reader) {
    json::array out;
    for (const char* list : {"neighbour/", "heard/"})
        for (const auto& entry : reader.entries(list)) {
            const auto value = parsed(entry.value);
            const auto text = [&](const char* name) {
                const auto found = field(value, name);
                return found.is_string() ? std::string(found.get_string()) : std::string();
            };
            const auto* other =
                inventory::find_neighbour(call.pipeline.inventory(), reader.site(), text("chassis"), text("name"));
            out.push_back(json::object{
                {"local", field(value, "local")},
                {"protocol", text("protocol")},
                {"chassis", text("chassis")},
                {"port", field(value, "port")},
                {"name", text("name")},
                {"platform", field(value, "platform")},
                {"device", other != nullptr && other->id != reader.id() ? json::value(other->id) : json::value()}});
        }
    return out;
}

json::object list_counts(Call& call, const inventory::Record& record) {
    std::map<std::string, std::int64_t> sums;
    for (const auto& witness : record.witnesses)
        if (auto counts = call.pipeline.store().count_entries(witness))
            for (const auto& [list, count] : *counts) sums[list.substr(0, list.size() - 1)] += count;
    json::object out;
    for (const auto& [list, count] : sums) out[list] = count;
    return out;
}

}  // namespace

Answer get_device(Call& call) {
    const auto* record = record_of(call);
    if (record == nullptr) return not_found("thiết bị", "device");
    const RecordReader reader(call.pipeline, *record);
    auto item = device_item(call, call.pipeline.row_of(*record), OpenGaps(call.pipeline));
    item["witnesses"] = witness_items(call, *record);
    item["facts"] = fact_items(call, *record);
    item["interfaces"] = interface_items(call, *record, reader);
    item["addresses"] = address_items(reader);
    item["neighbours"] = neighbour_items(call, reader);
    item["lists"] = list_counts(call, *record);
    item["register"] =
        reader.registered() != nullptr ? json::value(register_item(*reader.registered())) : json::value();
    json::array gaps;
    for (const auto& gap : call.pipeline.gaps().gaps())
        if (gap.key.subject == rules::SubjectId{SubjectKind::device, record->id})
            gaps.push_back(gap_item(call.pipeline, gap));
    item["gaps"] = std::move(gaps);
    json::array log;
    for (const auto* entry : call.pipeline.inventory().log_of(*record)) log.push_back(log_item(*entry));
    item["log"] = std::move(log);
    return answer(std::move(item));
}

Answer list_device_entries(Call& call) {
    const auto* record = record_of(call);
    if (record == nullptr) return not_found("thiết bị", "device");
    const auto list = call.path.back() + "/";
    const auto* row = wire::find_fact(SubjectKind::device, list + "x");
    if (row == nullptr || !wire::is_list(*row)) return not_found("danh sách", "list");
    const Search search(call.query("q").value_or(""));
    const RecordReader reader(call.pipeline, *record);
    json::array out;
    for (const auto& entry : reader.entries(list)) {
        if (!search.is_empty() && !search.matches(entry.name + " " + entry.value)) continue;
        out.push_back(json::object{{"entry", entry.name}, {"value", parsed(entry.value)}, {"at", iso(entry.at)}});
    }
    return list_of(std::move(out));
}

Answer list_device_history(Call& call) {
    const auto* record = record_of(call);
    if (record == nullptr) return not_found("thiết bị", "device");
    const auto page = page_of(call.request);
    const auto name = call.query("name").value_or("");
    std::vector<FactChange> all;
    for (const auto& witness : record->witnesses) {
        auto changes = call.pipeline.store().changes(witness, name, page.offset + page.limit + 1);
        if (!changes) return failed(changes.error());
        all.insert(all.end(), std::make_move_iterator(changes->begin()), std::make_move_iterator(changes->end()));
    }
    std::stable_sort(all.begin(), all.end(), [](const FactChange& a, const FactChange& b) { return a.at > b.at; });
    json::array out;
    for (const auto& change : all) {
        const auto value = [](const wire::FactValue& v) {
            const auto* text = std::get_if<std::string>(&v);
            return text != nullptr ? parsed(*text) : to_json(v);
        };
        out.push_back(json::object{{"at", iso(change.at)},
                                   {"name", change.name},
                                   {"from", value(change.from)},
                                   {"to", value(change.to)},
                                   {"witness", change.subject}});
    }
    return list_of(std::move(out));
}

}  // namespace vg::collector::api
