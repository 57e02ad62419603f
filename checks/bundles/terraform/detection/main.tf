# Alarms on events in the log group of a trail, in the account and the region of the log group. Whoever is told by e-mail has to confirm it.

locals {
  patterns = {
    CloudTrailChanges        = var.cloud_trail_changes
    ConfigChanges            = var.config_changes
    ConsoleSignInFailures    = var.console_sign_in_failures
    ConsoleSignInWithoutMfa  = var.console_sign_in_without_mfa
    EventSelectorChanges     = var.event_selector_changes
    GatewayChanges           = var.gateway_changes
    IamPolicyChanges         = var.iam_policy_changes
    KmsKeysDisabledOrDeleted = var.kms_keys_disabled_or_deleted
    NetworkAclChanges        = var.network_acl_changes
    OrganizationsChanges     = var.organizations_changes
    RootUse                  = var.root_use
    RouteTableChanges        = var.route_table_changes
    S3BucketPolicyChanges    = var.s3_bucket_policy_changes
    DeletedSecretUse         = var.deleted_secret_use
    SecurityGroupChanges     = var.security_group_changes
    SecurityGroupRuleChanges = var.security_group_rule_changes
    UnauthorizedApiCalls     = var.unauthorized_api_calls
    VpcChanges               = var.vpc_changes
    KMSErrorCount            = var.kms_error_count
  }
}

resource "aws_sns_topic" "topic" {
  name_prefix       = "detection-"
  kms_master_key_id = var.topic_key == "" ? null : var.topic_key
}

resource "aws_sns_topic_policy" "topic" {
  arn = aws_sns_topic.topic.arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "Alarms"
        Effect    = "Allow"
        Principal = { Service = "cloudwatch.amazonaws.com" }
        Action    = "sns:Publish"
        Resource  = aws_sns_topic.topic.arn
        Condition = {
          StringEquals = { "aws:SourceAccount" = var.place.account_id }
          ArnLike      = { "aws:SourceArn" = "arn:${var.place.partition}:cloudwatch:${var.place.region}:${var.place.account_id}:alarm:*" }
        }
      }
    ]
  })
}

resource "aws_sns_topic_subscription" "topic" {
  count     = var.endpoint == "" ? 0 : 1
  topic_arn = aws_sns_topic.topic.arn
  protocol  = var.protocol
  endpoint  = var.endpoint
}

# Names of their own: AWS would take a filter or an alarm of the same name for the one that is meant.
resource "aws_cloudwatch_log_metric_filter" "filter" {
  for_each       = toset(var.events)
  name           = "${var.metric_namespace}-${each.value}"
  log_group_name = var.log_group_name
  pattern        = local.patterns[each.value]

  metric_transformation {
    name      = each.value
    namespace = var.metric_namespace
    value     = "1"
  }
}

resource "aws_cloudwatch_metric_alarm" "alarm" {
  for_each            = toset(var.events)
  alarm_name          = "${var.metric_namespace}-${each.value}"
  alarm_description   = "${each.value} in ${var.log_group_name}"
  namespace           = var.metric_namespace
  metric_name         = each.value
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  threshold           = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.topic.arn]

  depends_on = [aws_sns_topic_policy.topic]
}
