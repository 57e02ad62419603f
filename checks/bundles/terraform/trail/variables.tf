variable "place" {
  type        = object({ account_id = string, partition = string, region = string })
  description = "Where the provider is. Given, not looked up: ARNs are known when it is planned."
  nullable    = false
}

variable "trail_name" {
  type     = string
  default  = "all-regions"
  nullable = false
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

variable "log_group_days" {
  type     = number
  default  = 365
  nullable = false
}
