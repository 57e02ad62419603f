#pragma once

// A cloud of one table: trails, which are made, updated and deleted as AWS does it, and keys, whose ids it
// chooses. Its state is a file where a test asks for one, so that it outlives the process that asks.

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/json.h"
#include "core/collect/source.h"
#include "core/plan/plan.h"

namespace ciswatch {

inline constexpr const char* kOwner = "111111111111";
inline constexpr const char* kRegion = "us-east-1";

class Cloud : public Source {
 public:
  explicit Cloud(std::filesystem::path file = {}) : file_(std::move(file)) {
    if (file_.empty() || !std::filesystem::exists(file_)) return;
    std::ifstream in(file_);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    const Json kept = parse_json(text);
    for (const auto& item : kept["trails"].GetArray()) put("trails", "TrailARN", to_text(item));
    for (const auto& item : kept["keys"].GetArray()) put("keys", "KeyId", to_text(item));
    for (const auto& write : kept["writes"].GetArray()) writes.emplace_back(write.GetString());
  }

  [[nodiscard]] std::vector<std::string> accounts() const override { return {kOwner}; }
  [[nodiscard]] std::vector<std::string> known_regions(const std::string&) const override { return {kRegion}; }
  void send(ApiCall call, Done done) override {
    calls.push_back(call.operation);
    queue_.emplace_back(std::move(call), std::move(done));
  }
  // What was asked last is answered first, so that nothing rests on the order of the answers.
  void run(const std::function<void()>& tick) override {
    while (!queue_.empty()) {
      most_at_once = std::max(most_at_once, queue_.size());
      auto [call, done] = std::move(queue_.back());
      queue_.pop_back();
      if (before) before(call);
      auto answer = fault ? fault(call) : std::nullopt;
      if (!answer) answer = answer_to(call);
      if (after) after(call);
      done(std::move(*answer));
      tick();
    }
  }

  void put(const std::string& kind, const char* key, const std::string& item) {
    state[kind][std::string(text_or_empty(parse_json(item), key))] = item;
  }
  void add_trail(const std::string& name, const std::string& members = "") {
    put("trails", "TrailARN",
        fmt::format(R"({{"TrailARN":"{0}","Name":"{0}"{1}{2}}})", name, members.empty() ? "" : ",", members));
  }
  // As it shows it; "" : there is none.
  std::string trail(const std::string& name) { return state["trails"].contains(name) ? state["trails"][name] : ""; }
  std::string text() {
    std::string all;
    for (const auto* kind : {"trails", "keys"}) {
      std::string list;
      for (const auto& [key, item] : state[kind]) list += (list.empty() ? "" : ",") + item;
      all += fmt::format(R"({}"{}":[{}])", all.empty() ? "{" : ",", kind, list);
    }
    std::string list;
    for (const auto& write : writes) list += (list.empty() ? "" : ",") + json_quote(write);
    return all + ",\"writes\":[" + list + "]}";
  }

  std::map<std::string, std::map<std::string, std::string>> state;
  std::vector<std::string> writes;  // "UpdateTrail {…}", as they were done
  std::vector<std::string> calls;   // operations, as they were sent
  std::size_t most_at_once = 0;
  std::function<std::optional<ApiAnswer>(const ApiCall&)> fault;
  std::function<void(const ApiCall&)> before, after;

  static ApiAnswer error(const std::string& code, int status = 400, bool may_be_done = false) {
    ApiAnswer answer;
    answer.end = CallEnd::error;
    answer.error = {code, "no", status};
    answer.may_be_done = may_be_done;
    answer.region = kRegion;
    return answer;
  }
  static ApiAnswer ok(const ApiCall& call, const std::string& response) {
    ApiAnswer answer;
    answer.end = CallEnd::answered;
    answer.region = call.region;
    answer.pages.push_back({call, parse_json(response)});
    return answer;
  }
  ApiAnswer answer_to(const ApiCall& call) {
    if (call.operation == "DescribeTrails") return ok(call, list("trails", "trailList"));
    if (call.operation == "ListKeys") return ok(call, list("keys", "Keys"));
    if (call.operation == "DescribeKey") {
      if (!state["keys"].contains(call.params.front().second)) return error("NotFoundException");
      return ok(call, fmt::format(R"({{"KeyMetadata":{}}})", state["keys"].at(call.params.front().second)));
    }
    return write(call);
  }

 private:
  std::string list(const std::string& kind, const char* member) {
    std::string items;
    for (const auto& [key, item] : state[kind]) items += (items.empty() ? "" : ",") + item;
    return fmt::format(R"({{"{}":[{}]}})", member, items);
  }

  ApiAnswer write(const ApiCall& call) {
    Json params = parse_json(call.document);
    const std::string name(text_or_empty(params, "Name"));
    std::string answer = "{}";
    if (call.operation == "CreateKey") {
      answer = make_key(params);
    } else if (call.operation == "DeleteKey") {
      if (state["keys"].erase(std::string(text_or_empty(params, "KeyId"))) == 0) return error("NotFoundException");
    } else if (call.operation == "DeleteTrail") {
      if (state["trails"].erase(name) == 0) return error("TrailNotFoundException");
    } else if (call.operation == "CreateTrail" && !trail(name).empty()) {
      return error("TrailAlreadyExistsException");
    } else if (call.operation == "UpdateTrail" && trail(name).empty()) {
      return error("TrailNotFoundException");
    } else {
      set(name, params);
    }
    writes.push_back(call.operation + " " + call.document);
    save();
    return ok(call, answer);
  }

  std::string make_key(const Json& params) {
    const auto id = fmt::format("key-{}", state["keys"].size() + 1);
    put("keys", "KeyId",
        fmt::format(R"({{"KeyId":"{0}","KeyArn":"arn:{0}","Arn":"arn:{0}","Description":{1}}})", id,
                    json_quote(text_or_empty(params, "Description"))));
    return fmt::format(R"({{"KeyMetadata":{}}})", state["keys"][id]);
  }

  void set(const std::string& name, const Json& params) {
    Json item = parse_json(trail(name).empty() ? fmt::format(R"({{"TrailARN":"{}"}})", name) : trail(name));
    for (const auto& member : params.GetObject()) {
      const std::string text(member.name.GetString());
      if (member.value.IsString() && member.value.GetStringLength() == 0) {
        item.RemoveMember(text);  // "" takes it away, as AWS does it with a key
        continue;
      }
      set_member(item, text, JsonValue(member.value, item.GetAllocator()), item);
    }
    put("trails", "TrailARN", to_text(item));
  }

  void save() {
    if (file_.empty()) return;
    const auto aside = file_.string() + ".new";
    std::ofstream(aside) << text();
    std::filesystem::rename(aside, file_);
  }

  std::filesystem::path file_;
  std::deque<std::pair<ApiCall, Done>> queue_;
};

// Changes of trails, with their inverses.

inline Change change_of(const std::string& id, const std::string& operation, const std::string& trail,
                        const std::string& members) {
  Change change;
  change.id = id;
  change.title = "Change " + trail;
  change.account_id = kOwner;
  change.region = kRegion;
  change.service = "cloudtrail";
  change.operation = operation;
  change.params = fmt::format(R"({{"Name":"{}"{}{}}})", trail, members.empty() ? "" : ",", members);
  change.findings = {"f-" + id};
  return change;
}

// Sets the members, which were `old`.
inline Change update_of(const std::string& id, const std::string& trail, const std::string& members,
                        const std::string& old) {
  auto change = change_of(id, "UpdateTrail", trail, members);
  change.rows = {{"aws_cloudtrail_trail", kRegion, "", trail, false, '{' + old + '}', '{' + members + '}'}};
  change.undo = UndoCall{"cloudtrail", "UpdateTrail", fmt::format(R"({{"Name":"{}",{}}})", trail, old)};
  return change;
}

inline Change creation_of(const std::string& id, const std::string& trail, const std::string& members = "") {
  auto change = change_of(id, "CreateTrail", trail, members);
  change.rows = {{"aws_cloudtrail_trail", kRegion, "", trail, false, "", '{' + members + '}'}};
  change.undo = UndoCall{"cloudtrail", "DeleteTrail", fmt::format(R"({{"Name":"{}"}})", trail)};
  return change;
}

inline ChangePlan plan_of(std::vector<Change> changes) {
  ChangePlan plan;
  plan.tool_version = "test";
  plan.snapshot_id = "0123456789abcdef";
  plan.collected_at = "2026-11-22T02:00:00Z";
  for (const auto& change : changes) {
    for (const auto& id : change.findings) {
      plan.findings.push_back({id, "some-check", kOwner, kRegion, change.id, "warn", "bad"});
    }
  }
  plan.changes = std::move(changes);
  return plan;
}

}  // namespace ciswatch
