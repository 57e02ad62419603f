#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/base/json.h"
#include "core/base/text.h"
#include "core/policy/policy.h"

namespace ciswatch {
namespace {

constexpr std::size_t kLongest = 131'072;  // bytes; AWS takes at most 32 kB (KMS), roles ten policies
constexpr std::size_t kMostShown = 60;     // bytes of a stranger's text in an error

[[noreturn]] void fail(std::string_view pointer, std::string_view what) {
  throw PolicyError(
      fmt::format("{}: {}", pointer.empty() ? "the document" : shortened(pointer, 300), what));
}

std::string shown(std::string_view text) { return shortened(printable(text), kMostShown); }

std::string text_of(const JsonValue& text) { return {text.GetString(), text.GetStringLength()}; }

std::string below(std::string_view pointer, std::string_view name) {
  std::string escaped;
  for (const char c : shown(name)) escaped += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
  return fmt::format("{}/{}", pointer, escaped);
}

// Calls take(name, value, pointer) for each member; one that is there twice is an error.
template <typename Take>
void for_each_member(const JsonValue& object, const std::string& pointer, Take&& take) {
  if (!object.IsObject()) fail(pointer, "must be an object");
  std::set<std::string> seen;
  for (const auto& member : object.GetObject()) {
    const auto name = text_of(member.name);
    const auto here = below(pointer, name);
    if (!seen.insert(name).second) fail(here, "is there twice");
    take(name, member.value, here);
  }
}

// A text, or a list of texts. `scalars` takes numbers and booleans as well.
std::vector<std::string> texts(const JsonValue& value, const std::string& pointer,
                               bool scalars = false) {
  std::vector<std::string> result;
  const auto add = [&](const JsonValue& one, const std::string& here) {
    const bool fits = one.IsString() || (scalars && (one.IsNumber() || one.IsBool()));
    if (!fits) fail(here, scalars ? "must be a text, a number or a boolean" : "must be a text");
    result.push_back(one.IsString() ? text_of(one) : to_text(one));
  };
  if (!value.IsArray()) {
    add(value, pointer);
    return result;
  }
  if (value.Empty() && !scalars) fail(pointer, "is empty");
  for (rapidjson::SizeType i = 0; i < value.Size(); ++i) {
    add(value[i], fmt::format("{}/{}", pointer, i));
  }
  return result;
}

bool is_text(const JsonValue& value) {
  if (!value.IsArray()) return value.IsString();
  return std::all_of(value.Begin(), value.End(), [](const JsonValue& one) { return one.IsString(); });
}

std::vector<Principal> principals(const JsonValue& value, const std::string& pointer) {
  if (value.IsString()) {
    if (text_of(value) != "*") fail(pointer, "must be \"*\" or an object");
    return {{}};
  }
  std::vector<Principal> result;
  for_each_member(value, pointer, [&](const auto& kind, const auto& ids, const auto& here) {
    using Kind = Principal::Kind;
    Principal one;
    if (kind == "AWS") {
      one.kind = Kind::aws;
    } else if (kind == "Service") {
      one.kind = Kind::service;
    } else if (kind == "Federated") {
      one.kind = Kind::federated;
    } else if (kind == "CanonicalUser") {
      one.kind = Kind::canonical_user;
    } else {
      fail(here, "no kind of principal: AWS, Service, Federated or CanonicalUser");
    }
    for (auto& id : texts(ids, here)) {
      const bool anyone = one.kind == Kind::aws && id == "*";
      result.push_back(anyone ? Principal{} : Principal{one.kind, std::move(id)});
    }
  });
  if (result.empty()) fail(pointer, "is empty");
  return result;
}

std::vector<std::string> actions(const JsonValue& value, const std::string& pointer) {
  auto result = texts(value, pointer);
  for (const auto& action : result) {
    const auto colon = action.find(':');
    const bool named = colon != std::string::npos && colon > 0 && colon + 1 < action.size();
    if (action != "*" && !named) {
      fail(pointer, fmt::format("'{}' is no action such as s3:PutObject", shown(action)));
    }
  }
  return result;
}

std::vector<std::string> resources(const JsonValue& value, const std::string& pointer) {
  auto result = texts(value, pointer);
  for (const auto& resource : result) {
    // A wildcard or a variable may stand for "arn:".
    const bool open = resource.starts_with('*') || resource.starts_with("${");
    if (!open && !resource.starts_with("arn:") && !resource.starts_with("arn*")) {
      fail(pointer, fmt::format("'{}' is neither an ARN nor *", shown(resource)));
    }
  }
  return result;
}

std::vector<Clause> clauses(const JsonValue& value, const std::string& pointer) {
  std::vector<Clause> result;
  for_each_member(value, pointer, [&](const auto& op, const auto& keys, const auto& at_op) {
    for_each_member(keys, at_op, [&](const auto& key, const auto& values, const auto& at_key) {
      result.push_back({op, key, texts(values, at_key, true), is_text(values)});
    });
    if (keys.IsObject() && keys.ObjectEmpty()) fail(at_op, "compares nothing");
  });
  return result;
}

class StatementReader {
 public:
  StatementReader(const JsonValue& value, std::string pointer) : pointer_(std::move(pointer)) {
    for_each_member(value, pointer_, [&](const auto& name, const auto& of, const auto& here) {
      take(name, of, here);
    });
    if (!has_effect_) fail(pointer_, "has no Effect");
    if (statement_.action == Listing::absent) fail(pointer_, "has neither Action nor NotAction");
  }

  PolicyStatement take_statement() { return std::move(statement_); }

 private:
  void take(const std::string& name, const JsonValue& value, const std::string& here) {
    if (name == "Sid") {
      if (!value.IsString()) fail(here, "must be a text");
      statement_.sid = text_of(value);
    } else if (name == "Effect") {
      effect(value, here);
    } else if (is_one_of(name, "Principal", statement_.principal, here)) {
      statement_.principals = principals(value, here);
    } else if (is_one_of(name, "Action", statement_.action, here)) {
      statement_.actions = actions(value, here);
    } else if (is_one_of(name, "Resource", statement_.resource, here)) {
      statement_.resources = resources(value, here);
    } else if (name == "Condition") {
      statement_.clauses = clauses(value, here);
    } else {
      fail(here, "is no element of a statement");
    }
  }

  void effect(const JsonValue& value, const std::string& here) {
    const bool text = value.IsString();
    statement_.allows = text && text_of(value) == "Allow";
    if (!statement_.allows && !(text && text_of(value) == "Deny")) {
      fail(here, "must be \"Allow\" or \"Deny\"");
    }
    has_effect_ = true;
  }

  // Whether the member is `element` or its opposite, of which a statement has one at most.
  static bool is_one_of(std::string_view name, std::string_view element, Listing& listing,
                        const std::string& here) {
    const bool opposite = name.starts_with("Not") && name.substr(3) == element;
    if (name != element && !opposite) return false;
    if (listing != Listing::absent) fail(here, fmt::format("stands beside another {}", element));
    listing = opposite ? Listing::all_but : Listing::listed;
    return true;
  }

  std::string pointer_;
  PolicyStatement statement_;
  bool has_effect_ = false;
};

void read_version(Policy& policy, const JsonValue& value, const std::string& here) {
  const auto version = value.IsString() ? text_of(value) : "";
  if (version != "2012-10-17" && version != "2008-10-17") {
    fail(here, "must be \"2012-10-17\" or \"2008-10-17\"");
  }
  policy.has_variables = version == "2012-10-17";
}

void read_statements(Policy& policy, const JsonValue& value, const std::string& here) {
  const auto add = [&](const JsonValue& one, const std::string& pointer) {
    policy.statements.push_back(StatementReader(one, pointer).take_statement());
    policy.statements.back().number = policy.statements.size();
  };
  if (!value.IsArray()) return add(value, here);
  for (rapidjson::SizeType i = 0; i < value.Size(); ++i) {
    add(value[i], fmt::format("{}/{}", here, i));
  }
}

Policy policy_of(const JsonValue& document) {
  Policy policy;
  bool has_statements = false;
  for_each_member(document, "", [&](const auto& name, const auto& value, const auto& here) {
    if (name == "Version") {
      read_version(policy, value, here);
    } else if (name == "Id") {
      if (!value.IsString()) fail(here, "must be a text");
    } else if (name == "Statement") {
      read_statements(policy, value, here);
      has_statements = true;
    } else {
      fail(here, "is no element of a policy");
    }
  });
  if (!has_statements) fail("", "has no Statement");
  return policy;
}

Json document_of(std::string_view text) {
  if (text.size() > kLongest) throw PolicyError("1:1: longer than 128 kB");
  try {
    return parse_json(text);
  } catch (const JsonError& error) {
    throw PolicyError(error.what());
  }
}

}  // namespace

std::string name_of(const PolicyStatement& statement) {
  if (statement.sid.empty()) return fmt::format("statement {}", statement.number);
  return "statement " + shortened(printable(statement.sid), kMostShown);
}

Policy parse_policy(std::string_view document) { return policy_of(document_of(document)); }

Policies parse_policies(std::string_view text) {
  Policies result;
  if (trim(text).empty()) return result;
  const auto document = document_of(text);
  if (!document.IsArray()) {
    result.policies.push_back(policy_of(document));
    return result;
  }
  for (rapidjson::SizeType i = 0; i < document.Size(); ++i) {
    const auto& one = document[i];
    try {
      if (one.IsNull()) {
        result.complete = false;
      } else if (!one.IsString()) {
        result.policies.push_back(policy_of(one));
      } else if (!trim(text_of(one)).empty()) {
        result.policies.push_back(parse_policy(text_of(one)));
      }
    } catch (const PolicyError& error) {
      throw PolicyError(fmt::format("policy {}: {}", i + 1, error.what()));
    }
  }
  return result;
}

}  // namespace ciswatch
