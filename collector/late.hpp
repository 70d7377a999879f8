#pragma once
// Subjects whose past became known late, and from when on. A backlog comes in many batches: the past of a subject is
// judged again when its data has been quiet for a moment, or has kept coming for long. Pure; pipeline thread.

#include "rules/facts.hpp"

#include <functional>
#include <map>
#include <vector>

namespace vg::collector {

inline constexpr Millis late_after = std::chrono::seconds(60);  // older than this on arrival: the past is judged again

class LateSubjects {
public:
    void note(const rules::SubjectId& subject, Time at, Time now);
    struct Due {
        rules::SubjectId subject;
        Time from{};
    };
    [[nodiscard]] std::vector<Due> take_due(Time now, std::size_t most);
    void redate(const std::function<Time(Time)>& redated);  // the clock was put
    [[nodiscard]] bool empty() const { return subjects_.empty(); }

private:
    struct Entry {
        Time from{}, first_note{}, last_note{};
    };
    std::map<rules::SubjectId, Entry> subjects_;
};

}  // namespace vg::collector
