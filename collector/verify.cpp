#include "collector/verify.hpp"

#include "base/x509.hpp"
#include "collector/store/event_fields.hpp"
#include "collector/store/query.hpp"
#include "collector/store/seal_text.hpp"
#include "wire/body.hpp"

#include <algorithm>
#include <map>
#include <optional>

namespace vg::collector {
namespace {

using Name = std::pair<std::string, std::uint64_t>;  // agent, epoch

crypto::Digest digest_of(ByteView bytes) {
    crypto::Digest out{};
    if (bytes.size() == out.size()) std::copy(bytes.begin(), bytes.end(), out.begin());
    return out;
}

class Verifier {
public:
    Verifier(Statements& statements, std::string authority_pem)
        : statements_(statements), authority_pem_(std::move(authority_pem)) {}

    Result<Verification> run() {
        if (auto read = read_seals(); !read) return read.error();
        if (auto read = read_streams(); !read) return read.error();
        return std::move(out_);
    }

private:
    void add(FindingKind kind, const Name& name, std::uint64_t index, std::string vi, std::string en) {
        out_.findings.push_back({kind, name.first, name.second, index, std::move(vi), std::move(en)});
    }

    Result<void> read_seals() {
        Query query(statements_, "SELECT day, text, signature FROM seals ORDER BY day");
        crypto::Digest before{};
        while (query.next()) {
            ++out_.seals;
            const auto day = std::to_string(query.integer(0));
            auto seal = decode_seal(query.blob(1));
            if (!seal || !x509::verify_data(authority_pem_, query.blob(1), query.blob(2))) {
                add(FindingKind::bad_seal, {}, 0, "Niêm phong của ngày " + day + " không do cơ quan chứng thực ký",
                    "The seal of day " + day + " was not signed by the authority");
            } else if (seal->before != before || seal->day != query.integer(0)) {
                add(FindingKind::bad_seal, {}, 0, "Niêm phong của ngày " + day + " không nối tiếp niêm phong trước",
                    "The seal of day " + day + " does not follow the one before it");
            }
            before = crypto::sha256(query.blob(1), query.blob(2));
            if (!seal) continue;
            for (auto& s : seal->streams) sealed_[{s.agent, s.epoch}].push_back(std::move(s));
        }
        return query.end();
    }

    Result<void> read_streams() {
        Query query(statements_,
                    "SELECT id, agent, epoch, chain_index, floor_index, floor_head FROM streams ORDER BY id");
        while (query.next()) {
            const Name name{query.text(1), query.bits(2)};
            if (auto read = read_chain(query.integer(0), name, query.bits(3), query.bits(4), digest_of(query.blob(5)));
                !read)
                return read;
            sealed_.erase(name);
        }
        for (const auto& [name, seals] : sealed_)
            add(FindingKind::cut_tail, name, seals.back().index, "Chuỗi sự kiện đã niêm phong không còn nữa",
                "A chain of events that was sealed is gone");
        return query.end();
    }

    Result<std::map<std::uint64_t, crypto::Digest>> breaks_of(std::int64_t stream) {
        std::map<std::uint64_t, crypto::Digest> out;
        Query query(statements_, "SELECT idx, before FROM chain_breaks WHERE stream = ?");
        query.with(stream);
        while (query.next()) out[query.bits(0)] = digest_of(query.blob(1));
        if (auto end = query.end(); !end) return end.error();
        return out;
    }

    // A break that a seal should know and does not was put there later, to hide a hole.
    [[nodiscard]] bool is_honest_break(const Name& name, std::uint64_t index) const {
        const auto seals = sealed_.find(name);
        if (seals == sealed_.end()) return true;
        for (const auto& seal : seals->second)
            if (index <= seal.index) return std::binary_search(seal.breaks.begin(), seal.breaks.end(), index);
        return true;
    }

    Result<void> read_chain(std::int64_t stream, const Name& name, std::uint64_t last, std::uint64_t index,
                            crypto::Digest head) {
        const auto breaks = breaks_of(stream);
        if (!breaks) return breaks.error();
        const auto floor = index;
        std::map<std::uint64_t, crypto::Digest> heads;  // at the indices that seals name
        Query query(statements_,
                    "SELECT idx, kind, severity, subject_kind, subject_key, fields, mono, head FROM events "
                    "WHERE stream = ? ORDER BY idx");
        query.with(stream);
        while (query.next()) {
            ++out_.events;
            const auto at = query.bits(0);
            head = step(name, index, at, head, *breaks, query);
            index = at;
            if (is_sealed_at(name, at)) heads[at] = head;
        }
        if (auto end = query.end(); !end) return end;
        if (index > floor || last > 0) ++out_.chains;
        compare(name, floor, index, last, heads);
        return {};
    }

    // One event on: gives the head after it as the store has it.
    crypto::Digest step(const Name& name, std::uint64_t before, std::uint64_t at, crypto::Digest head,
                        const std::map<std::uint64_t, crypto::Digest>& breaks, const Query& query) {
        const auto stored = digest_of(query.blob(7));
        const auto broken = breaks.find(at);
        const bool honest = broken != breaks.end() && is_honest_break(name, at);
        if (honest) {
            head = broken->second;
            add(FindingKind::lost_before, name, at, "Trạm gác báo đã mất sự kiện trước sự kiện " + std::to_string(at),
                "The agent says that events before " + std::to_string(at) + " were lost");
        } else if (at != before + 1) {
            add(FindingKind::dropped, name, before + 1,
                "Thiếu sự kiện " + std::to_string(before + 1) + " đến " + std::to_string(at - 1),
                "Events " + std::to_string(before + 1) + " to " + std::to_string(at - 1) + " are missing");
            return stored;
        }
        wire::Event event;
        event.kind = query.text(1);
        event.severity = static_cast<wire::Severity>(query.integer(2));
        event.subject = {static_cast<wire::SubjectKind>(query.integer(3)), query.text(4)};
        event.fields = decode_fields(query.blob(5));
        event.at = Mono{Millis{query.integer(6)}};
        if (wire::chain(head, event) != stored)
            add(FindingKind::edited, name, at, "Sự kiện " + std::to_string(at) + " đã bị sửa hoặc đổi chỗ",
                "Event " + std::to_string(at) + " was edited or put in another place");
        return stored;
    }

    [[nodiscard]] bool is_sealed_at(const Name& name, std::uint64_t index) const {
        const auto seals = sealed_.find(name);
        return seals != sealed_.end() && std::any_of(seals->second.begin(), seals->second.end(),
                                                     [&](const SealedStream& s) { return s.index == index; });
    }

    void compare(const Name& name, std::uint64_t floor, std::uint64_t index, std::uint64_t last,
                 const std::map<std::uint64_t, crypto::Digest>& heads) {
        std::uint64_t expected = last;
        if (const auto seals = sealed_.find(name); seals != sealed_.end()) {
            for (const auto& seal : seals->second) {
                expected = std::max(expected, seal.index);
                const auto have = heads.find(seal.index);
                if (seal.index <= floor || seal.index > index) continue;
                if (have == heads.end() || have->second != seal.head)
                    add(FindingKind::not_as_sealed, name, seal.index,
                        "Chuỗi đến sự kiện " + std::to_string(seal.index) + " khác với niêm phong",
                        "The chain up to event " + std::to_string(seal.index) + " is not what was sealed");
            }
        }
        if (index < expected)
            add(FindingKind::cut_tail, name, index + 1,
                "Các sự kiện từ " + std::to_string(index + 1) + " đến " + std::to_string(expected) + " đã bị cắt",
                "Events " + std::to_string(index + 1) + " to " + std::to_string(expected) + " were cut off");
    }

    Statements& statements_;
    std::string authority_pem_;
    Verification out_;
    std::map<Name, std::vector<SealedStream>> sealed_;  // in order of days
};

}  // namespace

const char* to_string(FindingKind kind) noexcept {
    switch (kind) {
        case FindingKind::edited: return "edited";
        case FindingKind::dropped: return "dropped";
        case FindingKind::cut_tail: return "cut_tail";
        case FindingKind::bad_seal: return "bad_seal";
        case FindingKind::not_as_sealed: return "not_as_sealed";
        case FindingKind::lost_before: return "lost_before";
    }
    return "edited";
}

bool Verification::is_intact() const {
    return std::all_of(findings.begin(), findings.end(),
                       [](const Finding& finding) { return finding.kind == FindingKind::lost_before; });
}

Result<Verification> verify(const std::string& database_path, const std::string& authority_pem) {
    auto database = sqlite::Database::open(database_path, sqlite::Access::read_only);
    if (!database) return database.error();
    if (auto checked = database->check(); !checked) return checked.error();
    Statements statements(*database);
    return Verifier(statements, authority_pem).run();
}

}  // namespace vg::collector
