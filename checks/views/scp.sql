-- Which service control policies (SCPs) bind an account, under the rules of views.sql.

-- Each account with the SCPs that are attached to it, to a unit above it or to the root, as one JSON
-- list in which a policy that was not read, or that may be attached, is null. They are told by the
-- management account (`management_id`), which must be in the snapshot.
--   exempt   it is in no organization
--   unbound  why no SCP binds it: it is the management account, or the organization has none
create view aws_organizations_account_scp as
with recursive
member as materialized (
  select a.account_id, a.region, o.in_organization, nullif(o.master_account_id, '') as management_id,
    upper(o.feature_set) as feature_set, o.call_id as organization_call_id,
    '[' || replace(json_quote(a.arn), ':', '","') || ']' ->> 1 as partition
  from aws_account a
  left join aws_organizations_organization o on o.account_id = a.account_id),
-- What each unit and each account stands below.
parent as materialized (
  select account_id as management_id, id, parent_id from org.aws_organizations_organizational_unit
  where account_id in (select management_id from member)
  union all
  select account_id, id, parent_id from org.aws_organizations_account
  where account_id in (select management_id from member)),
-- Whether the kind of policy is switched on.
root as materialized (
  select account_id as management_id, id, iif(json_type(policy_types) = 'array',
      (select any_ok(
          iif(json_type(policy_types, t.fullkey || '.Type') = 'text',
            policy_types ->> (t.fullkey || '.Type') = 'SERVICE_CONTROL_POLICY', null)
          and case policy_types ->> (t.fullkey || '.Status') when 'ENABLED' then 1
            when 'PENDING_ENABLE' then 0 when 'PENDING_DISABLE' then 0 end)
       from json_each(policy_types) t), null) as has_scps
  from (select account_id, id, case when json_valid(policy_types) then policy_types end
          as policy_types
        from org.aws_organizations_root
        where account_id in (select management_id from member))),
-- The account and what is above it. A loop ends, since each node comes once.
above (account_id, management_id, node) as (
  select account_id, management_id, account_id from member
  union
  select a.account_id, a.management_id, p.parent_id from above a
  join parent p on p.management_id = a.management_id and p.id = a.node),
content as materialized (
  select account_id as management_id, id, content
  from org.aws_organizations_policy_content
  where account_id in (select management_id from member)),
target as materialized (
  select t.account_id as management_id, t.policy_id, t.target_id, c.content
  from (select * from org.aws_organizations_policy_target
        where account_id in (select management_id from member)) t
  left join content c on c.management_id = t.account_id and c.id = t.policy_id),
found as (
  select a.account_id, t.content
  from above a
  join target t on t.management_id = a.management_id and t.target_id = a.node
  union all
  -- One whose targets were not read may be attached; and there may be others.
  select m.account_id, null from member m
  join target t on t.management_id = m.management_id and t.target_id is null
  union all
  select m.account_id, null from member m
  where m.management_id in (select account_id from org.aws_organizations_policy where id is null)
  union all
  -- A way to the root that was not read.
  select m.account_id, null from member m
  where m.account_id not in (
    select a.account_id from above a
    join root r on r.management_id = a.management_id and r.id = a.node
    where r.has_scps is not null)),
listed as materialized (
  select account_id, json_group_array(content) as policies from found group by account_id),
told as (
  select m.*, l.policies, case
      when m.management_id = m.account_id then 'SCPs do not bind the management account'
      when m.feature_set = 'CONSOLIDATED_BILLING'
        then 'the organization shares bills alone and has no SCPs'
      when 0 in (select r.has_scps from root r where r.management_id = m.management_id)
        then 'SCPs are not switched on in the organization' end as unbound
  from member m
  left join listed l on l.account_id = m.account_id)
select account_id, region, partition, management_id, organization_call_id,
  in_organization = 0 as exempt, unbound,
  -- Attached SCPs deny nothing while their kind is off, as it may be where that was not read.
  iif(unbound is not null, '[]', iif(
      management_id in (select management_id from root where has_scps), coalesce(policies, '[]'),
      '[null]')) as policies,
  case
    when in_organization = 0 then 'the account is in no organization'
    when in_organization is null then 'whether the account is in an organization could not be read'
    when management_id is null then 'which account manages the organization could not be read'
    when unbound is not null then unbound
    when management_id not in (select account_id from org.aws_account)
      then format('the SCPs are told by the management account %s, which is not in the snapshot',
        management_id)
    when policy_error(policies) <> '' then format('an SCP is malformed: %s', policy_error(policies))
    end as problem
from told;
