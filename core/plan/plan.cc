#include "core/plan/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/base/crypto.h"
#include "core/base/error.h"
#include "core/base/files.h"
#include "core/base/json.h"

namespace ciswatch {
namespace {

constexpr std::size_t kLongestPlan = 256u << 20;

// Builds one object as text; values of parsed JSON are put in compact.
class Object {
 public:
  void raw(std::string_view name, std::string_view json) {
    out_ += out_.empty() ? '{' : ',';
    out_ += json_quote(name) + ':';
    out_ += json;
  }
  void text(std::string_view name, std::string_view value) { raw(name, json_quote(value)); }
  // A JSON text; "" is null.
  void document(std::string_view name, std::string_view json) {
    raw(name, json.empty() ? "null" : to_text(parse_json(json)));
  }
  void texts(std::string_view name, const std::vector<std::string>& values) {
    std::string list;
    for (const auto& value : values) list += (list.empty() ? "" : ",") + json_quote(value);
    raw(name, '[' + list + ']');
  }
  [[nodiscard]] std::string done() const { return (out_.empty() ? "{" : out_) + '}'; }

 private:
  std::string out_;
};

template <typename Item, typename Write>
std::string list_of(const std::vector<Item>& items, std::string_view separator, Write write) {
  std::string list;
  for (const auto& item : items) {
    if (!list.empty()) list += separator;
    list += write(item);
  }
  return '[' + list + ']';
}

std::string row_json(const RowChange& row) {
  Object object;
  object.text("table", row.table);
  object.text("region", row.region);
  object.text("target", row.target);
  object.text("key", row.key);
  object.raw("every_region", row.every_region ? "true" : "false");
  object.document("before", row.before);
  object.document("after", row.after);
  return object.done();
}

std::string filled_json(const FilledRow& row) {
  Object object;
  object.text("table", row.table);
  object.text("region", row.region);
  object.text("target", row.target);
  object.text("key", row.key);
  object.raw("members", row.members);
  return object.done();
}

std::string undo_json(const UndoCall& undo) {
  Object object;
  object.text("service", undo.service);
  object.text("operation", undo.operation);
  object.document("params", undo.params);
  return object.done();
}

std::string lookup_json(const Lookup& lookup) {
  Object where;
  for (const auto& [column, text] : lookup.where) where.text(column, text);
  Object object;
  object.text("table", lookup.table);
  object.raw("where", where.done());
  return object.done();
}

std::string settles_json(const Settles& settles) {
  Object object;
  object.raw("minutes", std::to_string(settles.minutes));
  object.text("what", settles.what);
  return object.done();
}

std::string change_json(const Change& change) {
  Object object;
  object.text("id", change.id);
  object.text("fix", change.fix);
  object.text("step", change.step);
  object.text("title", change.title);
  object.text("account_id", change.account_id);
  object.text("region", change.region);
  object.text("service", change.service);
  object.text("operation", change.operation);
  object.document("params", change.params);
  object.texts("needs", change.needs);
  object.texts("findings", change.findings);
  object.raw("rows", list_of(change.rows, ",", row_json));
  if (!change.filled_in.empty()) object.raw("filled_in", list_of(change.filled_in, ",", filled_json));
  object.raw("undo", change.undo ? undo_json(*change.undo) : "null");
  object.text("no_undo", change.no_undo);
  object.raw("lookup", change.lookup ? lookup_json(*change.lookup) : "null");
  object.document("answer", change.answer);
  object.texts("permissions", change.permissions);
  object.text("cost", change.cost);
  object.text("risk", change.risk);
  if (change.settles) object.raw("settles", settles_json(*change.settles));
  object.texts("touches", change.touches);
  return object.done();
}

std::string finding_json(const PlannedFinding& finding) {
  Object object;
  object.text("id", finding.id);
  object.text("check", finding.check);
  object.text("account_id", finding.account_id);
  object.text("region", finding.region);
  object.text("resource", finding.resource);
  object.text("verdict", finding.verdict);
  object.text("detail", finding.detail);
  return object.done();
}

std::string unplanned_json(const Unplanned& unplanned) {
  Object object;
  object.text("finding", unplanned.finding);
  object.text("why", unplanned.why);
  return object.done();
}

// All but the hash, with `separator` between the items of long lists.
std::string body(const ChangePlan& plan, std::string_view separator) {
  Object tool;
  tool.text("name", "ciswatch");
  tool.text("version", plan.tool_version);
  Object snapshot;
  snapshot.text("id", plan.snapshot_id);
  snapshot.text("collected_at", plan.collected_at);
  Object object;
  object.raw("schema_version", "1");
  object.raw("tool", tool.done());
  object.raw("snapshot", snapshot.done());
  object.raw("changes", list_of(plan.changes, separator, change_json));
  object.raw("findings", list_of(plan.findings, separator, finding_json));
  object.raw("unplanned", list_of(plan.unplanned, separator, unplanned_json));
  return object.done();
}

std::string hash_of(std::string_view compact) { return hex(sha256(compact)); }

// Reading: a member that is missing or of another type is JsonError, by the accessors.
const JsonValue& member(const JsonValue& object, const char* name) {
  if (!object.IsObject() || !object.HasMember(name)) {
    throw JsonError(fmt::format("the member '{}' is missing", name));
  }
  return object[name];
}

std::string text_of(const JsonValue& object, const char* name) {
  const auto& value = member(object, name);
  if (!value.IsString()) throw JsonError(fmt::format("'{}' is no text", name));
  return {value.GetString(), value.GetStringLength()};
}

std::string document_of(const JsonValue& object, const char* name) {
  const auto& value = member(object, name);
  if (value.IsNull()) return "";
  if (!value.IsObject()) throw JsonError(fmt::format("'{}' is no object", name));
  return to_text(value);
}

std::vector<std::string> texts_of(const JsonValue& object, const char* name) {
  std::vector<std::string> texts;
  for (const auto& value : member(object, name).GetArray()) {
    texts.emplace_back(value.GetString(), value.GetStringLength());
  }
  return texts;
}

RowChange row_of(const JsonValue& object) {
  return {text_of(object, "table"),          text_of(object, "region"),
          text_of(object, "target"),         text_of(object, "key"),
          member(object, "every_region").GetBool(), document_of(object, "before"),
          document_of(object, "after")};
}

FilledRow filled_of(const JsonValue& object) {
  return {text_of(object, "table"), text_of(object, "region"), text_of(object, "target"),
          text_of(object, "key"), document_of(object, "members")};
}

Lookup lookup_of(const JsonValue& object) {
  Lookup lookup{text_of(object, "table"), {}};
  for (const auto& each : member(object, "where").GetObject()) {
    lookup.where.emplace_back(each.name.GetString(), each.value.GetString());
  }
  return lookup;
}

Settles settles_of(const JsonValue& object) {
  const auto& minutes = member(object, "minutes");
  if (!minutes.IsInt64() || minutes.GetInt64() < 0 || minutes.GetInt64() > kMostSettling) {
    throw JsonError("'minutes' is no number of minutes");
  }
  return {minutes.GetInt64(), text_of(object, "what")};
}

Change change_of(const JsonValue& object) {
  Change change;
  change.id = text_of(object, "id");
  change.fix = text_of(object, "fix");
  change.step = text_of(object, "step");
  change.title = text_of(object, "title");
  change.account_id = text_of(object, "account_id");
  change.region = text_of(object, "region");
  change.service = text_of(object, "service");
  change.operation = text_of(object, "operation");
  change.params = document_of(object, "params");
  change.needs = texts_of(object, "needs");
  change.findings = texts_of(object, "findings");
  for (const auto& row : member(object, "rows").GetArray()) change.rows.push_back(row_of(row));
  if (object.HasMember("filled_in")) {
    for (const auto& row : member(object, "filled_in").GetArray()) change.filled_in.push_back(filled_of(row));
  }
  if (const auto& undo = member(object, "undo"); !undo.IsNull()) {
    change.undo = {text_of(undo, "service"), text_of(undo, "operation"), document_of(undo, "params")};
  }
  change.no_undo = text_of(object, "no_undo");
  if (const auto& lookup = member(object, "lookup"); !lookup.IsNull()) {
    change.lookup = lookup_of(lookup);
  }
  change.answer = document_of(object, "answer");
  change.permissions = texts_of(object, "permissions");
  change.cost = text_of(object, "cost");
  change.risk = text_of(object, "risk");
  if (object.HasMember("settles")) change.settles = settles_of(object["settles"]);
  change.touches = texts_of(object, "touches");
  return change;
}

ChangePlan plan_of(const JsonValue& document) {
  ChangePlan plan;
  plan.tool_version = text_of(member(document, "tool"), "version");
  plan.snapshot_id = text_of(member(document, "snapshot"), "id");
  plan.collected_at = text_of(member(document, "snapshot"), "collected_at");
  for (const auto& change : member(document, "changes").GetArray()) {
    plan.changes.push_back(change_of(change));
  }
  for (const auto& each : member(document, "findings").GetArray()) {
    plan.findings.push_back({text_of(each, "id"), text_of(each, "check"),
                             text_of(each, "account_id"), text_of(each, "region"),
                             text_of(each, "resource"), text_of(each, "verdict"),
                             text_of(each, "detail")});
  }
  for (const auto& each : member(document, "unplanned").GetArray()) {
    plan.unplanned.push_back({text_of(each, "finding"), text_of(each, "why")});
  }
  return plan;
}

void require_order(const ChangePlan& plan) {
  std::set<std::string_view> seen;
  for (const auto& change : plan.changes) {
    for (const auto& need : change.needs) {
      if (!seen.contains(need)) {
        throw JsonError(fmt::format("the change {} needs {}, which does not come before it",
                                    change.id, need));
      }
    }
    if (!seen.insert(change.id).second) {
      throw JsonError(fmt::format("the change {} is there twice", change.id));
    }
  }
}

void require_hash(Json& document) {
  const std::string told = text_of(document, "hash");
  document.RemoveMember("hash");
  if (hash_of(to_text(document)) != told) {
    throw JsonError("it is not what was planned: its hash is another. Plan again instead of editing");
  }
}

}  // namespace

const Change* ChangePlan::change(std::string_view id) const {
  const auto found = std::find_if(changes.begin(), changes.end(),
                                  [&](const Change& change) { return change.id == id; });
  return found == changes.end() ? nullptr : &*found;
}

std::string to_json(const Change& change) { return change_json(change); }

std::string to_json(const ChangePlan& plan) {
  std::string text = body(plan, ",\n ");
  text.pop_back();
  return fmt::format("{},\n\"hash\":\"{}\"}}\n", text, plan_hash(plan));
}

std::string plan_hash(const ChangePlan& plan) { return hash_of(body(plan, ",")); }

ChangePlan parse_plan(std::string_view text, std::string_view name) {
  try {
    Json document = parse_json(text);
    if (const auto* version = find(document, "/schema_version");
        version == nullptr || !version->IsInt() || version->GetInt() != 1) {
      throw JsonError("it is no plan of ciswatch, or of another version (schema_version 1 is read)");
    }
    require_hash(document);
    ChangePlan plan = plan_of(document);
    require_order(plan);
    return plan;
  } catch (const JsonError& error) {
    throw Error(fmt::format("{}: {}", name, error.what()));
  }
}

ChangePlan read_plan(const std::filesystem::path& file) {
  return parse_plan(read_file(file, kLongestPlan), file.string());
}

}  // namespace ciswatch
