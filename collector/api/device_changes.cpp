// What people decide about devices: adopt, ignore, flag; which witnesses are one device and which are not.

#include "base/log.hpp"
#include "collector/api/device_item.hpp"
#include "collector/api/handlers.hpp"
#include "collector/register/edit.hpp"
#include "collector/register/versions.hpp"

namespace vg::collector::api {
namespace {

constexpr std::size_t longest_note = 2'000;

std::vector<std::string> texts(const json::object& body, std::string_view name) {
    std::vector<std::string> out;
    const auto* value = body.if_contains(name);
    if (value != nullptr && value->is_array())
        for (const auto& one : value->get_array())
            if (one.is_string() && out.size() < 1'000) out.emplace_back(one.get_string());
    return out;
}

Answer item_of(Call& call, const std::string& id) {
    const auto* record = call.pipeline.inventory().find(id);
    if (record == nullptr) return not_found("thiết bị", "device");
    return answer(device_item(call, call.pipeline.row_of(*record), OpenGaps(call.pipeline)));
}

std::string agent_host(Call& call, const inventory::Record& record) {
    const auto at = record.id.find("/host:");
    const auto* agent = at == std::string::npos ? nullptr : call.pipeline.agents().find(record.id.substr(at + 6));
    return agent != nullptr ? agent->enrolment.host : std::string();
}

// The device as the register would write it, from what is seen of it and what the person says.
registry::Device draft(Call& call, const inventory::Record& record, const json::object& body) {
    const auto& row = call.pipeline.row_of(record);
    registry::Device device;
    device.site = row.site;
    device.kind = text_field(body, "kind");
    if (device.kind.empty()) device.kind = row.kind.empty() ? "other" : row.kind;
    device.mac = inventory::is_own_mac(row.mac) && !inventory::is_router_mac(row.mac) ? row.mac : "";
    device.ip = row.ip;
    device.host = agent_host(call, record);
    device.name = text_field(body, "name");
    if (device.name.empty()) device.name = row.name;
    if (device.name.empty()) device.name = device.kind + " " + (row.ip.empty() ? row.mac : row.ip);
    const auto wanted = device.name;
    const auto is_taken = [&] {
        for (const auto& other : call.reg().devices)
            if (other.site == device.site && other.name == device.name) return true;
        return false;
    };
    for (int i = 2; is_taken(); ++i) device.name = wanted + " " + std::to_string(i);
    for (const auto& other : call.reg().devices)  // an address belongs to one row
        if (other.site == device.site && other.ip == device.ip) device.ip.clear();
    return device;
}

std::optional<Answer> adopt(Call& call, const inventory::Record& record, const json::object& body,
                            const std::string& note) {
    if (call.pipeline.inventory().registered(record) != nullptr)
        return problem(409, "conflict", "Thiết bị đã có trong danh mục.", "The device is in the register already.");
    const auto device = draft(call, record, body);
    std::string text;
    if (!call.reg().version.empty()) {
        auto kept = registry::text_of(call.pipeline.store(), call.reg().version);
        if (!kept) return failed(kept.error());
        text = std::move(*kept);
    }
    auto edited = registry::with_device(text, call.reg(), device);
    if (!edited) return failed(edited.error());
    const auto why = "adopt " + device.site + "/" + device.name + (note.empty() ? "" : ": " + note);
    auto kept = registry::keep(call.pipeline.store(), edited->text, call.who.user, why, call.now);
    if (!kept) return failed(kept.error());
    edited->reg->version = kept->version;
    if (auto put = call.pipeline.put_register(std::move(edited->reg)); !put) return failed(put.error());
    log::info("api", "register " + kept->version + ": " + why + " (" + call.who.user + ")");
    return std::nullopt;
}

}  // namespace

Answer triage_device(Call& call) {
    const auto body = body_of(call.request);
    if (!body) return not_json();
    const auto* record = record_of(call);
    if (record == nullptr) return not_found("thiết bị", "device");
    const auto action = text_field(*body, "action");
    const auto note = text_field(*body, "note", longest_note);
    using inventory::Verdict;
    const auto verdict = action == "adopt"    ? Verdict::adopted
                         : action == "ignore" ? Verdict::ignored
                         : action == "flag"   ? Verdict::flagged
                                              : Verdict::none;
    if (verdict == Verdict::none && action != "clear")
        return problem(422, "invalid", "action là adopt, ignore, flag hoặc clear.",
                       "action is adopt, ignore, flag or clear.");
    const auto id = record->id;
    const auto witness = record->witnesses.front();
    if (verdict == Verdict::adopted)
        if (auto refused = adopt(call, *record, *body, note)) return std::move(*refused);
    // Adopting has given the record a witness more: it is found again by one that it had.
    if (auto done = call.pipeline.triage(witness, verdict, call.who.user, note); !done) return failed(done.error());
    return item_of(call, witness);
}

Answer merge_devices(Call& call) {
    const auto body = body_of(call.request);
    if (!body) return not_json();
    const auto ids = texts(*body, "ids");
    for (const auto& id : ids) {
        const auto* record = call.pipeline.inventory().find(id);
        if (record == nullptr || !call.sees_site(call.pipeline.inventory().site_of(*record)))
            return not_found("thiết bị", "device");
    }
    const auto note = text_field(*body, "note", longest_note);
    if (auto done = call.pipeline.merge_records(ids, call.who.user, note); !done) return failed(done.error());
    log::info("api", "devices were merged by " + call.who.user);
    return item_of(call, ids.front());
}

Answer split_device(Call& call) {
    const auto body = body_of(call.request);
    if (!body) return not_json();
    const auto* record = record_of(call);
    if (record == nullptr) return not_found("thiết bị", "device");
    const auto id = record->id;
    const auto note = text_field(*body, "note", longest_note);
    if (auto done = call.pipeline.split_record(id, texts(*body, "witnesses"), call.who.user, note); !done)
        return failed(done.error());
    log::info("api", "device " + id + " was split by " + call.who.user);
    return item_of(call, id);
}

}  // namespace vg::collector::api
