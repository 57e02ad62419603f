// Every text of a report × what attackers write: no format may break, and nothing may act.

#include <functional>
#include <pugixml.hpp>

#include "core/base/json.h"
#include "core/base/text.h"
#include "tests/reporters/rendering.h"
#include "tests/reporters/sample_report.h"

namespace ciswatch {
namespace {

using namespace std::string_literals;

const std::string kPayloads[] = {
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' onmouseover='alert(1)",
    "</title></style></textarea><svg/onload=alert(1)>",
    "</td></tr></table><h1>all pass</h1>",
    "<!-- ",
    "]]><evil/>",
    "<![CDATA[ x ]]>",
    "&lt;script&gt; &#x3c; &nbsp; &bogus;",
    "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]>&b;",
    "\",\"verdict\":\"pass\",\"x\":\"",
    "\\\",\\u0000 \\",
    "\x1b[2J\x1b[31mred\x1b[0m",
    "\x1b]0;title\x07\x1b]8;;http://example.invalid\x1b\\link",
    "\x9b[31m C1 \xC2\x9B[31m",
    "NUL \0 inside"s,
    "lone \x80 \xFF \xC3 \xE2\x82 \xF0\x9F bytes",
    "\xED\xA0\x80 surrogate, \xC0\xBC overlong",
    "\u202Egnp.exe\u202C \u2066x\u2069",
    "line\nbreak\r\nand\ttab\n",
    "\u2028\u2029\u0085\uFFFE\uFFFF",
    "=cmd|' /C calc'!A0",
    "javascript:alert(1)",
    "{0} %s %n ${jndi:ldap://x} {{7*7}}",
    std::string(3000, '<'),
    "",
};

// Every string of the report with its name. A visitor changes one of them.
using Visit = std::function<void(std::string_view, std::string&)>;

void visit_waiver(Finding& finding, const Visit& visit) {
  for (auto* text : {&finding.waived->owner, &finding.waived->reason, &finding.waived->ticket,
                     &finding.waived->expires}) {
    visit("waiver", *text);
  }
}

void visit_call(SourceCall& call, const Visit& visit) {
  for (auto* text : {&call.account_id, &call.region, &call.service, &call.operation, &call.target,
                     &call.outcome, &call.code, &call.message, &call.permission, &call.time}) {
    visit("call", *text);
  }
}

void visit_finding(Finding& finding, const Visit& visit) {
  visit("id", finding.id);
  visit("check", finding.check);
  visit("account_id", finding.account_id);
  visit("region", finding.region);
  visit("resource", finding.resource);
  visit("detail", finding.detail);
  visit("first_seen", finding.first_seen);
  for (auto& [name, value] : finding.evidence) {
    visit("evidence name", name);
    visit("evidence value", value);
  }
}

void visit_head(ReportHead& head, const Visit& visit) {
  visit("tool_version", head.tool_version);
  visit("snapshot_id", head.snapshot_id);
  visit("collected_at", head.collected_at);
  visit("collected_by", head.collected_by);
  for (auto* text : {&head.packs[0].id, &head.packs[0].title}) visit("pack", *text);
  auto& check = head.checks[0];
  for (auto* text : {&check.id, &check.title, &check.why}) visit("check text", *text);
  for (auto& [name, text] : check.remediation) {
    visit("remediation name", name);
    visit("remediation text", text);
  }
  for (auto& reference : check.requirements) {
    visit("requirement pack", reference.pack);
    visit("requirement number", reference.number);
  }
  for (auto& related : check.related) {
    visit("framework", related.framework);
    visit("number of a framework", related.numbers[0]);
  }
  auto& row = head.requirement_texts[0];
  for (auto* text : {&row.pack, &row.number, &row.title, &row.left_out, &row.checks[0]}) {
    visit("requirement text", *text);
  }
  visit("account summary", head.account_summaries[0].account_id);
  visit("outcome", head.outcomes[0].first);
}

void visit_all(sample::Parts& parts, const Visit& visit) {
  visit_head(parts.head, visit);
  visit_finding(parts.findings[0], visit);
  visit_waiver(parts.findings[1], visit);
  visit("detail", parts.findings[2].detail);
  visit_call(parts.findings[2].unanswered[0], visit);
  visit_call(parts.calls.begin()->second, visit);
}

// One finding that is wrong, one waived, one unknown, each with evidence and calls.
sample::Parts make_small_report() {
  auto parts = sample::parts();
  const Finding wrong = parts.findings[1];
  Finding waived = wrong;
  waived.waived = Waiver{"owner", "reason", "ticket", "2027-01-31"};
  Finding unread = wrong;
  unread.verdict = Verdict::unknown;
  unread.call_ids.clear();
  const auto call = sample::call(sample::kFirst, "s3", "GetBucketAcl", "t");
  unread.unanswered = {sample::denied(call, "no")};
  parts.findings = {wrong, waived, unread};
  parts.calls = {{wrong.call_ids.at(0), parts.calls.at(wrong.call_ids.at(0))}};
  auto& head = parts.head;
  head.checks = {head.checks[1]};
  head.requirement_texts = {head.requirement_texts[1]};
  head.account_summaries.resize(1);
  head.account_summaries[0].requirements = {head.account_summaries[0].requirements[1]};
  head.account_summaries[0].requirements[0].requirement = 0;
  return parts;
}

const sample::Parts& small_report() {
  static const sample::Parts parts = make_small_report();
  return parts;
}

std::vector<std::string> names_of_texts() {
  std::vector<std::string> names;
  auto parts = small_report();
  visit_all(parts, [&](std::string_view name, std::string&) { names.emplace_back(name); });
  return names;
}

// The report with its n-th text replaced.
Report with(std::size_t n, const std::string& text) {
  auto parts = small_report();
  std::size_t at = 0;
  visit_all(parts, [&](std::string_view, std::string& field) {
    if (at++ == n) field = text;
  });
  return parts.made();
}

// Neither terminals nor browsers nor XML readers get what steers them.
void expect_tame(std::string_view text) {
  std::string flat(text);
  std::erase(flat, '\n');
  EXPECT_EQ(printable(flat), flat) << "control characters or direction overrides";
}

std::string xml_skeleton(const std::string& text) {
  pugi::xml_document xml;
  const auto parsed =
      xml.load_buffer(text.data(), text.size(), pugi::parse_default | pugi::parse_doctype);
  EXPECT_TRUE(parsed) << parsed.description();
  std::string names;
  const std::function<void(const pugi::xml_node&)> walk = [&](const pugi::xml_node& node) {
    names += std::string("<") + node.name();
    for (const auto& attribute : node.attributes()) names += std::string(" ") + attribute.name();
    for (const auto& child : node.children()) walk(child);
  };
  walk(xml);
  return names;
}

// How many members each object has, through the whole document.
std::string json_skeleton(const JsonValue& value) {
  std::string names;
  if (value.IsArray()) {
    for (const auto& item : value.GetArray()) names += "[" + json_skeleton(item);
  } else if (value.IsObject()) {
    for (const auto& member : value.GetObject()) names += "{" + json_skeleton(member.value);
  }
  return names;
}

// The same of each line.
std::string lines_skeleton(const std::string& lines) {
  std::string names;
  for (const auto& line : split(lines, '\n')) {
    names += line.empty() ? "end" : json_skeleton(parse_json(line)) + "\n";
  }
  return names;
}

struct Rendered {
  explicit Rendered(const Report& report)
      : text(render("text", report)),
        html(render("html", report)),
        xml(render("junit", report)),
        json(render("json", report)),
        lines(render("jsonl", report)) {
    const auto style = html.find("<style>");
    html.erase(style + 7, html.find("</style>") - style - 7);  // ours, and most of a small page
  }
  std::string text, html, xml, json, lines;
};

TEST(Hostile, NoTextChangesTheShapeOfAReportOrSteersItsReader) {
  const auto names = names_of_texts();
  ASSERT_GE(names.size(), 60u);
  for (std::size_t n = 0; n < names.size(); ++n) {
    const Rendered tame(with(n, "tame"));
    const std::string html = skeleton(tame.html);
    const std::string xml = xml_skeleton(tame.xml);
    const std::string json = json_skeleton(parse_json(tame.json));
    const std::string lines = lines_skeleton(tame.lines);
    for (const auto& payload : kPayloads) {
      SCOPED_TRACE(names[n] + " = " + printable(payload).substr(0, 60));
      const Rendered hostile(with(n, payload));
      for (const auto* bytes :
           {&hostile.text, &hostile.html, &hostile.xml, &hostile.json, &hostile.lines}) {
        expect_tame(*bytes);
      }
      EXPECT_NO_THROW(parse_json(hostile.json));
      EXPECT_EQ(lines_skeleton(hostile.lines), lines);
      if (payload.empty()) continue;  // leaves parts out: another shape by right
      EXPECT_EQ(skeleton(hostile.html), html);
      EXPECT_EQ(xml_skeleton(hostile.xml), xml);
      EXPECT_EQ(json_skeleton(parse_json(hostile.json)), json);
    }
  }
}

TEST(Hostile, EvidenceKeepsItsTextThroughJson) {
  for (const auto& payload : kPayloads) {
    auto parts = small_report();
    parts.findings[0].evidence = {{"name", json_quote(payload)}};
    const Report report = parts.made();
    const Json json = parse_json(render("json", report));
    EXPECT_EQ(text_or_empty(json["findings"][0]["evidence"], "name"), valid_utf8(payload));
    const std::string lines = render("jsonl", report);
    const Json line = parse_json(lines.substr(0, lines.find('\n')));
    EXPECT_EQ(text_or_empty(line["evidence"], "name"), valid_utf8(payload));
    expect_tame(render("html", report));
    expect_tame(render("junit", report));
  }
}

// A line on the terminal is what we made a line, not what an account put there.
TEST(Hostile, NoAccountTextAddsLinesToTheTerminal) {
  const auto lines = [](const sample::Parts& parts) {
    return occurrences(render("text", parts.made()), "\n");
  };
  for (std::size_t i = 0; i < small_report().findings.size(); ++i) {
    auto hostile = small_report();
    auto& finding = hostile.findings[i];
    finding.resource = finding.detail = finding.region = "a\nb\r\n\n\nfix: nothing";
    EXPECT_EQ(lines(hostile), lines(small_report())) << i;
  }
}

}  // namespace
}  // namespace ciswatch
