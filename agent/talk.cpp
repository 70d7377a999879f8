#include "agent/talk.hpp"

#include "base/beat.hpp"

#include <algorithm>

namespace vg::agent {
namespace {

using std::chrono::seconds;

// A line that changed under a connection leaves it dead more often than not; a handshake too many costs 3 kB.
constexpr Millis suspicious_patience{1200};
// Without heartbeats nothing but batches is heard at the collector; when there are none, this still is.
constexpr Millis metered_silence_factor{2};

}  // namespace

Talk::Talk(LineClass line, const Profile& profile, Mono now) : line_(line), profile_(profile), heartbeat_at_(now) {}

Millis Talk::patience() const {
    if (suspected_) return suspicious_patience;
    return line_ == LineClass::metered ? seconds{45} : std::max<Millis>(profile_.heartbeat * 3, seconds{8});
}

Millis Talk::promise() const {
    if (profile_.heartbeat.count() > 0) return profile_.heartbeat;
    return profile_.seal * metered_silence_factor.count();
}

void Talk::set_profile(LineClass line, const Profile& profile, Mono now) {
    line_ = line;
    profile_ = profile;
    heartbeat_at_ = now;
}

void Talk::suspect(Mono now) {
    // A millisecond later: an answer to what was said before in this one must not count.
    suspected_ = heartbeat_at_ = now + Millis{1};
    answer_by_ = now + patience();
}

void Talk::note_sent(Mono now, bool wants_answer) {
    if (wants_answer && !answer_by_) answer_by_ = now + patience();
    // With heartbeats, each says more than "alive" (clock, depth): they keep their pace. Without, any word will do.
    if (profile_.heartbeat.count() == 0) heartbeat_at_ = now + promise() - profile_.seal / 4;
}

void Talk::note_heartbeat(Mono now) {
    note_sent(now, true);
    if (profile_.heartbeat.count() > 0) heartbeat_at_ = next_beat(now + profile_.heartbeat / 4, profile_.heartbeat);
}

void Talk::note_heard() {
    if (!suspected_) answer_by_.reset();
}

void Talk::note_pulse(Mono echo) {
    if (suspected_ && echo < *suspected_) return;
    suspected_.reset();
    answer_by_.reset();
}

Mono Talk::next() const { return answer_by_ ? std::min(heartbeat_at_, *answer_by_) : heartbeat_at_; }

}  // namespace vg::agent
