variable "place" {
  type        = object({ account_id = string, partition = string, region = string })
  description = "Where the provider is. Given, not looked up: ARNs are known when it is planned."
  nullable    = false
}

variable "trail_name" {
  type     = string
  nullable = false
}

variable "bucket_name" {
  type     = string
  nullable = false
}

variable "key_arn" {
  type        = string
  description = "ARN of the key in the account that keeps the logs, or of its alias."
  nullable    = false
}

variable "log_group_days" {
  type     = number
  default  = 365
  nullable = false
}
