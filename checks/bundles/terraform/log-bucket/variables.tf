variable "place" {
  type        = object({ account_id = string, partition = string, region = string })
  description = "Where the provider is. Given, not looked up: ARNs are known when it is planned."
  nullable    = false
}

variable "organization_id" {
  type     = string
  nullable = false
}

variable "management_account_id" {
  type        = string
  description = "The account that owns the trail; a delegated administrator's trail is the management account's, too."
  nullable    = false
}

variable "trail_name" {
  type     = string
  nullable = false
}

variable "bucket_name" {
  type        = string
  description = "A name, so that the trail's module in another account knows it."
  nullable    = false
}

variable "key_administrators" {
  type        = list(string)
  default     = []
  description = "ARNs of roles that administrate the key and cannot read with it; among them the one that applies this. None means whom IAM allows it."
  nullable    = false
}

variable "log_readers" {
  type        = list(string)
  default     = []
  description = "ARNs of roles that may decrypt the logs; none means nobody."
  nullable    = false
}

variable "log_days" {
  type        = number
  default     = 0
  description = "Days after which logs are deleted; 0 means never."
  nullable    = false
}

variable "object_lock_mode" {
  type        = string
  default     = "none"
  description = "none, GOVERNANCE or COMPLIANCE, by which nobody, not even the root user, deletes a log before its time."
  nullable    = false
}

variable "object_lock_days" {
  type     = number
  default  = 365
  nullable = false
}
