variable "place" {
  type        = object({ account_id = string, partition = string, region = string })
  description = "Where the provider is: in the management account."
  nullable    = false
}

variable "bucket_arns" {
  type        = list(string)
  description = "The log buckets."
  nullable    = false
}

variable "object_arns" {
  type        = list(string)
  description = "Each of them with /* behind it."
  nullable    = false
}

variable "target_ids" {
  type        = list(string)
  description = "The accounts that own them, or units of the organization. The management account cannot be bound."
  nullable    = false
}

variable "break_glass_role_arn" {
  type        = string
  default     = ""
  description = "The only role that the policy does not bind. While there is one, the check scp-protects-log-bucket does not pass."
  nullable    = false
}
