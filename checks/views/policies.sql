-- What the checks on policies share, under the rules of views.sql. Policies are judged by core/policy.

-- Whom the policy of each key lets administer it (delete, disable, or change the policy) and decrypt
-- with it, by name. `is_account`: an account as a whole, which leaves it to IAM who may; services are
-- left out, since they administer no key. No row for a policy that was not read or names nobody; a row
-- without a name for one that means all but some.
create view aws_kms_key_holder as
with listed as (
  select distinct k.account_id, k.region, k.id, p.value as principal,
    iif(json_valid(p.value), p.value, json_quote(p.value)) as asking
  from aws_kms_key_policy k
  join json_each(policy_statements(k.policy)) s
  join json_each(s.value, '$.principals') p
  where s.value ->> 'allows'),
named as (
  select account_id, region, id, asking, asking ->> '$.Service' is not null as is_service,
    coalesce(asking ->> '$.AWS', principal) as who,
    coalesce(asking ->> '$.AWS' like 'arn:%:root' or (length(asking ->> '$.AWS') = 12
      and asking ->> '$.AWS' not glob '*[^0-9]*'), 0) as is_account
  from listed),
asked as (
  select n.*, a.administers, policy_allows(k.policy, json_object('principal', json(n.asking),
      'action', a.action, 'resource', l.arn, 'by_name', json('true'))) as may
  from named n
  join aws_kms_key_list l on l.account_id = n.account_id and l.region = n.region and l.id = n.id
  join aws_kms_key_policy k on k.account_id = n.account_id and k.region = n.region and k.id = n.id
  join (select 'kms:ScheduleKeyDeletion' as action, 1 as administers
    union all select 'kms:DisableKey', 1 union all select 'kms:PutKeyPolicy', 1
    union all select 'kms:Decrypt', 0) a
  where n.is_service = 0)
select account_id, region, id, who, is_account,
  any_ok(may) filter (where administers = 1) as administers,
  any_ok(may) filter (where administers = 0) as decrypts
from asked
group by account_id, region, id, who, is_account;
