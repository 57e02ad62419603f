#include "core/aws/caller.h"

#include <fmt/format.h>

#include <utility>

#include "core/aws/client.h"
#include "core/base/error.h"
#include "core/base/text.h"

namespace ciswatch {
namespace {

[[noreturn]] void cannot_identify(const ApiError& error) {
  if (error.status == 0) {
    throw Error(fmt::format(
        "cannot reach AWS to ask who is calling (sts GetCallerIdentity): {}: {}; check the network, "
        "--endpoint-url and HTTPS_PROXY",
        error.code, printable(error.message)));
  }
  throw Error(fmt::format(
      "AWS does not accept the credentials (sts GetCallerIdentity): {}: {}; check --profile and that "
      "the session has not expired (aws sts get-caller-identity)",
      error.code, printable(error.message)));
}

}  // namespace

ApiCall caller_identity_call(std::string_view region) {
  ApiCall call;
  call.region = region;
  call.service = "sts";
  call.operation = "GetCallerIdentity";
  return call;
}

Caller caller_in(const ApiAnswer& answer) {
  if (answer.end == CallEnd::error) cannot_identify(answer.error);
  if (answer.end == CallEnd::not_tried) throw Error(printable(answer.error.message));
  const JsonValue& told = answer.pages.front().response;
  Caller caller{std::string(text_or_empty(told, "Account")),
                std::string(text_or_empty(told, "Arn"))};
  if (caller.account_id.empty()) {
    throw Error("AWS answered sts GetCallerIdentity without naming the account");
  }
  return caller;
}

Renewal of_same_account(Renewal renew, const OwnAccount& own, Sts sts) {
  if (!renew) return {};
  return [renew = std::move(renew), &own, sts = std::move(sts)] {
    Credentials credentials = renew();
    const std::string account_id = own.id();
    if (account_id.empty()) return credentials;
    Client client(credentials, sts.options);
    const Caller caller = caller_in(call_once(client, caller_identity_call(sts.region)));
    if (caller.account_id == account_id) return credentials;
    throw Error(fmt::format("the new credentials are of account {}, not of {}",
                            printable(caller.account_id), account_id));
  };
}

}  // namespace ciswatch
