variable "place" {
  type        = object({ account_id = string, partition = string, region = string })
  description = "Where the provider is. Given, not looked up: ARNs are known when it is planned."
  nullable    = false
}

variable "vpc_ids" {
  type        = list(string)
  description = "The VPCs of this account and region."
  nullable    = false
}

variable "log_group_days" {
  type     = number
  default  = 365
  nullable = false
}
