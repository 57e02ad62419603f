-- What several checks, or several halves of one, need to know. The engine makes these views TEMP on
-- each connection. They keep SQL's three values: 1 yes, 0 no, NULL not known, so that a call which
-- was not answered stays visible as NULL right up to the verdict. Rules of the house:
--   * no statement separator inside a comment or a literal,
--   * a malformed JSON document, or one of the wrong shape, is NULL, never an empty list,
--   * members are read from the document's root by path (`fullkey`): an element that is no object
--     is then NULL, where reading it as a document of its own would be an SQL error,
--   * an ARN is split by making it a JSON list: quoted first, so that no content can break out.

-- Each trail once by account and ARN. DescribeTrails shows a multi-region or organization trail in
-- every region (its shadows): the row of its home region is kept, and any other where the home was
-- not read. A region whose trails could not be listed stays as a row without an ARN.
-- owner_id is the account in the ARN, which for an organization trail seen from a member is another
-- one. owner_note then says who can change the trail.
create view aws_cloudtrail_trail_home as
select account_id, home_region as region, arn, name, owner_id,
  iif(owner_id <> account_id, format(' (change it in account %s, which owns the trail)', owner_id),
      '') as owner_note,
  is_multi_region_trail, is_organization_trail, include_global_service_events,
  log_file_validation_enabled, s3_bucket_name, s3_key_prefix, kms_key_id, log_group_arn,
  cloudwatch_logs_role_arn, has_custom_event_selectors, call_id
from (
  select *, row_number() over (
    partition by account_id, arn, iif(arn is null, region, '')
    order by region = home_region desc, region) as place
  from (
    select t.*, t.part ->> 4 as owner_id,
      coalesce(nullif(t.told_home, ''), nullif(t.part ->> 3, ''), t.region) as home_region
    from (
      select s.account_id, s.region, s.arn, s.name, s.is_multi_region_trail,
        s.is_organization_trail, s.include_global_service_events, s.log_file_validation_enabled,
        s.s3_bucket_name, s.s3_key_prefix, s.kms_key_id, s.log_group_arn,
        s.cloudwatch_logs_role_arn, s.has_custom_event_selectors, s.call_id,
        s.home_region as told_home,
        '[' || replace(json_quote(s.arn), ':', '","') || ']' as part
      from aws_cloudtrail_trail s
      -- Nearly all rows are shadows of one that is there: they are out before the rest is sorted.
      where iif(s.home_region <> s.region and (s.account_id, s.arn, s.home_region) in (
        select account_id, arn, region from aws_cloudtrail_trail where home_region = region),
        0, 1)) t))
where place = 1;

-- The event selectors of each trail. A member may not be allowed to read those of its organization's
-- trail: the account that owns it, which the ARN names, then tells, where it is in the snapshot.
create view aws_cloudtrail_told_selector as
select account_id, region, arn,
  iif(owner is null, event_selectors, owner ->> 0) as event_selectors,
  iif(owner is null, advanced_event_selectors, owner ->> 1) as advanced_event_selectors,
  iif(owner is null, call_id, owner ->> 2) as call_id
from (
  select s.*, iif(s.event_selectors is null and s.advanced_event_selectors is null,
    (select json_array(o.event_selectors, o.advanced_event_selectors, o.call_id)
     from org.aws_cloudtrail_trail_event_selector o
     where o.account_id = '[' || replace(json_quote(s.arn), ':', '","') || ']' ->> 4
       and o.region = s.region and o.arn = s.arn), null) as owner
  from aws_cloudtrail_trail_event_selector s);

-- The fields of each advanced event selector, all of which must hold; a selector without any has one
-- row. `operators` names those that are in use, `equal`, `not_equal` and `starts` are their lists.
-- What is not of its type is NULL.
create view aws_cloudtrail_advanced_field as
select account_id, region, arn, selector,
  iif(json_type(fields, place || '.Field') = 'text', fields ->> (place || '.Field'), null) as field,
  (select iif(all_ok(o.type = 'array'), group_concat(o.key, ' '), null)
   from json_each(fields, place) o
   where o.key <> 'Field' and o.type <> 'null' and o.value <> '[]') as operators,
  iif(json_type(fields, place || '.Equals') = 'array'
      and (select all_ok(v.type = 'text') from json_each(fields, place || '.Equals') v),
    fields -> (place || '.Equals'), null) as equal,
  fields -> (place || '.NotEquals') as not_equal, fields -> (place || '.StartsWith') as starts
from (
  select e.account_id, e.region, e.arn, e.advanced_event_selectors as fields,
    s.fullkey as selector, f.fullkey as place
  from aws_cloudtrail_told_selector e
  join json_each(case when json_valid(e.advanced_event_selectors)
                   then e.advanced_event_selectors end) s
  left join json_each(e.advanced_event_selectors, s.fullkey || '.FieldSelectors') f
    on json_type(e.advanced_event_selectors, s.fullkey || '.FieldSelectors') = 'array');

-- What one event selector records of the management events: `reads` and `writes`, and `excludes`
-- when events of KMS or of the RDS Data API are left out of it (the only sources that the API lets
-- one exclude without naming what is wanted). A selector that is narrowed in any other way does not
-- record all of them. Per the API reference of EventSelector and AdvancedFieldSelector.
create view aws_cloudtrail_management_selector as
select account_id, region, arn,
  management and mode in ('all', 'readonly') and harmless as reads,
  management and mode in ('all', 'writeonly') and harmless as writes,
  excludes
from (
  select e.account_id, e.region, e.arn,
    case json_type(e.event_selectors, s.fullkey || '.IncludeManagementEvents')
      when 'true' then 1 when 'false' then 0 end as management,
    case lower(e.event_selectors ->> (s.fullkey || '.ReadWriteType'))
      when 'all' then 'all' when 'readonly' then 'readonly' when 'writeonly' then 'writeonly' end
      as mode,
    (select all_ok(lower(x.value) in ('kms.amazonaws.com', 'rdsdata.amazonaws.com'))
     from json_each(e.event_selectors, s.fullkey || '.ExcludeManagementEventSources') x)
      as harmless,
    case coalesce(json_type(e.event_selectors, s.fullkey || '.ExcludeManagementEventSources'), '')
      when '' then 0
      when 'array' then json_array_length(e.event_selectors,
                                          s.fullkey || '.ExcludeManagementEventSources') > 0
      end as excludes
  from aws_cloudtrail_told_selector e
  join json_each(case when json_valid(e.event_selectors) then e.event_selectors end) s)
union all
-- Advanced: every field selector of the list must hold, and one of eventCategory is needed.
select account_id, region, arn,
  management and complete and reads, management and complete and writes, excludes
from (
  select account_id, region, arn,
    iif(count(*) filter (where field = 'eventCategory') = 1,
        any_ok(field = 'eventCategory' and equal = '["Management"]'), null) as management,
    all_ok(case
      when field in ('eventCategory', 'readOnly') then operators = 'Equals'
      when field = 'eventSource' then operators = 'NotEquals' and only_excludable
      when field <> '' then 0 end) as complete,
    all_ok(case when field <> 'readOnly' then 1 when field = 'readOnly' then
        case lower(equal) when '["true"]' then 1 when '["false"]' then 0 end end) as reads,
    all_ok(case when field <> 'readOnly' then 1 when field = 'readOnly' then
        case lower(equal) when '["true"]' then 0 when '["false"]' then 1 end end) as writes,
    any_ok(field = 'eventSource') as excludes
  from (
    select *, (select all_ok(lower(x.value) in ('kms.amazonaws.com', 'rdsdata.amazonaws.com'))
               from json_each(not_equal) x) as only_excludable
    from aws_cloudtrail_advanced_field)
  group by account_id, region, arn, selector);

-- Which kind of selectors each trail shows: `lists` is how many of the two (one is in force at a
-- time), NULL where that is malformed or unread. `is_default`: it has no selectors of its own.
create view aws_cloudtrail_trail_selectors as
select account_id, region, arn, call_id, (classic > 0) + (advanced > 0) as lists,
  has_custom_event_selectors = 0 and coalesce(classic, event_selectors is not null) = 0
    and coalesce(advanced, advanced_event_selectors is not null) = 0 as is_default
from (
  select t.account_id, t.region, t.arn, t.has_custom_event_selectors, e.call_id,
    e.event_selectors, e.advanced_event_selectors,
    case when json_valid(e.event_selectors) then
      iif(json_type(e.event_selectors) = 'array', json_array_length(e.event_selectors), null)
      end as classic,
    case when json_valid(e.advanced_event_selectors) then
      iif(json_type(e.advanced_event_selectors) = 'array',
          json_array_length(e.advanced_event_selectors), null)
      end as advanced
  from aws_cloudtrail_trail_home t
  left join aws_cloudtrail_told_selector e
    on e.account_id = t.account_id and e.region = t.region and e.arn = t.arn);

-- Which management events each trail records, from the union of its selectors (CloudTrail logs an
-- event that any of them matches). A trail without custom selectors has the default one, which
-- records all of them: DescribeTrails alone then tells. `reads`/`writes`: all but what may be
-- excluded, `all_reads`/`all_writes`: all. One kind of selector is in force at a time: a trail that
-- shows both kinds or none, or a list that is malformed, is NULL.
-- Trails and selectors are brought together by grouping, which stays fast whatever their number.
create view aws_cloudtrail_trail_events as
select account_id, region, arn,
  iif(is_default, 1, iif(lists = 1, reads, null)) as reads,
  iif(is_default, 1, iif(lists = 1, writes, null)) as writes,
  iif(is_default, 1, iif(lists = 1, all_reads, null)) as all_reads,
  iif(is_default, 1, iif(lists = 1, all_writes, null)) as all_writes,
  iif(is_default, 0, reads_and_writes is not 1) as is_split,
  iif(is_default, null, call_id) as call_id
from (
  select account_id, region, arn, count(is_trail) as trails,
    -- The trail's own row, of all in the group.
    json_group_array(is_default) filter (where is_trail) ->> 0 as is_default,
    json_group_array(lists) filter (where is_trail) ->> 0 as lists,
    json_group_array(call_id) filter (where is_trail) ->> 0 as call_id,
    any_ok(reads) filter (where is_trail is null) as reads,
    any_ok(writes) filter (where is_trail is null) as writes,
    any_ok(reads and not excludes) filter (where is_trail is null) as all_reads,
    any_ok(writes and not excludes) filter (where is_trail is null) as all_writes,
    any_ok(reads and writes) filter (where is_trail is null) as reads_and_writes
  from (
    select account_id, region, arn, null as is_trail, null as call_id, null as lists,
      null as is_default, reads, writes, excludes
    from aws_cloudtrail_management_selector
    union all
    select account_id, region, arn, 1, call_id, lists, is_default, null, null, null
    from aws_cloudtrail_trail_selectors)
  group by account_id, region, arn)
where trails > 0;

-- Each trail once, as aws_cloudtrail_trail_home, with whether it is recording and what. What a member
-- cannot read of its organization's trail is told by the account that owns it; `owner_gap` says that
-- this one is not in the snapshot.
create view aws_cloudtrail_trail_recording as
select account_id, region, arn, name, owner_id, s3_bucket_name, is_multi_region_trail,
  is_organization_trail, include_global_service_events,
  iif(owner is null, is_logging, owner ->> 0) as is_logging, reads, writes, all_reads, all_writes,
  is_split, trail_call_id, iif(owner is null, status_call_id, owner ->> 1) as status_call_id,
  selector_call_id,
  iif(owner_id <> account_id
      and (select 1 from org.aws_account a where a.account_id = t.owner_id) is null,
    format(' (account %s, which owns it, is not in this snapshot)', owner_id), '') as owner_gap
from (
  select t.account_id, t.region, t.arn, coalesce(t.name, t.arn) as name, t.owner_id,
    t.s3_bucket_name, t.is_multi_region_trail, t.is_organization_trail,
    t.include_global_service_events, s.is_logging,
    iif(s.is_logging is null and t.owner_id <> t.account_id,
      (select json_array(o.is_logging, o.call_id) from org.aws_cloudtrail_trail_status o
       where o.account_id = t.owner_id and o.region = t.region and o.arn = t.arn
         and o.is_logging is not null), null) as owner,
    e.reads, e.writes, e.all_reads, e.all_writes, e.is_split, t.call_id as trail_call_id,
    s.call_id as status_call_id, e.call_id as selector_call_id
  from aws_cloudtrail_trail_home t
  left join aws_cloudtrail_trail_status s
    on s.account_id = t.account_id and s.region = t.region and s.arn = t.arn
  left join aws_cloudtrail_trail_events e
    on e.account_id = t.account_id and e.arn = t.arn) t;

-- Each bucket that trails deliver to, once, with whose it is: `own` is 1 when ListBuckets shows it,
-- 0 when it does not, NULL when ListBuckets was not answered. `bucket_owner` is the account of the
-- snapshot that lists it, the only one of the partition; where several do, that cannot be, and none
-- is believed. `problem` says why this account cannot tell of the bucket, or that there is none, and
-- `gap` why no account of the snapshot can. A trail without a bucket's name, and a region whose
-- trails could not be listed, stay as rows without a name.
create view aws_cloudtrail_trail_bucket as
with delivery as materialized (
  select account_id, region, nullif(s3_bucket_name, '') as name, owner_id, call_id,
    substr(arn, 5, instr(substr(arn, 5), ':') - 1) as partition,
    coalesce(group_concat(name, ', ') over (partition by account_id, s3_bucket_name), 'a trail')
      as trails,
    row_number() over (
      partition by account_id, nullif(s3_bucket_name, ''),
        iif(nullif(s3_bucket_name, '') is null, region, '')
      order by region, arn) as place
  from aws_cloudtrail_trail_home),
-- All who list a bucket of such a name, with the partition that they are in.
listed as materialized (
  select l.account_id, l.name, l.call_id,
    (select substr(a.arn, 5, instr(substr(a.arn, 5), ':') - 1) from org.aws_account a
     where a.account_id = l.account_id) as partition
  from org.aws_s3_bucket_list l
  where l.name in (select name from delivery)),
-- Each by a look at the name alone: an account may have more buckets than one should go through for
-- each of them.
found as materialized (
  select account_id, region, name, owner_id, trails, call_id as trail_call_id, partition,
    case
      when name is null then null
      when (select count(*) from aws_s3_bucket_list l
            where l.account_id = d.account_id and l.name = d.name) > 0 then 1
      when account_id in (select account_id from aws_s3_bucket_list where name is null) then null
      when name is not null then 0 end as mine,
    -- An account whose partition is not known may be in any.
    (select json_group_array(json_array(l.account_id, l.call_id, l.partition)) from listed l
     where l.name = d.name and l.account_id <> d.account_id
       and (l.partition = d.partition) is not 0) as others,
    (select l.call_id from aws_s3_bucket_list l where l.account_id = d.account_id limit 1)
      as list_call_id,
    -- One answer is enough where HeadBucket was due in several regions.
    (select json_array(h.bucket_exists, h.call_id) from aws_s3_bucket_head h
     where h.account_id = d.account_id and h.name = d.name
     order by h.bucket_exists is null, h.region limit 1) as head
  from delivery d
  where place = 1),
bucket as (
  select *, iif(mine = 1 and json_array_length(others) > 0, null,
      iif(mine is null and other is not null, 0, mine)) as own,
    iif(mine = 1, iif(json_array_length(others) = 0, account_id, null), other) as bucket_owner
  from (
    select *, head ->> 0 as bucket_exists, head ->> 1 as head_call_id,
      iif(json_array_length(others) = 1 and others ->> '$[0][2]' = partition,
        others ->> '$[0][0]', null) as other
    from found)),
told as (
  select *, case
      when name is null then 'which bucket the trails deliver to could not be read'
      when bucket_exists = 0 then format('bucket %s, which %s delivers to, does not exist: logs '
        || 'are lost, and the name can be re-registered by anyone, who then receives them', name,
        trails)
      when json_array_length(others) + (mine is 1) > 1 then format('bucket %s is listed by several '
        || 'accounts as theirs, account %s among them: whose it is could not be told', name,
        others ->> '$[0][0]')
      when own = 0 then format('bucket %s is %s bucket%s: check it there', name,
        iif(bucket_owner is null, 'another account''s', format('account %s''s', bucket_owner)),
        iif(owner_id <> account_id, format(' (its trail is owned by account %s)', owner_id), ''))
      when own is null then format('bucket %s: whether it is this account''s own could not be told',
        name)
      end as problem
  from bucket)
select account_id, region, name, own, bucket_owner, bucket_exists, trails, problem,
  iif(bucket_owner <> account_id and bucket_exists is not 0, null, problem) as gap, trail_call_id,
  -- What this account could not read of another's bucket does not matter where that one tells of it.
  iif(bucket_owner <> account_id, others ->> '$[0][1]', list_call_id) as list_call_id,
  iif(bucket_owner <> account_id and bucket_exists is null, null, head_call_id) as head_call_id
from told;

-- The customer's own recorders of AWS Config. Left out are recorders that a service keeps for itself
-- and those of another cloud: they record only what that service needs. `own` is NULL where that is
-- not told. The row of a region whose recorders could not be listed has no name.
create view aws_config_customer_recorder as
select * from (
  select *, service_principal = '' and connector_arn = '' and upper(recording_scope) <> 'INTERNAL'
      and name not like 'AWSConfigurationRecorderFor%' as own
  from aws_config_configuration_recorder)
where own is not 0;

-- What each of them records and whether it works.
--   covers       every type, or all but the four global IAM types (AWS's own way to record those
--                in one region only)
--   covers_iam   those four, which Config records only in regions that it served before February
--                2022 (Config's API reference, RecordingGroup)
-- includeGlobalResourceTypes has no effect on a recorder with a list of exclusions.
create view aws_config_own_recorder as
select account_id, region, name, last_status, last_error_code, own and recording as records,
  case upper(last_status) when 'SUCCESS' then 1 when 'PENDING' then 1 when 'FAILURE' then 0 end
    as succeeds,
  case strategy
    when 'EXCLUSION_BY_RESOURCE_TYPES' then
      (select all_ok(x.value in ('AWS::IAM::User', 'AWS::IAM::Group', 'AWS::IAM::Role',
                                 'AWS::IAM::Policy')) from json_each(exclusions) x)
    when 'INCLUSION_BY_RESOURCE_TYPES' then 0
    when 'ALL_SUPPORTED_RESOURCE_TYPES' then all_supported
    when '' then all_supported end as covers,
  case strategy
    when 'EXCLUSION_BY_RESOURCE_TYPES' then
      (select all_ok(iif(x.type = 'text', upper(x.value) not in ('AWS::IAM::USER',
           'AWS::IAM::GROUP', 'AWS::IAM::ROLE', 'AWS::IAM::POLICY'), null))
       from json_each(exclusions) x)
    when 'INCLUSION_BY_RESOURCE_TYPES' then 0
    when 'ALL_SUPPORTED_RESOURCE_TYPES' then all_supported and global
    when '' then all_supported and global end
  and nullif(region, '*') in (
    'us-east-1', 'us-east-2', 'us-west-1', 'us-west-2', 'af-south-1', 'ap-east-1', 'ap-south-1',
    'ap-northeast-1', 'ap-northeast-2', 'ap-northeast-3', 'ap-southeast-1', 'ap-southeast-2',
    'ap-southeast-3', 'ca-central-1', 'eu-central-1', 'eu-north-1', 'eu-south-1', 'eu-west-1',
    'eu-west-2', 'eu-west-3', 'me-south-1', 'sa-east-1', 'cn-north-1', 'cn-northwest-1',
    'us-gov-east-1', 'us-gov-west-1') as covers_iam,
  iif(is_daily, ', once a day', '') || iif(has_own_role, ', with a role that is not service-linked',
                                          '') as hints
from (
  -- Recorders from before strategies have none; one that does not say which is none either way.
  select *, iif(coalesce(json_type(recording_group, '$.recordingStrategy'), 'null') = 'null', '',
      coalesce(upper(recording_group ->> '$.recordingStrategy.useOnly'), 'malformed')) as strategy,
    case json_type(recording_group, '$.allSupported') when 'true' then 1 when 'false' then 0 end
      as all_supported,
    case json_type(recording_group, '$.includeGlobalResourceTypes')
      when 'true' then 1 when 'false' then 0 end as global,
    -- A list that is no list becomes [null], whose one type is not known.
    iif(json_type(recording_group, '$.exclusionByResourceTypes.resourceTypes') = 'array',
        recording_group -> '$.exclusionByResourceTypes.resourceTypes', '[null]') as exclusions
  from (
    select r.account_id, r.region, r.name, s.recording, s.last_status, s.last_error_code, r.own,
      case when json_valid(r.recording_group) then r.recording_group end as recording_group,
      case when json_valid(r.recording_mode) then
        r.recording_mode ->> '$.recordingFrequency' = 'DAILY' end as is_daily,
      r.role_arn not like '%/AWSServiceRoleForConfig' as has_own_role
    from aws_config_customer_recorder r
    -- A status without a name: the status of the region's recorders could not be read.
    left join aws_config_configuration_recorder_status s
      on s.account_id = r.account_id and s.region = r.region
        and (s.name = r.name or s.name is null)));
