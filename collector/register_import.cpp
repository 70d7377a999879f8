#include "collector/register_import.hpp"

namespace vg::collector {

Result<RegisterImport> import_register(Store& store, const registry::Register& before, const registry::Register& now,
                                       const RegisterWish& wish, Time at) {
    auto report = report_of_import(store, before, now);
    if (!report) return report.error();
    RegisterImport out{std::move(*report), std::nullopt};
    if (out.report.lost_agents > 0 && !wish.is_sure) return out;
    auto kept = registry::keep(store, wish.text, wish.who, wish.why, at);
    if (!kept) return kept.error();
    out.kept = std::move(*kept);
    return out;
}

}  // namespace vg::collector
