-- Would the logs arrive? The links from a trail to its bucket, its key and its log group, judged by
-- the policies that are in force, under the rules of views.sql. Policies are judged by core/policy.

-- Each bucket that trails deliver to, with the policy that its owner has for it. `unread` says why there
-- is none to judge.
create view aws_cloudtrail_trail_bucket_policy as
with owned as materialized (select * from aws_cloudtrail_trail_bucket),
asked as materialized (
  select account_id, region, name, policy, call_id from org.aws_s3_bucket_policy
  where (account_id, name) in (select bucket_owner, name from owned)),
read as materialized (
  select *,
    -- One answer is enough where it was asked for in several regions.
    (select p.policy from asked p where p.account_id = o.bucket_owner and p.name = o.name
     order by p.policy is null, p.region limit 1) as policy,
    (select p.call_id from asked p where p.account_id = o.bucket_owner and p.name = o.name
     order by p.policy is null, p.region limit 1) as policy_call_id
  from owned o)
select *,
  case
    when name is null then 'which bucket the trails deliver to could not be read'
    when bucket_exists = 0 then format('bucket %s does not exist', name)
    when bucket_owner is null and own = 0 then format('bucket %s is of an account that is not in '
      || 'the snapshot: check it there', name)
    when bucket_owner is null then format('bucket %s: whose it is could not be told', name)
    when policy is null then format('the policy of bucket %s, owned by account %s, was not read',
      name, bucket_owner)
    when policy_error(policy) <> '' then format('the policy of bucket %s, owned by account %s, is '
      || 'malformed at %s', name, bucket_owner, policy_error(policy)) end as unread
from read;

-- Each trail once, with who asks when it delivers: `source` and `context` have the condition keys of
-- CloudTrail's requests that are known, without and with those of S3 (its user guide, "Amazon S3 bucket
-- policy for CloudTrail"; IAM's, "Global condition context keys": a service's own request is of no
-- organization and comes through no VPC). `stranger` is what CloudTrail sends for a trail of somebody
-- else, who only has to name the bucket or the key.
--   is_foreign   another account owns it, where it is judged: an organization trail seen from a member
--   logs_arn     what it writes is below that, by the owner's id, and for an organization trail also by
--                the organization's
create view aws_cloudtrail_trail_sender as
select account_id, region, arn, name, owner_id, is_foreign, is_organization_trail, organization_id,
  s3_bucket_name, partition, trail_call_id, organization_call_id, source,
  '{"Service":"cloudtrail.amazonaws.com"}' as cloudtrail,
  json_set(source, '$.s3:x-amz-acl', 'bucket-owner-full-control') as context,
  json_set(source, '$.aws:SourceArn', format('arn:%s:cloudtrail:%s:000000000000:trail/another',
    partition, region), '$.aws:SourceAccount', '000000000000', '$.aws:SourceOrgID', 'o-0000000000',
    '$.s3:x-amz-acl', 'bucket-owner-full-control', '$.kms:EncryptionContext:aws:cloudtrail:arn',
    format('arn:%s:cloudtrail:%s:000000000000:trail/another', partition, region)) as stranger,
  'arn:' || partition || ':s3:::' || s3_bucket_name as bucket_arn,
  'arn:' || partition || ':s3:::' || s3_bucket_name || '/'
    || iif(s3_key_prefix = '', '', s3_key_prefix || '/') || 'AWSLogs/' as logs_arn
from (
  select *,
    iif(in_organization = 0, json_set(base, '$.aws:SourceOrgID', null),
      iif(organization_id is null, base, json_set(base, '$.aws:SourceOrgID', organization_id)))
      as source
  from (
    select t.account_id, t.region, t.arn, coalesce(t.name, t.arn) as name, t.owner_id,
      length(t.owner_id) = 12 and t.owner_id not glob '*[^0-9]*' and t.owner_id <> t.account_id
        as is_foreign, t.is_organization_trail, nullif(t.s3_bucket_name, '') as s3_bucket_name,
      t.s3_key_prefix, t.call_id as trail_call_id, o.in_organization,
      nullif(o.id, '') as organization_id, o.call_id as organization_call_id,
      '[' || replace(json_quote(t.arn), ':', '","') || ']' ->> 1 as partition,
      json_object('aws:SourceArn', t.arn, 'aws:SourceAccount', t.owner_id, 'aws:SecureTransport',
        'true', 'aws:PrincipalIsAWSService', 'true', 'aws:PrincipalServiceName',
        'cloudtrail.amazonaws.com', 'aws:PrincipalOrgID', null, 'aws:SourceVpc', null,
        'aws:SourceVpce', null) as base
    from aws_cloudtrail_trail_home t
    left join aws_organizations_organization o on o.account_id = t.account_id));

-- What the bucket's policy must let CloudTrail do for each trail, by `link`, in the order of `place`:
--   acl            look at the bucket's ACL
--   write          put objects below AWSLogs/ACCOUNT/
--   organization   put objects below AWSLogs/ORGANIZATION/, for an organization trail
-- `exempt`: there is nothing to judge.
create view aws_cloudtrail_bucket_link as
with asked as (
  select s.*, k.link, k.place, b.policy, b.bucket_exists, b.policy_call_id, b.list_call_id,
    coalesce(b.unread, iif(b.policy is null, 'the policy of its bucket was not read', null))
      as unread,
    s.is_foreign or (k.link = 'organization' and s.is_organization_trail = 0) as exempt,
    case k.link when 'acl' then json_object('principal', json(cloudtrail),
        'action', 's3:GetBucketAcl', 'resource', s.bucket_arn, 'context', json(s.source))
      when 'write' then json_object('principal', json(cloudtrail),
        'action', 's3:PutObject', 'resource', s.logs_arn || s.owner_id || '/*',
        'context', json(s.context))
      -- For which of the accounts it writes there is not known.
      when 'organization' then json_object('principal',
        json(cloudtrail), 'action', 's3:PutObject', 'resource',
        s.logs_arn || s.organization_id || '/*', 'context',
        json(json_remove(s.context, '$.aws:SourceAccount'))) end as request,
    case k.link when 'acl' then 'look at its ACL'
      when 'write' then format('write below AWSLogs/%s/', s.owner_id)
      when 'organization' then format('write below AWSLogs/%s/', s.organization_id) end as deed
  from aws_cloudtrail_trail_sender s
  join (select 'acl' as link, 1 as place union all select 'write', 2
        union all select 'organization', 3) k
  left join aws_cloudtrail_trail_bucket_policy b
    on b.account_id = s.account_id and b.name = s.s3_bucket_name),
judged as (
  select *, iif(bucket_exists = 0, 0, policy_allows(policy, request)) as allowed from asked)
select account_id, region, arn, name as trail, s3_bucket_name, organization_id, link, place,
  policy_call_id, list_call_id, trail_call_id,
  iif(link = 'organization', organization_call_id, null) as organization_call_id, exempt,
  -- One that may be no organization trail needs no place for it.
  iif(link = 'organization' and is_organization_trail is null, nullif(allowed, 0), allowed) as ok,
  iif(arn is null, 'the trails of this region could not be listed', format('trail %s', name) || case
    when is_foreign then format(' is owned by account %s, where it is judged', owner_id)
    when exempt then ' is no organization trail'
    when s3_bucket_name is null then ': its bucket was not told'
    when unread is not null then ': ' || unread
    when link = 'organization' and organization_id is null
      then ': which organization it is of could not be read'
    when request is not null then format(': bucket %s %s CloudTrail %s: %s', s3_bucket_name,
      iif(allowed = 1, 'lets', iif(allowed = 0, 'does not let', 'may or may not let')), deed,
      policy_reason(policy, request)) end) as detail
from judged;

-- Does each trail's key let CloudTrail use it? As it does for a trail: with the trail's ARN in the
-- encryption context (KMS's and CloudTrail's user guides). `stranger_ok`: it does not let it for the
-- trail of somebody else.
create view aws_cloudtrail_key_link as
with keyed as materialized (
  select s.*, k.kms_key_id, k.key_account, k.key_region, k.key_id
  from aws_cloudtrail_trail_sender s
  join aws_cloudtrail_trail_key k on k.account_id = s.account_id and k.region = s.region
    and k.arn is s.arn),
asked as (
  select *,
    (select p.policy from org.aws_kms_key_policy p
     where (p.account_id, p.region, p.id) in (select t.key_account, t.key_region, t.key_id)) as policy,
    (select p.call_id from org.aws_kms_key_policy p
     where (p.account_id, p.region, p.id) in (select t.key_account, t.key_region, t.key_id))
      as policy_call_id,
    json_object('principal', json(cloudtrail), 'action',
      'kms:GenerateDataKey', 'resource', kms_key_id, 'context', json(json_set(source,
        '$.kms:EncryptionContext:aws:cloudtrail:arn', arn))) as encrypt,
    json_object('principal', json(cloudtrail), 'action',
      'kms:DescribeKey', 'resource', kms_key_id, 'context', json(source)) as describe,
    json_object('principal', json(cloudtrail), 'action',
      'kms:GenerateDataKey', 'resource', kms_key_id, 'context', json(stranger)) as encrypt_for_another
  from keyed t),
judged as (
  select *, policy_allows(policy, encrypt) as encrypts, policy_allows(policy, describe) as describes,
    policy_allows(policy, encrypt_for_another) as encrypts_for_another,
    is_foreign or kms_key_id = '' as exempt,
    case
      when is_foreign then format(' is owned by account %s, where its key is judged', owner_id)
      when kms_key_id is null then ': whether it has a KMS key was not told'
      when kms_key_id = '' then ' has no KMS key'
      when key_id is null then format(': which key %s is was not told', kms_key_id)
      when policy is null and key_account in (select account_id from org.aws_account)
        then format(': the policy of its key %s was not read', kms_key_id)
      when policy is null then format(': its key %s is of account %s, which is not in the snapshot: '
        || 'check it there', kms_key_id, key_account)
      when policy_error(policy) <> '' then format(': the policy of its key %s is malformed at %s',
        kms_key_id, policy_error(policy)) end as unjudged
  from asked)
select account_id, region, arn, kms_key_id, key_region, key_id, 5 as place, trail_call_id, policy_call_id, exempt,
  encrypts and describes as ok, not encrypts_for_another as stranger_ok,
  iif(arn is null, 'the trails of this region could not be listed', format('trail %s', name)
    || coalesce(unjudged, format(': its key %s %s CloudTrail %s: %s', kms_key_id,
      iif(encrypts and describes, 'lets', iif((encrypts and describes) = 0, 'does not let',
        'may or may not let')), iif(encrypts = 1 and describes is not 1, 'describe it', 'encrypt'),
      policy_reason(policy, iif(encrypts = 1 and describes is not 1, describe, encrypt)))))
    as detail,
  iif(arn is null, 'the trails of this region could not be listed', format('trail %s', name)
    || coalesce(unjudged, format(': its key %s %s CloudTrail encrypt for a trail of another account: '
      || '%s', kms_key_id, iif(encrypts_for_another = 0, 'does not let', iif(encrypts_for_another,
      'lets', 'may or may not let')), policy_reason(policy, encrypt_for_another))))
    as stranger_detail
from judged;

-- Each trail's key with the region of the bucket that it writes to, as its owner is told.
create view aws_cloudtrail_trail_key_region as
with keyed as materialized (
  select k.*, b.own, b.bucket_exists, b.bucket_owner, b.name as bucket
  from aws_cloudtrail_trail_key k
  left join aws_cloudtrail_trail_bucket b
    on b.account_id = k.account_id and b.name = k.s3_bucket_name),
told as materialized (
  select account_id, name, nullif(bucket_region, '') as bucket_region, call_id
  from org.aws_s3_bucket_head
  where (account_id, name) in (select account_id, s3_bucket_name from keyed
    union all select bucket_owner, bucket from keyed)),
asked as materialized (
  select *, (
      select json_array(h.bucket_region, h.call_id) from told h
      where h.account_id in (k.account_id, k.bucket_owner) and h.name = k.s3_bucket_name
      order by h.bucket_region is null limit 1) as head
  from keyed k)
select *, head ->> 0 as bucket_region, head ->> 1 as head_call_id from asked;

-- Is the key in the region of the bucket, as S3 wants it?
create view aws_cloudtrail_key_region_link as
select account_id, region, arn, 4 as place, call_id as trail_call_id, head_call_id,
  is_foreign or kms_key_id = '' or bucket_exists = 0 as exempt, key_region = bucket_region as ok,
  iif(arn is null, 'the trails of this region could not be listed', format('trail %s: its key %s and '
    || 'its bucket %s are %s', name, kms_key_id, s3_bucket_name,
    iif(key_region = bucket_region, 'both in ' || key_region, iif(key_region <> bucket_region,
      format('in %s and in %s, so that no log can be written', key_region, bucket_region),
      'in regions that could not be read')))) as detail
from aws_cloudtrail_trail_key_region;

-- What each role with which logs are delivered may do: its own policies and those attached to it, as
-- one JSON list in which a policy that was not read is null. `boundary` is the policy that limits it,
-- '' for none.
create view aws_iam_role_policies as
select r.account_id, r.region, r.arn, r.name, r.role_exists, r.assume_role_policy, r.call_id,
  (select json_group_array(g.policy) from (
    select p.policy from aws_iam_role_inline_policy_list l
    left join aws_iam_role_inline_policy p on p.account_id = l.account_id
      and p.role_arn = l.role_arn and p.policy_name = l.policy_name
    where l.account_id = r.account_id and l.role_arn = r.arn
    union all
    select v.policy from aws_iam_role_attached_policy a
    left join aws_iam_policy q on q.account_id = a.account_id and q.arn = a.policy_arn
    left join aws_iam_policy_version v on v.account_id = q.account_id and v.arn = q.arn
      and v.version_id = q.default_version_id
    where a.account_id = r.account_id and a.role_arn = r.arn) g) as policies,
  iif(r.permissions_boundary_arn = '', '', (select v.policy from aws_iam_policy q
    join aws_iam_policy_version v on v.account_id = q.account_id and v.arn = q.arn
      and v.version_id = q.default_version_id
    where q.account_id = r.account_id and q.arn = r.permissions_boundary_arn)) as boundary,
  (select json_group_array(l.call_id) from aws_iam_role_inline_policy_list l
   where l.account_id = r.account_id and l.role_arn = r.arn) as inline_call_id,
  (select json_group_array(a.call_id) from aws_iam_role_attached_policy a
   where a.account_id = r.account_id and a.role_arn = r.arn) as attached_call_id
from aws_iam_role r;

-- May the role of each trail write to its log group? CloudTrail must be able to take the role on, and
-- the role to make the streams and to put events there (CloudTrail's user guide, "Role policy document
-- for CloudTrail to use CloudWatch Logs for monitoring"). Its permissions boundary must let it, too.
create view aws_cloudtrail_role_link as
with role as materialized (
  select s.*, h.log_group_arn, h.cloudwatch_logs_role_arn as role_arn, r.name as role_name, r.role_exists,
    r.assume_role_policy, r.policies, r.boundary, r.call_id as role_call_id, r.inline_call_id,
    r.attached_call_id, '[' || replace(json_quote(h.cloudwatch_logs_role_arn), ':', '","') || ']'
      ->> 4 as role_account,
    iif(h.log_group_arn like '%:*', substr(h.log_group_arn, 1, length(h.log_group_arn) - 2),
        h.log_group_arn) || ':log-stream:' as streams_arn
  from aws_cloudtrail_trail_sender s
  join aws_cloudtrail_trail_home h on h.account_id = s.account_id and h.region = s.region
    and h.arn is s.arn
  left join aws_iam_role_policies r on r.account_id = s.account_id
    and r.arn = h.cloudwatch_logs_role_arn),
asked as (
  select r.*, k.deed, k.place as deed_place, k.of_organization,
    iif(k.action = 'sts:AssumeRole', json_object('principal', json(r.cloudtrail), 'action',
        k.action, 'context', json(r.source)),
      json_object('action', k.action, 'resource', r.streams_arn || iif(k.of_organization,
        r.organization_id || '_*', r.owner_id || '_CloudTrail_' || r.region || '*'))) as request,
    iif(k.action = 'sts:AssumeRole', r.assume_role_policy, r.policies) as policy,
    iif(k.action = 'sts:AssumeRole', '', r.boundary) as limit_policy
  from role r
  join (select 1 as place, 'sts:AssumeRole' as action, 'be taken on by CloudTrail' as deed,
      0 as of_organization
    union all select 2, 'logs:CreateLogStream', 'make streams', 0
    union all select 3, 'logs:PutLogEvents', 'put events', 0
    union all select 4, 'logs:CreateLogStream', 'make streams of the organization''s accounts', 1
    union all select 5, 'logs:PutLogEvents', 'put events of the organization''s accounts', 1) k
  where k.of_organization = 0 or r.is_organization_trail is not 0),
allowed as (
  select *, policy_allows(policy, request) as by_policy,
    iif(limit_policy = '', 1, policy_allows(limit_policy, request)) as by_boundary
  from asked),
judged as (
  -- One that may be no organization trail needs no streams for it.
  select *, iif(of_organization and is_organization_trail is null,
      nullif(by_policy and by_boundary, 0), by_policy and by_boundary) as may
  from allowed),
ranked as (
  -- The first has what holds for all: a 0 where there is one, else a NULL.
  select *, row_number() over (partition by account_id, region, arn
      order by may is not 0, may is not null, deed_place) as rank
  from judged)
select account_id, region, arn, role_name, role_arn, log_group_arn, streams_arn, 6 as place, trail_call_id,
  organization_call_id, role_call_id,
  inline_call_id, attached_call_id, is_foreign or log_group_arn = '' as exempt,
  iif(role_arn = '' or role_exists = 0, 0, may) as ok,
  iif(arn is null, 'the trails of this region could not be listed', format('trail %s', name)
    || case
    when is_foreign then format(' is owned by account %s, where its role is judged', owner_id)
    when log_group_arn = '' then ' has no CloudWatch Logs group'
    when role_arn = '' then ': it has a log group but no role to write there'
    when role_exists = 0 then format(': its role %s does not exist', role_arn)
    when log_group_arn is null or role_arn is null then ': its log group and role were not told'
    when role_exists is null and role_account <> account_id
      then format(': its role %s is of account %s: check it there', role_arn, role_account)
    when may = 1 then format(': its role %s may write to its log group', role_arn)
    when deed is not null then format(': its role %s %s %s: %s', role_arn,
      iif(may = 0, 'cannot', 'may or may not'), deed,
      coalesce(iif(by_policy is not 1, policy_reason(policy, request),
        'by its permissions boundary, ' || policy_reason(limit_policy, request)),
        'its policies were not read')) end) as detail
from ranked
where rank = 1;

-- All links of each trail's delivery, in the order in which they can break.
create view aws_cloudtrail_delivery_link as
select account_id, region, arn, place, exempt, ok, detail, trail_call_id,
  json_array(policy_call_id, list_call_id, organization_call_id) as link_calls
from aws_cloudtrail_bucket_link
union all
select account_id, region, arn, place, exempt, ok, detail, trail_call_id, json_array(head_call_id)
from aws_cloudtrail_key_region_link
union all
select account_id, region, arn, place, exempt, ok, detail, trail_call_id, json_array(policy_call_id)
from aws_cloudtrail_key_link
union all
select account_id, region, arn, place, exempt, ok, detail, trail_call_id, json_array(role_call_id)
from aws_cloudtrail_role_link
union all
select account_id, region, arn, 7 + (kind = 'events'), not_applicable, ok, detail, trail_call_id,
  json_array(status_call_id)
from aws_cloudtrail_trail_delivery
where kind in ('logs', 'events');
