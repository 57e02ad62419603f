output "trail_arn" {
  value = aws_cloudtrail.trail.arn
}

output "bucket" {
  value = aws_s3_bucket.logs.id
}

output "key_arn" {
  value = aws_kms_key.logs.arn
}

output "log_group" {
  value = aws_cloudwatch_log_group.logs.name
}
