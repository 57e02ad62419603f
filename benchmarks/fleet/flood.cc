#include "benchmarks/fleet/flood.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "benchmarks/fleet/keys.h"
#include "core/collect/decode.h"

namespace ciswatch::fleet {
namespace {

constexpr std::size_t kSamples = 251;  // different keys that take turns

std::vector<Value> values_of(std::string_view table, const Json& answer, const std::string& region,
                             const std::string& target) {
  return decode_page(*find_table(table), answer, region, target).front().values;
}

std::size_t place_of(const TableSpec& table, std::string_view column) {
  const auto found = std::find_if(table.columns.begin(), table.columns.end(),
                                  [&](const Column& each) { return each.name == column; });
  return static_cast<std::size_t>(found - table.columns.begin());
}

struct Sample {
  std::vector<Value> listed, described;
  std::optional<std::vector<Value>> rotation, policy;
};

Sample make_sample(const Account& account, std::size_t number) {
  const Key key = make_key(account.id, account.home, account.dice.at("sample", number));
  Sample sample;
  sample.listed = values_of("aws_kms_key_list", list_keys({key}), account.home, "");
  sample.described =
      values_of("aws_kms_key", describe_key(key, account.id, account.home), account.home, key.id);
  if (can_rotate(key)) {
    sample.rotation =
        values_of("aws_kms_key_rotation_status", rotation_status(key), account.home, key.id);
  }
  if (key.kind != KeyKind::aws) {
    sample.policy =
        values_of("aws_kms_key_policy", key_policy_answer(key, account), account.home, key.id);
  }
  return sample;
}

// Writes one table's rows.
class Rows {
 public:
  Rows(std::string_view table, const Account& account, SnapshotWriter& writer)
      : table_(*find_table(table)),
        writer_(writer),
        call_{.account_id = account.id,
              .region = account.home,
              .service = std::string(table_.service),
              .operation = std::string(table_.operation),
              .target = {},
              .outcome = "ok",
              .code = {},
              .message = {},
              .attempts = 1,
              .time = iso8601(night_end(account.options))},
        id_(place_of(table_, table_.name == "aws_kms_alias" ? "target_key_id" : "id")),
        arn_(place_of(table_, "arn")) {
    writer_.add_collected(table_);
  }

  void call(std::string_view region) {
    call_.region = region;
    call_id_ = writer_.add_call(call_);
  }
  void add(std::vector<Value>& values, const std::string& id, const std::string& arn) {
    values[id_] = id;
    if (arn_ < values.size()) values[arn_] = arn;
    writer_.add_row(table_, call_.account_id, call_.region, values, "{}", call_id_);
  }

 private:
  const TableSpec& table_;
  SnapshotWriter& writer_;
  LedgerRow call_;
  std::size_t id_, arn_;
  std::int64_t call_id_ = 0;
};

}  // namespace

void write_flood(const Account& account, std::size_t count, SnapshotWriter& writer) {
  std::vector<Sample> samples;
  for (std::size_t i = 0; i < kSamples; ++i) samples.push_back(make_sample(account, i));
  Rows listed("aws_kms_key_list", account, writer);
  Rows described("aws_kms_key", account, writer);
  Rows rotation("aws_kms_key_rotation_status", account, writer);
  Rows policy("aws_kms_key_policy", account, writer);
  Rows alias("aws_kms_alias", account, writer);
  for (auto* list : {&listed, &alias}) {
    for (const auto& region : account.regions()) {
      if (region.name != account.home) list->call(region.name);
    }
    list->call(account.home);
  }
  described.call(account.home);
  rotation.call(account.home);
  policy.call(account.home);
  // Table by table and ascending, so that SQLite appends.
  const auto each = [&](auto write) {
    for (std::size_t i = 0; i < count; ++i) {
      const auto id = fmt::format("{:08x}-0000-4000-8000-{:012x}", i, i);
      const auto arn = fmt::format("arn:aws:kms:{}:{}:key/{}", account.home, account.id, id);
      write(samples[i % kSamples], id, arn);
    }
  };
  each([&](Sample& sample, const std::string& id, const std::string& arn) {
    listed.add(sample.listed, id, arn);
  });
  each([&](Sample& sample, const std::string& id, const std::string& arn) {
    described.add(sample.described, id, arn);
  });
  each([&](Sample& sample, const std::string& id, const std::string& arn) {
    if (sample.rotation) rotation.add(*sample.rotation, id, arn);
  });
  each([&](Sample& sample, const std::string& id, const std::string& arn) {
    if (sample.policy) policy.add(*sample.policy, id, arn);
  });
  std::vector<Value> aliased(2);
  each([&](Sample&, const std::string& id, const std::string& arn) {
    aliased.front() = "alias/" + id;
    alias.add(aliased, id, arn);
  });
}

}  // namespace ciswatch::fleet
