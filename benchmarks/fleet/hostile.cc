#include "benchmarks/fleet/hostile.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/aws/retry.h"

namespace ciswatch::fleet {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kEnemies[] = {
    R"~('"`<script>alert(1)</script><img src=x onerror=alert(2)>)~",
    R"~(</td></table><a href="javascript:alert(3)">&lt;&amp;&#60;)~",
    R"~(]]></failure><testcase name="forged"/><![CDATA[)~",
    R"~(<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>&e;)~",
    R"~('); drop table api_call; --)~", R"~("],["x"]:{}\u0000\")~", "\0cut\0off"sv,
    "\x1b[2J\x1b]0;title\x07\x1b[31mred\b\b\b\r\n\tnext: line\v\f\x7f",
    "\u202e\u2066drowssap\u2069\u202c\u200b\u200e\ufeff", "\u0085\u2028\u2029\u00a0 \u3000",
    "e\u0301\u0323\u0344 \U0001f469\u200d\U0001f4bb \U0010ffff \ufffe\uffff \ufffd",
    "%s%n%1$s{}{0}{:>{}}${HOME}$(id)`id`%00", "=cmd|'/c calc'!A1,\"a\"\"b\";c\td",
    "::error file=x::forged ##vso[task.complete] ```\n# heading | a | b |",
    "../../../../etc/passwd\\..\\nul:con", "-0 1e999 NaN null true 9223372036854775808",
    // The rest is not UTF-8: two halves of a pair, each encoded by itself, and bytes that never
    // are.
    "\xed\xa0\x80\xed\xb0\x80", "\xff\xfe\xc0\x80\xf8\x88\x80\x80\x80\xe2\x82"};
// A snapshot whose accounts' ids hold what nobody can print is refused as a whole.
constexpr std::size_t kPrintableEnemies = 6;

// Members that hold one of few words. They are spared mostly, or nothing would be judged.
constexpr std::string_view kWords[] = {"BucketRegion",
                                       "DeliverLogsStatus",
                                       "Field",
                                       "FlowLogStatus",
                                       "KeyManager",
                                       "KeySpec",
                                       "KeyState",
                                       "KeyUsage",
                                       "MultiRegionKeyType",
                                       "ObjectOwnership",
                                       "OptInStatus",
                                       "Origin",
                                       "Permission",
                                       "ReadWriteType",
                                       "State",
                                       "TrafficType",
                                       "Type",
                                       "lastStatus",
                                       "recordingFrequency",
                                       "recordingScope",
                                       "useOnly",
                                       "LatestDeliveryTime",
                                       "CreationTime",
                                       "CreationDate",
                                       "Equals",
                                       "ComparisonOperator",
                                       "DateEnabled",
                                       "FeatureSet",
                                       "ObjectLockEnabled",
                                       "Protocol",
                                       "ResourceType",
                                       "Statistic",
                                       "Status",
                                       "SubscribedAt",
                                       "SubscriptionArn",
                                       "SubscriptionsConfirmed",
                                       "TreatMissingData",
                                       "filterPattern",
                                       "metricValue",
                                       "URI"};

bool is_word(std::string_view name) {
  return std::find(std::begin(kWords), std::end(kWords), name) != std::end(kWords);
}

JsonValue nested(int depth, Json& document) {
  JsonValue value("deep");
  for (int i = 0; i < depth; ++i) {
    JsonValue outer(rapidjson::kArrayType);
    outer.PushBack(value, document.GetAllocator());
    value = std::move(outer);
  }
  return value;
}

// A member that no API has, at the end of an object.
void add_stranger(JsonValue& object, const Dice& dice, Json& document) {
  const auto enemy = kEnemies[dice.at("name").below(std::size(kEnemies))];
  JsonValue value;
  switch (dice.at("kind").below(6)) {
    case 0:
      value = nested(150, document);
      break;
    case 1:
      value = JsonValue(1.7976931348623157e308);
      break;
    case 2:
      value = JsonValue(std::uint64_t{18'446'744'073'709'551'615U});
      break;
    case 3:
      value = json_text(std::string(100'000, 'x'), document);
      break;
    default:
      value = json_text(enemy, document);
      break;
  }
  object.AddMember(json_text(enemy, document), value, document.GetAllocator());
}

}  // namespace

std::vector<std::string> HostileSource::accounts() const { return {spoiled(inner_.account().id)}; }

std::vector<std::string> HostileSource::known_regions(const std::string&) const {
  return {spoiled(inner_.account().home)};
}

std::string HostileSource::spoiled(std::string_view text) const {
  const bool is_id = text == inner_.account().id;
  // Every other account keeps its id, and with it what hangs on who owns what.
  if (text.empty() || (is_id && inner_.account().index % 2 == 0)) return std::string(text);
  const Dice dice = dice_.at(text);
  const auto enemy = kEnemies[dice.below(is_id ? kPrintableEnemies : std::size(kEnemies))];
  std::string made;
  switch (is_id ? 7 : dice.at("how").below(8)) {
    case 0:
      made = fmt::format("{}{}", enemy, text);
      break;  // an ARN is then none
    case 1:
      made = fmt::format("{}{}", text, std::string(3'000, 'x'));
      break;
    case 2:
      made = fmt::format("{}{}{}", text, enemy, enemy);
      break;
    default:
      made = fmt::format("{}{}", text, enemy);
      break;
  }
  plain_.emplace(made, text);
  return made;
}

const std::string& HostileSource::plain(const std::string& text) const {
  const auto found = plain_.find(text);
  return found == plain_.end() ? text : found->second;
}

void HostileSource::send(ApiCall call, Done done) {
  ApiCall asked = call;
  asked.account_id = plain(call.account_id);
  asked.region = plain(call.region);
  for (auto& [name, value] : asked.params) value = plain(value);
  inner_.send(std::move(asked),
              [this, call = std::move(call), done = std::move(done)](ApiAnswer answer) {
                spoil(call, answer);
                done(std::move(answer));
              });
}

void HostileSource::spoil(const ApiCall& call, ApiAnswer& answer) const {
  Dice dice = dice_.at(call.operation, call.region);
  if (!call.params.empty()) dice = dice.at(call.params.front().second);
  if (!answer.region.empty() && answer.region != call.region)
    answer.region = spoiled(answer.region);
  if (answer.region == plain(call.region)) answer.region = call.region;
  for (auto& page : answer.pages) {
    spoil(page.response, "", dice, page.response);
    if (!dice.at("surrogate").thousandth(15)) continue;
    try {  // as the client reads it: JSON can name half of a pair, which is no character
      page.response = parse_json(to_text(page.response).insert(1, R"("half":"\ud800",)"));
    } catch (const JsonError& error) {
      answer.end = CallEnd::error;
      answer.error = {std::string(error_code::kMalformed), error.what(), 200};
      answer.pages.clear();
      break;
    }
  }
  if (answer.end != CallEnd::answered) {
    if (dice.at("code").thousandth(50)) answer.error.code = spoiled(answer.error.code);
    answer.error.message = spoiled(answer.error.message);
  }
}

void HostileSource::spoil(JsonValue& value, std::string_view name, const Dice& dice,
                          Json& document) const {
  if (value.IsString()) {
    const std::string_view text(value.GetString(), value.GetStringLength());
    if (is_word(name) && !dice.thousandth(30)) return;
    value = json_text(spoiled(text), document);
  } else if (value.IsArray()) {
    std::uint64_t place = 0;
    for (auto& item : value.GetArray()) spoil(item, name, dice.at(place++), document);
  } else if (value.IsObject()) {
    for (auto& member : value.GetObject()) {
      const std::string_view own(member.name.GetString(), member.name.GetStringLength());
      const Dice there = dice.at(own);
      spoil(member.value, own, there, document);
      if (there.at("type").thousandth(2)) member.value = JsonValue(-1);
    }
    if (dice.at("stranger").thousandth(20)) add_stranger(value, dice.at("stranger"), document);
  }
}

}  // namespace ciswatch::fleet
