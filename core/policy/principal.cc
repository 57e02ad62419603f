#include "core/policy/principal.h"

#include <algorithm>

namespace ciswatch {
namespace {

using Kind = Principal::Kind;

constexpr std::size_t kAccountDigits = 12;

bool is_account_id(std::string_view text) {
  return text.size() == kAccountDigits &&
         text.find_first_not_of("0123456789") == std::string_view::npos;
}

// The account in an ARN of IAM or STS, or a bare account id; "" where there is none.
std::string_view account_of(std::string_view id) {
  if (is_account_id(id)) return id;
  for (int colon = 0; colon < 4; ++colon) {
    const auto end = id.find(':');
    if (end == std::string_view::npos) return {};
    id.remove_prefix(end + 1);
  }
  const auto account = id.substr(0, id.find(':'));
  return is_account_id(account) ? account : std::string_view();
}

bool is_account(std::string_view id) {
  return is_account_id(id) || (!account_of(id).empty() && id.ends_with(":root"));
}

// `delegated` is what an account that is listed means for one of its identities.
Truth same_aws(std::string_view listed, std::string_view asking, Truth delegated) {
  if (listed == asking) return Truth::yes;
  const auto account = account_of(listed);
  if (is_account(listed)) {
    if (account != account_of(asking)) return Truth::no;
    return is_account(asking) ? Truth::yes : delegated;
  }
  // The id of a principal that is gone, a wildcard that AWS would not take, one session of a role.
  if (account.empty()) return Truth::unknown;
  const bool session = listed.find(":assumed-role/") != std::string_view::npos;
  return session && account == account_of(asking) && !is_account(asking) ? Truth::unknown : Truth::no;
}

Extent one_extent(const Principal& listed, const Principal& asking, Truth delegated) {
  if (listed.kind == Kind::anyone) return kAll;
  if (asking.kind == Kind::anyone) return kSome;
  const auto is = [&](Kind kind) { return listed.kind == kind || asking.kind == kind; };
  Truth same = truth(listed == asking);
  if (listed.kind == Kind::aws && asking.kind == Kind::aws) {
    same = same_aws(listed.id, asking.id, delegated);
  } else if (is(Kind::canonical_user) && is(Kind::aws)) {
    same = Truth::unknown;  // another name of an account
  }
  return {same, same};
}

// NotPrincipal spares an identity only where its account is listed as well; what it does where only
// one of them is, depends.
bool is_half_listed(const PolicyStatement& statement, const Principal& asking) {
  if (asking.kind != Kind::aws) return false;
  bool itself = false, account = false, related = false;
  for (const auto& listed : statement.principals) {
    itself |= listed == asking;
    account |= is_account(listed.id) && account_of(listed.id) == account_of(asking.id);
    related |= account_of(listed.id) == account_of(asking.id);
  }
  return related && !(itself && account);
}

}  // namespace

Extent principal_extent(const PolicyStatement& statement, const Request& request) {
  const bool asked = request.principal.has_value();
  if (!asked && statement.principal == Listing::absent) return kAll;
  // A policy of another sort than the question.
  if (!asked || statement.principal == Listing::absent) return kUnknown;
  const auto delegated = !statement.allows ? Truth::yes : request.by_name ? Truth::no : Truth::unknown;
  Extent listed;
  for (const auto& one : statement.principals) {
    const auto extent = one_extent(one, *request.principal, delegated);
    listed = {std::max(listed.each, extent.each), std::max(listed.any, extent.any)};
  }
  if (statement.principal == Listing::listed) return listed;
  if (is_half_listed(statement, *request.principal)) return kUnknown;
  return all_but(listed);
}

}  // namespace ciswatch
