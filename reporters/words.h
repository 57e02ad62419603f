#pragma once

// The fixed words of the reports for people, in both languages side by side. Templates are fmt's,
// with the same numbered arguments in both. What checks and accounts say stays as they said it.

#include <fmt/format.h>

#include <string>
#include <string_view>

#include "core/report/report.h"
#include "reporters/reporter.h"

namespace ciswatch {

struct Words {
  std::string_view en, ja;

  [[nodiscard]] std::string_view in(Language language) const {
    return language == Language::ja ? ja : en;
  }
  template <typename... Values>
  [[nodiscard]] std::string fill(Language language, const Values&... values) const {
    return fmt::format(fmt::runtime(in(language)), values...);
  }
};

namespace words {

inline constexpr Words kPass{"pass", "正常"};
inline constexpr Words kWarn{"warn", "注意"};
inline constexpr Words kCritical{"critical", "重要"};
inline constexpr Words kUnknown{"unknown", "不明"};
inline constexpr Words kNotApplicable{"not applicable", "対象外"};
inline constexpr Words kWaived{"waived", "除外"};

inline constexpr Words kPassMeans{"proven to be as it should be", "要件を満たすことを確認"};
inline constexpr Words kWarnMeans{"proven to be wrong, level warn", "要件違反を確認（注意）"};
inline constexpr Words kCriticalMeans{"proven to be wrong, level critical",
                                      "要件違反を確認（重要）"};
inline constexpr Words kUnknownMeans{"could not be read, so nothing is said; never counted as pass",
                                     "読み取れず判定不能。正常とは数えない"};
inline constexpr Words kNotApplicableMeans{"out of the requirement's scope", "要件の対象ではない"};
inline constexpr Words kWaivedMeans{"accepted by its owner until the day given",
                                    "期限まで責任者が許容したもの"};

inline constexpr Words kReportTitle{"AWS logging report", "AWS ログ設定レポート"};
inline constexpr Words kSkip{"Skip to the findings", "検出結果へ移動"};
inline constexpr Words kCollected{"Collected", "収集日時"};
inline constexpr Words kCollectedBy{"Collected by", "収集者"};
inline constexpr Words kSnapshot{"Snapshot", "スナップショット"};
inline constexpr Words kScope{"Scope", "範囲"};
inline constexpr Words kScopeIs{"accounts: {0}, regions in all: {1}",
                                "アカウント: {0}、延べリージョン: {1}"};
inline constexpr Words kTool{"Tool", "ツール"};
inline constexpr Words kNotKnown{"not known", "不明"};

inline constexpr Words kSummary{"Summary", "概要"};
inline constexpr Words kSummaryNote{"Requirements judged, counted once in every account.",
                                    "要件の判定数（アカウントごとに数える）。"};
inline constexpr Words kAccounts{"Accounts", "アカウント一覧"};
inline constexpr Words kAccount{"Account", "アカウント"};
inline constexpr Words kAcrossAccounts{"Requirements across the accounts",
                                       "要件ごとのアカウント数"};
inline constexpr Words kCoverage{"Coverage", "読み取り状況"};
inline constexpr Words kAnswered{"{0} of {1} reads were answered", "読み取り {1} 件の {0} に応答あり"};
inline constexpr Words kClosedReads{"not counted, in regions closed on purpose: {0}",
                                    "意図的に閉じたリージョンのため対象外: {0}"};
inline constexpr Words kCoverageNote{
    "A call that was not answered is never taken for an absent setting: what rests on it is "
    "unknown.",
    "応答のない呼び出しを「設定なし」とはみなさない。それに基づく判定は不明とする。"};
inline constexpr Words kOutcome{"Outcome", "結果"};
inline constexpr Words kCalls{"Calls", "呼び出し数"};

inline constexpr Words kFilter{"Show", "表示"};
inline constexpr Words kAll{"all", "すべて"};
inline constexpr Words kRequirements{"Requirements", "要件"};
inline constexpr Words kNumber{"No.", "番号"};
inline constexpr Words kRequirement{"Requirement", "要件"};
inline constexpr Words kLevel{"Level", "レベル"};
inline constexpr Words kVerdict{"Verdict", "判定"};
inline constexpr Words kFindings{"Findings", "検出数"};
inline constexpr Words kOtherChecks{"Checks outside the packs", "パック外のチェック"};

inline constexpr Words kUnread{"What could not be read", "読み取れなかったもの"};
inline constexpr Words kUnreadNote{
    "Findings of this account rest on these calls, which AWS did not answer.",
    "このアカウントの判定に必要だが応答が得られなかった API 呼び出し。"};
inline constexpr Words kCall{"API call", "API 呼び出し"};
inline constexpr Words kWhere{"Where", "場所"};
inline constexpr Words kAnswer{"Answer", "応答"};
inline constexpr Words kGrant{"IAM action to grant", "必要な IAM アクション"};
inline constexpr Words kMore{"… and {0} more (in the JSON report)",
                             "… 他 {0} 件（JSON レポートに記載）"};
inline constexpr Words kMoreAtLeast{"… and at least {0} more (in the JSON report)",
                                    "… 他 {0} 件以上（JSON レポートに記載）"};

inline constexpr Words kWhy{"Why it matters", "なぜ重要か"};
inline constexpr Words kHowToFix{"How to fix", "対処方法"};
inline constexpr Words kMoreFixes{"Commands and templates stand at the first {0} such findings, and in the JSON report at each",
                                  "コマンドとテンプレートは最初の {0} 件に記載（JSON レポートには全件）"};
inline constexpr Words kResource{"Resource", "リソース"};
inline constexpr Words kFound{"What was found", "確認内容"};
inline constexpr Words kEvidence{"Evidence", "証跡"};
inline constexpr Words kSources{"Read from", "情報源"};
inline constexpr Words kSourcesMany{"{0} API calls that were answered",
                                    "応答のあった API 呼び出し {0} 件"};
inline constexpr Words kFirstSeen{"first seen {0}", "初回検出 {0}"};
inline constexpr Words kNothing{"There is nothing to judge here.", "判定の対象がない。"};
inline constexpr Words kLeftOut{"left out: {0}", "対象から除外: {0}"};
inline constexpr Words kShownBefore{"The findings of {0} are shown further up.",
                                    "{0} の検出結果は上に記載。"};
inline constexpr Words kWaivedUntil{"waived until {0} by {1}: {2}",
                                    "除外（期限 {0}、責任者 {1}）: {2}"};
inline constexpr Words kWaivers{"Waivers", "除外の管理"};
inline constexpr Words kCountWaived{"{0} waived", "除外 {0}"};
inline constexpr Words kWaivedInAll{"Waived findings, which never trip the gate: {0}",
                                    "除外された検出（ゲートの対象外）: {0}"};
inline constexpr Words kBackToTop{"Back to the account's requirements", "要件一覧へ戻る"};
inline constexpr Words kLegend{"How to read the verdicts", "判定の見方"};
inline constexpr Words kLegendMeaning{"Meaning", "意味"};
inline constexpr Words kInData{"In JSON", "JSON での値"};

inline constexpr Words kSnapshotLine{"snapshot {0}, collected {1} by {2}",
                                     "スナップショット {0}（収集日時 {1}、収集者 {2}）"};
inline constexpr Words kMoreInReports{"… and {0} more (in the JSON or HTML report)",
                                      "… 他 {0} 件（JSON・HTML レポートに記載）"};
inline constexpr Words kRelated{"related: {0}", "関連: {0}"};
inline constexpr Words kFix{"fix: {0}", "対処: {0}"};
// With many accounts.
inline constexpr Words kWorstAccounts{"The {0} accounts with most that is wrong, worst first",
                                      "問題の多い {0} アカウント（多い順）"};
inline constexpr Words kAccountsNotInOrder{"Accounts that are not in order: {0} of {1}",
                                           "問題または不明のあるアカウント: {0} / {1}"};
inline constexpr Words kMoreAccounts{"… and {0} more accounts (in the JSON or HTML report)",
                                     "… 他 {0} アカウント（JSON・HTML レポートに記載）"};
inline constexpr Words kOpenFindings{"findings", "検出数"};
inline constexpr Words kTotal{"Total", "合計"};
inline constexpr Words kSeeMore{"Evidence, commands and templates: --report html=FILE",
                                "証跡・コマンド・テンプレート: --report html=FILE"};
inline constexpr Words kSeeAll{
    "Every account and finding: --report html=FILE, json=FILE or jsonl=FILE",
    "全アカウント・全検出結果: --report html=FILE、json=FILE、jsonl=FILE"};

}  // namespace words

inline const Words& words_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass:
      return words::kPass;
    case Verdict::warn:
      return words::kWarn;
    case Verdict::critical:
      return words::kCritical;
    case Verdict::not_applicable:
      return words::kNotApplicable;
    case Verdict::unknown:
      break;
  }
  return words::kUnknown;
}

}  // namespace ciswatch
