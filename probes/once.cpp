#include "probes/once.hpp"

#include "probes/help.hpp"
#include "probes/probe.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <iterator>
#include <ostream>

namespace vg::probes {
namespace {

using namespace std::chrono_literals;

constexpr auto quiet = 1s;     // a watcher that says nothing more for this long has told what it sees
constexpr auto farewell = 2s;  // for a probe to end after its deadline, and for a watcher after stop()

std::string names_of_kinds() {
    std::string out;
    for (const auto& kind : kinds()) out += (out.empty() ? "" : ", ") + std::string(kind.name);
    return out;
}

Place place_of(const std::string& key) { return {"--" + key, 0, 0}; }

// "[a, b]" and "{...}" are YAML, so that every option of an assignment can be given; the rest is text as it stands.
yaml::Node value_node(const std::string& key, const std::string& text, Problems& problems) {
    if (text.starts_with('[') || text.starts_with('{')) {
        auto documents = yaml::parse(text, "--" + key, problems);
        if (!documents.empty()) return std::move(documents.front());
    }
    yaml::Node node;
    node.kind = yaml::Kind::scalar;
    node.scalar = text;
    node.place = place_of(key);
    return node;
}

yaml::Node options_node(const OnceRequest& request, Problems& problems) {
    yaml::Node root;
    root.kind = yaml::Kind::mapping;
    root.place = {request.kind, 0, 0};
    for (const auto& [key, text] : request.options) {
        auto value = value_node(key, text, problems);
        const auto same = std::find_if(root.entries.begin(), root.entries.end(),
                                       [&key = key](const auto& entry) { return entry.first.scalar == key; });
        if (same == root.entries.end()) {
            yaml::Node name;
            name.kind = yaml::Kind::scalar;
            name.scalar = key;
            name.place = value.place = place_of(key);
            root.entries.emplace_back(std::move(name), std::move(value));
        } else if (same->second.kind == yaml::Kind::sequence) {
            same->second.items.push_back(std::move(value));
        } else {
            yaml::Node list;
            list.kind = yaml::Kind::sequence;
            list.place = same->second.place;
            list.items = {std::move(same->second), std::move(value)};
            same->second = std::move(list);
        }
    }
    return root;
}

void merge(wire::Observation& into, wire::Observation more) {
    const auto append = [](auto& to, auto& from) {
        to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
    };
    into.at = more.at;
    append(into.samples, more.samples);
    append(into.facts, more.facts);
    append(into.events, more.events);
    append(into.whole, more.whole);
    if (!more.error.empty()) into.error = std::move(more.error);
    if (!more.remark.empty()) into.remark = std::move(more.remark);
}

wire::Observation run_probe(Probe& probe, asio::io_context& io, Millis timeout) {
    wire::Observation seen;
    seen.error = say({"phép dò không kết thúc đúng hạn", "the probe did not end by its deadline"});
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    asio::co_spawn(io, probe.run(deadline), [&](std::exception_ptr trouble, wire::Observation result) {
        if (trouble) std::rethrow_exception(trouble);
        seen = std::move(result);
        io.stop();
    });
    io.run_until(deadline + farewell);
    return seen;
}

wire::Observation run_watcher(Watcher& watcher, asio::io_context& io, Clock& clock, Millis timeout) {
    wire::Observation seen;
    seen.at = clock.mono();
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    asio::steady_timer end(io, deadline);
    const auto stop = [&watcher](const boost::system::error_code& error) {
        if (!error) watcher.stop();
    };
    end.async_wait(stop);
    const auto emit = [&](wire::Observation more) {
        merge(seen, std::move(more));
        end.expires_at(std::min<Deadline>(deadline, std::chrono::steady_clock::now() + quiet));
        end.async_wait(stop);
    };
    asio::co_spawn(io, watcher.watch(emit), [&](std::exception_ptr trouble, Result<void> result) {
        if (trouble) std::rethrow_exception(trouble);
        if (!result && result.error().code != Errc::cancelled) seen.error = told(result.error());
        io.stop();
    });
    io.run_until(deadline + farewell);
    return seen;
}

}  // namespace

std::optional<OnceRequest> parse_once(std::span<const std::string> words, Problems& problems) {
    OnceRequest request;
    std::vector<std::string> plain;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (!words[i].starts_with("--")) {
            plain.push_back(words[i]);
            continue;
        }
        auto key = words[i].substr(2);
        if (key == "json" || key == "vi" || key == "en") {
            request.as_json |= key == "json";
            if (key != "json") request.language = key == "vi" ? Language::vi : Language::en;
            continue;
        }
        std::string value;
        if (const auto equals = key.find('='); equals != std::string::npos) {
            value = key.substr(equals + 1);
            key.resize(equals);
        } else if (i + 1 < words.size()) {
            value = words[++i];
        } else {
            problems.add(place_of(key), {"thiếu giá trị đi sau", "a value must follow"});
        }
        request.options.emplace_back(std::move(key), std::move(value));
    }
    if (plain.empty())
        problems.add({"probe", 0, 0}, {"hãy nêu loại phép dò: {}", "name the kind of probe: {}"}, names_of_kinds());
    if (plain.size() > 2)
        problems.add({plain[2], 0, 0}, {"chỉ một loại và một đích; không hiểu các từ còn lại",
                                        "one kind and one target; more words are not understood"});
    if (!plain.empty()) request.kind = plain[0];
    if (plain.size() > 1) request.target = plain[1];
    for (auto at = request.options.begin(); at != request.options.end();) {
        const bool is_common = at->first == "timeout" || at->first == "service";
        if (at->first == "service") request.service = at->second;
        if (at->first == "timeout")
            if (const auto time = yaml::as_duration_ms(value_node("timeout", at->second, problems), problems))
                request.timeout = Millis{*time};
        at = is_common ? request.options.erase(at) : at + 1;
    }
    return problems.empty() ? std::optional(std::move(request)) : std::nullopt;
}

namespace {

// The kind and the checked entry, or problems.
const Kind* prepare(const OnceRequest& request, Task& task, Problems& problems) {
    const auto* kind = find_kind(request.kind);
    if (!kind) {
        problems.add({request.kind, 0, 0},
                     {"không có phép dò này; chọn một trong: {}", "there is no such probe; one of {}"},
                     names_of_kinds());
        return nullptr;
    }
    task = {request.kind, request.target, request.service, options_node(request, problems)};
    yaml::refuse_unknown_keys(task.options, known_keys(*kind), problems);
    return problems.empty() ? kind : nullptr;
}

}  // namespace

std::optional<wire::Observation> run_once(const OnceRequest& request, Clock& clock, Problems& problems) {
    Task task;
    const auto* kind = prepare(request, task, problems);
    if (!kind) return {};
    const auto timeout = request.timeout.value_or(kind->once_timeout);
    asio::io_context io(1);
    if (kind->make_probe) {
        const auto probe = kind->make_probe(task, {io, clock}, problems);
        return probe ? std::optional(run_probe(*probe, io, timeout)) : std::nullopt;
    }
    const auto watcher = kind->make_watcher(task, {io, clock}, problems);
    return watcher ? std::optional(run_watcher(*watcher, io, clock, timeout)) : std::nullopt;
}

Result<std::string> describe_once(const OnceRequest& request, Clock& clock, Problems& problems) {
    Task task;
    const auto* kind = prepare(request, task, problems);
    if (!kind) return fail(Errc::invalid_input, Text{problems.text(Language::vi), problems.text(Language::en)});
    asio::io_context io(1);
    const auto probe = kind->make_probe(task, {io, clock}, problems);
    if (!probe) return fail(Errc::invalid_input, Text{problems.text(Language::vi), problems.text(Language::en)});
    Result<std::string> told =
        fail(Errc::timed_out, say({"phép dò không kết thúc đúng hạn", "the probe did not end by its deadline"}));
    const auto deadline = std::chrono::steady_clock::now() + request.timeout.value_or(kind->once_timeout);
    asio::co_spawn(io, probe->describe(deadline), [&](std::exception_ptr trouble, Result<std::string> result) {
        if (trouble) std::rethrow_exception(trouble);
        told = std::move(result);
        io.stop();
    });
    io.run_until(deadline + farewell);
    return told;
}

namespace {

bool wants_help(const std::string& word) { return word == "--help" || word == "-h"; }

std::string help(std::span<const std::string> words) {
    const bool is_english = std::find(words.begin(), words.end(), "--en") != words.end();
    const auto language = is_english ? Language::en : Language::vi;
    const auto name = std::find_if(words.begin(), words.end(), [](const auto& word) { return !word.starts_with("-"); });
    const auto* kind = name == words.end() ? nullptr : find_kind(*name);
    return kind ? probe_help(*kind, language) : probe_help(language);
}

}  // namespace

int probe_command(std::span<const std::string> words, std::ostream& out, std::ostream& errors) {
    if (std::any_of(words.begin(), words.end(), wants_help)) {
        out << help(words);
        return 0;
    }
    Problems problems;
    const auto request = parse_once(words, problems);
    if (const auto* kind = request ? find_kind(request->kind) : nullptr;
        kind && kind->empty_description && request->as_json) {
        const auto told = describe_once(*request, system_clock(), problems);
        if (told)
            out << *told << '\n';
        else if (problems.empty())
            out << failure_json(*request, told.error()) << '\n';
        if (!told)
            errors << (problems.empty() ? vg::told(told.error()).in(request->language) + '\n'
                                        : problems.text(request->language));
        return told ? 0 : problems.empty() ? 1 : 2;
    }
    const auto seen = request ? run_once(*request, system_clock(), problems) : std::nullopt;
    if (!seen) {
        errors << (request ? problems.text(request->language) : problems.text());
        return 2;
    }
    out << (request->as_json ? to_json(*request, *seen) : to_text(*request, *seen)) << '\n';
    return seen->error.empty() ? 0 : 1;
}

}  // namespace vg::probes
