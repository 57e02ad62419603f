#include "core/collect/organization.h"

#include <fmt/format.h>

#include <set>

#include "core/base/account_id.h"
#include "core/base/error.h"
#include "core/base/stop.h"
#include "core/base/text.h"

namespace ciswatch {
namespace {

std::string first_text(const JsonValue& object, std::string_view member, std::string_view otherwise) {
  const auto text = text_or_empty(object, member);
  return std::string(text.empty() ? text_or_empty(object, otherwise) : text);
}

[[noreturn]] void cannot_list(const ApiCall& call, const ApiError& error) {
  throw Error(fmt::format(
      "cannot list the accounts of the organization (organizations {}): {}{}{}; it tells them to the "
      "management account and to delegated administrators that may ask for it (ciswatch permissions "
      "--role ROLE --organization)",
      call.operation, printable(error.code), error.code.empty() ? "" : ": ",
      printable(error.message)));
}

class Listing {
 public:
  Listing(Client& client, const OrganizationRequest& request) : client_(client), request_(request) {}

  std::vector<MemberAccount> list() {
    if (request_.units.empty()) {
      ask("ListAccounts", {}, "/Accounts", [this](const JsonValue& item) { add(item); });
    }
    for (const auto& unit : request_.units) enter(unit);
    run();
    if (request_.with_tags) ask_tags();
    std::vector<MemberAccount> all;
    for (auto& entry : accounts_) all.push_back(std::move(entry.second));
    return all;
  }

 private:
  using Take = std::function<void(const JsonValue& item)>;

  void ask(std::string_view operation, const std::pair<std::string, std::string>& param,
           std::string_view list, Take take) {
    ApiCall call;
    call.region = request_.region;
    call.service = "organizations";
    call.operation = operation;
    if (!param.first.empty()) call.params.push_back(param);
    client_.send(call, [call, list, take = std::move(take)](ApiAnswer answer) {
      if (answer.end != CallEnd::answered) cannot_list(call, answer.error);
      for (const auto& page : answer.pages) {
        const JsonValue* items = find(page.response, list);
        if (items == nullptr || !items->IsArray()) {
          cannot_list(call, {"MalformedResponse", "the answer has no list", 0});
        }
        for (const auto& item : items->GetArray()) take(item);
      }
    });
  }

  // A unit that is met again is not gone into again: no answer makes the calls endless.
  void enter(const std::string& unit) {
    if (!units_.insert(unit).second) return;
    const std::pair<std::string, std::string> of{"ParentId", unit};
    ask("ListAccountsForParent", of, "/Accounts", [this](const JsonValue& item) { add(item); });
    ask("ListOrganizationalUnitsForParent", of, "/OrganizationalUnits",
        [this](const JsonValue& item) { enter(std::string(text_or_empty(item, "Id"))); });
  }

  void add(const JsonValue& item) {
    MemberAccount account;
    account.id = text_or_empty(item, "Id");
    if (!is_account_id(account.id)) throw Error("AWS Organizations lists an account without an id");
    account.name = text_or_empty(item, "Name");
    // The API retires Status for State, which has the same words.
    account.state = first_text(item, "State", "Status");
    if (request_.is_wanted && !request_.is_wanted(account.id)) return;
    accounts_.insert_or_assign(account.id, std::move(account));
  }

  void ask_tags() {
    for (auto& [id, account] : accounts_) {
      if (!account.is_active()) continue;
      ask("ListTagsForResource", {"ResourceId", id}, "/Tags", [&tags = account.tags](const auto& tag) {
        tags.insert_or_assign(std::string(text_or_empty(tag, "Key")),
                              std::string(text_or_empty(tag, "Value")));
      });
    }
    run();
  }

  void run() {
    client_.run([this] {
      if (stop_signal() != 0) client_.cancel("stopped by a signal");
    });
  }

  Client& client_;
  const OrganizationRequest& request_;
  std::map<std::string, MemberAccount> accounts_;
  std::set<std::string> units_;
};

}  // namespace

std::vector<MemberAccount> list_organization(Client& client, const OrganizationRequest& request) {
  return Listing(client, request).list();
}

}  // namespace ciswatch
