-- What the best-practice checks share, under the rules of views.sql.

-- Each trail once, as aws_cloudtrail_trail_home, with what its status says. `is_foreign`: another
-- account owns it (an organization trail seen from a member), where it is judged.
create view aws_cloudtrail_trail_now as
select t.account_id, t.region, t.arn, coalesce(t.name, t.arn) as name, t.owner_id,
  length(t.owner_id) = 12 and t.owner_id not glob '*[^0-9]*' and t.owner_id <> t.account_id
    as is_foreign,
  t.is_multi_region_trail, t.include_global_service_events, t.log_file_validation_enabled,
  nullif(t.s3_bucket_name, '') as s3_bucket_name, t.s3_key_prefix, t.kms_key_id, t.log_group_arn,
  t.has_custom_event_selectors, t.owner_note, s.is_logging, s.start_logging_time,
  s.stop_logging_time, s.latest_delivery_time, s.latest_delivery_error,
  s.latest_cloudwatch_logs_delivery_time, s.latest_cloudwatch_logs_delivery_error,
  s.latest_digest_delivery_time, s.latest_digest_delivery_error, t.call_id as trail_call_id,
  s.call_id as status_call_id
from aws_cloudtrail_trail_home t
left join aws_cloudtrail_trail_status s
  on s.account_id = t.account_id and s.region = t.region and s.arn = t.arn;

-- How the last delivery of each trail went, by `kind`: 'logs' to S3, 'digests' to S3, 'events' to
-- CloudWatch Logs (which is judged by its error alone: whether it is recent, CIS asks). `state`
-- begins with '+' when it is as it should be, '-' when it is not, '.' when there is nothing to
-- judge, and is NULL or begins with '?' when that cannot be told. A trail delivers within minutes,
-- and a digest each hour: a day without is too long, but not just after the start. Times are those
-- of the collection.
create view aws_cloudtrail_trail_delivery as
select account_id, region, kind, arn, name, delivered, error, state,
  case substr(state, 1, 1) when '+' then 1 when '-' then 0 end as ok,
  coalesce(state like '.%', 0) as not_applicable,
  iif(arn is null, 'the trails of this region could not be listed', format('trail %s: %s', name,
    coalesce(substr(state, 2), format('whether its %s arrive could not be told', kind))
    || iif(is_foreign, '', owner_note))) as detail,
  trail_call_id, iif(is_foreign or used = 0, null, status_call_id) as status_call_id
from (
  select *, case
    when is_foreign then format('.account %s owns it, where it is judged', owner_id)
    when used = 0 then iif(kind = 'digests', '.log file validation is off',
      '.no CloudWatch Logs group')
    when is_logging = 0 then '.stopped, so that nothing is to arrive'
    when used and is_logging then case
      when error <> '' then format('-the last delivery of %s failed: %s', kind, error)
      when error is null then null
      when kind = 'events' then '+the last delivery of events had no error'
      when age between -3600 and 86400 then format('+%s were delivered at %s', kind, delivered)
      when age < -3600
        then format('?the last delivery, %s, is after the collection', delivered)
      when running < grace then '?started too short a time before the collection'
      when running is null then null
      when age > 86400 then format('-no %s were delivered since %s', kind, delivered)
      when delivered is null then format('-it never delivered any %s', kind) end
    end as state
  from (
    select t.*, k.kind, k.grace,
      case k.kind when 'logs' then t.latest_delivery_time
        when 'digests' then t.latest_digest_delivery_time
        when 'events' then t.latest_cloudwatch_logs_delivery_time end as delivered,
      case k.kind when 'logs' then t.latest_delivery_error
        when 'digests' then t.latest_digest_delivery_error
        when 'events' then t.latest_cloudwatch_logs_delivery_error end as error,
      unixepoch(n.collected_at) - unixepoch(t.start_logging_time) as running,
      unixepoch(n.collected_at) - unixepoch(case k.kind when 'logs' then t.latest_delivery_time
        when 'digests' then t.latest_digest_delivery_time end) as age,
      case k.kind when 'logs' then 1 when 'digests' then t.log_file_validation_enabled
        when 'events' then t.log_group_arn <> '' end as used
    from aws_cloudtrail_trail_now t
    join snapshot n
    join (select 'logs' as kind, 3600 as grace union all select 'digests', 86400
          union all select 'events', 0) k));

-- What one event selector records of S3's object-level events: `reads` and `writes` of every object
-- of every bucket, and `partly` when it records any of them. Per the API reference of EventSelector
-- (a data resource that names the service, arn:PARTITION:s3, stands for all buckets) and
-- AdvancedFieldSelector.
create view aws_cloudtrail_s3_selector as
select account_id, region, arn, mode in ('all', 'readonly') and covers as reads,
  mode in ('all', 'writeonly') and covers as writes, partly
from (
  select account_id, region, arn, mode,
    iif(resources = 'array', any_ok(type = 'AWS::S3::Object' and is_all)
        filter (where resource is not null), iif(resources = '', 0, null)) as covers,
    any_ok(type = 'AWS::S3::Object') as partly
  from (
    select e.account_id, e.region, e.arn, s.fullkey as selector, d.fullkey as resource,
      case lower(e.event_selectors ->> (s.fullkey || '.ReadWriteType'))
        when 'all' then 'all' when 'readonly' then 'readonly' when 'writeonly' then 'writeonly' end
        as mode,
      coalesce(json_type(e.event_selectors, s.fullkey || '.DataResources'), '') as resources,
      e.event_selectors ->> (d.fullkey || '.Type') as type,
      iif(json_type(e.event_selectors, d.fullkey || '.Values') = 'array',
        (select any_ok(v.value in (e.all_buckets, e.all_buckets || ':::'))
         from json_each(e.event_selectors, d.fullkey || '.Values') v), null) as is_all
    from (
      select account_id, region, arn, substr(arn, 1, instr(substr(arn, 5), ':') + 3) || ':s3'
          as all_buckets,
        case when json_valid(event_selectors) then event_selectors end as event_selectors
      from aws_cloudtrail_trail_event_selector) e
    join json_each(e.event_selectors) s
    left join json_each(e.event_selectors, s.fullkey || '.DataResources') d
      on json_type(e.event_selectors, s.fullkey || '.DataResources') = 'array')
  group by account_id, region, arn, selector)
union all
-- Advanced: every field selector of the list must hold.
select account_id, region, arn, is_data and of_objects and complete and reads,
  is_data and of_objects and complete and writes, is_data and of_objects
from (
  select account_id, region, arn,
    iif(count(*) filter (where field = 'eventCategory') = 1,
        any_ok(field = 'eventCategory' and operators = 'Equals:array' and equal = '["Data"]'), null)
      as is_data,
    iif(count(*) filter (where field = 'resources.type') = 1,
        any_ok(field = 'resources.type' and operators = 'Equals:array'
               and equal = '["AWS::S3::Object"]'), null) as of_objects,
    all_ok(case
      when field in ('eventCategory', 'resources.type', 'readOnly') then operators = 'Equals:array'
      when field = 'resources.ARN' then operators = 'StartsWith:array' and from_root
      when field <> '' then 0 end) as complete,
    all_ok(case when field <> 'readOnly' then 1
      when lower(equal) = '["true"]' then 1 when lower(equal) = '["false"]' then 0 end) as reads,
    all_ok(case when field <> 'readOnly' then 1
      when lower(equal) = '["true"]' then 0 when lower(equal) = '["false"]' then 1 end) as writes
  from (
    select e.account_id, e.region, e.arn, s.fullkey as selector,
      e.selectors ->> (f.fullkey || '.Field') as field,
      e.selectors -> (f.fullkey || '.Equals') as equal,
      (select group_concat(o.key || ':' || o.type, ' ') from json_each(e.selectors, f.fullkey) o
       where o.key <> 'Field' and o.type <> 'null' and o.value <> '[]') as operators,
      -- Any of them is enough.
      (select any_ok(x.value = e.all_buckets || ':::')
       from json_each(e.selectors, f.fullkey || '.StartsWith') x) as from_root
    from (
      select account_id, region, arn, substr(arn, 1, instr(substr(arn, 5), ':') + 3) || ':s3'
          as all_buckets,
        case when json_valid(advanced_event_selectors) then advanced_event_selectors end
          as selectors
      from aws_cloudtrail_trail_event_selector) e
    join json_each(e.selectors) s
    left join json_each(e.selectors, s.fullkey || '.FieldSelectors') f
      on json_type(e.selectors, s.fullkey || '.FieldSelectors') = 'array')
  group by account_id, region, arn, selector);

-- Which of S3's object-level events each trail records, from the union of its selectors. The
-- default selector records none. One kind of selector is in force at a time: a trail that shows
-- both kinds or none, or a list that is malformed, is NULL.
create view aws_cloudtrail_trail_s3_events as
select t.account_id, t.region, t.arn, t.name, t.is_multi_region_trail, t.is_logging,
  iif(l.is_default, 0, iif(l.lists = 1, s.reads, null)) as reads,
  iif(l.is_default, 0, iif(l.lists = 1, s.writes, null)) as writes,
  iif(l.is_default, 0, iif(l.lists = 1, s.partly, null)) as partly,
  t.trail_call_id, t.status_call_id, iif(l.is_default, null, l.call_id) as selector_call_id
from aws_cloudtrail_trail_now t
left join aws_cloudtrail_trail_selectors l
  on l.account_id = t.account_id and l.region = t.region and l.arn = t.arn
left join (
  select account_id, region, arn, any_ok(reads) as reads, any_ok(writes) as writes,
    any_ok(partly) as partly
  from aws_cloudtrail_s3_selector
  group by account_id, region, arn) s
  on s.account_id = t.account_id and s.region = t.region and s.arn = t.arn;

-- For each account and kind ('reads', 'writes'): does a multi-region trail that is logging record
-- them for all buckets? A multi-region trail shows in every region, so that one region which
-- answered tells whether there is any: the regions that did not answer matter only if all did not.
create view aws_cloudtrail_s3_events as
with trail as materialized (
  select e.*, k.kind, iif(k.kind = 'reads', e.reads, e.writes) as records,
    e.is_multi_region_trail and e.is_logging and iif(k.kind = 'reads', e.reads, e.writes) as ok
  from aws_cloudtrail_trail_s3_events e
  join (select 'reads' as kind union all select 'writes') k
  where e.arn is not null or e.account_id not in (
    select account_id from api_call
    where service = 'cloudtrail' and operation = 'DescribeTrails' and outcome = 'ok')),
told as (
  select *, format('%s (%s)', name, region) || iif(records = 1, ' records them for all buckets',
      iif(records is null, ': what it records could not be told',
        iif(partly, ' records them for some buckets or objects only', ' does not record them')))
    || iif(is_multi_region_trail = 1, '', iif(is_multi_region_trail = 0, ', one region only',
      ', not told if multi-region'))
    || iif(is_logging = 1, '', iif(is_logging = 0, ', stopped', ', not told if it is logging'))
    as what,
    row_number() over (partition by account_id, kind, ok order by
      (records is 1) + (partly is 1) + (is_multi_region_trail is 1) + (is_logging is 1) desc,
      region, arn) as place
  from trail),
basis as (
  select account_id, kind, ok,
    group_concat(what, '; ') filter (where place <= 5 and arn is not null) as what,
    json_group_array(trail_call_id) as trail_calls,
    json_group_array(status_call_id) filter (where status_call_id is not null) as status_calls,
    json_group_array(selector_call_id) filter (where selector_call_id is not null)
      as selector_calls
  from (select * from told order by account_id, kind, ok, place)
  group by account_id, kind, ok),
account as (
  select a.account_id, a.region, k.kind, count(t.arn) as trails,
    any_ok(t.ok) filter (where t.account_id is not null) as ok
  from aws_account a
  join (select 'reads' as kind union all select 'writes') k
  left join trail t on t.account_id = a.account_id and t.kind = k.kind
  group by a.account_id, k.kind)
select a.account_id, a.region, a.kind, a.ok, a.trails,
  iif(a.trails = 0, iif(a.ok = 0, 'there is no trail', 'the trails could not be listed in any '
      || 'region'),
    iif(a.ok = 1, '', iif(a.ok = 0, format('no multi-region trail that is logging records all '
        || '%s of objects: ', a.kind), format('it could not be told whether a multi-region trail '
        || 'records all %s of objects: ', a.kind))) || coalesce(b.what, ''))
    || iif(a.trails > 5, format(' (%d trails in all)', a.trails), '') as detail,
  b.trail_calls as trail_call_id, b.status_calls as status_call_id,
  b.selector_calls as selector_call_id
from account a
left join basis b on b.account_id = a.account_id and b.kind = a.kind and b.ok is a.ok;
