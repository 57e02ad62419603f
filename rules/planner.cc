#include "rules/planner.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <set>
#include <utility>

#include "core/base/json.h"
#include "core/base/text.h"
#include "core/plan/members.h"
#include "core/plan/patch.h"
#include "rules/compile.h"
#include "rules/fill.h"
#include "rules/planned_rows.h"
#include "rules/settings.h"

namespace ciswatch {
namespace {

constexpr std::chrono::seconds kLongest{120};
constexpr std::size_t kMostRows = 200'000;  // of one fix

std::string evidence_json(const Finding& finding) {
  std::string json;
  for (const auto& [name, value] : finding.evidence) {
    json += fmt::format("{}{}:{}", json.empty() ? "" : ",", json_quote(name), value);
  }
  return '{' + json + '}';
}

// The text of a column; "" for what is none.
const std::string& text_in(const FixRow& row, std::string_view column) {
  static const std::string kNone;
  const auto found = row.values.find(column);
  const auto* text = found == row.values.end() ? nullptr : std::get_if<std::string>(&found->second);
  return text == nullptr ? kNone : *text;
}

std::string reason_without_fix(const Check* check) {
  if (check != nullptr && !check->manual.empty()) return check->manual;
  return "it has no fix that can be planned; the report says how to mend it";
}

// One row of a fix's SQL on its way into the plan: all of its changes, or none.
class Draft {
 public:
  Draft(const Fix& fix, PlannedRows& rows, ChangePlan& plan,
        std::map<std::string, std::string>& by_call, const SnapshotSource& source)
      : fix_(fix), rows_(rows), plan_(plan), by_call_(by_call), source_(source) {}

  // Throws Error with the reason why the row cannot be planned.
  void add(const std::string& finding, const FixRow& values) {
    finding_ = finding;
    row_ = values;
    row_.change_of = [this](std::string_view step) { return change_of(step); };
    for (const auto& step : fix_.steps) {
      if (is_due(step)) add_step(step);
    }
    if (helpful_.empty()) {
      throw Error("the snapshot has it as the fix would make it: collect it again");
    }
    for (const auto& id : helpful_) help(id);
    for (auto& [key, id] : staged_calls_) by_call_[key] = id;
    for (auto& change : staged_) plan_.changes.push_back(std::move(change));
    rows_.keep();
  }

 private:
  std::string change_of(std::string_view step) {
    if (step.empty()) return own_id_;
    const auto found = by_step_.find(step);
    if (found == by_step_.end()) throw Error(fmt::format("its step {} has nothing to do", step));
    return found->second;
  }

  const std::string& text_of(std::string_view column) const { return text_in(row_, column); }

  [[nodiscard]] bool is_due(const FixStep& step) const {
    if (step.when.empty()) return true;
    const auto found = row_.values.find(step.when);
    return found != row_.values.end() && found->second == Value(std::int64_t{1});
  }

  // Whether it is of this row: its steps may go through states.
  [[nodiscard]] bool is_staged(const std::string& change) const {
    return std::any_of(staged_.begin(), staged_.end(),
                       [&](const Change& own) { return own.id == change; });
  }

  RowPlace key_of(const RowTemplate& row, const std::string& region) {
    return {text_of("account_id"), row.table,
            row.region.empty() ? region : fill_text(row.region, row_),
            fill_text(row.target, row_), fill_text(row.key, row_)};
  }

  // What the call changes of one row; nullopt: it is so already.
  std::optional<RowChange> change_row(const RowTemplate& row, const RowPlace& key) {
    const auto before = rows_.get(key);
    const auto members = fill_document(row.members, row_);
    RowChange change{key.table, key.region, key.target, key.key, row.every_region, "", ""};
    if (row.kind == RowTemplate::Kind::gone) {
      if (before.item.empty()) return std::nullopt;
      change.before = before.item;
      rows_.set(key, {"", before.changed, own_id_});
      return change;
    }
    if (!before.item.empty() && has_members(before.item, members)) return std::nullopt;
    if (!is_staged(before.change) && contradicts(before.changed, members)) {
      throw Error("another change of the plan sets the same to something else: apply it, collect and "
                  "plan again");
    }
    if (row.kind == RowTemplate::Kind::item && !before.item.empty() && before.item != "{}") {
      throw Error(fmt::format("{}{} is there already ({}), and is something else", key.target, key.key,
                              key.table));
    }
    if (row.kind == RowTemplate::Kind::set && before.item.empty()) {
      throw Error(source_.holds(key.table)
                      ? fmt::format("{}{} is not in the snapshot ({})", key.target, key.key, key.table)
                      : fmt::format("the snapshot does not hold {}: collect it with a check that reads "
                                    "it", key.table));
    }
    if (!before.item.empty()) change.before = members_of(before.item, members);
    change.after = members;
    rows_.set(key, {with_members(before.item.empty() ? "{}" : before.item, members),
                    with_members(before.changed, members), own_id_});
    return change;
  }

  void add_step(const FixStep& step) {
    Change change;
    change.id = own_id_ = fmt::format("c{}", plan_.changes.size() + staged_.size() + 1);
    describe(step, change);
    const auto call = fmt::format("{} {} {} {} {}", change.account_id, change.region, change.service,
                                  change.operation, change.params);
    if (const auto* known = find_call(call)) return use(step, *known);
    change.needs = last_;
    std::vector<std::string> earlier;  // changes that made a row what it shall be
    for (const auto& row : step.rows) {
      const auto key = key_of(row, change.region);
      const auto before = rows_.get(key).change;
      auto changed = change_row(row, key);
      if (changed) change.rows.push_back(std::move(*changed));
      if (!before.empty()) earlier.push_back(before);
    }
    if (change.rows.empty() && !step.rows.empty()) {
      for (auto& id : earlier) use(step, id);
      return;
    }
    for (auto& id : earlier) need(change, std::move(id));
    for (const auto& row : step.filled_in) {
      const auto key = key_of(row, change.region);
      change.filled_in.push_back({key.table, key.region, key.target, key.key, fill_document(row.members, row_)});
    }
    last_.clear();  // it needs them, and what comes needs it
    use(step, change.id);
    staged_calls_[call] = change.id;
    staged_.push_back(std::move(change));
  }

  [[nodiscard]] const std::string* find_call(const std::string& call) const {
    for (const auto* calls : {&std::as_const(by_call_), &staged_calls_}) {
      const auto found = calls->find(call);
      if (found != calls->end()) return &found->second;
    }
    return nullptr;
  }

  static void need(Change& change, std::string id) {
    const auto& needs = change.needs;
    if (id == change.id || std::find(needs.begin(), needs.end(), id) != needs.end()) return;
    change.needs.push_back(std::move(id));
  }

  void describe(const FixStep& step, Change& change) {
    change.fix = fix_.id;
    change.step = step.id;
    change.title = fix_.title;
    change.region = step.region.empty() ? text_of("region") : fill_text(step.region, row_);
    change.account_id = text_of("account_id");
    change.service = step.call.service;
    change.operation = step.call.operation;
    change.params = fill_document(step.call.params, row_);
    if (step.undo) {
      change.undo = {step.undo->service, step.undo->operation, fill_document(step.undo->params, row_)};
    }
    change.no_undo = step.no_undo;
    if (step.lookup) {
      change.lookup = Lookup{step.lookup->table, {}};
      const Json where = parse_json(fill_document(step.lookup->where, row_));
      for (const auto& each : where.GetObject()) {
        change.lookup->where.emplace_back(each.name.GetString(), each.value.GetString());
      }
    }
    change.answer = fill_document(step.answer, row_);
    std::set<std::string> permissions(step.call.permissions.begin(), step.call.permissions.end());
    if (step.undo) {
      permissions.insert(step.undo->permissions.begin(), step.undo->permissions.end());
    }
    change.permissions.assign(permissions.begin(), permissions.end());
    change.cost = fix_.cost;
    change.risk = fix_.risk;
    change.settles = fix_.settles;
    if (const auto& touches = text_of("touches"); !touches.empty()) {
      for_each_text(touches, [&](std::string_view text) { change.touches.emplace_back(text); });
    }
  }

  void use(const FixStep& step, const std::string& id) {
    by_step_[step.id] = id;
    if (std::find(last_.begin(), last_.end(), id) == last_.end()) last_.push_back(id);
    if (std::find(helpful_.begin(), helpful_.end(), id) == helpful_.end()) helpful_.push_back(id);
  }

  // The change helps to mend the finding. Changes are numbered by their place.
  void help(const std::string& id) {
    const auto place = std::stoul(id.substr(1)) - 1;
    const auto planned = plan_.changes.size();
    auto& change = place < planned ? plan_.changes[place] : staged_[place - planned];
    if (!change.settles) change.settles = fix_.settles;  // one that another fix has made
    auto& findings = change.findings;
    if (std::find(findings.begin(), findings.end(), finding_) == findings.end()) {
      findings.push_back(finding_);
    }
  }

  const Fix& fix_;
  PlannedRows& rows_;
  ChangePlan& plan_;
  std::map<std::string, std::string>& by_call_;
  const SnapshotSource& source_;
  std::string finding_;
  FixRow row_;
  std::string own_id_;  // of the change that is being made
  std::vector<std::string> last_;  // the changes of the row's steps that no later one of them needs
  std::map<std::string, std::string, std::less<>> by_step_;
  std::map<std::string, std::string> staged_calls_;
  std::vector<Change> staged_;
  std::vector<std::string> helpful_;
};

class Planner {
 public:
  Planner(const SnapshotSource& source, const Library& library, const PlanOptions& options)
      : source_(source),
        options_(options),
        library_(library),
        sandbox_(source.open(), Slice::any, everything(views_with_findings(library.views)), source.holds),
        rows_(sandbox_, source) {
    sandbox_.start_clock(kLongest);
    sandbox_.show_accounts("", "999999999999");
    plan_.tool_version = CISWATCH_VERSION;
    plan_.snapshot_id = source.info.id;
    plan_.collected_at = source.info.collected_at;
  }

  ChangePlan plan(const Report& report, const std::vector<Fix>& fixes) && {
    gather(report);
    for (const auto& fix : fixes) {
      const auto found = by_fix_.find(fix.id);
      if (found != by_fix_.end()) plan_fix(fix, found->second);
    }
    for (const auto& finding : plan_.findings) {
      if (const auto* why = reason(finding); why != nullptr) plan_.unplanned.push_back({finding.id, *why});
    }
    return std::move(plan_);
  }

 private:
  void gather(const Report& report) {
    for (const auto& range : report.findings.ranges()) {
      for (const auto& finding : range) {
        if (!has_failed(finding.verdict) || finding.waived || (options_.wanted && !options_.wanted(finding))) continue;
        plan_.findings.push_back({finding.id, finding.check, finding.account_id, finding.region,
                                  finding.resource, std::string(name_of(finding.verdict)),
                                  finding.detail, evidence_json(finding)});
        const auto* check = library_.check(finding.check);
        if (check == nullptr || check->action.empty()) {
          why_[finding.id] = reason_without_fix(check);
          continue;
        }
        auto& list = by_fix_[check->action];
        list += (list.empty() ? "[" : ",") + finding_row(plan_.findings.back());
        why_[finding.id] = fmt::format("the fix {} has nothing to change for it", check->action);
      }
    }
  }

  // nullptr: it is planned for.
  const std::string* reason(const PlannedFinding& finding) {
    const auto found = why_.find(finding.id);
    return found == why_.end() ? nullptr : &found->second;
  }

  void plan_fix(const Fix& fix, const std::string& findings) {
    auto settings = settings_of(fix, options_.settings);
    settings["findings"] = findings + ']';
    sandbox_.use_settings(std::move(settings));
    try {
      auto statement = sandbox_.prepare(fix.sql);
      read_rows(fix, statement);
    } catch (const SqlError& error) {
      throw error_in_sql(fix, error);
    }
  }

  void read_rows(const Fix& fix, Statement& statement) {
    std::size_t rows = 0;
    while (statement.step()) {
      if (++rows > kMostRows) {
        throw Error(fmt::format("{}: more than {} rows to mend: plan for fewer accounts",
                                fix.file.string(), kMostRows));
      }
      FixRow row;
      for (int i = 0; i < statement.columns(); ++i) {
        row.values[std::string(statement.name(i))] = statement.value(i);
      }
      add_row(fix, row);
    }
  }

  void add_row(const Fix& fix, const FixRow& row) {
    const auto& finding = text_in(row, "finding");
    if (const auto& blocked = text_in(row, "blocked"); !blocked.empty()) return block(finding, blocked);
    try {
      Draft(fix, rows_, plan_, by_call_, source_).add(finding, row);
      if (!blocked_.contains(finding)) why_.erase(finding);
    } catch (const DatabaseError&) {
      throw;
    } catch (const Error& error) {
      rows_.drop();
      block(finding, error.what());
    }
  }

  // Part of what it takes is not enough: it stays unplanned, with the first reason.
  void block(const std::string& finding, const std::string& why) {
    if (blocked_.insert(finding).second) why_[finding] = why;
  }

  const SnapshotSource& source_;
  const PlanOptions& options_;
  const Library& library_;
  Sandbox sandbox_;
  PlannedRows rows_;
  ChangePlan plan_;
  std::map<std::string, std::string> by_fix_;  // findings as a JSON list without its end
  std::map<std::string, std::string> why_;     // findings that are not planned for
  std::set<std::string> blocked_;
  std::map<std::string, std::string> by_call_;  // a call's text → its change
};

}  // namespace

std::vector<SharedView> views_with_findings(const ViewsText& views) {
  auto all = read_views(views.sql());
  all.push_back({"finding",
                 "create temp view finding as with told as materialized (select value ->> 0 as id,"
                 " value ->> 1 as check_id, value ->> 2 as account_id, value ->> 3 as region,"
                 " value ->> 4 as resource, value ->> 5 as verdict, value ->> 6 as detail,"
                 " value -> 7 as evidence from json_each(setting('findings'))) select * from told",
                 0, 0});
  return all;
}

std::string finding_row(const PlannedFinding& finding) {
  return fmt::format("[{},{},{},{},{},{},{},{}]", json_quote(finding.id), json_quote(finding.check),
                     json_quote(finding.account_id), json_quote(finding.region),
                     json_quote(finding.resource), json_quote(finding.verdict),
                     json_quote(finding.detail), finding.evidence);
}

ChangePlan plan_changes(const SnapshotSource& source, const Report& report, const Library& library,
                        const std::vector<Fix>& fixes, const PlanOptions& options) {
  return Planner(source, library, options).plan(report, fixes);
}

ChangePlan plan_changes(const Snapshot& snapshot, const Report& report, const Library& library,
                        const std::vector<Fix>& fixes, const PlanOptions& options) {
  return plan_changes(source_of(snapshot), report, library, fixes, options);
}

}  // namespace ciswatch
