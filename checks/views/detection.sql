-- Would anybody be told? The chain from what happens to somebody who hears of it, link by link:
--   1 trail         records it in every region: the rule of the check cloudtrail-multi-region
--   2 log group     gets the trail's events, in the region and account of its ARN
--   3 metric filter matches every event that must be told of, whatever the filter's name
--   4 metric        counts a match, and not by dimensions, which make it many metrics
--   5 alarm         on that name and namespace goes to ALARM at one event, and comes back from it
--   6 action        is enabled and is an SNS topic
--   7 subscriber    of the topic, confirmed
-- Each link is 1, 0 or NULL. An organization's trail has its log group in the account that owns it,
-- so that all from the log group on is read as org.<table>.

-- Each trail of each account with links 1 and 2. What a member is not shown of its organization's
-- trail is taken from the owner's own account, where the snapshot has it.
create view detection_trail as
with home as (
  select t.account_id, t.region, t.arn, coalesce(t.name, t.arn) as name, t.owner_id,
    t.owner_id <> t.account_id as is_foreign, t.is_multi_region_trail, t.log_group_arn, s.is_logging,
    s.latest_cloudwatch_logs_delivery_error as error, e.all_reads and e.all_writes as records,
    t.call_id, s.call_id as status_call_id, e.call_id as selector_call_id
  from aws_cloudtrail_trail_home t
  left join aws_cloudtrail_trail_status s
    on s.account_id = t.account_id and s.region = t.region and s.arn = t.arn
  left join aws_cloudtrail_trail_events e
    on e.account_id = t.account_id and e.arn = t.arn
  where t.arn is not null),
owned as (
  select *,
    iif(is_foreign = 1, (
      select json_array(o.is_multi_region_trail, o.log_group_arn, o.has_custom_event_selectors)
      from org.aws_cloudtrail_trail o
      where o.account_id = h.owner_id and o.region = h.region and o.arn = h.arn), null) as owner_trail,
    iif(is_foreign = 1, (
      select json_array(o.is_logging, o.latest_cloudwatch_logs_delivery_error, o.call_id)
      from org.aws_cloudtrail_trail_status o
      where o.account_id = h.owner_id and o.region = h.region and o.arn = h.arn), null)
      as owner_status
  from home h),
told as (
  select account_id, region, arn, name, owner_id, is_foreign, call_id,
    iif(is_logging is null, coalesce(owner_status ->> 2, status_call_id), status_call_id)
      as status_call_id,
    iif(records is null and owner_trail ->> 2 = 0, null, selector_call_id) as selector_call_id,
    coalesce(is_multi_region_trail, owner_trail ->> 0) as multi,
    coalesce(is_logging, owner_status ->> 0) as is_logging,
    coalesce(records, iif(owner_trail ->> 2 = 0, 1, null)) as records,
    iif(is_foreign = 1, coalesce(owner_trail ->> 1, nullif(log_group_arn, '')), log_group_arn)
      as group_arn,
    coalesce(owner_status ->> 1, error) as error
  from owned),
parted as (
  select *, '[' || replace(json_quote(group_arn), ':', '","') || ']' as part from told)
select account_id, region, arn, name, multi and is_logging and records as ok, records,
  format('trail %s (%s)', name, region)
    || iif(multi = 1, '', iif(multi = 0, ' is of one region only', ' was not told to be multi-region'))
    || iif(is_logging = 1, '', iif(is_logging = 0, ' is stopped', ' was not told to be logging'))
    || iif(records = 1, '', iif(records = 0, ' does not record all management events',
      ': which events it records could not be told')) as problem,
  case when group_arn = '' or error <> '' then 0
    when error = '' and part ->> 2 = 'logs' then 1 end
    as has_group,
  coalesce(case when group_arn = '' then format('trail %s delivers to no log group', name)
    when error <> '' then format('trail %s cannot deliver to log group %s: %s', name, part ->> 6, error)
    when group_arn is null and is_foreign = 1 then format('the log group of trail %s is known to '
      || 'account %s, which owns the trail', name, owner_id)
    when group_arn <> '' and (part ->> 2 = 'logs' and part ->> 6 <> '') is not 1
      then format('the log group of trail %s is not named by an ARN', name) end,
    format('whether the events of trail %s reach a log group was not told', name)) as group_problem,
  part ->> 4 as group_account_id, part ->> 3 as group_region, part ->> 6 as group_name,
  json_array(call_id, status_call_id, selector_call_id) as trail_call_id
from parted;

-- Each way from a trail to a topic, for the events that the check gives as its setting 'events' (see
-- pattern_slip). Its setting 'most_events' is how many of them in one period the alarm may wait for.
-- Filters are judged first and alarms only for those that match: most filters are about something
-- else. Of filters that miss something one is kept, the one with most of the wanted words in it.
create view detection_chain as
with word as materialized (select value from json_tree(setting('events')) where type = 'text'),
trail as materialized (
  select *, (
    select r.name from org.aws_region r where r.account_id = t.group_account_id
      and r.name = t.group_region and r.opt_in_status is not 'not-opted-in') is not null as is_scanned
  from detection_trail t),
filter as materialized (
  select account_id, region, log_group_name, name, filter_pattern, call_id, dimensions,
    metric_transformation_namespace as namespace, metric_transformation_name as metric,
    metric_transformation_value as told, default_value, apply_on_transformed_logs as is_transformed,
    field_selection_criteria as criteria
  from org.aws_cloudwatch_log_metric_filter
  where (account_id, region) in (select group_account_id, group_region from trail)),
alarm_row as materialized (
  select account_id, region, name, call_id, metric_name, namespace, statistic, extended_statistic,
    period, coalesce(datapoints_to_alarm, evaluation_periods) as datapoints, threshold,
    iif(threshold_metric_id = '', comparison_operator, null) as comparison, treat_missing_data,
    actions_enabled, iif(json_valid(alarm_actions), alarm_actions, null) as alarm_actions,
    dimensions, iif(json_valid(metrics), metrics, null) as metrics
  from org.aws_cloudwatch_alarm
  where (account_id, region) in (select group_account_id, group_region from trail)),
-- Each alarm by the metric that it looks at. One with a list of metrics is there once for each of
-- them; `is_simple` is NULL where the list has more than one or computes something. `is_plain`: on the
-- metric without dimensions, which is what a filter feeds.
alarm as (
  select account_id, region, name, call_id, namespace, metric_name,
    coalesce(nullif(statistic, ''), nullif(extended_statistic, '')) as statistic, period, datapoints,
    threshold, comparison, treat_missing_data, actions_enabled, alarm_actions, 1 as is_simple,
    iif(json_valid(dimensions), dimensions = '[]', null) as is_plain
  from alarm_row
  where metric_name <> '' or metric_name is null
  union all
  select a.account_id, a.region, a.name, a.call_id,
    a.metrics ->> (m.fullkey || '.MetricStat.Metric.Namespace'),
    a.metrics ->> (m.fullkey || '.MetricStat.Metric.MetricName'),
    a.metrics ->> (m.fullkey || '.MetricStat.Stat'),
    a.metrics ->> (m.fullkey || '.MetricStat.Period'),
    a.datapoints, a.threshold, a.comparison, a.treat_missing_data, a.actions_enabled,
    a.alarm_actions, iif(json_array_length(a.metrics) = 1, 1, null),
    coalesce(a.metrics -> (m.fullkey || '.MetricStat.Metric.Dimensions'), '[]') = '[]'
  from alarm_row a
  join json_each(a.metrics) m
  where json_type(a.metrics, m.fullkey || '.MetricStat') = 'object'
    and coalesce(a.metrics ->> (m.fullkey || '.AccountId'), a.account_id) = a.account_id),
matched as (
  select t.account_id, t.region as trail_region, t.arn as trail_arn, t.name as trail,
    t.ok as has_trail, t.records, t.problem as trail_problem, t.has_group, t.group_problem,
    t.group_account_id, t.group_region, t.group_name as log_group, t.trail_call_id,
    t.is_scanned,
    f.account_id is not null as is_row, f.name as filter, f.filter_pattern, f.call_id
      as filter_call_id, f.namespace, f.metric, f.told, f.default_value, f.dimensions,
    f.is_transformed, f.criteria, pattern_slip(f.filter_pattern, setting('events')) as slip,
    iif(json_valid(f.told),
        iif(json_type(f.told) in ('integer', 'real'), f.told + 0, null), null) as value
  from trail t
  left join filter f on f.account_id = t.group_account_id and f.region = t.group_region
    and (f.log_group_name = t.group_name or f.log_group_name is null)),
judged as (
  select *,
    iif(is_row, iif(is_transformed = 0, slip = '' and iif(criteria = '', 1, null), null),
        iif(is_scanned, 0, null)) as has_filter,
    iif(dimensions in ('', '{}'), value > 0, iif(dimensions is null, null, 0)) as has_metric,
    iif(slip = '', 0, (select count(*) from word w where instr(m.filter_pattern, w.value) > 0))
      as words
  from matched m),
placed as (
  select *, row_number() over (
    partition by account_id, trail_arn, has_filter is 0 order by words desc, filter) as nearness
  from judged),
-- What one event makes of the metric is compared.
valued as (
  select f.*, iif(f.filter is null and f.has_filter is not 0, null, a.account_id is not null)
      as has_alarm_row,
    (a.namespace = f.namespace and a.metric_name = f.metric) as is_same_metric, a.name as alarm,
    a.call_id as alarm_call_id, a.statistic, a.period, a.datapoints, a.threshold, a.comparison,
    a.treat_missing_data, a.is_simple, a.is_plain, a.actions_enabled, a.alarm_actions,
    case
      when a.statistic = 'Sum' then f.value * setting('most_events')
      when a.statistic = 'Maximum' then f.value
      when f.default_value is not null then null
      when a.statistic = 'SampleCount' then setting('most_events')
      when a.statistic in ('Average', 'Minimum') then f.value
      when a.statistic glob 'p[0-9]*' then f.value end as one
  from placed f
  left join alarm a on f.has_filter is not 0 and a.account_id = f.group_account_id
    and a.region = f.group_region
    and (a.namespace = f.namespace and a.metric_name = f.metric) is not 0
  where f.has_filter is not 0 or f.nearness = 1),
-- An alarm that stays in ALARM when it is quiet again tells of one event and of no later one.
rung as (
  select *,
    case when comparison = 'GreaterThanOrEqualToThreshold' then one >= threshold
      when comparison = 'GreaterThanThreshold' then one > threshold
      when comparison in ('LessThanThreshold', 'LessThanOrEqualToThreshold') then 0 end as fires,
    case when datapoints = 1 then 1
      when datapoints > 1 and (treat_missing_data = 'notBreaching' or default_value is not null)
        then 0 end as is_enough,
    case when default_value is null then 1 when default_value <> 0 then null
      when comparison = 'GreaterThanOrEqualToThreshold' then threshold > 0
      when comparison = 'GreaterThanThreshold' then threshold >= 0 end as rests,
    case when treat_missing_data in ('', 'missing', 'notBreaching') then 1
      when treat_missing_data = 'ignore' then default_value is not null
      when treat_missing_data = 'breaching' then iif(default_value is null, 0, null) end as returns
  from valued),
aimed as (
  select r.*, x.value as topic_arn,
    '[' || replace(json_quote(x.value), ':', '","') || ']' as topic_part
  from rung r
  left join json_each(case when json_type(r.alarm_actions) = 'array' then r.alarm_actions end) x
    on x.value glob 'arn:*:sns:*'),
parted as (
  select *, topic_part ->> 4 as topic_account_id, topic_part ->> 3 as topic_region,
    topic_part ->> 5 as topic
  from aimed),
listed as (
  select *,
    (select t.topic_arn from org.aws_sns_topic t where t.account_id = p.topic_account_id
       and t.region = p.topic_region and t.topic_arn = p.topic_arn limit 1) is not null as is_listed,
    (select t.region from org.aws_sns_topic t where t.account_id = p.topic_account_id
       and t.region = p.topic_region and t.topic_arn is null limit 1) is not null as is_unlisted,
    (select r.name from org.aws_region r where r.account_id = p.topic_account_id
       and r.name = p.topic_region and r.opt_in_status is not 'not-opted-in' limit 1) is not null
      as is_topic_scanned,
    (select s.topic_arn from org.aws_sns_topic_subscription s
     where s.account_id = p.topic_account_id and s.region = p.topic_region
       and s.topic_arn = p.topic_arn and s.subscription_arn like 'arn:%' limit 1) is not null
      as is_confirmed,
    (select s.topic_arn from org.aws_sns_topic_subscription s
     where s.account_id = p.topic_account_id and s.region = p.topic_region
       and s.topic_arn = p.topic_arn and s.subscription_arn is null limit 1) is not null
      as is_unread,
    (select s.call_id from org.aws_sns_topic_subscription s
     where s.account_id = p.topic_account_id and s.region = p.topic_region
       and s.topic_arn = p.topic_arn limit 1) as topic_call_id
  from parted p)
select *,
  iif(filter is null, null, iif(has_alarm_row, is_same_metric and is_simple and is_plain and fires
    and is_enough and rests and returns, 0)) as has_alarm,
  actions_enabled and case when topic_arn is not null then 1
    when json_type(alarm_actions) = 'array' then 0 end as has_action,
  case when topic_arn is null then null when is_listed then iif(is_confirmed, 1, iif(is_unread, null, 0))
    when is_topic_scanned and not is_unlisted then 0 end as has_subscriber
from listed;

-- What is wrong with each way, and how far it goes: `ok` is that of all links, `place` the first link
-- that breaks it or, where that is not known, the first that is not known; 8: none.
create view detection_problem as
select *,
  case place
    when 1 then trail_problem
    when 2 then group_problem
    when 3 then coalesce(case
      when is_scanned = 0 and filter is null then format('log group %s is in account %s, region %s, '
        || 'which is not in this snapshot: whether anybody would be told has to be judged there',
        log_group, group_account_id, group_region)
      when is_row = 1 and filter is null then format('the metric filters of account %s, region %s '
        || 'could not be read', group_account_id, group_region)
      when filter is null then format('log group %s has no metric filter', log_group)
      when words = 0 and slip <> '' then format('no metric filter of log group %s matches %s',
        log_group, slip)
      when slip <> '' then format('metric filter %s of log group %s lets an event slip through: %s',
        filter, log_group, slip)
      when pattern_error(filter_pattern) <> '' then format('what metric filter %s of log group %s '
        || 'matches could not be told: %s', filter, log_group, pattern_error(filter_pattern))
      when slip = '' and criteria <> '' then format('metric filter %s of log group %s takes only '
        || 'events that %s', filter, log_group, criteria)
      when is_transformed = 1 then format('metric filter %s of log group %s matches transformed '
        || 'events', filter, log_group) end,
      format('whether metric filter %s of log group %s matches all events could not be told: %s',
        filter, log_group, filter_pattern))
    when 4 then coalesce(case
      when dimensions not in ('', '{}') then format('metric filter %s splits its metric by '
        || 'dimensions, so that no alarm sees all of it', filter) end,
      format('metric filter %s adds %s to its metric at a match', filter,
        coalesce(told, 'what was not told')))
    when 5 then coalesce(case
      when has_alarm_row = 0 then format('no alarm is on metric %s/%s of metric filter %s', namespace,
        metric, filter)
      when alarm is null then format('the alarms of account %s, region %s could not be read',
        group_account_id, group_region)
      when is_plain = 0 then format('alarm %s is on a metric with dimensions, which metric filter %s '
        || 'does not feed', alarm, filter)
      when fires = 0 then format('alarm %s does not ring at one event: %s of %s in %s s, %s %s', alarm,
        statistic, metric, period, comparison, threshold)
      when is_enough = 0 then format('alarm %s waits for %d values in a row', alarm, datapoints)
      when rests = 0 then format('alarm %s rings without an event: %s %s', alarm, comparison, threshold)
      when returns = 0 then format('alarm %s stays in ALARM after its first event: it treats missing '
        || 'data as %s', alarm, treat_missing_data)
      when is_simple is null then format('alarm %s computes something from several metrics', alarm) end,
      format('whether alarm %s rings at one event could not be told', alarm))
    when 6 then coalesce(case
      when actions_enabled = 0 then format('the actions of alarm %s are disabled', alarm)
      when topic_arn is null and json_type(alarm_actions) = 'array'
        then format('alarm %s tells no SNS topic itself (composite alarms are not read)', alarm)
        end,
      format('what alarm %s does could not be told', alarm))
    when 7 then coalesce(case
      when is_listed = 0 and has_subscriber = 0 then format('topic %s of alarm %s does not exist',
        topic_arn, alarm)
      when has_subscriber = 0 then format('topic %s of alarm %s has no confirmed subscription', topic,
        alarm)
      when is_topic_scanned = 0 then format('topic %s of alarm %s is in account %s, which is not in this snapshot',
          topic, alarm, topic_account_id) end,
      format('the subscriptions of topic %s of alarm %s could not be read', topic, alarm))
    when 8 then format('%s: log group %s, metric filter %s, alarm %s, topic %s', trail_problem,
        log_group, filter, alarm, topic)
      || iif(pattern_noise(filter_pattern) = 1,
        ' (the filter matches nearly every event: its alarm cannot be told from noise)', '')
    end as detail
from (
  select *, iif(ok = 0, case
      when has_trail = 0 then 1 when has_group = 0 then 2 when has_filter = 0 then 3
      when has_metric = 0 then 4 when has_alarm = 0 then 5 when has_action = 0 then 6
      when has_subscriber = 0 then 7 end, depth) as place
  from (
    select *,
      has_trail and has_group and has_filter and has_metric and has_alarm and has_action
        and has_subscriber as ok,
      1 + (has_trail is 1) * (1 + (has_group is 1) * (1 + (has_filter is 1) * (1 + (has_metric is 1)
        * (1 + (has_alarm is 1) * (1 + (has_action is 1) * (1 + (has_subscriber is 1))))))) as depth
    from detection_chain));

-- Each account once: its best way. `ok` is 1 where somebody is told, 0 where surely nobody is.
create view detection_verdict as
with answered as materialized (
  select account_id, json_group_array(call_id) as call_ids,
    json_group_array(call_id) filter (where outcome in ('ok', 'absent')) as ok_ids
  from api_call where service = 'cloudtrail' and operation = 'DescribeTrails' group by account_id)
select a.account_id, a.region, a.account_id as resource,
  -- A multi-region trail shows in every region, so that one region that answered tells.
  iif(p.account_id is null, iif(d.ok_ids <> '[]', 0, null), p.ok) as ok,
  iif(p.account_id is null, iif(d.ok_ids <> '[]', 'there is no trail',
    'the trails could not be listed in any region'), p.detail) as detail,
  p.place, p.trail_arn, p.group_account_id, p.group_region, p.log_group, p.filter, p.alarm,
  p.topic_arn,
  iif(p.account_id is null, iif(d.ok_ids <> '[]', d.ok_ids, d.call_ids), p.trail_call_id)
    as trail_call_id,
  iif(p.place >= 3, p.filter_call_id, null) as filter_call_id,
  iif(p.place >= 5, p.alarm_call_id, null) as alarm_call_id,
  iif(p.place >= 7, p.topic_call_id, null) as topic_call_id
from aws_account a
left join answered d on d.account_id = a.account_id
left join (
  select *, row_number() over (
    partition by account_id
    order by ok is 1 desc, ok is null desc, depth desc, words desc, trail_arn, filter, alarm, topic)
    as best
  from detection_problem) p on p.account_id = a.account_id and p.best = 1;
