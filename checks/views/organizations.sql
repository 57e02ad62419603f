-- Where an organization keeps its logs, under the rules of views.sql.

-- Each bucket that trails deliver to, as aws_cloudtrail_trail_bucket, beside the organization of the
-- account that sees it. `from_here`: a trail of the account itself delivers there, not only one that
-- another account owns. `in_management`: the bucket is the management account's own.
create view aws_cloudtrail_bucket_place as
with sender as materialized (
  select account_id, nullif(s3_bucket_name, '') as name, any_ok(owner_id = account_id) as from_here
  from aws_cloudtrail_trail_home
  group by account_id, nullif(s3_bucket_name, ''))
select account_id, region, name, own, bucket_owner, bucket_exists, trails, problem, from_here,
  in_organization, master_account_id, trail_call_id, list_call_id, head_call_id,
  organization_call_id,
  case
    when name is null then null
    when bucket_owner is not null then bucket_owner = master_account_id
    when master_account_id = account_id then own
    when (select 1 from org.aws_s3_bucket_list l
          where l.account_id = p.master_account_id and l.name = p.name) then 1
    -- The management account listed its buckets, and this one is not among them.
    when (select 1 from org.api_call l
          where l.account_id = p.master_account_id and l.service = 's3'
            and l.operation = 'ListBuckets' and l.outcome = 'ok') then 0 end as in_management
from (
  -- A trail of the account's own whose bucket is not told may deliver to any.
  select b.*, iif(s.from_here is not 1 and (b.account_id, 1) in (
      select account_id, from_here is not 0 from sender where name is null), null, s.from_here)
      as from_here, o.in_organization, nullif(o.master_account_id, '') as master_account_id,
    o.call_id as organization_call_id
  from aws_cloudtrail_trail_bucket b
  join sender s on s.account_id = b.account_id and s.name is b.name
  left join aws_organizations_organization o on o.account_id = b.account_id) p;

-- For parts of bundles, which see all accounts at once: where each account's organization would have its
-- trail, if it has none. `found_account` keeps the logs: it has a bucket that others' trails deliver to,
-- or the organization has one account that is named for it.
create view organization_trail_place as
with member as materialized (
  select account_id, id, nullif(master_account_id, '') as management,
    '[' || replace(json_quote(arn), ':', '","') || ']' ->> 1 as part
  from aws_organizations_organization
  where in_organization and account_id not in (
    select account_id from aws_cloudtrail_trail where is_organization_trail = 1)),
keeper as (
  select m.management, l.account_id as log_account, count(*) as trails
  from member m
  join aws_cloudtrail_trail t on t.account_id = m.account_id
  join aws_s3_bucket_list l on l.name = t.s3_bucket_name
  where l.account_id not in (m.account_id, m.management)
  group by m.management, l.account_id),
named as (
  select account_id as management, iif(count(*) = 1, group_concat(id), null) as log_account
  from aws_organizations_account
  where lower(replace(replace(name, '-', ''), ' ', '')) = 'logarchive' and id <> account_id
  group by account_id)
select m.*, coalesce(a.region, case m.part when 'aws' then 'us-east-1' when 'aws-cn' then 'cn-northwest-1'
    when 'aws-us-gov' then 'us-gov-west-1' end) as region,
  coalesce((select k.log_account from keeper k where k.management = m.management
    order by k.trails desc, k.log_account limit 1), n.log_account) as found_account
from member m
left join aws_account a on a.account_id = m.management
left join named n on n.management = m.management;
