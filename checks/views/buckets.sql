-- What the checks of log buckets share, under the rules of views.sql.

-- Who is let into a bucket, of those that are asked about it: log buckets, and those that get their
-- access logs.
--   by_policy  S3 takes its policy for public
--   by_acl     its ACL has a grant to everyone or to any AWS user; `no_acls`: Object Ownership
--              switches ACLs off
--   restricts, ignores   Public Access Block, of the bucket or of the account, hides the one, the other
--   is_public  either is in force
create view aws_s3_bucket_access as
-- Accounts beyond the slice that have a bucket of such a name.
with elsewhere as materialized (
  select account_id, name from org.aws_s3_bucket_list
  where name in (select name from aws_s3_bucket_head)
    and account_id not in (select account_id from aws_account)),
read_acl as (
  select account_id, name, grants, call_id from aws_s3_bucket_acl
  union all
  select account_id, name, grants, call_id from org.aws_s3_bucket_acl
  where (account_id, name) in (select account_id, name from elsewhere)),
read_ownership as (
  select account_id, name, rules, call_id from aws_s3_bucket_ownership_controls
  union all
  select account_id, name, rules, call_id from org.aws_s3_bucket_ownership_controls
  where (account_id, name) in (select account_id, name from elsewhere)),
policy as (
  select account_id, name, is_public, call_id from aws_s3_bucket_policy_status
  union all
  select account_id, name, is_public, call_id from org.aws_s3_bucket_policy_status
  where (account_id, name) in (select account_id, name from elsewhere)),
block as materialized (
  select account_id, name, restrict_public_buckets, ignore_public_acls, call_id
  from aws_s3_bucket_public_access_block
  union all
  select account_id, name, restrict_public_buckets, ignore_public_acls, call_id
  from org.aws_s3_bucket_public_access_block
  where (account_id, name) in (select account_id, name from elsewhere)),
settings as materialized (
  select account_id, restrict_public_buckets, ignore_public_acls, call_id
  from aws_s3_account_settings
  union all
  select account_id, restrict_public_buckets, ignore_public_acls, call_id
  from org.aws_s3_account_settings
  where account_id in (select account_id from elsewhere)),
acl as (
  select account_id, name, call_id, iif(json_type(grants) = 'array', (
      -- A grant counts by its group's URI. One without a URI names an account.
      select any_ok(case
        when json_type(grants, g.fullkey || '.Grantee.URI') = 'text' then
          case when uri like '%/AllUsers' or uri like '%/AuthenticatedUsers' then 1
            when uri like '%/LogDelivery' then 0 end
        when uri is null and type in ('CanonicalUser', 'AmazonCustomerByEmail') then 0 end)
      from (select fullkey, grants ->> (fullkey || '.Grantee.URI') as uri,
              grants ->> (fullkey || '.Grantee.Type') as type from json_each(grants)) g), null)
    as granted
  from (select account_id, name, call_id, case when json_valid(grants) then grants end as grants
        from read_acl)),
ownership as (
  select account_id, name, call_id, iif(json_type(rules) = 'array',
      (select any_ok(rules ->> (r.fullkey || '.ObjectOwnership') = 'BucketOwnerEnforced')
       from json_each(rules) r), null) as no_acls
  from (select account_id, name, call_id, case when json_valid(rules) then rules end as rules
        from read_ownership))
select *, (by_policy and not restricts) or (by_acl and not (ignores or no_acls)) as is_public
from (
  select p.account_id, p.name, p.is_public as by_policy, c.granted as by_acl, o.no_acls,
    k.restrict_public_buckets or a.restrict_public_buckets as restricts,
    k.ignore_public_acls or a.ignore_public_acls as ignores,
    k.restrict_public_buckets is not null as block_known,
    a.restrict_public_buckets is not null as account_known, p.call_id as policy_call,
    c.call_id as acl_call, o.call_id as ownership_call, k.call_id as block_call,
    a.call_id as account_call
  from policy p
  left join acl c on c.account_id = p.account_id and c.name = p.name
  left join ownership o on o.account_id = p.account_id and o.name = p.name
  left join block k on k.account_id = p.account_id and k.name = p.name
  left join settings a on a.account_id = p.account_id);

-- Where the access logs of each log bucket go. A target must be in the same account (S3's user
-- guide): one that is not listed is gone.
create view aws_s3_bucket_log_target as
select account_id, name, target_bucket, call_id,
  case
    when target_bucket = '' then null
    when (select count(*) from aws_s3_bucket_list o
          where o.account_id = l.account_id and o.name = l.target_bucket) > 0 then 1
    when exists (select 1 from aws_s3_bucket_list u
                 where u.account_id = l.account_id and u.name is null) then null
    when target_bucket <> '' then 0 end as target_exists
from aws_s3_bucket_logging l;

-- Each rule of the lifecycle of each log bucket, on the path of each trail that delivers there: whom it
-- `reaches` of CloudTrail's files, and what it says of their expiry. A filter with several conditions has
-- its prefix one level deeper, a rule of the older kind has no filter.
create view aws_cloudtrail_lifecycle_rule as
with lifecycle as (
  select account_id, name, call_id, case when json_valid(rules) then rules end as rules
  from aws_s3_bucket_lifecycle),
rule as (
  select l.account_id, l.name, r.fullkey as key,
    upper(l.rules ->> (r.fullkey || '.Status')) as status,
    coalesce(l.rules ->> (r.fullkey || '.ID'), 'without a name') as id,
    -- A trail whose bucket is not known may deliver here, on whatever path.
    iif(t.s3_bucket_name is null, null, iif(t.s3_key_prefix = '', '', t.s3_key_prefix || '/')
      || 'AWSLogs/') as path,
    case coalesce(json_type(l.rules, r.fullkey || '.Filter.Prefix'),
        json_type(l.rules, r.fullkey || '.Filter.And.Prefix'),
        json_type(l.rules, r.fullkey || '.Prefix'), '')
      when '' then ''
      when 'text' then coalesce(l.rules ->> (r.fullkey || '.Filter.Prefix'),
        l.rules ->> (r.fullkey || '.Filter.And.Prefix'), l.rules ->> (r.fullkey || '.Prefix')) end
      as prefix,
    coalesce(json_type(l.rules, r.fullkey || '.Filter.Tag'),
      json_type(l.rules, r.fullkey || '.Filter.And.Tags')) as tags,
    json_type(l.rules, r.fullkey || '.Expiration') as expiration,
    json_type(l.rules, r.fullkey || '.Expiration.Days') as days_type,
    json_type(l.rules, r.fullkey || '.Expiration.Date') as date_type,
    l.rules ->> (r.fullkey || '.Expiration.Days') as days,
    l.rules ->> (r.fullkey || '.Expiration.Date') as date
  from lifecycle l
  join aws_cloudtrail_trail_home t
    on t.account_id = l.account_id and (t.s3_bucket_name = l.name or t.s3_bucket_name is null)
  join json_each(l.rules) r),
-- Below AWSLogs/ comes the account, before it perhaps the organization, then the service.
aimed as (
  select *, case
      when substr(path, 1, length(prefix)) = prefix then ''
      when substr(prefix, 1, length(path)) = path then substr(prefix, length(path) + 1) end
      as below
  from rule)
select *, case
    when path is null or prefix is null then null
    when below is null then 0
    when below is not null then
      substr(service, 1, 10) = substr('CloudTrail', 1, length(service)) end as reaches
from (
  select *, iif(account like '%/%', substr(account, instr(account, '/') + 1), '') as service
  from (
    select *, iif(below glob 'o-*/*', substr(below, instr(below, '/') + 1), below) as account
    from aimed));
