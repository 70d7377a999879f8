#include "probes/uplink/judge.hpp"

#include "base/beat.hpp"

#include <algorithm>
#include <array>

namespace vg::probes::uplink {
namespace {

constexpr unsigned enough_losses = 5;    // in a row, beside down_after
constexpr unsigned enough_refusals = 4;  // a failover leaves the router without a way for a moment
constexpr unsigned far = 64;             // enough hops for any target

}  // namespace

bool is_metered(const std::string& kind) {
    constexpr auto metered = std::to_array<std::string_view>({"2g", "3g", "4g", "5g", "satellite"});
    return std::find(metered.begin(), metered.end(), kind) != metered.end();
}

Judge::Judge(JudgeOptions options) : options_(std::move(options)) {}

// ---- evidence in

void Judge::found_target(bool v6) {
    options_.has_target = true;
    options_.v6 = v6;
}

void Judge::network(Network network, Mono now) {
    const auto look = [this] {
        const auto* r = route();
        const auto* line = local_line();
        return std::pair(r ? std::optional(std::pair(r->link, r->gateway)) : std::nullopt, line);
    };
    const auto before = look();
    network_ = std::move(network);
    if (local_line()) owns_lines_ = true;
    if (look() == before) return;
    if (owns_lines_) forget_path();  // what the old route's router said says nothing about the new one
    hasten(now);
}

void Judge::forget_path() {
    echoes_.clear();  // answers that still come are of the old path
    hop_.clear();
    candidate_.clear();
    hop_sent_.reset();
    target_sent_.reset();
    gateway_sent_.reset();
    silence_.reset();
    first_sent_ = {};
}

void Judge::answered(std::uint64_t id, const std::string& address, Mono now) {
    const auto found = std::find_if(echoes_.begin(), echoes_.end(), [&](const Echo& e) { return e.id == id; });
    if (found == echoes_.end()) return;
    const auto echo = *found;
    echoes_.erase(found);
    const auto newest = [&](std::optional<Mono>& sent) { sent = std::max(sent.value_or(echo.sent), echo.sent); };
    switch (echo.asked) {
        case Asked::gateway: newest(gateway_sent_); break;
        case Asked::target:
            newest(target_sent_);
            end_silence(echo.sent);
            refusals_ = 0;
            // The path lives; its router only limits how often it answers: do not press it.
            if (quick_since_ && candidate_.empty() && !hop_.empty()) calm(echo.sent);
            break;
        case Asked::hop:
            if (hop_sent_ && *hop_sent_ > echo.sent) break;  // overtaken by a newer answer
            if (const auto* r = route(); r && r->gateway == address && !local_line() && options_.hop > 1) {
                newest(gateway_sent_);  // the site's router says that it has no way (RFC 1812 §5.2.7.1)
                ++refusals_;
                if (!(state_ && state_->is_down())) hasten(now);
                break;
            }
            newest(hop_sent_);
            round_trip_ = (3 * round_trip_ + std::min(now - echo.sent, Millis(1000))) / 4;
            hop_answered(echo, address, now);
            break;
    }
}

void Judge::hop_answered(const Echo& echo, const std::string& address, Mono now) {
    const bool was_silent = is_silent(now);
    refusals_ = 0;
    // Older echoes that are still out were lost, which is no news now; younger ones begin the next silence.
    std::erase_if(echoes_, [&](const Echo& e) { return e.asked == Asked::hop && e.sent < echo.sent; });
    end_silence(echo.sent);
    if (address == hop_) {
        candidate_.clear();
        return calm(echo.sent);
    }
    if (hop_.empty() || was_silent || (state_ && state_->is_down()) || address == candidate_) {
        hop_since_ = address == candidate_ ? candidate_since_ : echo.sent;
        hop_ = address;
        candidate_.clear();
        return calm(echo.sent);
    }
    candidate_ = address;
    candidate_since_ = echo.sent;
    next_at_ = now;  // the confirming echo
}

// Somebody beyond the site answered an echo of that time; younger ones that are still out begin the next silence.
void Judge::end_silence(Mono sent) {
    if (!silence_ || sent < silence_->since) return;
    silence_.reset();
    for (const auto& e : echoes_) {
        if (e.asked != Asked::hop || e.sent <= sent) continue;
        if (!silence_) silence_ = Silence{e.sent, 0};
        ++silence_->count;
    }
}

void Judge::lost(std::uint64_t id, Mono now) {
    const auto found = std::find_if(echoes_.begin(), echoes_.end(), [&](const Echo& e) { return e.id == id; });
    if (found == echoes_.end()) return;
    const auto echo = *found;
    echoes_.erase(found);
    const bool is_excused = target_sent_ && *target_sent_ >= echo.sent;
    // Refused before it could be late: the way has just gone.
    if (echo.asked == Asked::hop && !is_excused && !(state_ && state_->is_down())) hasten(now);
}

// ---- echoes out

void Judge::hasten(Mono now) {
    if (!quick_since_) quick_since_ = now;
    next_at_ = std::min(next_at_, now);
}

void Judge::calm(Mono sent) {
    if (quick_since_) beat_ = 0;
    quick_since_.reset();
    next_at_ = std::max(next_at_, next_echo(sent));
}

Millis Judge::interval() const {
    if (quick_since_) return options_.quick;
    return state_ && state_->metered && candidate_.empty() ? options_.metered_every : options_.every;
}

// The ordinary ones beat with the process's other work, such as heartbeats.
Mono Judge::next_echo(Mono sent) const {
    const auto period = interval();
    return quick_since_ ? sent + period : next_beat(sent + period / 4, period);
}

Millis Judge::patience() const { return std::clamp(3 * round_trip_ + Millis(50), Millis(200), Millis(1000)); }

bool Judge::is_late(Mono now) const {
    if (quick_since_ || (state_ && state_->is_down())) return false;
    const auto due_by = first_late();
    return due_by && now >= *due_by;
}

// When the oldest hop echo becomes late that neither an answer nor a living target has excused.
std::optional<Mono> Judge::first_late() const {
    for (const auto& e : echoes_)
        if (e.asked == Asked::hop && !(target_sent_ && *target_sent_ >= e.sent)) return e.sent + patience();
    return std::nullopt;
}

void Judge::ask(Asked asked, unsigned ttl, Mono now, std::vector<EchoOrder>& orders) {
    orders.push_back({next_id_, asked, ttl});
    echoes_.push_back({next_id_++, asked, now});
}

std::vector<EchoOrder> Judge::due(Mono now) {
    std::vector<EchoOrder> orders;
    if (!options_.has_target) return orders;
    if (is_late(now)) hasten(now);
    // Quick echoes that found nothing give way to the ordinary beat: a dead line may stay dead for days.
    if (quick_since_ && now - *quick_since_ > 4 * options_.down_after) quick_since_.reset();
    if (now < next_at_) return orders;
    const auto distance = local_line() ? 1u : options_.hop;
    ask(Asked::hop, distance, now, orders);
    if (first_sent_ == Mono{}) first_sent_ = now;
    if (!silence_) silence_ = Silence{now, 0};
    ++silence_->count;
    if (quick_since_ || is_hop_stale() || is_silent(now) || (state_ && state_->is_down())) {
        if (beat_ % 2 == 0) ask(Asked::target, far, now, orders);
        if (beat_ % 2 == 1 && distance > 1) ask(Asked::gateway, 1, now, orders);
    }
    ++beat_;
    next_at_ = next_echo(now);
    return orders;
}

Mono Judge::wake(Mono now) const {
    if (!options_.has_target) return now + std::chrono::seconds(60);
    auto at = next_at_;
    if (silence_) {
        if (const auto late = first_late(); late && *late > now) at = std::min(at, *late);
        if (silence_over() > now) at = std::min(at, silence_over());
    }
    return std::max(at, now + Millis(1));
}

// ---- conclusions

std::optional<Judge::Change> Judge::check(Mono now) {
    auto to = conclude(now);
    if (!to) return std::nullopt;
    if (state_ && state_->kind == to->kind && state_->name == to->name) {
        state_ = std::move(to);  // the evidence may be another
        return std::nullopt;
    }
    Change change{state_.value_or(State{}), *to, when(*to, now), !state_.has_value()};
    state_ = std::move(to);
    return change;
}

Mono Judge::when(const State& to, Mono now) const {
    if (to.is_down() && silence_) return std::min(silence_->since, now);
    if (!to.is_down() && !local_line() && !hop_.empty()) return std::min(hop_since_, now);
    return now;
}

bool Judge::is_hop_stale() const { return hop_.empty() || (target_sent_ && *target_sent_ > *hop_sent_); }

bool Judge::is_silent(Mono now) const { return silence_ && silence_->count >= enough_losses && now >= silence_over(); }

Mono Judge::silence_over() const { return silence_->since + options_.down_after + round_trip_; }

const DefaultRoute* Judge::route() const {
    const DefaultRoute* best = nullptr;
    const auto rank = [&](const DefaultRoute& r) { return std::pair(r.v6 != options_.v6, r.metric); };
    for (const auto& r : network_.routes) {
        const auto* link = network_.link(r.link);
        if (link && link->up && link->carrier && (!best || rank(r) < rank(*best))) best = &r;
    }
    return best;
}

const Line* Judge::local_line() const {
    const auto* r = route();
    if (!r) return nullptr;
    const auto* link = network_.link(r->link);
    for (const auto& line : options_.lines) {
        if (line.interface.empty() || line.interface != link->name) continue;
        // Behind the site's router an interface may bear the name of the router's: the gateway tells them apart.
        if (line.next_hop.empty() || r->gateway.empty() || line.next_hop == r->gateway) return &line;
    }
    return nullptr;
}

const Line* Judge::line_by_hop(const std::string& address) const {
    for (const auto& line : options_.lines)
        if (!line.next_hop.empty() && line.next_hop == address) return &line;
    return nullptr;
}

// The one line whose provider's router is not registered, or never answers.
const Line* Judge::only_silent_line() const {
    const Line* only = nullptr;
    for (const auto& line : options_.lines) {
        if (!line.next_hop.empty()) continue;
        if (only) return nullptr;
        only = &line;
    }
    return only;
}

State Judge::by_line(const Line& line, std::string evidence) const {
    const auto* link = network_.link(line.interface);
    const bool by_modem = owns_lines_ && link && link->mobile;
    const auto kind = line.kind.empty() ? "unknown" : line.kind;
    return {kind, line.name, std::move(evidence), is_metered(kind) || (kind == "unknown" && by_modem)};
}

std::optional<State> Judge::conclude(Mono now) const {
    if (const auto* line = local_line()) return conclude_local(*line, now);
    const auto* r = route();
    if (!r && owns_lines_) return State{"none", "", "no default route", false};
    if (options_.has_target) return conclude_path(now);
    if (!r) return State{"", "", "this machine has no default route", false};
    const auto* link = network_.link(r->link);
    return State{"unknown", link->name, "default route by " + link->name, link->mobile};
}

std::optional<State> Judge::conclude_local(const Line& line, Mono now) const {
    const auto* r = route();
    const auto by = "default route by " + line.interface + (r->gateway.empty() ? "" : " to " + r->gateway);
    // Only a router that has answered before can fall silent.
    if (!hop_.empty() && is_silent(now)) return State{"none", "", by + ", but " + hop_ + " fell silent", false};
    return by_line(line, by);
}

std::optional<State> Judge::conclude_path(Mono now) const {
    const auto* r = route();
    const auto* link = r ? network_.link(r->link) : nullptr;
    if (is_silent(now)) return conclude_silence(now);
    if (refusals_ >= enough_refusals) return State{"none", "", "the site's router has no way out", false};
    const auto has_link = std::any_of(network_.links.begin(), network_.links.end(),
                                      [](const Link& l) { return l.up && l.carrier && l.name != "lo"; });
    if (!has_link && !network_.links.empty()) return State{"", "", "this machine has no link", false};
    if (is_hop_stale()) {
        // The path works, but the router that names it does not answer (some limit how often they do).
        if (!target_sent_ || *target_sent_ - hop_sent_.value_or(first_sent_) < options_.hop_hold) return state_;
        if (const auto* line = only_silent_line()) return by_line(*line, "the target answers, no router does");
        return State{"unknown", "", "the target answers, no router does", false};
    }
    if (const auto* line = line_by_hop(hop_)) return by_line(*line, "hop " + hop_);
    if (const auto* line = only_silent_line()) return by_line(*line, "hop " + hop_);
    return State{"unknown", hop_, "hop " + hop_, link && link->mobile};
}

std::optional<State> Judge::conclude_silence(Mono now) const {
    // The gateway is asked now and then while it lasts; its answer counts as long as it is fresh.
    const auto since = std::max(silence_->since, now - std::max(Millis(10'000), 4 * interval()));
    if (gateway_sent_ && *gateway_sent_ >= since) return State{"none", "", "only the site's router answers", false};
    if (!gateway_sent_ && route()) return State{"none", "", "nobody answers", false};
    return State{"", "", "the site's router does not answer", false};
}

std::vector<LineState> Judge::lines() const {
    std::vector<LineState> out;
    for (const auto& line : options_.lines) {
        LineState s{line.name, Up::not_known, std::nullopt};
        const bool is_known = state_ && !state_->kind.empty();
        const bool is_active = is_known && state_->name == line.name;
        if (is_active) s.up = Up::yes;
        // The site's router has left its primary line for another, or finds no line at all.
        if (line.primary && is_known && !is_active && state_->kind != "unknown") s.up = Up::no;
        if (owns_lines_ && !line.interface.empty()) {
            const auto* link = network_.link(line.interface);
            s.carrier = link && link->up && link->carrier;
            if (!*s.carrier) s.up = Up::no;
        }
        out.push_back(std::move(s));
    }
    return out;
}

}  // namespace vg::probes::uplink
