#pragma once

// SQL functions that checks, views and `ciswatch sql` call beside SQLite's: they judge texts of AWS
// that have a meaning of their own. What a function says hangs on its arguments alone; NULL in gives
// NULL out, and NULL is also what cannot be told.
//
// Filter patterns of CloudWatch Logs (core/pattern):
//   pattern_error(pattern)           '' for a JSON filter pattern that parses, else what is wrong
//   pattern_matches(pattern, event)  1 or 0
//   pattern_slip(pattern, required)  '' where every event that `required` describes is matched, else
//                                    one that is not, as JSON (core/pattern/slip.h)
//   pattern_noise(pattern)           1 where it matches nearly every ordinary event, else 0
//
// Templates of CloudFormation, JSON or YAML, with its short tags (!Ref):
//   template_attribute(template, logical_id, name)
//                                    the attribute of that resource, such as its DeletionPolicy; ''
//                                    where it is not set. NULL where the template cannot be read or
//                                    has no such resource, and for a value that is no plain text
//
// Policies of AWS (core/policy). `policy` is a document, or a JSON list of those that are in force
// together; '' is none. `request` is JSON, as core/policy/request.h has it. For a policy or a request
// that is none the answer is NULL:
//   policy_error(policy)             '' for a policy that parses, else what is wrong and where
//   policy_allows(policy, request)   1 or 0: each of what is asked about is allowed, and not denied
//   policy_denies(policy, request)   1 or 0: each of it is denied by a Deny
//   policy_reason(policy, request)   which statement decides, in words; what is wrong for NULL
//   policy_statements(policy)        [{"number", "sid", "allows", "principals"}, …]; the principals are
//                                    such as a request takes, and null where all but some are meant

#include <cstddef>
#include <memory>
#include <string>
#include <unordered_map>

#include "core/base/truth.h"
#include "core/store/database.h"

namespace ciswatch {

// Adds them to a connection, which keeps their results: a fleet repeats the same texts.
void add_functions(Database& database);

// Results by arguments, in bounded memory. One thread.
class FunctionMemory {
 public:
  // `function` of these arguments, from memory where it was asked before. NULL for a NULL.
  Value ask(const std::string& name, const Database::Function& function,
            std::span<const Value> arguments);

 private:
  std::unordered_map<std::string, Value> results_;
  std::size_t bytes_ = 0;
};

// An argument that is not NULL as a text; a number as its digits.
std::string argument_text(const Value& value);

// 1, 0, or NULL for unknown.
Value truth_value(Truth truth);

// Each kind of function, with a memory that they share.
void add_pattern_functions(Database& database, const std::shared_ptr<FunctionMemory>& memory);
void add_policy_functions(Database& database, const std::shared_ptr<FunctionMemory>& memory);
void add_template_functions(Database& database, const std::shared_ptr<FunctionMemory>& memory);

// Adds one that asks the memory first.
void add_remembered(Database& database, const std::shared_ptr<FunctionMemory>& memory,
                    const std::string& name, int arguments, Database::Function function);

}  // namespace ciswatch
