#include "cli/connection.h"

#include "core/aws/caller.h"

namespace ciswatch {
namespace {

Login log_in_with(const LiveFlags& flags, Writes writes) {
  ClientOptions options;
  options.max_in_flight = flags.max_in_flight;
  options.max_rate = flags.max_rate;
  options.may_write = writes == Writes::yes;
  const auto region = flags.regions.empty() ? "" : flags.regions.front();
  return log_in({flags.profile, region, flags.endpoint_url}, process_environment, std::move(options));
}

}  // namespace

Connection::Connection(const LiveFlags& flags, Writes writes) : login_(log_in_with(flags, writes)) {
  client_.emplace(login_.credentials, login_.options,
                  of_same_account(login_.renew, own_, {login_.region, login_.options}));
  const auto caller = caller_in(
      call_once(*client_, caller_identity_call(partition_of(login_.region).first_region)));
  caller_ = caller.arn;
  auto chosen = choose_accounts(flags.accounts, {*client_, login_.region, {}}, own_);
  own_.tell(caller.account_id);
  for (const auto& account : chosen.accounts) {
    if (account.role) roles_.emplace(account.id, account.role->arn);
  }
  source_.emplace(*client_, login_.region, own_, std::move(chosen.accounts));
}

}  // namespace ciswatch
