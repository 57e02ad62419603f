#include "core/aws/operations.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "core/aws/write_operations.h"

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
    EXPECT_TRUE(rest || each.method == "POST");
    EXPECT_TRUE(each.writes() || (each.method == "POST") == !rest);
    const bool json = each.service->protocol == Protocol::json_1_0 ||
                      each.service->protocol == Protocol::json_1_1;
    EXPECT_EQ(each.service->target_prefix.empty(), !json);
    const bool in_json = json || each.service->protocol == Protocol::rest_json;
    const bool silent = each.answer == Answer::headers || each.answer == Answer::nothing;
    EXPECT_TRUE(each.root.empty() == in_json || silent);
    // REST-JSON lists members only where they have other names on the wire.
    EXPECT_TRUE(each.service->protocol == Protocol::rest_json ||
                each.fields.empty() == (in_json || each.answer == Answer::text) || each.writes());
    // Lists that are read in pages have a list, or the number of its items, that every page has.
    EXPECT_TRUE(each.paging.request.empty() || each.required_kind == Kind::list ||
                each.required_kind == Kind::integer);
    check_fields(each.fields, std::string(each.name));
  }
  EXPECT_EQ(find_operation("s3", "DeleteObject"), nullptr);
  EXPECT_EQ(find_operation("kms", "ListBuckets"), nullptr);
}

TEST(Operations, OnlyReadUnlessMarked) {
  for (const Operation& each : operations()) {
    if (each.writes()) continue;
    const std::string name(each.name);
    const bool reads = name.starts_with("Get") || name.starts_with("List") ||
                       name.starts_with("Describe") || name.starts_with("Head");
    EXPECT_TRUE(reads || name.starts_with("AssumeRole")) << name;
  }
}

TEST(Operations, ThatMakeSomethingAreNotRepeatable) {
  for (const Operation& each : write_operations()) {
    SCOPED_TRACE(std::string(each.name));
    EXPECT_TRUE(each.writes());
    EXPECT_TRUE(each.paging.request.empty());  // a page that is asked for is another call
    const bool makes = each.name.starts_with("Create") || each.name.starts_with("Schedule") ||
                       each.name == "Subscribe";
    EXPECT_EQ(each.effect == Effect::once, makes);
    check_fields(each.request, std::string(each.name) + " request");
  }
}

}  // namespace
}  // namespace ciswatch
