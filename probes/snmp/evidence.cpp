#include "probes/snmp/evidence.hpp"

#include <algorithm>
#include <iterator>
#include <set>

namespace vg::probes::snmp {
namespace {

constexpr std::size_t most_surveyed = 300;  // variables

boost::asio::awaitable<Guess> look_around(Reader& reader, const Evidence& known, Look* look) {
    const auto of = to_text(known.object_id.value_or(Oid{})) + " " + known.descr;
    if (look && look->of == of) co_return look->guess;
    std::vector<Binding> found;
    for (const auto number : enterprises_to_survey(known)) {
        if (found.size() >= most_surveyed) break;
        Oid base{1, 3, 6, 1, 4, 1, number};
        auto some = co_await reader.first_under(std::move(base), most_surveyed - found.size());
        std::move(some.begin(), some.end(), std::back_inserter(found));
    }
    auto guessed = guess(found, known.descr, known.name);
    if (look && !found.empty()) *look = {of, guessed};
    co_return guessed;
}

}  // namespace

boost::asio::awaitable<Evidence> read_evidence(Reader& reader, Evidence known, std::vector<Oid> also, Look* look) {
    if (needs_enterprises(known)) known.enterprises = co_await reader.enterprises();
    auto objects = objects_to_ask(known);
    const std::set<Oid> asked(objects.begin(), objects.end());
    auto instances = objects;
    instances.insert(instances.end(), also.begin(), also.end());
    auto values = co_await reader.values(std::move(instances));
    if (values) known.values = std::move(*values);
    // An instance of a single object is there or is not; of the others the first row counts.
    std::erase_if(objects, [&](const Oid& o) {
        return o.back() == 0 ||
               std::any_of(known.values.begin(), known.values.end(), [&](const Binding& b) { return b.oid == o; });
    });
    const auto& standard = standard_objects();
    objects.insert(objects.end(), standard.begin(), standard.end());
    auto first = co_await reader.first_of(std::move(objects));
    for (auto& binding : first) known.values.push_back(std::move(binding));
    auto rows = objects_to_ask(known);  // now that it is known which rows
    std::erase_if(rows, [&](const Oid& o) { return asked.contains(o); });
    if (!rows.empty()) {
        const auto named = co_await reader.values(std::move(rows));
        if (named) known.values.insert(known.values.end(), named->begin(), named->end());
    }
    known.guessed = co_await look_around(reader, known, look);
    co_return known;
}

}  // namespace vg::probes::snmp
