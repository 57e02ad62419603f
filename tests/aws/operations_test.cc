#include "core/aws/operations.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace ciswatch {
namespace {

void check_fields(std::span<const Field> fields, const std::string& where) {
  std::set<std::string_view> members;
  for (const Field& field : fields) {
    SCOPED_TRACE(where + "/" + std::string(field.member));
    EXPECT_FALSE(field.element.empty());
    EXPECT_TRUE(members.insert(field.member).second) << "twice";
    if (!field.fields.empty()) {
      EXPECT_TRUE(field.kind == Kind::structure || field.kind == Kind::list ||
                  field.kind == Kind::map);
      check_fields(field.fields, where + "/" + std::string(field.member));
    }
  }
}

TEST(Operations, AreWellFormed) {
  std::set<std::pair<std::string_view, std::string_view>> seen;
  for (const Operation& each : operations()) {
    SCOPED_TRACE(std::string(each.service->name) + " " + std::string(each.name));
    EXPECT_TRUE(seen.insert({each.service->name, each.name}).second);
    EXPECT_EQ(find_operation(each.service->name, each.name), &each);
    const bool rest = each.service->protocol == Protocol::rest_xml ||
                      each.service->protocol == Protocol::rest_json;
    EXPECT_EQ(each.method == "POST", !rest);
    const bool json = each.service->protocol == Protocol::json_1_0 ||
                      each.service->protocol == Protocol::json_1_1;
    EXPECT_EQ(each.service->target_prefix.empty(), !json);
    const bool in_json = json || each.service->protocol == Protocol::rest_json;
    EXPECT_EQ(each.root.empty(), in_json || each.answer == Answer::headers);
    // REST-JSON lists members only where they have other names on the wire.
    EXPECT_TRUE(each.service->protocol == Protocol::rest_json ||
                each.fields.empty() == (in_json || each.answer == Answer::text));
    // Lists that are read in pages have a list, or the number of its items, that every page has.
    EXPECT_TRUE(each.paging.request.empty() || each.required_kind == Kind::list ||
                each.required_kind == Kind::integer);
    check_fields(each.fields, std::string(each.name));
  }
  EXPECT_EQ(find_operation("s3", "DeleteBucket"), nullptr);
  EXPECT_EQ(find_operation("kms", "ListBuckets"), nullptr);
}

TEST(Operations, OnlyRead) {
  for (const Operation& each : operations()) {
    const std::string name(each.name);
    const bool reads = name.starts_with("Get") || name.starts_with("List") ||
                       name.starts_with("Describe") || name.starts_with("Head");
    EXPECT_TRUE(reads || name.starts_with("AssumeRole")) << name;
  }
}

}  // namespace
}  // namespace ciswatch
