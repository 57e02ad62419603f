output "trail_arn" {
  value = aws_cloudtrail.trail.arn
}

output "bucket" {
  value = aws_s3_bucket.bucket.id
}

output "key_arn" {
  value = aws_kms_key.key.arn
}

output "log_group" {
  value = aws_cloudwatch_log_group.log_group.name
}
