#pragma once

// S3 of the synthetic fleet: the names that an account lists, and the buckets that get its logs.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "benchmarks/fleet/account.h"
#include "benchmarks/fleet/trails.h"
#include "core/base/json.h"

namespace ciswatch::fleet {

enum class Block { none, all, policy_only, acls_only };
enum class Grants { owner, everyone, any_user, log_delivery };
enum class Ownership { none, enforced, preferred };
enum class AccessLog { off, on, itself, lost };
enum class Versioning { never, enabled, suspended };

struct Bucket {
  std::string name, region;
  Dice dice;
  bool own = false;  // this account's
  bool exists = true;
  bool readable = true;  // for the auditor of this account
  bool public_policy = false, has_policy = true;
  std::string policy;  // JSON
  std::int64_t kept_days = 0;  // until its objects are deleted; 0: for ever
  std::int64_t locked_days = 0;  // that each new object is locked; 0: no lock
  Versioning versioning = Versioning::never;
  Block block = Block::none;
  Grants grants = Grants::owner;
  Ownership ownership = Ownership::none;
  AccessLog access_log = AccessLog::off;
};

// The buckets that the account's trails and recorders deliver to, as its auditor can see them.
class LogBuckets {
 public:
  LogBuckets(const Account& account, const std::vector<Trail>& trails);

  [[nodiscard]] const Bucket* find(std::string_view name) const;
  [[nodiscard]] const std::map<std::string, Bucket, std::less<>>& all() const { return buckets_; }

 private:
  void add(const Account& account, const std::string& name, const std::vector<Trail>& trails);

  std::map<std::string, Bucket, std::less<>> buckets_;
};

// Where an account's access logs go, unless they go nowhere.
std::string access_log_bucket(const Account& account);

Json list_buckets(const Account& account, const LogBuckets& buckets);
Json head_bucket(const Bucket& bucket);
Json bucket_acl(const Bucket& bucket, const Account& account);
Json bucket_policy_status(const Bucket& bucket);
Json bucket_ownership(const Bucket& bucket);
Json bucket_logging(const Bucket& bucket, const Account& account);
Json bucket_policy(const Bucket& bucket);
Json bucket_lifecycle(const Bucket& bucket);
Json bucket_versioning(const Bucket& bucket);
Json bucket_lock(const Bucket& bucket);
Json public_access_block(Block block);

Block account_block(const Account& account);

}  // namespace ciswatch::fleet
