#include "rules/load.hpp"

#include "base/crypto.hpp"
#include "rules/expectation_reader.hpp"
#include "rules/facts.hpp"
#include "rules/rule_fields.hpp"
#include "rules/sigma_matcher.hpp"
#include "rules/support.hpp"

#include <algorithm>
#include <map>

namespace vg::rules {
namespace {

using yaml::Kind;
using yaml::Node;

class Loader {
public:
    Loader(std::span<const std::string> producers, FactBase& facts, Problems& problems)
        : producers_(producers), facts_(facts), problems_(problems) {}

    void read(const RuleFile& file) {
        if (is_support_file(file.name)) return read_support(file.text, file.name, support_, problems_);
        for (const auto& document : yaml::parse(file.text, file.name, problems_)) {
            if (document.kind == Kind::sequence)
                for (const auto& item : document.items) read_rule(item, file);
            else if (document.kind != Kind::null)
                read_rule(document, file);
        }
    }

    std::shared_ptr<const RuleSet> finish(std::string version) {
        for (const auto& change : overrides_) override_rule(change);
        find_correlated();
        RuleSet out;
        out.version = std::move(version);
        out.support = std::make_shared<const SupportTables>(std::move(support_));
        out.sigma = std::make_shared<const SigmaRules>(std::move(sigma_), std::move(correlations_));
        for (auto& detection : detections_)
            if (alarms(*out.sigma, detection.id)) out.detections.push_back(std::move(detection));
        out.expectations = std::move(expectations_);
        const auto by_id = [](const auto& a, const auto& b) { return a.id < b.id; };
        std::sort(out.expectations.begin(), out.expectations.end(), by_id);
        std::sort(out.detections.begin(), out.detections.end(), by_id);
        return std::make_shared<const RuleSet>(std::move(out));
    }

private:
    void read_rule(const Node& node, const RuleFile& file) {
        if (node.kind != Kind::mapping) {
            problems_.add(node.place,
                          {"cần một quy tắc: một nhóm khóa có 'id'", "expected a rule: a mapping with an 'id'"});
        } else if (node.find("override") != nullptr) {
            if (auto change = read_override(node, problems_)) overrides_.push_back(std::move(*change));
        } else if (node.find("detection") != nullptr || node.find("correlation") != nullptr) {
            read_sigma(node);
        } else if (auto rule = read_expectation(node, {file.text, producers_, facts_.guard(), problems_})) {
            if (is_new(rule->id, node.place)) expectations_.push_back(std::move(*rule));
        }
    }

    void read_sigma(const Node& node) {
        auto head = read_sigma_head(node, problems_);
        const bool correlation = node.find("correlation") != nullptr;
        if (correlation && node.find("detection") != nullptr) {
            problems_.add(node.place, {"một quy tắc chỉ có 'detection' hoặc 'correlation', không có cả hai",
                                       "a rule has either 'detection' or 'correlation'"});
            return;
        }
        if (correlation) {
            auto rule = read_sigma_correlation(node, problems_);
            if (head.id.empty())
                problems_.add(node.place, {"quy tắc tương quan thiếu 'id'", "the correlation has no 'id'"});
            if (!rule || head.id.empty() || !is_new(head.id, node.place)) return;
            correlations_.push_back(std::move(*rule));
        } else {
            auto rule = read_sigma_rule(node, problems_);
            if (!rule) return;
            if (head.id.empty()) head.id = rule->name;
            if (head.id.empty())
                problems_.add(node.place,
                              {"quy tắc Sigma thiếu 'id' hoặc 'name'", "the Sigma rule has no 'id' or 'name'"});
            if (head.id.empty() || !is_new(head.id, node.place)) return;
            rule->id = head.id;
            sigma_.push_back(std::move(*rule));
        }
        detections_.push_back(std::move(head));
    }

    bool is_new(const std::string& id, const Place& place) {
        const auto [at, added] = places_.try_emplace(id, place);
        if (!added)
            problems_.add(place,
                          {"mã quy tắc '{}' ghi hai lần (lần đầu ở {})", "the rule id '{}' stands twice (first at {})"},
                          id, at->second);
        return added;
    }

    void override_rule(const Override& change) {
        if (!places_.contains(change.id)) {
            std::vector<std::string_view> ids;
            for (const auto& [id, place] : places_) ids.push_back(id);
            problems_.add(change.place, {"không có quy tắc '{}' để sửa đổi{}", "there is no rule '{}' to override{}"},
                          change.id, did_you_mean(change.id, ids));
        }
        const auto is_it = [&](const auto& rule) { return rule.id == change.id; };
        for (auto& rule : expectations_)
            if (is_it(rule)) apply(change, rule);
        for (auto& rule : detections_)
            if (is_it(rule)) apply(change, rule);
        if (!change.disabled) return;
        // What a correlation only counted does not begin to alarm because nobody counts any more.
        for (const auto& correlation : correlations_)
            if (is_it(correlation) && !correlation.generate)
                for (auto& rule : sigma_)
                    for (const auto& name : correlation.rules)
                        if (rule.name == name || rule.id == name) rule.alarms = false;
        std::erase_if(expectations_, is_it);
        std::erase_if(detections_, is_it);
        std::erase_if(correlations_, is_it);
        for (auto& rule : sigma_)
            if (is_it(rule)) rule.alarms = false;
    }

    void find_correlated() {
        std::vector<std::string_view> names;
        for (const auto& rule : sigma_) {
            names.push_back(rule.id);
            if (!rule.name.empty()) names.push_back(rule.name);
        }
        for (const auto& correlation : correlations_)
            for (std::size_t i = 0; i < correlation.rules.size(); ++i)
                if (std::find(names.begin(), names.end(), correlation.rules[i]) == names.end())
                    problems_.add(correlation.rule_places[i],
                                  {"không có quy tắc Sigma '{}'{}", "there is no Sigma rule '{}'{}"},
                                  correlation.rules[i], did_you_mean(correlation.rules[i], names));
    }

    // A rule that only feeds correlations never makes a gap of its own.
    static bool alarms(const SigmaRules& sigma, const std::string& id) {
        for (const auto& rule : sigma.rules())
            if (rule.id == id) return rule.alarms;
        return true;
    }

    std::span<const std::string> producers_;
    FactBase& facts_;
    Problems& problems_;
    std::map<std::string, Place> places_;
    std::vector<Expectation> expectations_;
    std::vector<Detection> detections_;
    std::vector<SigmaRule> sigma_;
    std::vector<SigmaCorrelation> correlations_;
    std::vector<Override> overrides_;
    std::vector<SupportProduct> support_;
};

std::string version_of(const std::vector<RuleFile>& files) {
    std::string all;
    for (const auto& file : files) all += file.name + '\0' + file.text + '\0';
    const auto* data = reinterpret_cast<const std::uint8_t*>(all.data());
    return crypto::to_hex(crypto::sha256(ByteView(data, all.size()))).substr(0, 16);
}

}  // namespace

std::shared_ptr<const RuleSet> load_rules(const std::vector<RuleFile>& files, std::span<const std::string> producers,
                                          Problems& problems) {
    auto facts = FactBase::make();
    if (facts.has_error()) {
        problems.add({}, {"không dịch được các biểu thức: {}", "expressions cannot be compiled: {}"},
                     facts.error().message);
        RuleSet empty;
        empty.support = std::make_shared<const SupportTables>();
        empty.sigma = std::make_shared<const SigmaRules>(std::vector<SigmaRule>{}, std::vector<SigmaCorrelation>{});
        return std::make_shared<const RuleSet>(std::move(empty));
    }
    Loader loader(producers, *facts, problems);
    for (const auto& file : files) loader.read(file);
    return loader.finish(version_of(files));
}

}  // namespace vg::rules
