-- What the checks on keys and flow logs share, under the rules of views.sql.

-- The keys that are the customer's, or of which that is not known, with what they are. `state` is
-- the key's state in capitals. `problem` says why a key cannot be judged; a region whose keys could
-- not be listed stays as a row without an id.
create view aws_kms_customer_key as
select account_id, region, id, arn, state, key_state, origin, description, deletion_date, valid_to,
  expiration_model, list_call_id, key_call_id,
  case
    when id is null then 'the keys of this region could not be listed'
    when is_customer is not 1 then format('key %s: whose it is could not be read', id) end as problem
from (
  select l.account_id, l.region, l.id, coalesce(l.arn, k.arn, l.id) as arn,
    k.key_manager = 'CUSTOMER' collate nocase as is_customer, upper(k.key_state) as state,
    k.key_state, upper(k.origin) as origin, k.description, k.deletion_date, k.valid_to,
    upper(k.expiration_model) as expiration_model, l.call_id as list_call_id,
    k.call_id as key_call_id
  from aws_kms_key_list l
  left join aws_kms_key k on k.account_id = l.account_id and k.region = l.region and k.id = l.id
  where k.key_manager is not 'AWS' collate nocase);

-- The same, with what is at stake. `is_trail_key`: whether a trail of the account names the key (an
-- alias in a trail does not tell which key it is). `level` is what a fault of it is at worst, `stake`
-- says why.
create view aws_kms_key_at_stake as
with trail_key as materialized (
  select account_id, iif(kms_key_id like '%alias/%', null, kms_key_id) as name
  from (select distinct account_id, kms_key_id from aws_cloudtrail_trail)),
account_trails as materialized (
  select account_id, any_ok(iif(name is null, null, 0)) as any_other from trail_key
  group by account_id)
select *, iif(is_trail_key is 0, 'warn', 'critical') as level,
  iif(id is null or is_trail_key = 0, '', iif(is_trail_key, ' (it encrypts a trail''s logs)',
    ' (whether it encrypts a trail''s logs could not be told)')) as stake
from (
  select k.*, case
      when t.account_id is null then 0
      when (k.account_id, k.arn) in (select account_id, name from trail_key) then 1
      when (k.account_id, k.id) in (select account_id, name from trail_key) then 1
      when k.id is not null then t.any_other end as is_trail_key
  from aws_kms_customer_key k
  left join account_trails t on t.account_id = k.account_id);

-- Each key with whether KMS renews its material by itself. `exempt` is '' for a key that can rotate,
-- else why KMS does not do so, or why that is not the customer's to decide; NULL where what kind of
-- key it is could not be read. A multi-region replica has its primary's setting, which only the
-- primary can change: `is_copy` is 1 where the primary is there, else 0.
create view aws_kms_key_rotation as
select l.account_id, l.region, l.id, l.arn as listed_arn, coalesce(l.arn, k.arn, l.id) as arn,
  case
    when k.key_manager = 'CUSTOMER' collate nocase
      and k.key_spec = 'SYMMETRIC_DEFAULT' collate nocase
      and k.key_usage = 'ENCRYPT_DECRYPT' collate nocase and k.origin = 'AWS_KMS' collate nocase
      and k.key_state collate nocase in ('ENABLED', 'UPDATING')
      then ''
    when k.key_manager = 'AWS' collate nocase
      then 'managed by AWS, which rotates it each year'
    when k.key_spec collate nocase not in ('SYMMETRIC_DEFAULT', '')
      then format('of kind %s, which cannot rotate by itself', k.key_spec)
    when k.key_usage collate nocase not in ('ENCRYPT_DECRYPT', '')
      then format('for %s, which cannot rotate by itself', k.key_usage)
    when k.origin = 'EXTERNAL' collate nocase
      then 'of imported material, which can only be rotated on demand'
    when k.origin collate nocase in ('AWS_CLOUDHSM', 'EXTERNAL_KEY_STORE')
      then 'in a custom key store, where it cannot rotate by itself'
    when k.key_state collate nocase in ('DISABLED', 'PENDINGDELETION', 'PENDINGREPLICADELETION',
                                        'PENDINGIMPORT', 'UNAVAILABLE', 'CREATING')
      then format('%s, and not in use', k.key_state) end as exempt,
  r.key_rotation_enabled, r.rotation_period_in_days, l.call_id as list_call_id,
  iif(k.primary_key_arn <> '' and k.primary_key_arn <> coalesce(l.arn, k.arn)
      and upper(k.multi_region_key_type) = 'REPLICA',
    (select count(*) > 0 from aws_kms_key_list p
     where p.account_id = l.account_id
       and p.region = '[' || replace(json_quote(k.primary_key_arn), ':', '","') || ']' ->> 3
       and p.id = substr(k.primary_key_arn, instr(k.primary_key_arn, ':key/') + 5)
       and p.arn = k.primary_key_arn), 0) as is_copy,
  k.call_id as key_call_id, r.call_id as rotation_call_id
from aws_kms_key_list l
left join aws_kms_key k on k.account_id = l.account_id and k.region = l.region and k.id = l.id
-- AWS rotates its own keys: there is nothing to look for.
left join aws_kms_key_rotation_status r
  on r.account_id = l.account_id and r.region = l.region
    and r.id = iif(k.key_manager = 'AWS', null, l.id);

-- Each trail once, with the key that its ARN names. `is_foreign`: another account owns the trail (an
-- organization trail seen from a member), where it is judged. `key_is_foreign`: the key is another
-- account's. An alias, or an id without its account and region, does not tell which key it is.
create view aws_cloudtrail_trail_key as
select account_id, region, arn, coalesce(name, arn) as name, owner_id, owner_note, kms_key_id,
  nullif(s3_bucket_name, '') as s3_bucket_name, call_id,
  length(owner_id) = 12 and owner_id not glob '*[^0-9]*' and owner_id <> account_id as is_foreign,
  nullif(part ->> 3, '') as key_region, part ->> 4 as key_account,
  length(part ->> 4) = 12 and part ->> 4 not glob '*[^0-9]*' and part ->> 4 <> account_id
    as key_is_foreign,
  iif(part ->> 5 like 'key/%', substr(part ->> 5, 5), null) as key_id
from (
  select *, iif(kms_key_id like 'arn:%', '[' || replace(json_quote(kms_key_id), ':', '","') || ']',
      null) as part
  from aws_cloudtrail_trail_home);

-- The flow logs of a region, with what each does.
create view aws_vpc_flow_log_now as
select account_id, region, flow_log_id, resource_id, deliver_logs_error_message as error,
  flow_log_status = 'ACTIVE' collate nocase as is_active,
  traffic_type collate nocase in ('REJECT', 'ALL') as rejects,
  traffic_type collate nocase in ('ACCEPT', 'ALL') as accepts,
  deliver_logs_status <> 'FAILED' collate nocase as delivers
from aws_vpc_flow_log;
