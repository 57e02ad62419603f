#pragma once

// Mutants that say the same of every input, each with the reason. They are tried like the others: one
// that a test notices stands here wrongly.

#include <algorithm>
#include <array>
#include <string_view>

namespace ciswatch::proof {

struct Equivalent {
  std::string_view of;      // a check or a view
  std::string_view mutant;  // part of what describes it
  std::string_view reason;
};

inline constexpr std::array kEquivalents = {
    Equivalent{"aws_organizations_account_scp",
               "'account_id in (select management_id from member)' becomes '1 '",
               "bounds what is read; all of it is joined by management_id with what comes of member"},
    Equivalent{"aws_cloudtrail_trail_bucket", "'l.name in (select name from delivery)' becomes '1 '",
               "bounds what is read; it is looked up by the name of a delivery"},
    Equivalent{"aws_cloudtrail_trail_bucket_policy",
               "'(account_id, name) in (select bucket_owner, name from owned)' becomes '1 '",
               "bounds what is read; it is looked up by the owner and the name"},
    Equivalent{"cloudtrail-bucket-access-logging",
               "'(account_id, name) in (select bucket_owner, name from bucket)' becomes '1 '",
               "bounds what is read; it is looked up by the owner and the name"},
    Equivalent{"aws_cloudtrail_trail_key_region",
               "union all select bucket_owner, bucket from keyed)' becomes '1 '",
               "bounds what is read; it is looked up by the same accounts and the name"},
    Equivalent{"detection_chain",
               "'(account_id, region) in (select group_account_id, group_region from trail)' becomes '1 '",
               "bounds what is read; it is joined by the account and the region of a trail's group"},
    Equivalent{"aws_cloudtrail_trail_home", "0, 1)' becomes '1 '",
               "spares sorting: a row that is not of its home region comes behind the one that is"},
    Equivalent{"aws_cloudtrail_trail_home", "'0' becomes '1' in: 0, 1)) t))",
               "spares sorting: a row that is not of its home region comes behind the one that is"},
    Equivalent{"aws_cloudtrail_lifecycle_rule", "'below is not null ' becomes '1 '",
               "the arm before it takes what is null"},
};

inline bool is_equivalent(std::string_view of, std::string_view mutant) {
  return std::any_of(kEquivalents.begin(), kEquivalents.end(), [&](const Equivalent& each) {
    return each.of == of && mutant.find(each.mutant) != std::string_view::npos;
  });
}

}  // namespace ciswatch::proof
