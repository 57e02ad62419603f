-- What the best-practice checks of trails share, under the rules of views.sql.

-- Each trail once, as aws_cloudtrail_trail_home, with what its status says. `is_foreign`: another
-- account owns it (an organization trail seen from a member), where it is judged.
create view aws_cloudtrail_trail_now as
select t.account_id, t.region, t.arn, coalesce(t.name, t.arn) as name, t.owner_id,
  length(t.owner_id) = 12 and t.owner_id not glob '*[^0-9]*' and t.owner_id <> t.account_id
    as is_foreign,
  t.log_file_validation_enabled, t.s3_bucket_name, t.log_group_arn, s.is_logging, s.start_logging_time,
  s.stop_logging_time, s.latest_delivery_time, s.latest_delivery_error,
  s.latest_cloudwatch_logs_delivery_error,
  s.latest_digest_delivery_time, s.latest_digest_delivery_error, t.call_id as trail_call_id,
  s.call_id as status_call_id
from aws_cloudtrail_trail_home t
left join aws_cloudtrail_trail_status s
  on s.account_id = t.account_id and s.region = t.region and s.arn = t.arn;

-- The calls that told an account's trails, as a JSON list; no row: none was answered.
create view aws_cloudtrail_trail_call as
select account_id, json_group_array(call_id) as call_ids from api_call
where service = 'cloudtrail' and operation = 'DescribeTrails' and outcome = 'ok'
group by account_id;

-- How the last delivery of each trail went, by `kind`: 'logs' and 'digests' to S3, 'events' to
-- CloudWatch Logs, which are judged by their error alone: whether they are recent, CIS asks. A day
-- without a delivery is too long, but not just after the start: logs come within minutes, a digest
-- when its hour is over. Ages are those at the collection.
create view aws_cloudtrail_trail_delivery as
select account_id, region, kind, arn,
  case when state = 'arrives' then 1 when state in ('failed', 'stale', 'never') then 0 end as ok,
  coalesce(state in ('foreign', 'unused', 'stopped'), 0) as not_applicable,
  iif(arn is null, 'the trails of this region could not be listed', format('trail %s: ', name)
    || coalesce(case state
      when 'foreign' then format('account %s owns it, where it is judged', owner_id)
      when 'unused' then iif(kind = 'digests', 'log file validation is off',
        'it has no CloudWatch Logs group')
      when 'stopped' then 'it is stopped, so that nothing is to arrive'
      when 'failed' then format('the last delivery of %s failed: %s', kind, error)
      when 'arrives' then iif(kind = 'events', 'no error of delivery to CloudWatch Logs is shown',
        format('the last %s were delivered at %s', kind, delivered))
      when 'ahead' then format('the last delivery of %s, %s, is after the collection', kind,
        delivered)
      when 'starting' then format('it was started at %s, too short before the collection to tell '
        || 'whether its %s arrive', start_logging_time, kind)
      when 'stale' then format('no %s were delivered since %s', kind, delivered)
      when 'never' then format('it never delivered any %s, though it was started at %s', kind,
        start_logging_time) end,
      format('whether its %s arrive could not be told', kind))) as detail,
  trail_call_id, iif(state in ('foreign', 'unused'), null, status_call_id) as status_call_id,
  name as trail, s3_bucket_name, log_group_arn
from (
  select *, case
    when is_foreign then 'foreign'
    when used = 0 then 'unused'
    when is_logging = 0 then 'stopped'
    when used and is_logging then case
      when error <> '' then 'failed'
      when error is null then null
      when kind = 'events' then 'arrives'
      when age between -3600 and 86400 then 'arrives'
      when age < -3600 then 'ahead'
      when running < grace then 'starting'
      when age > 86400 then 'stale'
      when running >= grace then 'never' end
    end as state
  from (
    select *, unixepoch(collected_at) - unixepoch(start_logging_time) as running,
      unixepoch(collected_at) - unixepoch(delivered) as age
    from (
      select t.*, n.collected_at, 'logs' as kind, 3600 as grace, 1 as used,
        t.latest_delivery_time as delivered, t.latest_delivery_error as error
      from aws_cloudtrail_trail_now t join snapshot n
      union all
      select t.*, n.collected_at, 'digests', 86400, t.log_file_validation_enabled,
        t.latest_digest_delivery_time, t.latest_digest_delivery_error
      from aws_cloudtrail_trail_now t join snapshot n
      union all
      select t.*, null, 'events', null, t.log_group_arn <> '', null,
        t.latest_cloudwatch_logs_delivery_error
      from aws_cloudtrail_trail_now t)));

-- What one event selector records of S3's object-level events: `reads` and `writes` of every object
-- of every bucket, `some_reads` and `some_writes` of any. Per the API reference of EventSelector
-- (a data resource that names the service, arn:PARTITION:s3, stands for all buckets) and
-- AdvancedFieldSelector.
create view aws_cloudtrail_s3_selector as
select account_id, region, arn, mode in ('all', 'readonly') and covers as reads,
  mode in ('all', 'writeonly') and covers as writes, mode in ('all', 'readonly') and any_object
    as some_reads, mode in ('all', 'writeonly') and any_object as some_writes
from (
  select account_id, region, arn, mode,
    iif(resources = 'array', any_ok(type = 'AWS::S3::Object' and is_all)
        filter (where resource is not null), iif(resources = '', 0, null)) as covers,
    any_ok(type = 'AWS::S3::Object' and has_values) as any_object
  from (
    select e.account_id, e.region, e.arn, s.fullkey as selector, d.fullkey as resource,
      case lower(e.event_selectors ->> (s.fullkey || '.ReadWriteType'))
        when 'all' then 'all' when 'readonly' then 'readonly' when 'writeonly' then 'writeonly' end
        as mode,
      iif(s.type = 'object', coalesce(json_type(e.event_selectors, s.fullkey || '.DataResources'),
          ''), null) as resources,
      e.event_selectors ->> (d.fullkey || '.Type') as type,
      json_array_length(e.event_selectors, d.fullkey || '.Values') > 0 as has_values,
      iif(json_type(e.event_selectors, d.fullkey || '.Values') = 'array',
        (select any_ok(v.value in (e.all_buckets, e.all_buckets || ':::'))
         from json_each(e.event_selectors, d.fullkey || '.Values') v), null) as is_all
    from (
      select account_id, region, arn, substr(arn, 1, instr(substr(arn, 5), ':') + 3) || ':s3'
          as all_buckets,
        case when json_valid(event_selectors) then event_selectors end as event_selectors
      from aws_cloudtrail_told_selector) e
    join json_each(e.event_selectors) s
    left join json_each(e.event_selectors, s.fullkey || '.DataResources') d)
  group by account_id, region, arn, selector)
union all
-- Advanced: every field selector of the list must hold.
select account_id, region, arn, is_data and of_objects and complete and reads,
  is_data and of_objects and complete and writes, is_data and of_objects and reads,
  is_data and of_objects and writes
from (
  select account_id, region, arn,
    iif(count(*) filter (where field = 'eventCategory') = 1,
        any_ok(field = 'eventCategory' and equal = '["Data"]'), null)
      as is_data,
    iif(count(*) filter (where field = 'resources.type') = 1,
        any_ok(field = 'resources.type' and equal = '["AWS::S3::Object"]'), null) as of_objects,
    all_ok(case
      when field in ('eventCategory', 'resources.type', 'readOnly') then operators = 'Equals'
      when field = 'resources.ARN' then operators = 'StartsWith' and from_root
      when field <> '' then 0 end) as complete,
    all_ok(case when field <> 'readOnly' then 1 when field = 'readOnly' then
        case lower(equal) when '["true"]' then 1 when '["false"]' then 0 end end) as reads,
    all_ok(case when field <> 'readOnly' then 1 when field = 'readOnly' then
        case lower(equal) when '["true"]' then 0 when '["false"]' then 1 end end) as writes
  from (
    select *, (select any_ok(x.value = substr(arn, 1, instr(substr(arn, 5), ':') + 3) || ':s3:::')
               from json_each(starts) x) as from_root
    from aws_cloudtrail_advanced_field)
  group by account_id, region, arn, selector);

-- Which of S3's object-level events each trail records, from the union of its selectors. The
-- default selector records none. One kind of selector is in force at a time: a trail that shows
-- both kinds or none, or a list that is malformed, is NULL.
create view aws_cloudtrail_trail_s3_events as
select t.account_id, t.region, t.arn, t.name, t.is_multi_region_trail, t.is_logging,
  iif(l.is_default, 0, iif(l.lists = 1, s.reads, null)) as reads,
  iif(l.is_default, 0, iif(l.lists = 1, s.writes, null)) as writes,
  s.some_reads, s.some_writes,
  t.trail_call_id, t.status_call_id, iif(l.is_default, null, l.call_id) as selector_call_id
from aws_cloudtrail_trail_recording t
left join aws_cloudtrail_trail_selectors l
  on l.account_id = t.account_id and l.arn = t.arn
left join (
  select account_id, region, arn, any_ok(reads) as reads, any_ok(writes) as writes,
    any_ok(some_reads) as some_reads, any_ok(some_writes) as some_writes
  from aws_cloudtrail_s3_selector
  group by account_id, region, arn) s
  on s.account_id = t.account_id and s.region = t.region and s.arn = t.arn;

-- For each account and kind ('reads', 'writes'): does a multi-region trail that is logging record
-- them for all buckets? A multi-region trail shows in every region (as a shadow), so that one
-- region which answered tells whether there is any: the regions that did not answer matter only if
-- all did not. A verdict rests on the trails that make it: those that pass, that fail, or are not
-- known.
create view aws_cloudtrail_s3_events as
with trail as materialized (
  select e.*, k.kind, iif(k.kind = 'reads', e.reads, e.writes) as records,
    iif(k.kind = 'reads', e.some_reads, e.some_writes) as some,
    e.is_multi_region_trail and e.is_logging and iif(k.kind = 'reads', e.reads, e.writes) as ok
  from aws_cloudtrail_trail_s3_events e
  join (select 'reads' as kind union all select 'writes') k
  where e.arn is not null
    or e.account_id not in (select account_id from aws_cloudtrail_trail_call)),
told as (
  select *, format('%s (%s)', name, region)
    || iif(records = 1, ' records them', iif(records is null, ' may record them or not',
        iif(some, ' records some of them', ' records none of them')))
    || iif(is_multi_region_trail = 1, '', iif(is_multi_region_trail = 0, ', in one region only',
      ', not told if multi-region'))
    || iif(is_logging = 1, '', iif(is_logging = 0, ', but is stopped',
      ', not told if it is logging'))
    as what,
    row_number() over (partition by account_id, kind, ok order by region, arn) as place
  from trail),
basis as (
  select account_id, kind, ok,
    group_concat(what, '; ') filter (where place <= 5 and arn is not null) as what,
    json_group_array(trail_call_id) as trail_calls,
    json_group_array(status_call_id) as status_calls,
    json_group_array(selector_call_id) as selector_calls
  from (select * from told order by account_id, kind, ok, place)
  group by account_id, kind, ok),
account as (
  select a.account_id, a.region, k.kind, d.call_ids, count(t.arn) as trails,
    any_ok(t.ok) filter (where t.account_id is not null) as ok
  from aws_account a
  join (select 'reads' as kind union all select 'writes') k
  left join trail t on t.account_id = a.account_id and t.kind = k.kind
  left join aws_cloudtrail_trail_call d on d.account_id = a.account_id
  group by a.account_id, k.kind)
select a.account_id, a.region, a.kind, a.ok, a.trails,
  iif(a.trails = 0, iif(a.ok = 0, 'there is no trail', 'the trails could not be listed in any '
      || 'region'),
    iif(a.ok = 1, format('%s of all S3 objects are recorded in every region: ', a.kind),
      iif(a.ok = 0, format('no trail records %s of all S3 objects in every region: ', a.kind),
        format('it could not be told whether a trail records %s of all S3 objects in every '
          || 'region: ', a.kind)))
    || b.what) as detail,
  coalesce(b.trail_calls, a.call_ids) as trail_call_id, b.status_calls as status_call_id,
  b.selector_calls as selector_call_id
from account a
left join basis b on b.account_id = a.account_id and b.kind = a.kind and b.ok is a.ok;
