#include <fmt/format.h>

#include "benchmarks/fleet/item.h"
#include "benchmarks/fleet/keys.h"
#include "benchmarks/fleet/policies.h"

namespace ciswatch::fleet {
namespace {

constexpr UnixSeconds kDay = 86'400;

UnixSeconds created(const Key& key) {
  return first_night_end() - key.dice.at("age").between(40 * kDay, 2'500 * kDay);
}

struct Shape {
  const char* spec;
  const char* usage;
  std::span<const std::string_view> algorithms;
};

constexpr std::string_view kRsa[] = {"RSASSA_PKCS1_V1_5_SHA_256", "RSASSA_PKCS1_V1_5_SHA_384",
                                     "RSASSA_PKCS1_V1_5_SHA_512", "RSASSA_PSS_SHA_256",
                                     "RSASSA_PSS_SHA_384",        "RSASSA_PSS_SHA_512"};
constexpr std::string_view kElliptic[] = {"ECDSA_SHA_256"};
constexpr std::string_view kMac[] = {"HMAC_SHA_256"};
constexpr std::string_view kSymmetric[] = {"SYMMETRIC_DEFAULT"};

Shape shape_of(KeyKind kind) {
  switch (kind) {
    case KeyKind::rsa:
      return {"RSA_2048", "SIGN_VERIFY", kRsa};
    case KeyKind::elliptic:
      return {"ECC_NIST_P256", "SIGN_VERIFY", kElliptic};
    case KeyKind::mac:
      return {"HMAC_256", "GENERATE_VERIFY_MAC", kMac};
    default:
      return {"SYMMETRIC_DEFAULT", "ENCRYPT_DECRYPT", kSymmetric};
  }
}

const char* origin_of(KeyKind kind) {
  if (kind == KeyKind::external) return "EXTERNAL";
  return kind == KeyKind::custom_store ? "AWS_CLOUDHSM" : "AWS_KMS";
}

JsonValue place(const Key& key, std::string_view account, std::string_view region, Json& document) {
  return Item(document)
      .add("Arn", fmt::format("arn:aws:kms:{}:{}:key/{}", region, account, key.id))
      .add("Region", region);
}

JsonValue in_several_regions(const Key& key, std::string_view account, std::string_view region,
                             Json& document) {
  Items replicas(document);
  for (std::size_t i = 1; i < key.regions.size(); ++i) {
    replicas.add(place(key, account, key.regions[i], document));
  }
  return Item(document)
      .add("MultiRegionKeyType", region == key.regions.front() ? "PRIMARY" : "REPLICA")
      .add("PrimaryKey", place(key, account, key.regions.front(), document))
      .add("ReplicaKeys", replicas);
}

}  // namespace

Json list_keys(const std::vector<Key>& keys) {
  Json answer;
  Items list(answer);
  for (const auto& key : keys) {
    list.add(Item(answer).add("KeyId", key.id).add("KeyArn", key.arn));
  }
  set(answer, "Keys", list);
  set(answer, "Truncated", JsonValue(false));
  return answer;
}

Json describe_key(const Key& key, std::string_view account, std::string_view region) {
  Json answer;
  const Shape shape = shape_of(key.kind);
  Item data(answer);
  data.add("AWSAccountId", account).add("KeyId", key.id).add("Arn", key.arn);
  data.time("CreationDate", created(key), static_cast<unsigned>(key.dice.at("ms").below(1000)));
  data.add("Enabled", key.state == "Enabled" || key.state == "Updating")
      .add("Description", key.description)
      .add("KeyUsage", shape.usage)
      .add("KeyState", key.state);
  if (key.state == "PendingDeletion") {
    data.time("DeletionDate", first_night_end() + key.dice.at("deletion").between(1, 30) * kDay);
  }
  data.add("Origin", origin_of(key.kind));
  if (key.kind == KeyKind::custom_store) {
    data.add("CustomKeyStoreId", "cks-" + key.dice.at("store").hex(17))
        .add("CloudHsmClusterId", "cluster-" + key.dice.at("cluster").hex(11));
  }
  if (key.kind == KeyKind::external && key.state != "PendingImport") {
    data.add("ExpirationModel", "KEY_MATERIAL_DOES_NOT_EXPIRE");
  }
  data.add("KeyManager", key.kind == KeyKind::aws ? "AWS" : "CUSTOMER")
      .add("CustomerMasterKeySpec", shape.spec)
      .add("KeySpec", shape.spec);
  JsonValue algorithms = texts(answer, shape.algorithms);
  if (key.kind == KeyKind::mac) {
    data.add("MacAlgorithms", std::move(algorithms));
  } else if (key.kind == KeyKind::rsa || key.kind == KeyKind::elliptic) {
    data.add("SigningAlgorithms", std::move(algorithms));
  } else {
    data.add("EncryptionAlgorithms", std::move(algorithms));
  }
  data.add("MultiRegion", !key.regions.empty());
  if (!key.regions.empty()) {
    data.add("MultiRegionConfiguration", in_several_regions(key, account, region, answer));
  }
  if (key.kind == KeyKind::customer || key.kind == KeyKind::aws) {
    data.add("CurrentKeyMaterialId", key.dice.at("material").hex(64));
  }
  set(answer, "KeyMetadata", data);
  return answer;
}

Json rotation_status(const Key& key) {
  Json answer;
  set(answer, "KeyRotationEnabled", JsonValue(key.rotates));
  set(answer, "KeyId", json_text(key.arn, answer));
  if (!key.rotates) return answer;
  constexpr Share<int> kPeriods[] = {{365, 900}, {90, 30}, {180, 30}, {730, 30}, {2560, 10}};
  const int period = pick(key.dice.at("period"), kPeriods);
  set(answer, "RotationPeriodInDays", JsonValue(period));
  const UnixSeconds next = first_night_end() + key.dice.at("next").between(1, period) * kDay;
  set(answer, "NextRotationDate", JsonValue(static_cast<double>(next)));
  return answer;
}

Json key_policy_answer(const Key& key, const Account& account) {
  Json answer;
  set(answer, "Policy", json_text(key_policy(key, account), answer));
  set(answer, "PolicyName", json_text("default", answer));
  return answer;
}

Json aliases_answer(const std::vector<Key>& keys, std::string_view account,
                    std::string_view region) {
  Json answer;
  Items list(answer);
  for (const auto& key : keys) {
    const bool aws = key.kind == KeyKind::aws;
    if (!aws && key.dice.at("no alias").thousandth(300)) continue;
    const auto name = fmt::format("alias/{}{}", aws ? "aws/" : "", key.dice.at("alias").hex(8));
    list.add(Item(answer)
                 .add("AliasName", name)
                 .add("AliasArn", fmt::format("arn:aws:kms:{}:{}:{}", region, account, name))
                 .add("TargetKeyId", key.id)
                 .time("CreationDate", created(key))
                 .time("LastUpdatedDate", created(key)));
  }
  set(answer, "Aliases", list);
  set(answer, "Truncated", JsonValue(false));
  return answer;
}

}  // namespace ciswatch::fleet
