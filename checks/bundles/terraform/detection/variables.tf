variable "place" {
  type        = object({ account_id = string, partition = string, region = string })
  description = "Where the provider is. Given, not looked up: ARNs are known when it is planned."
  nullable    = false
}

variable "log_group_name" {
  type        = string
  description = "The log group that a trail sends its events to."
  nullable    = false
}

variable "events" {
  type        = list(string)
  description = "Those of the patterns of main.tf that are watched for; each has its variable below."
  nullable    = false
}

variable "cloud_trail_changes" {
  type     = string
  default  = ""
  nullable = false
}

variable "config_changes" {
  type     = string
  default  = ""
  nullable = false
}

variable "console_sign_in_failures" {
  type     = string
  default  = ""
  nullable = false
}

variable "console_sign_in_without_mfa" {
  type     = string
  default  = ""
  nullable = false
}

variable "event_selector_changes" {
  type     = string
  default  = ""
  nullable = false
}

variable "gateway_changes" {
  type     = string
  default  = ""
  nullable = false
}

variable "iam_policy_changes" {
  type     = string
  default  = ""
  nullable = false
}

variable "kms_keys_disabled_or_deleted" {
  type     = string
  default  = ""
  nullable = false
}

variable "network_acl_changes" {
  type     = string
  default  = ""
  nullable = false
}

variable "organizations_changes" {
  type     = string
  default  = ""
  nullable = false
}

variable "root_use" {
  type     = string
  default  = ""
  nullable = false
}

variable "route_table_changes" {
  type     = string
  default  = ""
  nullable = false
}

variable "s3_bucket_policy_changes" {
  type     = string
  default  = ""
  nullable = false
}

variable "deleted_secret_use" {
  type     = string
  default  = ""
  nullable = false
}

variable "security_group_changes" {
  type     = string
  default  = ""
  nullable = false
}

variable "security_group_rule_changes" {
  type     = string
  default  = ""
  nullable = false
}

variable "unauthorized_api_calls" {
  type     = string
  default  = ""
  nullable = false
}

variable "vpc_changes" {
  type     = string
  default  = ""
  nullable = false
}

variable "kms_error_count" {
  type     = string
  default  = ""
  nullable = false
}

variable "endpoint" {
  type        = string
  default     = ""
  description = "Who is told, such as an e-mail address or the ARN of a queue; none means whoever subscribes to the topic later."
  nullable    = false
}

variable "protocol" {
  type     = string
  default  = "email"
  nullable = false
}

variable "topic_key" {
  type        = string
  default     = ""
  description = "ARN of a key that encrypts the topic. Its policy must let cloudwatch.amazonaws.com use kms:Decrypt and kms:GenerateDataKey*, which AWS's own key alias/aws/sns does not."
  nullable    = false
}

variable "metric_namespace" {
  type     = string
  default  = "CISBenchmark"
  nullable = false
}
