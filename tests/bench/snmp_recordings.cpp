// What the snmp probe makes of recorded devices' identities, without a simulator: recordings are held in memory and
// asked as devices are. `bench_snmp_recordings DIR [NOTES]` (DIR: the unpacked snmp/librenms) prints a line for each
// kind of vendor files (all; others: without that of the device's own vendor; none) and half of the recordings:
// what, right, wrong, silent. With NOTES every difference is written to NOTES.KIND.HALF.

#include "probes/snmp/evidence.hpp"
#include "probes/snmp/inventory.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/json.hpp>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

namespace {

using namespace vg::probes::snmp;
namespace json = boost::json;
namespace fs = std::filesystem;

using Values = std::map<Oid, Value>;

std::string from_hex(std::string_view digits) {
    std::string bytes;
    for (std::size_t i = 0; i + 1 < digits.size(); i += 2)
        bytes += static_cast<char>(std::strtol(std::string(digits.substr(i, 2)).c_str(), nullptr, 16));
    return bytes;
}

Value value_of(const std::string& tag, const std::string& said) {
    if (tag == "2") return static_cast<std::int64_t>(std::strtoll(said.c_str(), nullptr, 10));
    if (tag == "65" || tag == "66" || tag == "67" || tag == "70")
        return static_cast<std::uint64_t>(std::strtoull(said.c_str(), nullptr, 10));
    if (tag == "6") return parse_oid(said.starts_with('.') ? said.substr(1) : said).value_or(Oid{0, 0});
    if (tag == "5") return {};
    if (tag.ends_with('x')) return from_hex(said);
    if (tag == "64") {
        std::string bytes;
        std::istringstream parts(said);
        for (std::string part; std::getline(parts, part, '.');) bytes += static_cast<char>(std::atoi(part.c_str()));
        return bytes;
    }
    return said;
}

Values load(const fs::path& path) {
    Values all;
    std::ifstream file(path, std::ios::binary);
    for (std::string line; std::getline(file, line);) {
        if (line.ends_with('\r')) line.pop_back();
        const auto first = line.find('|'), second = line.find('|', first + 1);
        if (second == std::string::npos) continue;
        const auto oid = parse_oid(std::string_view(line).substr(0, first));
        if (oid) all.emplace(*oid, value_of(line.substr(first + 1, second - first - 1), line.substr(second + 1)));
    }
    return all;
}

class Recorded final : public Session {  // a session with a recording
public:
    explicit Recorded(Values values) : values_(std::move(values)) {}

    boost::asio::awaitable<vg::Result<Answer>> ask(Request request, Until) override {
        ++questions_;
        Answer answer;
        const int rows = request.ask == Ask::bulk ? request.rows : 1;
        auto cursors = request.oids;
        for (int row = 0; row < rows; ++row)
            for (auto& cursor : cursors) {
                const auto found = request.ask == Ask::get ? values_.find(cursor) : values_.upper_bound(cursor);
                if (found == values_.end()) {
                    answer.bindings.push_back({cursor, {}});
                    continue;
                }
                cursor = found->first;
                answer.bindings.push_back({found->first, found->second});
            }
        co_return answer;
    }
    std::string engine_id() const override { return {}; }
    bool can_bulk() const override { return true; }
    int questions() const { return questions_; }

private:
    Values values_;
    int questions_ = 0;
};

struct Seen {
    Identity identity;
    Guess guess;  // of the look around, whether or not it was needed
};

boost::asio::awaitable<Seen> ask_all(Recorded& session, VendorBook book) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    Reader reader(session, deadline);
    const auto system = co_await read_system(session, reader);
    if (!system) co_return Seen{};
    const auto parts = co_await reader.table(entity_table().entry, entity_table().columns);
    Evidence known;
    known.book = std::move(book);
    known.object_id = system->object_id;
    known.descr = system->descr;
    known.name = system->name;
    known.parts = parts_of(parts.rows);
    const auto evidence = co_await read_evidence(reader, std::move(known), {});
    co_return Seen{identify(evidence), evidence.guessed};
}

Seen see(Recorded& session, const VendorBook& book) {
    boost::asio::io_context io(1);
    Seen all;
    boost::asio::co_spawn(io, ask_all(session, book), [&](std::exception_ptr trouble, Seen seen) {
        if (trouble) std::rethrow_exception(trouble);
        all = std::move(seen);
    });
    io.run();
    return all;
}

std::string one_blank(const std::string& text) {
    std::istringstream words(text);
    std::string all;
    for (std::string word; words >> word;) all += (all.empty() ? "" : " ") + word;
    return all;
}

struct Tally {
    int right = 0, wrong = 0, silent = 0;
};

class Score {
public:
    void judge(const std::string& name, const json::object& want, const Seen& got, std::ostream* notes) {
        const auto& [identity, guess] = got;
        compare("version", name, want, {identity.version, guess.version}, notes);
        compare("serial", name, want, {identity.serial, guess.serial}, notes);
        compare("hardware", name, want, {identity.hardware, guess.hardware}, notes);
    }
    void print(const std::string& title) const {
        std::cout << title;
        for (const auto& [what, t] : tallies_) {
            const int all = t.right + t.wrong + t.silent;
            std::cout << "  " << what << " " << (1000 * t.right + all / 2) / std::max(all, 1) << "‰ (" << t.right
                      << " right, " << t.wrong << " wrong, " << t.silent << " silent)";
        }
        std::cout << '\n';
    }

private:
    struct Said {
        const std::string &told, &guessed;
    };

    void compare(const std::string& what, const std::string& name, const json::object& want, const Said& got,
                 std::ostream* notes) {
        const auto* expected = want.at(what).if_string();
        const auto* place = want.at("found_in").as_object().if_contains(what);
        if (!expected || !place || place->as_string() == "not verbatim") return;
        auto& tally = tallies_[what];
        const auto wanted = one_blank(std::string(*expected));
        const bool is_right = one_blank(got.told) == wanted;
        ++(is_right ? tally.right : got.told.empty() ? tally.silent : tally.wrong);
        if (is_right || !notes) return;
        const auto* descr = want.at("sysDescr").if_string();
        *notes << what << '\t' << name << "\tgot '" << got.told << "'\twant '" << wanted << "' "
               << std::string(*place->if_string()) << "\tguess '" << got.guessed << "'\tdescr '"
               << (descr ? one_blank(std::string(*descr)) : "") << "'\n";
    }

    std::map<std::string, Tally> tallies_;
};

struct Device {
    std::string name;
    json::object want;
    Values values;
};

std::vector<Device> devices_in(const fs::path& place) {
    std::vector<Device> all;
    for (const auto& entry : fs::directory_iterator(place / "recordings")) {
        const auto expected = place / "expected" / (entry.path().stem().string() + ".json");
        if (!fs::exists(expected)) continue;
        std::stringstream text;
        text << std::ifstream(expected).rdbuf();
        auto want = json::parse(text.str()).as_object();
        if (want.at("answer").as_string() == "detection only") continue;
        all.push_back({entry.path().stem().string(), std::move(want), load(entry.path())});
    }
    std::sort(all.begin(), all.end(), [](const Device& a, const Device& b) { return a.name < b.name; });
    return all;
}

// Everybody's but the one that speaks for this device.
VendorBook others_than_own(const Device& device) {
    Recorded session(device.values);
    const auto name = see(session, find_vendor).identity.vendor;
    return [name](std::uint32_t number) -> const Vendor* {
        const auto* vendor = find_vendor(number);
        return vendor && (vendor->is_platform || vendor->name != name) ? vendor : nullptr;
    };
}

VendorBook book_for(const std::string& kind, const Device& device) {
    if (kind == "all") return find_vendor;
    if (kind == "others") return others_than_own(device);
    return [](std::uint32_t) -> const Vendor* { return nullptr; };
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 2) return 2;
    const auto devices = devices_in(argv[1]);
    for (const std::string kind : {"all", "others", "none"})
        for (const unsigned long half : {0ul, 1ul}) {
            Score score;
            long questions = 0, most = 0;
            const auto title = kind + "." + (half == 0 ? "A" : "B");
            std::ofstream notes;
            if (argc > 2) notes.open(std::string(argv[2]) + "." + title);
            for (const auto& device : devices) {
                const auto sum = std::string(device.want.at("recording_sha1").as_string()).substr(0, 8);
                if (std::stoul(sum, nullptr, 16) % 2 != half) continue;
                Recorded session(device.values);
                const auto got = see(session, book_for(kind, device));
                questions += session.questions();
                most = std::max<long>(most, session.questions());
                score.judge(device.name, device.want, got, argc > 2 ? &notes : nullptr);
            }
            score.print(title);
            std::cout << "    questions " << questions << ", most " << most << '\n';
        }
    return 0;
}
