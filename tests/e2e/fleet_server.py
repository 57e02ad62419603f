"""Accounts with nothing in them, of one organization, on a loopback server: a role's key tells its account."""

import json

import identity_server
import loopback

OWN, FIRST, SECOND = "111111111111", "222222222222", "333333333333"
DENIED = "User: caller is not authorized to perform: sts:AssumeRole"


def account_of(request):
    """ASIA and the account, of a role's key; the caller's own key is of OWN."""
    return request.key_id[4:16] if request.key_id.startswith("ASIA") else OWN


def role_account(request):
    return request.form["RoleArn"].split(":")[4]


def fleet(answers=None, *rules):
    def identity(request):
        return loopback.caller_identity(account_of(request))

    def assume(request):
        return identity_server.assumed("AssumeRole", f"ASIA{role_account(request)}")

    listed = json.dumps({"Accounts": [{"Id": id, "Name": f"name-{id[0]}", "Status": "ACTIVE"}
                                      for id in (OWN, FIRST, SECOND)]})
    return loopback.faulty(loopback.scripted(
        {"GetCallerIdentity": identity, "AssumeRole": assume, "ListAccounts": listed,
         **(answers or {})}), *rules)


def closed(*ids):
    """A rule: the roles of these accounts are not given."""
    def rule(request, _):
        if request.operation == "AssumeRole" and role_account(request) in ids:
            return loopback.error(request, "AccessDenied", DENIED, 403)
        return None
    return rule
