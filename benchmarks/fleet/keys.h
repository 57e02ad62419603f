#pragma once

// KMS of the synthetic fleet.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "benchmarks/fleet/account.h"
#include "benchmarks/fleet/trails.h"
#include "core/base/json.h"

namespace ciswatch::fleet {

enum class KeyKind { aws, customer, rsa, elliptic, mac, external, custom_store };

struct Key {
  std::string id, arn;
  Dice dice;
  KeyKind kind = KeyKind::customer;
  std::string_view state = "Enabled";
  bool rotates = false;
  std::string_view description = {};
  // Of a key that lives in several regions: all of them, the primary's first.
  std::vector<std::string_view> regions = {};
};

// The keys of one account by region, in the order in which ListKeys names them.
class Keyring {
 public:
  Keyring(const Account& account, const std::vector<Trail>& trails);

  [[nodiscard]] const std::vector<Key>& in(std::string_view region) const;
  [[nodiscard]] const Key* find(std::string_view region, std::string_view id) const;

 private:
  void add_listed(const Account& account, std::string_view region);
  void add_multi_region(const Account& account);
  void add_of_trails(const std::vector<Trail>& trails);
  void change(const Account& account);

  std::map<std::string, std::vector<Key>, std::less<>> keys_;
};

// Whether KMS would be asked for the key's rotation.
bool can_rotate(const Key& key);

// One key, as `ListKeys` numbers it; also what the flood of --keys is made of.
Key make_key(std::string_view account, std::string_view region, const Dice& dice);

Json list_keys(const std::vector<Key>& keys);
Json describe_key(const Key& key, std::string_view account, std::string_view region);
Json rotation_status(const Key& key);
Json key_policy_answer(const Key& key, const Account& account);
Json aliases_answer(const std::vector<Key>& keys, std::string_view account,
                    std::string_view region);

}  // namespace ciswatch::fleet
