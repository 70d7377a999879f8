#include "collector/inventory/clusters.hpp"

#include "collector/inventory/weigh.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>
#include <tuple>

namespace vg::collector::inventory {
namespace {

int rank(Source source) { return static_cast<int>(source); }

struct Group {
    std::vector<std::size_t> members;
    std::vector<std::size_t> speakers;  // hosts and SNMP agents: those that can contradict each other
};

class Joining {
public:
    Joining(const std::vector<const Witness*>& witnesses, const std::vector<Apart>& apart, Time now)
        : witnesses_(witnesses), apart_(apart), now_(now), group_of_(witnesses.size()), groups_(witnesses.size()) {
        std::iota(group_of_.begin(), group_of_.end(), std::size_t{0});
        for (std::size_t i = 0; i < witnesses.size(); ++i) {
            groups_[i].members.push_back(i);
            if (witnesses[i]->source <= Source::snmp) groups_[i].speakers.push_back(i);
        }
    }

    bool unite(std::size_t a, std::size_t b, bool by_person) {
        auto to = group_of_[a], from = group_of_[b];
        if (to == from || !fit(groups_[to], groups_[from], by_person)) return false;
        if (groups_[to].members.size() < groups_[from].members.size()) std::swap(to, from);
        for (const auto member : groups_[from].members) group_of_[member] = to;
        const auto append = [](auto& out, auto& in) {
            out.insert(out.end(), in.begin(), in.end());
            in.clear();
        };
        append(groups_[to].members, groups_[from].members);
        append(groups_[to].speakers, groups_[from].speakers);
        return true;
    }
    [[nodiscard]] const std::vector<Group>& groups() const { return groups_; }
    [[nodiscard]] std::size_t group_of(std::size_t witness) const { return group_of_[witness]; }

private:
    [[nodiscard]] bool fit(const Group& one, const Group& other, bool by_person) const {
        if (!by_person)
            for (const auto a : one.speakers)
                for (const auto b : other.speakers)
                    if (excludes(*witnesses_[a], *witnesses_[b], now_)) return false;
        return std::none_of(apart_.begin(), apart_.end(), [&](const Apart& pin) {
            return (any_in(pin.left, one) && any_in(pin.right, other)) ||
                   (any_in(pin.left, other) && any_in(pin.right, one));
        });
    }
    [[nodiscard]] bool any_in(const std::vector<std::size_t>& some, const Group& group) const {
        const auto place = group_of_[group.members.front()];
        return std::any_of(some.begin(), some.end(), [&](std::size_t one) { return group_of_[one] == place; });
    }

    const std::vector<const Witness*>& witnesses_;
    const std::vector<Apart>& apart_;
    Time now_;
    std::vector<std::size_t> group_of_;
    std::vector<Group> groups_;
};

using Tree = std::map<std::size_t, std::vector<Edge*>>;

// What was refused may come first next time, when nothing is known to stand: whatever is not clearly stronger than it
// stands by chance.
void mark_contested(const Joining& joining, const std::vector<const Edge*>& refused, Tree& tree) {
    std::map<std::size_t, double> strongest;  // of what was refused to a group
    for (const auto* edge : refused)
        for (const auto end : {edge->a, edge->b}) {
            auto& score = strongest[joining.group_of(end)];
            score = std::max(score, edge->link.score);
        }
    for (auto& [witness, edges] : tree)
        if (const auto found = strongest.find(joining.group_of(witness)); found != strongest.end())
            for (auto* edge : edges)
                edge->link.contested = !edge->link.by_person && edge->link.score <= found->second + keeps;
}

// Each member's link leads one step nearer to the first.
Cluster order(const std::vector<const Witness*>& witnesses, const Group& group, const Tree& tree) {
    Cluster out;
    out.members = group.members;
    std::sort(out.members.begin(), out.members.end(),
              [&](std::size_t a, std::size_t b) { return is_stronger(*witnesses[a], *witnesses[b]); });
    std::map<std::size_t, Link> links;
    std::vector<std::size_t> reached{out.members.front()};
    links[reached.front()] = {};
    for (std::size_t at = 0; at < reached.size(); ++at) {
        const auto edges = tree.find(reached[at]);
        if (edges == tree.end()) continue;
        for (const auto* edge : edges->second) {
            const auto next = edge->a == reached[at] ? edge->b : edge->a;
            auto link = edge->link;
            link.to = witnesses[reached[at]]->id;
            if (links.emplace(next, std::move(link)).second) reached.push_back(next);
        }
    }
    for (const auto member : out.members) out.links.push_back(std::move(links[member]));
    return out;
}

}  // namespace

bool is_stronger(const Witness& a, const Witness& b) {
    if (a.source != b.source) return rank(a.source) < rank(b.source);
    if (a.source == Source::reg) return a.id < b.id;  // a row has no life of its own
    return a.first != b.first ? a.first < b.first : a.id < b.id;
}

std::vector<Cluster> join(const std::vector<const Witness*>& witnesses, std::vector<Edge> edges,
                          const std::vector<Apart>& apart, Time now) {
    std::stable_sort(edges.begin(), edges.end(), [&](const Edge& x, const Edge& y) {
        if (x.link.by_person != y.link.by_person) return x.link.by_person;
        if (x.link.score != y.link.score) return x.link.score > y.link.score;
        return std::tie(witnesses[x.a]->id, witnesses[x.b]->id) < std::tie(witnesses[y.a]->id, witnesses[y.b]->id);
    });
    Joining joining(witnesses, apart, now);
    Tree tree;
    std::vector<const Edge*> refused;
    for (auto& edge : edges) {
        if (!joining.unite(edge.a, edge.b, edge.link.by_person)) {
            if (joining.group_of(edge.a) != joining.group_of(edge.b) && !edge.link.by_person) refused.push_back(&edge);
            continue;
        }
        tree[edge.a].push_back(&edge);
        tree[edge.b].push_back(&edge);
    }
    mark_contested(joining, refused, tree);
    std::vector<Cluster> out;
    for (const auto& group : joining.groups())
        if (!group.members.empty()) out.push_back(order(witnesses, group, tree));
    return out;
}

}  // namespace vg::collector::inventory
