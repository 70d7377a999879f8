#include "rules/coverage.hpp"

namespace vg::rules {
namespace {

double share(std::size_t part, std::size_t whole) { return static_cast<double>(part) / static_cast<double>(whole); }

}  // namespace

void Coverage::add(Verdict verdict) {
    switch (verdict) {
        case Verdict::met: ++met; break;
        case Verdict::not_met: ++not_met; break;
        case Verdict::not_known: ++not_known; break;
        case Verdict::not_applicable: break;
    }
}

Coverage& Coverage::operator+=(const Coverage& other) {
    met += other.met;
    not_met += other.not_met;
    not_known += other.not_known;
    return *this;
}

std::optional<double> Coverage::low() const {
    if (population() == 0) return std::nullopt;
    return share(met, population());
}

std::optional<double> Coverage::high() const {
    if (population() == 0) return std::nullopt;
    return share(met + not_known, population());
}

Verdict Coverage::against(double target) const {
    if (population() == 0) return Verdict::not_applicable;
    if (*low() >= target) return Verdict::met;
    return *high() < target ? Verdict::not_met : Verdict::not_known;
}

}  // namespace vg::rules
