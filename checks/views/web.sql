-- What the checks on web front ends share, under the rules of views.sql.

-- Access logs that CloudWatch Logs delivers: CloudFront's standard logging (v2) and those of load
-- balancers. `works`: whether the source is of access logs, active, of all requests and delivered
-- somewhere. A source of which it is not told what sends the logs, and a region whose sources could
-- not be listed, stay as rows without a resource. Settings of a source that are not known leave it
-- open whether it has all requests.
create view access_log_delivery as
select s.account_id, s.region, case when r.type = 'text' then r.value end as resource_arn,
  s.log_type in ('ACCESS_LOGS', 'ALB_ACCESS_LOGS', 'NLB_ACCESS_LOGS')
    and s.status collate nocase in ('', 'ACTIVE')
    and case
      when s.delivery_source_configuration = '' then 1
      when json_valid(s.delivery_source_configuration)
        then s.delivery_source_configuration ->> '$.samplingRate' = '100' end
    and (select any_ok(d.delivery_source_name = s.name) from aws_cloudwatch_log_delivery d
         where d.account_id = s.account_id and d.region = s.region) as works
from aws_cloudwatch_log_delivery_source s
left join json_each(case when json_valid(s.resource_arns) then s.resource_arns end) r;
