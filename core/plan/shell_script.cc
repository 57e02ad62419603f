#include "core/plan/shell_script.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <string_view>

#include "core/base/account_id.h"
#include "core/base/error.h"
#include "core/base/json.h"
#include "core/base/text.h"
#include "core/plan/members.h"

namespace ciswatch {
namespace {

// What both scripts do with the file $calls: a line for each call made, "c5 done fl-1", or taken back.
constexpr std::string_view kFunctions = R"(
stop() {
  echo "$0: $1" >&2
  exit 1
}
find_call() {  # CALL: its last line, to $state and $answer
  state= answer=
  while read -r call word rest; do
    if [ "$call" = "$1" ]; then state=$word answer=$rest; fi
  done <"$calls"
}
is_done() {  # CALL
  find_call "$1"
  [ "$state" = done ]
}
value() {  # CALL NUMBER: of the members of its answer that are kept
  find_call "$1"
  wanted=$2
  set -f
  set -- $answer
  [ $# -ge "$wanted" ] || stop "what a call has answered is not in $calls"
  shift $((wanted - 1))
  [ "$1" != None ] || stop "a call has not answered what it has made"
  echo "$1"
}
once() {  # CALL COMMAND…: not again what is done
  if is_done "$1"; then return; fi
  made=$1
  shift
  echo "$made: $2 $3"
  answer=$("$@")
  case $answer in *[!A-Za-z0-9_./:+=,@[:blank:]-]*) answer= ;; esac
  echo "$made done $answer" >>"$calls"
}
)";

// Members of answers that are referred to: of each change its pointers, in a fixed order.
using Results = std::map<std::string, std::vector<std::string>>;

void find_references(const JsonValue& value, Results& results) {
  if (const auto reference = reference_in(value)) {
    auto& pointers = results[reference->change];
    if (std::find(pointers.begin(), pointers.end(), reference->pointer) == pointers.end()) {
      pointers.push_back(reference->pointer);
    }
  } else if (value.IsObject()) {
    for (const auto& member : value.GetObject()) find_references(member.value, results);
  } else if (value.IsArray()) {
    for (const auto& item : value.GetArray()) find_references(item, results);
  }
}

Results results_of(const ChangePlan& plan) {
  Results results;
  for (const auto& change : plan.changes) {
    find_references(parse_json(change.params), results);
    if (change.undo) find_references(parse_json(change.undo->params), results);
  }
  return results;
}

std::size_t number_in(const Results& results, const Reference& reference) {
  const auto& pointers = results.at(reference.change);
  const auto found = std::find(pointers.begin(), pointers.end(), reference.pointer);
  return static_cast<std::size_t>(found - pointers.begin()) + 1;
}

std::string variable(const Results& results, const Reference& reference) {
  return fmt::format("{}_{}", reference.change, number_in(results, reference));
}

// JSON holds a ' in texts alone, and there it can be written so that the shell does not see it.
std::string quoted_for_shell(std::string json) {
  for (auto at = json.find('\''); at != std::string::npos; at = json.find('\'', at)) {
    json.replace(at, 1, "\\u0027");
  }
  return json;
}

// The document as it stands within single quotes, with variables where it refers to answers.
std::string document(const JsonValue& value, const Results& results) {
  if (const auto reference = reference_in(value)) {
    return fmt::format("\"'\"${}\"'\"", variable(results, *reference));
  }
  std::vector<std::string> parts;
  if (value.IsObject()) {
    for (const auto& member : value.GetObject()) {
      parts.push_back(quoted_for_shell(to_text(member.name)) + ':' + document(member.value, results));
    }
    return '{' + join(parts, ",") + '}';
  }
  if (value.IsArray()) {
    for (const auto& item : value.GetArray()) parts.push_back(document(item, results));
    return '[' + join(parts, ",") + ']';
  }
  return quoted_for_shell(to_text(value));
}

// "/FlowLogIds/0" as the AWS CLI's --query has it: "FlowLogIds"[0], the quotes with it.
std::string query(std::string_view pointer) {
  std::string path;
  for (const auto& token : split(pointer.substr(std::min<std::size_t>(1, pointer.size())), '/')) {
    const bool index = !token.empty() && token.find_first_not_of("0123456789") == std::string::npos;
    path += index ? '[' + token + ']' : (path.empty() ? "" : ".") + json_quote(token);
  }
  return path;
}

std::string cli_service(std::string_view service) {
  if (service == "config") return "configservice";
  if (service == "s3") return "s3api";
  return std::string(service);
}

std::string command(const Change& change, const UndoCall& call, const Results& results) {
  return fmt::format("aws {} {} --region {} --cli-input-json '{}'", shell_word(cli_service(call.service)),
                     shell_word(cli_name(call.operation)), shell_word(change.region),
                     document(parse_json(call.params), results));
}

// Lines that set the variables that the call refers to.
std::string variables(const std::string& params, const Results& results, std::string_view indent) {
  Results used;
  find_references(parse_json(params), used);
  std::string lines;
  for (const auto& [change, pointers] : used) {
    for (const auto& pointer : pointers) {
      lines += fmt::format("{}{}=$(value {} {})\n", indent, variable(results, {change, pointer}), change,
                           number_in(results, {change, pointer}));
    }
  }
  return lines;
}

std::string region_in(const ChangePlan& plan, const std::string& account_id) {
  for (const auto& change : plan.changes) {
    if (change.account_id == account_id) return shell_word(change.region);
  }
  return "us-east-1";
}

std::string head(const ChangePlan& plan, const std::string& account_id, std::string_view what) {
  if (!is_account_id(account_id)) {
    throw Error(fmt::format("'{}' is not the id of an account", printable(account_id)));
  }
  const auto hash = plan_hash(plan);
  return fmt::format(
      "#!/bin/sh\n# {} in account {}, by the plan {}\n# of a snapshot of {}.\nset -eu\ncase $0 in */*) cd -- \"${{0%/*}}\" ;; esac\n"
      "calls=calls.{}\n: >>\"$calls\"\n{}\naccount=$(aws sts get-caller-identity --region {} --query Account --output text)\n"
      "[ \"$account\" = {} ] || stop \"these credentials are of account $account, not of {}\"\n",
      what, account_id, hash, printable(plan.collected_at), hash.substr(0, 16), kFunctions,
      region_in(plan, account_id), account_id,
      account_id);
}

std::string comment(const Change& change) {
  return fmt::format("\n# {} {}: {}\n", change.id, change.fix, printable(change.title));
}

}  // namespace

std::vector<std::string> changed_accounts(const ChangePlan& plan) {
  std::vector<std::string> accounts;
  for (const auto& change : plan.changes) {
    if (std::find(accounts.begin(), accounts.end(), change.account_id) == accounts.end()) {
      accounts.push_back(change.account_id);
    }
  }
  return accounts;
}

std::string apply_script(const ChangePlan& plan, const std::string& account_id) {
  const auto results = results_of(plan);
  auto script = head(plan, account_id, "What is changed");
  for (const auto& change : plan.changes) {
    if (change.account_id != account_id) continue;
    script += comment(change);
    for (const auto& need : change.needs) {
      const auto& other = plan.change(need)->account_id;
      if (other == account_id) continue;
      script += fmt::format("is_done {} || stop {}\n", need, shell_word("run " + other + ".sh first, then this again"));
    }
    script += variables(change.params, results, "");
    script += fmt::format("once {} {}", change.id,
                          command(change, {change.service, change.operation, change.params}, results));
    if (const auto kept = results.find(change.id); kept != results.end()) {
      std::vector<std::string> queries;
      for (const auto& pointer : kept->second) queries.push_back(query(pointer));
      script += fmt::format(" --query {} --output text", shell_word('[' + join(queries, ",") + ']'));
    }
    script += '\n';
  }
  return script;
}

std::string undo_script(const ChangePlan& plan, const std::string& account_id) {
  const auto results = results_of(plan);
  auto script = head(plan, account_id, "What is taken back");
  for (auto change = plan.changes.rbegin(); change != plan.changes.rend(); ++change) {
    if (change->account_id != account_id) continue;
    script += comment(*change);
    if (!change->undo) {
      script += fmt::format("# {}\n", printable(change->no_undo));
      continue;
    }
    script += fmt::format("if is_done {}; then\n", change->id);
    for (const auto& other : plan.changes) {
      const auto& needs = other.needs;
      if (other.account_id == account_id ||
          std::find(needs.begin(), needs.end(), change->id) == needs.end()) {
        continue;
      }
      script += fmt::format("  if is_done {}; then stop {}; fi\n", other.id,
                            shell_word("run undo-" + other.account_id + ".sh first, then this again"));
    }
    script += variables(change->undo->params, results, "  ");
    script += fmt::format("  {}\n  echo '{} undone' >>\"$calls\"\nfi\n",
                          command(*change, *change->undo, results), change->id);
  }
  return script;
}

std::string shell_word(std::string_view text) {
  const bool plain = !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.' || c == '/' || c == ':';
  });
  if (plain) return std::string(text);
  std::string word = "'";
  for (const char c : text) {
    if (c == '\'') {
      word += "'\\''";
    } else {
      word += c;
    }
  }
  return word + '\'';
}

// A word begins at a capital that a small letter follows, or that follows a small letter or a digit.
std::string cli_name(std::string_view name) {
  std::string words;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const auto is_small = [&](std::size_t at) {
      return at < name.size() && (std::islower(static_cast<unsigned char>(name[at])) != 0 ||
                                  std::isdigit(static_cast<unsigned char>(name[at])) != 0);
    };
    const bool capital = std::isupper(static_cast<unsigned char>(name[i])) != 0;
    if (capital && i > 0 && (is_small(i - 1) || is_small(i + 1))) words += '-';
    words += capital ? static_cast<char>(std::tolower(static_cast<unsigned char>(name[i]))) : name[i];
  }
  return words;
}

}  // namespace ciswatch
