#include "collector/api/elsewhere.hpp"

namespace vg::collector::api {
namespace {

using wire::SubjectKind;

struct Tally {
    std::int64_t good = 0, bad = 0;
    void add(bool is_good) { ++(is_good ? good : bad); }
};

std::int64_t count_of(Pipeline& pipeline, const std::string& site, std::string_view fact) {
    const auto value = pipeline.facts().value({SubjectKind::site, site}, fact);
    const auto* number = std::get_if<std::int64_t>(&value);
    return number != nullptr ? *number : 0;
}

std::optional<bool> flag_of(Pipeline& pipeline, SubjectKind kind, const std::string& id, std::string_view fact) {
    const auto value = pipeline.facts().value({kind, id}, fact);
    const auto* flag = std::get_if<bool>(&value);
    return flag != nullptr ? std::optional(*flag) : std::nullopt;
}

}  // namespace

Elsewhere::Elsewhere(Pipeline& pipeline, std::string site) : pipeline_(pipeline), site_(std::move(site)) {
    for (const auto& other : pipeline_.reg().sites) {
        if (other.id == site_) continue;
        const auto heard = count_of(pipeline_, other.id, "agents_heard");
        const auto expected =
            count_of(pipeline_, other.id, "agents_enrolled") - count_of(pipeline_, other.id, "agents_stopped");
        if (heard > 0 || expected > 0) heard_[other.id] = heard > 0;
    }
}

json::object Elsewhere::sites() const {
    Tally tally;
    for (const auto& [id, is_heard] : heard_) tally.add(is_heard);
    return {{"heard", tally.good}, {"silent", tally.bad}};
}

json::object Elsewhere::lines(const registry::Uplink& like) const {
    Tally tally;
    for (const auto& line : pipeline_.reg().uplinks) {
        const auto site = heard_.find(line.site);
        if (site == heard_.end() || like.provider.empty() || line.provider != like.provider || line.kind != like.kind)
            continue;
        // A site that should speak and does not has lost its primary line, or its power; of its backup nothing follows.
        if (!site->second && line.primary) tally.add(false);
        if (!site->second) continue;
        if (const auto up = flag_of(pipeline_, SubjectKind::uplink, line.site + "/" + line.name, "up")) tally.add(*up);
    }
    return {{"up", tally.good}, {"down", tally.bad}};
}

json::object Elsewhere::service(const std::string& id) const {
    Tally tally;
    for (const auto& other : pipeline_.reg().sites) {
        if (other.id == site_) continue;
        for (const char* fact : {"reachable", "tcp_reachable", "dns_ok"})
            if (const auto good = flag_of(pipeline_, SubjectKind::service, other.id + "/" + id, fact)) {
                tally.add(*good);
                break;
            }
    }
    return {{"reachable", tally.good}, {"unreachable", tally.bad}};
}

}  // namespace vg::collector::api
