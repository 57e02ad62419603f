// What an accounts file may say, in both of its forms.

#include "rules/accounts.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "core/base/text.h"
#include "rules/csv.h"
#include "tests/rules/rig.h"

namespace ciswatch {
namespace {

class AccountsFile : public testing::Test {
 protected:
  // The diagnostics, "line:column: text" each, one a line.
  std::string told(const std::string& text, const std::string& name = "a.csv") {
    const auto file = folder_.write(name, text);
    std::vector<Diagnostic> diagnostics;
    entries_ = read_accounts(file, diagnostics);
    std::string all;
    for (const auto& diagnostic : diagnostics) {
      EXPECT_EQ(diagnostic.file, file.string());
      all += fmt::format("{}{}:{}: {}", all.empty() ? "" : "\n", diagnostic.line, diagnostic.column,
                         diagnostic.text);
    }
    return all;
  }
  std::string told_of_yaml(const std::string& text) { return told(text, "a.yaml"); }

  // What was read, one account a line.
  std::string read() {
    std::string all;
    for (const auto& entry : entries_) {
      all += fmt::format("{}|{}|{}|{}|{}|{}", entry.id, entry.role, entry.external_id, entry.name,
                         entry.owner, join(entry.regions, " "));
      for (const auto& [key, value] : entry.tags) all += fmt::format("|{}={}", key, value);
      all += "\n";
    }
    return all;
  }

  rig::Folder folder_;
  std::vector<AccountEntry> entries_;
};

constexpr const char* kBoth =
    "111111111111|security/audit|x:1|log, \"archive\"|logs|us-east-1 eu-west-1|cost center=7|stage=prod\n"
    "022222222222|||||\n";

TEST_F(AccountsFile, SaysTheSameInCsvAndInYaml) {
  EXPECT_EQ(told("\xEF\xBB\xBFid,role,external_id,name,owner,regions,tag:stage,tag:cost center\r\n"
                 "111111111111,security/audit,x:1,\"log, \"\"archive\"\"\",logs,us-east-1  eu-west-1,prod,7\r\n"
                 "\r\n"
                 "022222222222,,,,,,,"),
            "");
  EXPECT_EQ(read(), kBoth);
  EXPECT_EQ(told_of_yaml("accounts:\n"
                         "  - id: \"111111111111\"\n"
                         "    role: security/audit\n"
                         "    external_id: x:1\n"
                         "    name: 'log, \"archive\"'\n"
                         "    owner: logs\n"
                         "    regions: [us-east-1, eu-west-1]\n"
                         "    tags: {stage: prod, cost center: 7}\n"
                         "  - id: 022222222222\n"),
            "");
  EXPECT_EQ(read(), kBoth);
}

TEST_F(AccountsFile, TakesARoleByItsArnToo) {
  EXPECT_EQ(told("id,role\n111111111111,arn:aws-cn:iam::111111111111:role/a/b\n"), "");
  EXPECT_EQ(read(), "111111111111|arn:aws-cn:iam::111111111111:role/a/b||||\n");
}

struct Mistake {
  const char* text;
  const char* told;
};

class CsvMistake : public AccountsFile, public testing::WithParamInterface<Mistake> {};

TEST_P(CsvMistake, IsToldWithItsPlace) { EXPECT_EQ(told(GetParam().text), GetParam().told); }

INSTANTIATE_TEST_SUITE_P(
    All, CsvMistake,
    testing::Values(
        Mistake{"", "1:1: there is no account in the file"},
        Mistake{"\n\n", "1:1: there is no account in the file"},
        Mistake{"id,role\n", "1:1: there is no account in the file"},
        Mistake{"id,nam\n111111111111,x\n",
                "1:4: there is no column 'nam', did you mean 'name'? (columns: tag:KEY, id, role, "
                "external_id, regions, name, owner)"},
        Mistake{"id,tags\n111111111111,x\n",
                "1:4: there is no column 'tags' (columns: tag:KEY, id, role, external_id, regions, "
                "name, owner)"},
        Mistake{"id,tag:\n111111111111,x\n",
                "1:4: there is no column 'tag:' (columns: tag:KEY, id, role, external_id, regions, "
                "name, owner)"},
        Mistake{"id,name,id\n111111111111,x,222222222222\n", "1:9: the column 'id' is here twice"},
        Mistake{"id,tag:a,tag:a\n111111111111,x,y\n", "1:10: the column 'tag:a' is here twice"},
        Mistake{"name\nx\n", "2:1: an account needs the field 'id'"},
        Mistake{"id,name\n,x\n", "2:1: an account needs the field 'id'"},
        Mistake{"id\n111111111111\n222222222222\n111111111111\n",
                "4:1: account 111111111111 is here twice (first in line 2)"},
        Mistake{"id\n11111111111\n",
                "2:1: '11111111111' is no account: 12 digits, zeros in front among them"},
        Mistake{"id\n1111111111111\n",
                "2:1: '1111111111111' is no account: 12 digits, zeros in front among them"},
        Mistake{"name,id\nx,11111111111a\n",
                "2:3: '11111111111a' is no account: 12 digits, zeros in front among them"},
        Mistake{"id,name\n111111111111\n", "2:1: the row has 1 cells, and the file 2 columns"},
        Mistake{"id\n111111111111,x\n", "2:1: the row has 2 cells, and the file 1 columns"},
        Mistake{"id,name\n111111111111,\"x\n", "2:14: the quote that begins this cell is never closed"},
        Mistake{"id,name\n111111111111,\"x\"y\n",
                "2:17: a cell that ends with a quote is followed by a comma or the line's end"},
        Mistake{"id,name\n111111111111,x\"y\n",
                "2:15: a quote in the midst of a cell: put the cell in quotes, and double this one"},
        Mistake{"id,name\n111111111111,\"two\nlines\"\n222222222222\n",
                "4:1: the row has 1 cells, and the file 2 columns"},
        Mistake{"id,name\n111111111111,\xFF\n", "2:1: the file is not UTF-8 text"},
        Mistake{"id,role\n111111111111,arn:aws:iam::222222222222:role/a\n",
                "2:14: the role is of account 222222222222, not of 111111111111"},
        Mistake{"id,role\n111111111111,arn:aws:iam::111111111111:user/a\n",
                "2:14: 'arn:aws:iam::111111111111:user/a' is neither a role's name nor its ARN"},
        Mistake{"id,role\n111111111111,a b\n",
                "2:14: 'a b' is neither a role's name nor its ARN"},
        Mistake{"id,role\n111111111111,/a\n", "2:14: '/a' is neither a role's name nor its ARN"},
        Mistake{"id,regions\n111111111111,us-east-1 US\n", "2:14: 'US' is no region: such as us-east-1"},
        Mistake{"id,regions\n111111111111,\"us-east-1,eu-west-1\"\n",
                "2:14: 'us-east-1,eu-west-1' is no region: such as us-east-1"}));

class YamlMistake : public AccountsFile, public testing::WithParamInterface<Mistake> {};

TEST_P(YamlMistake, IsToldWithItsPlace) { EXPECT_EQ(told_of_yaml(GetParam().text), GetParam().told); }

INSTANTIATE_TEST_SUITE_P(
    All, YamlMistake,
    testing::Values(
        Mistake{"", "1:1: the file is empty"},
        Mistake{"accounts: []\n", "1:1: there is no account in the file"},
        Mistake{"- id: 111111111111\n", "1:1: an accounts file must be a map, this is a list"},
        Mistake{"accounts: [{id: 1}]\n",
                "1:17: '1' is no account: 12 digits, zeros in front among them"},
        Mistake{"accounts: [111111111111]\n", "1:12: an account must be a map, this is a text"},
        Mistake{"accounts:\n- id: 111111111111\n  rol: x\n",
                "3:3: an account has no field 'rol', did you mean 'role'?"},
        Mistake{"accounts:\n- id: 111111111111\n- id: 111111111111\n",
                "3:7: account 111111111111 is here twice (first in line 2)"},
        Mistake{"accounts:\n- id: 111111111111\n  id: 222222222222\n",
                "3:3: 'id' is here twice (first in line 2)"},
        Mistake{"accounts:\n- id: 111111111111\n  tags: {a: [b]}\n",
                "3:13: the tag 'a' takes one value"},
        Mistake{"accounts:\n- id: 111111111111\n  regions: us-east-1\n",
                "3:12: 'regions' must be a list, this is a text"}));

TEST_F(AccountsFile, BoundsWhatAHostileOneMayHold) {
  std::string rows = "id\n";
  for (int i = 0; i <= 100'000; ++i) rows += fmt::format("{:012}\n", i);
  EXPECT_EQ(told(rows), "100002:1: more than 100000 rows");
  EXPECT_EQ(told("id" + std::string(1'000, ',') + "\n"), "1:1003: more than 1000 columns");
  std::string tags = "accounts: [{id: 111111111111, tags: {";
  for (int i = 0; i < 51; ++i) tags += fmt::format("k{}: v, ", i);
  EXPECT_EQ(told_of_yaml(tags + "}}]\n"), "1:37: more than 50 tags");
  EXPECT_EQ(told("id,name\n111111111111," + std::string(1'001, 'x') + "\n"),
            "2:14: 'name' is longer than 1000 bytes");
}

TEST_F(AccountsFile, IsReadToTheEndOfItsMistakes) {
  EXPECT_EQ(told("id,role\n1,a b\n111111111111,\n2,\n"),
            "2:1: '1' is no account: 12 digits, zeros in front among them\n"
            "2:3: 'a b' is neither a role's name nor its ARN\n"
            "4:1: '2' is no account: 12 digits, zeros in front among them");
}

// RFC 4180, in small: what is between commas and line ends.
TEST(Csv, ReadsCellsAsTheRfcHasThem) {
  const auto cells = [](const std::string& text) {
    std::string all;
    for (const auto& row : parse_csv(text)) {
      for (const auto& cell : row) all += "<" + cell.text + ">";
      all += ";";
    }
    return all;
  };
  EXPECT_EQ(cells("a,b\nc,d"), "<a><b>;<c><d>;");
  EXPECT_EQ(cells("a,b\r\nc,d\r\n"), "<a><b>;<c><d>;");
  EXPECT_EQ(cells("a,\n,b\n"), "<a><>;<><b>;");
  EXPECT_EQ(cells("\"a,b\",\"c\r\nd\",\"e\"\"f\",\"\"\n"), "<a,b><c\r\nd><e\"f><>;");
  EXPECT_EQ(cells(" a ,b\n"), "< a ><b>;");
  EXPECT_EQ(cells("\"\"\"\"\n"), "<\">;");
}

TEST(RoleArn, TellsItsAccount) {
  EXPECT_EQ(account_of_role("arn:aws:iam::111111111111:role/a"), "111111111111");
  EXPECT_EQ(account_of_role("arn:aws-us-gov:iam::111111111111:role/p/a"), "111111111111");
  for (const auto* text : {"", "a", "arn:aws:iam::111111111111:role/", "arn:aws:iam::1:role/a",
                           "arn:aws:sts::111111111111:role/a", "arn:aws:iam:r:111111111111:role/a",
                           "arn:aws:iam::111111111111:role/a:b", "arn:aws:iam::111111111111:role//a"}) {
    EXPECT_EQ(account_of_role(text), "") << text;
  }
}

}  // namespace
}  // namespace ciswatch
