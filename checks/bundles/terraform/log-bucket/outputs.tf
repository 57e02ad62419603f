output "key_arn" {
  value = aws_kms_key.key.arn
}

output "bucket" {
  value = aws_s3_bucket.bucket.id
}
