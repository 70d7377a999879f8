#include "collector/inventory/inventory.hpp"

#include "collector/inventory/inventory_text.hpp"

#include <algorithm>
#include <set>

namespace vg::collector::inventory {
namespace {

constexpr std::size_t most_log = 50'000;  // entries at hand; the oldest go
constexpr std::chrono::days random_card_lapses{30}, card_lapses{400};

bool holds(const std::vector<std::string>& list, std::string_view one) {
    return std::find(list.begin(), list.end(), one) != list.end();
}

bool spans(const Pin& pin, const std::set<std::string>& all) {
    const auto any = [&](const std::vector<std::string>& side) {
        return std::any_of(side.begin(), side.end(), [&](const std::string& id) { return all.contains(id); });
    };
    return any(pin.left) && any(pin.right);
}

Source source_of(std::string_view key) {
    if (key.starts_with("host:")) return Source::host;
    if (key.starts_with("snmp:")) return Source::snmp;
    return Source::lan;
}

// Whose silence or failure is told is not there to be seen.
bool shows_life(const FactNews& news) {
    if (std::holds_alternative<std::monostate>(news.value)) return false;
    return (news.name != "seen" && news.name != "snmp_ok") || news.value == wire::FactValue{true};
}

}  // namespace

const char* to_string(Verdict verdict) noexcept {
    switch (verdict) {
        case Verdict::none: return "";
        case Verdict::adopted: return "adopted";
        case Verdict::ignored: return "ignored";
        case Verdict::flagged: return "flagged";
    }
    return "";
}

Result<Inventory> Inventory::load(Store& store) {
    Inventory out;
    const auto each = [&](const char* collection, const auto& take) -> Result<void> {
        auto documents = store.documents(collection);
        if (!documents) return documents.error();
        for (const auto& document : *documents) take(document);
        return {};
    };
    for (const auto& done : {
             each(text::log, [&](const Document& d) { out.log_.push_back(text::read_log(d)); }),
             each(text::pins, [&](const Document& d) { out.pins_ = text::read_pins(d); }),
             each(text::triage, [&](const Document& d) { out.triage_[d.id] = text::read_triage(d); }),
             each(text::places, [&](const Document& d) { out.places_[d.id] = text::read_place(d); }),
             each(text::stocktakes,
                  [&](const Document& d) {
                      auto& last = out.stocktakes_[d.id.substr(0, d.id.rfind('/'))];
                      last = std::max(last, d.at);
                  }),
             each(text::held, [&](const Document& d) { out.held_[d.id] = d.text; }),
         })
        if (!done) return done.error();
    out.next_log_ = out.log_.size();
    if (out.log_.size() > most_log)
        out.log_.erase(out.log_.begin(), out.log_.end() - static_cast<std::ptrdiff_t>(most_log));
    out.reviews_ = out.stocktakes_;
    for (const auto& [witness, decided] : out.triage_) out.reviewed(witness.substr(0, witness.find('/')), decided.at);
    out.identity_.set_pins(out.pins_);
    return out;
}

void Inventory::reviewed(const std::string& site, Time at) { reviews_[site] = std::max(reviews_[site], at); }

Result<void> Inventory::stocktake_made(Store& store, const std::string& site, const std::string& text, Time now) {
    char number[24];
    std::snprintf(number, sizeof number, "%015lld", static_cast<long long>(now.time_since_epoch().count()));
    if (auto put = store.put({text::stocktakes, site + "/" + number, text, now}); !put) return put;
    stocktakes_[site] = now;
    reviewed(site, now);
    return {};
}

void Inventory::begin(Time now) {
    for (const auto& [witness, to] : held_)
        if (!to.empty()) identity_.hold(witness, to);
    (void)identity_.settle(now);
}

bool Inventory::is_key(std::string_view key) {
    if (key.starts_with("mac:")) return is_own_mac(key.substr(4));
    if (!key.starts_with("snmp:") || key.size() < 6 || key.size() > 80) return false;
    return std::all_of(key.begin(), key.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '.' || c == ':' || c == '-' || c == '%';
    });
}

void Inventory::add(const std::string& witness, Time first, Time last) {
    const auto slash = witness.find('/');
    if (slash == std::string::npos) return;
    (void)identity_.add(witness, source_of(std::string_view(witness).substr(slash + 1)), first);
    identity_.seen(witness, last);
}

void Inventory::learn(const FactNews& news) {
    if (identity_.witness(news.subject.id) == nullptr) add(news.subject.id, news.at, news.at);
    if (shows_life(news)) identity_.seen(news.subject.id, news.at);
    if (!is_identifying(news.name)) return;
    const auto* value = std::get_if<std::string>(&news.value);
    // A probe that could not look says nothing about who it is.
    if (value != nullptr) identity_.tell(news.subject.id, news.name, *value);
}

void Inventory::enrolled(const Enrolment& enrolment) {
    const auto witness = enrolment.site + "/host:" + enrolment.id;
    add(witness, enrolment.enrolled, enrolment.enrolled);
    identity_.tell(witness, "host", enrolment.host);
}

// On which installation it runs an agent says when it enrols: a second one on a machine is known for that before it has
// looked around. Not before it is heard: until then it lives together with nobody, and would be taken for any of them.
void Inventory::agent_alive(const Enrolment& enrolment, bool is_alive, Time at) {
    const auto witness = enrolment.site + "/host:" + enrolment.id;
    identity_.alive(witness, is_alive, at);
    const auto* known = identity_.witness(witness);
    if (known == nullptr || known->slots.contains("machine_id") || enrolment.machine_id.empty()) return;
    if (is_alive || enrolment.last_heard) identity_.tell(witness, "machine_id", enrolment.machine_id);
}

void Inventory::put_register(const registry::Register& reg, Time now) {
    std::unordered_map<std::string, std::size_t> rows;
    for (std::size_t i = 0; i < reg.devices.size(); ++i) {
        const auto& device = reg.devices[i];
        const auto id = device.site + "/name:" + device.name;
        rows.emplace(id, i);
        if (!identity_.add(id, Source::reg, now)) continue;
        identity_.tell(id, "key", device.key());
        identity_.tell(id, "mac", device.mac);
        identity_.tell(id, "ip", device.ip);
        identity_.tell(id, "host", device.host);
        identity_.tell(id, "serial", device.serial);
    }
    for (const auto& [id, row] : rows_)
        if (!rows.contains(id)) identity_.forget(id);
    rows_ = std::move(rows);
    reg_ = &reg;
}

bool Inventory::has_lapsed(const std::string& witness, Time last, Time now) const {
    const auto key = std::string_view(witness).substr(witness.find('/') + 1);
    if (!key.starts_with("mac:")) return false;
    const auto lapses = is_local_mac(key.substr(4)) ? random_card_lapses : card_lapses;
    if (last + lapses >= now) return false;
    const auto is_pinned = [&](const Pin& pin) { return holds(pin.left, witness) || holds(pin.right, witness); };
    return !triage_.contains(witness) && !places_.contains(witness) && !held_.contains(witness) &&
           std::none_of(pins_.begin(), pins_.end(), is_pinned);
}

std::vector<std::string> Inventory::forget_lapsed(Time now) {
    std::vector<std::string> out;
    for (const auto* record : identity_.records()) {
        const auto& first = record->witnesses.front();
        if (record->witnesses.size() == 1 && has_lapsed(first, identity_.witness(first)->last, now))
            out.push_back(first);
    }
    for (const auto& witness : out) identity_.forget(witness);
    return out;
}

Identity::Settled Inventory::settle(Time now) {
    auto settled = identity_.settle(now);
    for (const auto& change : settled.changes) {
        LogEntry entry;
        entry.at = now;
        entry.records = {change.record};
        entry.records.insert(entry.records.end(), change.others.begin(), change.others.end());
        entry.witnesses = change.witnesses;
        entry.reasons = change.reasons;
        entry.score = change.score;
        switch (change.what) {
            case Change::What::merged: entry.what = "merge"; break;
            case Change::What::split: entry.what = "split"; break;
            case Change::What::cloned: entry.what = "cloned"; break;
            case Change::What::made:
            case Change::What::gone: continue;
        }
        write(std::move(entry));
    }
    note_held(settled);
    return settled;
}

// Links that no signal carries any more, or that only stand because they stood, would be lost with a restart.
void Inventory::note_held(const Identity::Settled& settled) {
    for (const auto& id : settled.held) {
        const auto* known = identity_.witness(id);
        if (known == nullptr) continue;
        const auto to = known->link && known->link->is_to_be_kept() ? known->link->to : std::string();
        held_[id] = to;
        documents_.push_back({text::held, id, to, known->last});
    }
}

void Inventory::write(LogEntry entry) {
    char id[40];
    std::snprintf(id, sizeof id, "%015lld-%06llu", static_cast<long long>(entry.at.time_since_epoch().count()),
                  static_cast<unsigned long long>(next_log_++ % 1'000'000));
    entry.id = id;
    documents_.push_back(text::document(entry));
    log_.push_back(std::move(entry));
    if (log_.size() > most_log) log_.pop_front();
}

std::vector<Document> Inventory::take_documents() { return std::exchange(documents_, {}); }

Result<void> Inventory::triage(const std::string& id, Verdict verdict, const std::string& who, const std::string& note,
                               Time now) {
    const auto* record = find(id);
    if (record == nullptr) return fail(Errc::not_found, say({"không có thiết bị {}", "there is no device {}"}, id));
    for (const auto& witness : record->witnesses)
        if (const auto old = triage_.find(witness); old != triage_.end()) {
            old->second = {Verdict::none, who, note, now};
            documents_.push_back(text::document(witness, old->second));
        }
    const auto& witness = record->witnesses.front();
    reviewed(site_of(*record), now);
    triage_[witness] = {verdict, who, note, now};
    documents_.push_back(text::document(witness, triage_[witness]));
    LogEntry entry;
    entry.at = now;
    entry.what = verdict == Verdict::adopted   ? "adopt"
                 : verdict == Verdict::ignored ? "ignore"
                 : verdict == Verdict::flagged ? "flag"
                                               : "clear";
    entry.who = who;
    entry.note = note;
    entry.records = {record->id};
    write(std::move(entry));
    return {};
}

void Inventory::keep_pins(const std::string& who, const std::string& note, Time now) {
    documents_.push_back(text::document(pins_, who, note, now));
    identity_.set_pins(pins_);
}

Result<void> Inventory::merge(const std::vector<std::string>& ids, const std::string& who, const std::string& note,
                              Time now) {
    std::vector<std::string> firsts;
    std::set<std::string> all;
    LogEntry entry;
    for (const auto& id : ids) {
        const auto* record = find(id);
        if (record == nullptr) return fail(Errc::not_found, say({"không có thiết bị {}", "there is no device {}"}, id));
        if (holds(entry.records, record->id)) continue;
        entry.records.push_back(record->id);
        firsts.push_back(record->witnesses.front());
        all.insert(record->witnesses.begin(), record->witnesses.end());
    }
    if (firsts.size() < 2)
        return fail(Errc::invalid_input, say({"cần ít nhất hai thiết bị để gộp", "a merge needs two devices"}));
    std::erase_if(pins_, [&](const Pin& pin) { return !pin.together && spans(pin, all); });
    for (std::size_t i = 1; i < firsts.size(); ++i) pins_.push_back({{firsts.front()}, {firsts[i]}, true});
    entry.at = now;
    entry.what = "merge";
    entry.who = who;
    entry.note = note;
    write(std::move(entry));
    keep_pins(who, note, now);
    return {};
}

Result<void> Inventory::split(const std::string& id, const std::vector<std::string>& witnesses, const std::string& who,
                              const std::string& note, Time now) {
    const auto* record = find(id);
    if (record == nullptr) return fail(Errc::not_found, say({"không có thiết bị {}", "there is no device {}"}, id));
    Pin pin;
    for (const auto& witness : record->witnesses) (holds(witnesses, witness) ? pin.left : pin.right).push_back(witness);
    if (pin.left.size() != std::set<std::string>(witnesses.begin(), witnesses.end()).size())
        return fail(
            Errc::invalid_input,
            say({"không phải tất cả các nguồn này thuộc thiết bị {}", "not all of these belong to {}"}, record->id));
    if (pin.left.empty() || pin.right.empty())
        return fail(Errc::invalid_input, say({"chỉ tách được một phần các nguồn của thiết bị, không phải tất cả",
                                              "a split needs some of the device's witnesses, not all of them"}));
    const std::set<std::string> left(pin.left.begin(), pin.left.end());
    std::erase_if(pins_, [&](const Pin& old) {
        const auto crosses = [&](const auto& one, const auto& other) {
            return std::any_of(one.begin(), one.end(), [&](const auto& w) { return left.contains(w); }) &&
                   std::any_of(other.begin(), other.end(), [&](const auto& w) { return holds(pin.right, w); });
        };
        return old.together && (crosses(old.left, old.right) || crosses(old.right, old.left));
    });
    for (std::size_t i = 1; i < pin.left.size(); ++i) pins_.push_back({{pin.left.front()}, {pin.left[i]}, true});
    LogEntry entry;
    entry.at = now;
    entry.what = "split";
    entry.who = who;
    entry.note = note;
    entry.records = {record->id};
    entry.witnesses = pin.left;
    pins_.push_back(std::move(pin));
    write(std::move(entry));
    keep_pins(who, note, now);
    return {};
}

const Record* Inventory::find(std::string_view id) const {
    if (const auto* record = identity_.record_of(id)) return record;
    // A device that the register names by its card or address.
    const auto slash = id.find('/');
    if (slash == std::string_view::npos || reg_ == nullptr) return nullptr;
    const auto* device = reg_->device(id.substr(0, slash), id.substr(slash + 1));
    return device != nullptr ? identity_.record_of(device->site + "/name:" + device->name) : nullptr;
}

std::vector<const registry::Device*> Inventory::rows(const Record& record) const {
    std::vector<const registry::Device*> out;
    for (const auto& witness : record.witnesses)
        if (const auto row = rows_.find(witness); row != rows_.end()) out.push_back(&reg_->devices[row->second]);
    return out;
}

const registry::Device* Inventory::registered(const Record& record) const {
    const auto all = rows(record);
    return all.empty() ? nullptr : all.front();
}

const Place* Inventory::place_of(const Record& record) const {
    const Place* out = nullptr;
    for (const auto& witness : record.witnesses)
        if (const auto place = places_.find(witness); place != places_.end())
            if (out == nullptr || place->second.since > out->since) out = &place->second;
    return out;
}

std::string Inventory::site_of(const Record& record) const {
    if (const auto* place = place_of(record)) return place->site;
    return identity_.witness(record.witnesses.front())->site;
}

void Inventory::move(const Record& record, const std::string& site, Time now) {
    const auto from = site_of(record);
    const auto& witness = record.witnesses.front();
    places_[witness] = {site, from, now};
    documents_.push_back(text::document(witness, places_[witness]));
    LogEntry entry;
    entry.at = now;
    entry.what = "moved";
    entry.note = from + " → " + site;
    entry.records = {record.id};
    write(std::move(entry));
}

const Triage* Inventory::triage_of(const Record& record) const {
    const Triage* out = nullptr;
    for (const auto& witness : record.witnesses)
        if (const auto found = triage_.find(witness); found != triage_.end())
            if (out == nullptr || found->second.at > out->at) out = &found->second;
    if (out == nullptr || out->verdict == Verdict::none) return nullptr;
    // A register without its row has taken the adoption back: it waits for a decision again.
    const bool is_void = out->verdict == Verdict::adopted && registered(record) == nullptr;
    return is_void ? nullptr : out;
}

std::vector<const LogEntry*> Inventory::log_of(const Record& record) const {
    std::set<std::string, std::less<>> names(record.witnesses.begin(), record.witnesses.end());
    names.insert(record.id);
    std::vector<const LogEntry*> out;
    for (auto entry = log_.rbegin(); entry != log_.rend() && out.size() < 200; ++entry) {
        const auto is_of = [&](const std::vector<std::string>& list) {
            return std::any_of(list.begin(), list.end(), [&](const std::string& id) { return names.contains(id); });
        };
        if (is_of(entry->records) || is_of(entry->witnesses)) out.push_back(&*entry);
    }
    return out;
}

}  // namespace vg::collector::inventory
