#include "probes/resolve.hpp"

#include "probes/dns/client.hpp"

#include <algorithm>
#include <fstream>
#include <optional>
#include <sstream>

namespace vg::probes {
namespace {

using asio::ip::address;
using Addresses = std::vector<address>;

constexpr std::size_t most_servers = 3;

std::optional<address> literal_of(const std::string& text) {
    boost::system::error_code error;
    const auto found = asio::ip::make_address(text, error);
    return error ? std::nullopt : std::optional(found);
}

bool fits(const address& candidate, Family family) {
    return family == Family::any || (family == Family::v4) == candidate.is_v4();
}

std::string content_of(const char* path) {
    std::ifstream in(path);
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
}

// The words of each line, without comments.
template <class Take>
void for_each_line(std::string_view text, Take take) {
    std::istringstream lines{std::string(text)};
    for (std::string line; std::getline(lines, line);) {
        std::istringstream in(line.substr(0, line.find_first_of("#;")));
        std::vector<std::string> words;
        for (std::string word; in >> word;) words.push_back(std::move(word));
        if (words.size() > 1) take(words);
    }
}

// One kind of address of one name, from the first server that can tell.
asio::awaitable<Result<Addresses>> ask_servers(const std::string& name, dns::Type type, const NameSettings& settings,
                                               Deadline deadline) {
    Error trouble =
        fail(Errc::unavailable, say({"máy này chưa đặt máy chủ tên miền nào", "this machine names no name server"}));
    for (std::size_t i = 0; i < settings.servers.size(); ++i) {
        const auto now = std::chrono::steady_clock::now();
        const auto share = (deadline - now) / static_cast<std::int64_t>(settings.servers.size() - i);
        const auto reply = co_await dns::ask({settings.servers[i], settings.port}, name, type, now + share);
        if (!reply) {
            trouble = reply.error();
            if (trouble.code == Errc::cancelled || trouble.code == Errc::invalid_input) break;
            continue;
        }
        if (reply->rcode != dns::rcode_ok && reply->rcode != dns::rcode_no_such_name) {
            trouble = fail(Errc::unavailable, say({"máy chủ tên miền {} không phân giải được tên {} (mã {})",
                                                   "the name server {} does not resolve the name {} (code {})"},
                                                  settings.servers[i].to_string(), name, int{reply->rcode}));
            continue;
        }
        Addresses out;
        for (const auto& value : dns::answers_for(*reply, name, type))
            if (auto found = literal_of(value)) out.push_back(*found);
        co_return out;
    }
    co_return trouble;
}

// IPv6 is asked for only where IPv4 is unwanted or missing: a question is bytes on a metered line.
asio::awaitable<Result<Addresses>> ask_both(const std::string& name, Family family, const NameSettings& settings,
                                            Deadline deadline) {
    if (family != Family::v6) {
        auto found = co_await ask_servers(name, dns::Type::a, settings, deadline);
        if (!found || !found->empty() || family == Family::v4) co_return found;
    }
    co_return co_await ask_servers(name, dns::Type::aaaa, settings, deadline);
}

}  // namespace

NameSettings read_name_settings(std::string_view resolv_conf, std::string_view hosts) {
    NameSettings out;
    for_each_line(resolv_conf, [&out](const std::vector<std::string>& words) {
        const auto server = words[0] == "nameserver" ? literal_of(words[1]) : std::nullopt;
        if (server && out.servers.size() < most_servers) out.servers.push_back(*server);
        if (words[0] == "search" || words[0] == "domain") out.search.assign(words.begin() + 1, words.end());
    });
    if (out.servers.empty()) out.servers.push_back(asio::ip::address_v4::loopback());
    for_each_line(hosts, [&out](const std::vector<std::string>& words) {
        const auto host = literal_of(words[0]);
        for (std::size_t i = 1; host && i < words.size(); ++i)
            out.hosts.emplace_back(dns::normal_name(words[i]), *host);
    });
    return out;
}

NameSettings system_name_settings() {
    return read_name_settings(content_of("/etc/resolv.conf"), content_of("/etc/hosts"));
}

asio::awaitable<Result<Addresses>> resolve(std::string host, Family family, Deadline deadline, NameSettings settings) {
    if (const auto literal = literal_of(host)) {
        if (!fits(*literal, family))
            co_return fail(Errc::invalid_input, say({"{} thuộc họ địa chỉ khác với tùy chọn family",
                                                     "{} is of another address family than the option says"},
                                                    host));
        co_return Addresses{*literal};
    }
    const auto wanted = dns::normal_name(host);
    Addresses out;
    for (const auto& [name, found] : settings.hosts)
        if (name == wanted && fits(found, family)) out.push_back(found);
    std::stable_partition(out.begin(), out.end(), [](const address& found) { return found.is_v4(); });
    if (!out.empty()) co_return out;
    std::vector<std::string> names;
    if (wanted.find('.') == std::string::npos)
        for (const auto& domain : settings.search) names.push_back(wanted + "." + domain);
    names.push_back(wanted);
    for (const auto& name : names) {
        auto found = co_await ask_both(name, family, settings, deadline);
        if (!found || !found->empty()) co_return found;
    }
    co_return fail(Errc::not_found,
                   say({"tên {} không có địa chỉ nào: tên viết sai, hoặc chưa khai báo trên máy chủ tên miền",
                        "the name {} has no address: it is misspelt, or no name server knows it"},
                       host));
}

asio::awaitable<Result<Addresses>> resolve(std::string host, Family family, Deadline deadline) {
    // A literal address needs no file.
    if (literal_of(host)) co_return co_await resolve(std::move(host), family, deadline, NameSettings{});
    co_return co_await resolve(std::move(host), family, deadline, system_name_settings());
}

}  // namespace vg::probes
