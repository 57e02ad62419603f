#include "benchmarks/fleet/stacks.h"

#include <fmt/format.h>

#include <vector>

#include "benchmarks/fleet/item.h"

namespace ciswatch::fleet {
namespace {

constexpr std::string_view kKeyStack = "payments-prod";
constexpr std::string_view kBucketStack = "log-bucket";
constexpr std::string_view kMadeByStack = "Created by CloudFormation stack payments-prod";

struct Resource {
  std::string logical, physical;
  std::string_view type;
};

bool is_stacks(const Bucket& bucket, std::string_view region) {
  return bucket.own && bucket.exists && bucket.region == region &&
         bucket.dice.at("stack").thousandth(200);
}

std::vector<Resource> resources_of(const Model& model, std::string_view region,
                                   std::string_view stack) {
  std::vector<Resource> list;
  if (stack == kKeyStack) {
    for (const auto& key : model.keys.in(region)) {
      if (key.description != kMadeByStack) continue;
      list.push_back({fmt::format("Key{}", list.size()), key.id, "AWS::KMS::Key"});
    }
    return list;
  }
  for (const auto& [name, bucket] : model.buckets.all()) {
    if (!is_stacks(bucket, region)) continue;
    list.push_back({fmt::format("Bucket{}", list.size()), name, "AWS::S3::Bucket"});
  }
  return list;
}

bool is_retained(const Model& model, const Resource& resource) {
  return model.account.dice.at("retained", resource.physical).thousandth(550);
}

std::string json_template(const Model& model, const std::vector<Resource>& resources) {
  std::string text;
  for (const auto& resource : resources) {
    text += fmt::format(R"({}"{}":{{"Type":"{}"{},"Properties":{{}}}})", text.empty() ? "" : ",",
                        resource.logical, resource.type,
                        is_retained(model, resource) ? R"(,"DeletionPolicy":"Retain")" : "");
  }
  return fmt::format(R"({{"AWSTemplateFormatVersion":"2010-09-09","Resources":{{{}}}}})", text);
}

std::string yaml_template(const Model& model, const std::vector<Resource>& resources) {
  std::string text = "AWSTemplateFormatVersion: '2010-09-09'\nResources:\n";
  for (const auto& resource : resources) {
    text += fmt::format("  {}:\n    Type: {}\n{}    Properties: {{}}\n", resource.logical,
                        resource.type,
                        is_retained(model, resource) ? "    DeletionPolicy: Retain\n" : "");
  }
  return text;
}

}  // namespace

std::string stack_of(const Model& model, std::string_view region, std::string_view resource) {
  const Key* key = model.keys.find(region, resource);
  if (key != nullptr) return std::string(key->description == kMadeByStack ? kKeyStack : "");
  const Bucket* bucket = model.buckets.find(resource);
  return std::string(bucket != nullptr && is_stacks(*bucket, region) ? kBucketStack : "");
}

Json stack_resources_answer(const Model& model, std::string_view region, std::string_view stack) {
  const Dice dice = model.account.dice.at("stack", region, stack);
  const auto id = fmt::format("arn:aws:cloudformation:{}:{}:stack/{}/{}", region, model.account.id,
                              stack, dice.hex(32));
  const auto made = iso8601(first_night_end() - dice.at("age").between(10, 900) * 86'400);
  Json answer;
  Items list(answer);
  for (const auto& resource : resources_of(model, region, stack)) {
    list.add(Item(answer)
                 .add("StackName", stack)
                 .add("StackId", id)
                 .add("LogicalResourceId", resource.logical)
                 .add("PhysicalResourceId", resource.physical)
                 .add("ResourceType", resource.type)
                 .add("Timestamp", made)
                 .add("ResourceStatus", "CREATE_COMPLETE")
                 .add("DriftInformation",
                      Item(answer).add("StackResourceDriftStatus", "NOT_CHECKED")));
  }
  set(answer, "StackResources", list);
  return answer;
}

Json template_answer(const Model& model, std::string_view region, std::string_view stack) {
  const auto resources = resources_of(model, region, stack);
  const bool is_yaml = model.account.dice.at("yaml").thousandth(600);
  Json answer;
  set(answer, "TemplateBody",
      json_text(is_yaml ? yaml_template(model, resources) : json_template(model, resources),
                answer));
  set(answer, "StagesAvailable", texts(answer, {"Original", "Processed"}));
  return answer;
}

}  // namespace ciswatch::fleet
