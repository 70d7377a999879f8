#include "collector/agents.hpp"

#include "collector/json_fields.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <tuple>

namespace vg::collector {
namespace {

namespace json = boost::json;
constexpr const char* collection = "agents";
constexpr const char* losses_collection = "losses";

std::string write(const Enrolment& e) {
    json::object out{{"site", e.site},
                     {"host", e.host},
                     {"machine_id", e.machine_id},
                     {"key", e.key_sha256_hex},
                     {"previous_key", e.previous_key_sha256},
                     {"serial", e.serial_hex},
                     {"enrolled", e.enrolled.time_since_epoch().count()},
                     {"expires", e.expires.time_since_epoch().count()}};
    if (e.revoked) out["revoked"] = e.revoked->time_since_epoch().count();
    if (e.last_heard) out["last_heard"] = e.last_heard->time_since_epoch().count();
    return json::serialize(out);
}

std::optional<Time> time(const json::object& in, std::string_view name) {
    const auto ms = int_field(in, name);
    return ms ? std::optional(Time{Millis{*ms}}) : std::nullopt;
}

Result<Enrolment> read(const Document& document) {
    const auto read = object_of(document.text);
    if (!read)
        return fail(Errc::corrupt,
                    say({"không đọc được bản ghi của trạm gác {}", "the stored record of agent {} cannot be read"},
                        document.id));
    const auto& in = *read;
    Enrolment e;
    e.id = document.id;
    e.site = text_field(in, "site");
    e.host = text_field(in, "host");
    e.machine_id = text_field(in, "machine_id");
    e.key_sha256_hex = text_field(in, "key");
    e.previous_key_sha256 = text_field(in, "previous_key");
    e.serial_hex = text_field(in, "serial");
    e.enrolled = time(in, "enrolled").value_or(document.at);
    e.expires = time(in, "expires").value_or(document.at);
    e.revoked = time(in, "revoked");
    e.last_heard = time(in, "last_heard");
    return e;
}

}  // namespace

const char* to_string(Profile profile) noexcept {
    switch (profile) {
        case Profile::fibre: return "fibre";
        case Profile::metered: return "metered";
    }
    return "fibre";
}

const char* to_string(AgentState state) noexcept {
    switch (state) {
        case AgentState::heard: return "heard";
        case AgentState::silent: return "silent";
        case AgentState::never: return "never";
        case AgentState::revoked: return "revoked";
    }
    return "never";
}

AgentState Agent::state() const {
    if (enrolment.revoked) return AgentState::revoked;
    if (heard) return AgentState::heard;
    return now.last_heard ? AgentState::silent : AgentState::never;
}

Result<Agents> Agents::load(Store& store) {
    auto documents = store.documents(collection);
    if (!documents) return documents.error();
    Agents agents;
    for (const auto& document : *documents) {
        auto enrolment = read(document);
        if (!enrolment) return enrolment.error();
        Agent agent;
        agent.enrolment = std::move(*enrolment);
        agent.now.last_heard = agent.enrolment.last_heard;
        agents.place(agents.all_.emplace(document.id, std::move(agent)).first->second);
    }
    auto losses = store.documents(losses_collection);
    if (!losses) return losses.error();
    for (const auto& document : *losses) {
        auto lost = Losses::read(document.text);
        if (!lost) return lost.error();
        if (auto* agent = agents.find(document.id)) agent->lost = std::move(*lost);
    }
    return agents;
}

Agent* Agents::find(const std::string& id) {
    const auto found = all_.find(id);
    return found == all_.end() ? nullptr : &found->second;
}

const Agent* Agents::find(const std::string& id) const {
    const auto found = all_.find(id);
    return found == all_.end() ? nullptr : &found->second;
}

namespace {

constexpr Millis away = std::chrono::hours(1);  // whoever was not heard for so long watches nothing for others

bool can_watch(const Agent& agent, Time now) {
    if (agent.enrolment.revoked) return false;
    return agent.heard || (agent.now.last_heard && now - *agent.now.last_heard < away);
}

bool enrolled_before(const Agent* a, const Agent* b) {
    return std::tie(a->enrolment.enrolled, a->enrolment.id) < std::tie(b->enrolment.enrolled, b->enrolment.id);
}

}  // namespace

const std::vector<const Agent*>& Agents::of_site(const std::string& site) const {
    static const std::vector<const Agent*> none;
    const auto found = by_site_.find(site);
    return found == by_site_.end() ? none : found->second;
}

std::size_t Agents::rank(const Agent& agent, Time now) const {
    const auto& all = of_site(agent.enrolment.site);
    const auto own = std::lower_bound(all.begin(), all.end(), &agent, enrolled_before);
    return static_cast<std::size_t>(
        std::count_if(all.begin(), own, [&](const Agent* other) { return can_watch(*other, now); }));
}

std::vector<std::string> Agents::first_of(const std::string& site, std::size_t most, Time now) const {
    std::vector<std::string> out;
    for (const auto* agent : of_site(site)) {
        if (out.size() == most) break;
        if (can_watch(*agent, now)) out.push_back(agent->enrolment.id);
    }
    return out;
}

void Agents::place(const Agent& agent) {
    auto& all = by_site_[agent.enrolment.site];
    all.insert(std::lower_bound(all.begin(), all.end(), &agent, enrolled_before), &agent);
}

Document Agents::document(const Enrolment& enrolment) {
    return {collection, enrolment.id, write(enrolment), enrolment.enrolled};
}

Document Agents::losses(const Agent& agent, Time now) {
    return {losses_collection, agent.enrolment.id, agent.lost.write(), now};
}

void Agents::reload_losses(Store& store, const std::string& id) {
    auto* agent = find(id);
    auto document = store.document(losses_collection, id);
    if (agent == nullptr || !document) return;
    auto lost = *document ? Losses::read((*document)->text) : Result<Losses>(Losses{});
    if (lost) agent->lost = std::move(*lost);
}

// Site and time of enrolment never change: an agent keeps its place.
Result<void> Agents::keep(Store& store, const Enrolment& enrolment) {
    if (auto put = store.put(document(enrolment)); !put) return put;
    auto [found, is_new] = all_.try_emplace(enrolment.id);
    found->second.enrolment = enrolment;
    if (is_new) place(found->second);
    return {};
}

}  // namespace vg::collector
