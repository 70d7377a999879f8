#pragma once
// From what a turn of the pipeline changed to live entries. Gaps are told at once; sites and agents, which may change
// many times a second, are gathered and told by flush(). Used on the pipeline thread.

#include "collector/api/call.hpp"

namespace vg::collector::api {

class Publisher {
public:
    [[nodiscard]] std::vector<LiveEntry> gaps(Pipeline& pipeline, const Changes& changes);
    void gather(const Changes& changes);
    [[nodiscard]] std::vector<LiveEntry> flush(Pipeline& pipeline);

private:
    std::set<std::string> sites_, agents_;
};

}  // namespace vg::collector::api
