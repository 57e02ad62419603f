#pragma once

// A policy document of AWS: of a bucket, key, topic or role (who may do what to it), of an identity
// (what it may do), or a service control policy.
//
// Read as the grammar in IAM's user guide has it ("Grammar of the IAM JSON policy language"). Plain
// values; a const Policy may be used from any thread.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"

namespace ciswatch {

struct Principal {
  enum class Kind { anyone, aws, service, federated, canonical_user } kind = Kind::anyone;
  std::string id;  // "" of anyone
  bool operator==(const Principal&) const = default;
};

// What Action, Resource and Principal have in common: each can be left out, or turned by "Not".
enum class Listing { absent, listed, all_but };

// One key of one operator in a Condition: all of them must hold.
struct Clause {
  std::string op;   // as it is written: "ForAnyValue:StringLike"
  std::string key;
  std::vector<std::string> values;  // numbers and booleans as JSON writes them
  bool texts = true;                // each of them is a text
};

struct PolicyStatement {
  std::size_t number = 0;  // in its document, from 1
  std::string sid;         // "" for none
  bool allows = false;     // else it denies
  Listing principal = Listing::absent;
  Listing action = Listing::absent;
  Listing resource = Listing::absent;
  std::vector<Principal> principals;
  std::vector<std::string> actions;
  std::vector<std::string> resources;
  std::vector<Clause> clauses;
};

// "statement AWSCloudTrailWrite", or "statement 2" where it has no Sid.
std::string name_of(const PolicyStatement& statement);

struct Policy {
  bool has_variables = false;  // since Version 2012-10-17; before, ${…} stands for itself
  std::vector<PolicyStatement> statements;
};

// Policies that are in force together, as those of a role are.
struct Policies {
  std::vector<Policy> policies;
  bool complete = true;  // false: one of them was not read
};

// The words begin with "line:column: " for text that is not JSON, else with a JSON pointer to what is
// at fault.
class PolicyError : public Error {
 public:
  using Error::Error;
};

// Throws PolicyError for what AWS would not take as a policy, and for more than 128 kB.
Policy parse_policy(std::string_view document);

// One document, or a JSON list of them, each an object or its text; null is one that was not read. An
// empty text is that there is no policy. Throws PolicyError.
Policies parse_policies(std::string_view text);

}  // namespace ciswatch
