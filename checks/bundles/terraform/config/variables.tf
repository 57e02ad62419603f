variable "place" {
  type        = object({ account_id = string, partition = string, region = string })
  description = "Where the provider is. Given, not looked up: ARNs are known when it is planned."
  nullable    = false
}

variable "home_region" {
  type        = string
  description = "The region whose module makes the bucket and the role of the account and records the global types; it comes first."
  nullable    = false
}

variable "bucket_prefix" {
  type     = string
  default  = "config"
  nullable = false
}

variable "role_name" {
  type     = string
  default  = "config-recorder"
  nullable = false
}
