#include "core/pattern/slip.h"

#include <algorithm>

#include "core/base/json.h"
#include "core/pattern/candidates.h"
#include "core/pattern/made_event.h"

namespace ciswatch {
namespace {

using Kind = EventField::Kind;

constexpr std::size_t kMostSteps = 20'000;  // each looks once at all terms of a pattern
constexpr std::size_t kStepsOfAnEvent = 100;  // to make it and match it

// A value that is tried, and what the terms of its selector say of it.
struct Trial {
  EventField field;
  std::vector<Truth> terms;  // in their order
};

// Goes through the required events of one caller, member by member, and leaves out what cannot make
// the pattern say anything but yes.
class Search {
 public:
  Search(const Pattern& pattern, const RequiredEvents& required,
         std::span<const TrailMember> identity, Candidates::Which which, std::size_t& steps)
      : pattern_(pattern),
        required_(required),
        candidates_(pattern, required, identity),
        which_(which),
        steps_(steps),
        terms_(pattern.terms.size(), Truth::unknown),
        chosen_(pattern.selectors.size(), nullptr) {
    for (std::size_t i = 0; i < pattern.selectors.size(); ++i) trials_.push_back(trials_of(i));
  }

  // True when `event()` is one that the pattern misses.
  bool run() { return from(0); }
  [[nodiscard]] const std::string& event() const { return event_; }
  [[nodiscard]] bool is_open() const { return open_; }  // something could not be told

 private:
  std::vector<Trial> trials_of(std::size_t selector) {
    std::vector<Trial> trials;
    for (auto& field : candidates_.of(selector, which_)) {
      Trial trial{std::move(field), {}};
      for (const auto& term : pattern_.terms) {
        if (term.selector != selector) continue;
        trial.terms.push_back(holds(pattern_, term, trial.field));
        // A comparison with an object leaves the whole pattern open: events are then judged whole.
        if (trial.field.kind == Kind::container && is_comparison(term)) whole_only_ = true;
      }
      trials.push_back(std::move(trial));
    }
    return trials;
  }

  bool from(std::size_t selector) {
    if (++steps_ > kMostSteps) {
      open_ = true;
      return false;
    }
    const auto truth = combined(pattern_, terms_);
    if (truth == Truth::yes && !whole_only_) return false;
    if (selector == trials_.size()) return judge(truth);
    for (const auto& trial : trials_[selector]) {
      choose(selector, &trial);
      if (from(selector + 1)) return true;
    }
    choose(selector, nullptr);
    return false;
  }

  void choose(std::size_t selector, const Trial* trial) {
    chosen_[selector] = trial;
    std::size_t at = 0;
    for (std::size_t i = 0; i < terms_.size(); ++i) {
      if (pattern_.terms[i].selector != selector) continue;
      terms_[i] = trial == nullptr ? Truth::unknown : trial->terms[at++];
    }
  }

  bool judge(Truth truth) {
    const bool known = std::all_of(chosen_.begin(), chosen_.end(), [](const Trial* trial) {
      return trial->field.kind != Kind::not_known;
    });
    if (!known) {
      open_ = open_ || truth != Truth::yes;
      return false;
    }
    MadeEvent made;
    if (!make(made)) return false;  // no such event can be
    steps_ += kStepsOfAnEvent;
    event_ = made.text();
    const auto whole = matches(pattern_, parse_json(event_));
    open_ = open_ || whole == Truth::unknown;
    return whole == Truth::no;
  }

  // What the pattern looks at, then what else the requirement and the caller say.
  bool make(MadeEvent& made) const {
    for (const bool missing : {false, true}) {
      for (std::size_t i = 0; i < chosen_.size(); ++i) {
        const auto& field = chosen_[i]->field;
        if ((field.kind == Kind::missing) != missing) continue;
        if (!made.set(pattern_.selectors[i], field)) return false;
      }
      if (missing) break;
      for (const auto& [path, member] : required_.members) add(made, path, member.values);
      for (const auto* path : {"userIdentity.type", "eventName", "awsRegion"}) {
        const auto* member = candidates_.known(path);
        add(made, path, {{.kind = Kind::text, .text = std::string(member->values.front())}});
      }
    }
    return true;
  }

  // Where the pattern does not look at it.
  void add(MadeEvent& made, std::string_view path, const std::vector<EventField>& values) const {
    if (values.empty() || values.front().kind == Kind::missing) return;
    const auto selector = selector_of(path);
    const auto& looked_at = pattern_.selectors;
    if (std::find(looked_at.begin(), looked_at.end(), selector) != looked_at.end()) return;
    made.set(selector, values.front());
  }

  const Pattern& pattern_;
  const RequiredEvents& required_;
  Candidates candidates_;
  Candidates::Which which_;
  std::size_t& steps_;
  std::vector<std::vector<Trial>> trials_;  // by selector
  std::vector<Truth> terms_;                // of those that are chosen; else unknown
  std::vector<const Trial*> chosen_;        // by selector
  std::string event_;
  bool whole_only_ = false;
  bool open_ = false;
};

// Whether a required event can come from this caller.
bool may_call(std::span<const TrailMember> identity, const RequiredEvents& required) {
  const auto found = required.members.find(std::string(identity.front().path));
  if (found == required.members.end() || found->second.values.empty()) return true;
  const auto& types = found->second.values;
  return std::any_of(types.begin(), types.end(), [&](const EventField& type) {
    return type.text == identity.front().values.front();
  });
}

bool asks_who_calls(const Pattern& pattern) {
  return std::any_of(pattern.selectors.begin(), pattern.selectors.end(),
                     [](const Selector& selector) { return selector[0].name == "userIdentity"; });
}

// What happens in an account all day.
std::vector<std::string> ordinary_events() {
  constexpr std::pair<std::string_view, std::string_view> kCalls[] = {
      {"ec2.amazonaws.com", "DescribeInstances"}, {"s3.amazonaws.com", "ListBuckets"},
      {"sts.amazonaws.com", "AssumeRole"},        {"kms.amazonaws.com", "Decrypt"},
      {"logs.amazonaws.com", "CreateLogStream"},  {"iam.amazonaws.com", "GetRole"},
      {"ec2.amazonaws.com", "RunInstances"},      {"lambda.amazonaws.com", "ListFunctions"},
      {"ssm.amazonaws.com", "UpdateInstanceInformation"}};
  std::vector<std::string> events;
  for (const auto& [source, name] : kCalls) {
    for (const auto& identity : trail_identities()) {
      MadeEvent event;
      const auto set = [&](std::string_view path, std::string_view value) {
        event.set(selector_of(path), {.kind = Kind::text, .text = std::string(value)});
      };
      set("eventSource", source);
      set("eventName", name);
      for (const auto members : {std::span(identity), trail_members()}) {
        for (const auto& member : members) {
          if (!member.may_be_missing) set(member.path, member.values.front());
        }
      }
      events.push_back(event.text());
    }
  }
  return events;
}

}  // namespace

std::optional<std::string> find_slip(const Pattern& pattern,
                                     std::span<const RequiredEvents> required) {
  bool open = required.empty();
  for (const auto which : {Candidates::Which::likely, Candidates::Which::all}) {
    std::size_t steps = 0;
    for (const auto& events : required) {
      bool called = false;
      for (const auto& identity : trail_identities()) {
        if (!may_call(identity, events)) continue;
        if (called && !asks_who_calls(pattern)) break;
        called = true;
        Search search(pattern, events, identity, which, steps);
        if (search.run()) return search.event();
        open = open || search.is_open();
      }
      open = open || !called;
    }
  }
  if (open) return std::nullopt;
  return "";
}

Truth is_noise(const Pattern& pattern) {
  static const auto events = ordinary_events();
  std::size_t matched = 0, missed = 0;
  for (const auto& event : events) {
    const auto truth = matches(pattern, parse_json(event));
    matched += truth == Truth::yes;
    missed += truth == Truth::no;
  }
  if (matched * 10 >= events.size() * 9) return Truth::yes;
  return missed * 10 > events.size() ? Truth::no : Truth::unknown;
}

}  // namespace ciswatch
