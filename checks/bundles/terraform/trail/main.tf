# A trail of all regions with its bucket, key and log group. Once an account. What holds logs is not destroyed.

locals {
  trail_arn = "arn:${var.place.partition}:cloudtrail:${var.place.region}:${var.place.account_id}:trail/${var.trail_name}"
}

resource "aws_kms_key" "key" {
  description         = "CloudTrail logs"
  enable_key_rotation = true
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat([
      {
        Sid    = "Administrate"
        Effect = "Allow"
        Principal = {
          AWS = length(var.key_administrators) > 0 ? var.key_administrators : ["arn:${var.place.partition}:iam::${var.place.account_id}:root"]
        }
        Action = [
          "kms:Describe*", "kms:Get*", "kms:List*", "kms:Put*", "kms:Update*", "kms:Enable*", "kms:Disable*",
          "kms:CreateAlias", "kms:DeleteAlias", "kms:RevokeGrant", "kms:TagResource", "kms:UntagResource",
          "kms:ScheduleKeyDeletion", "kms:CancelKeyDeletion"
        ]
        Resource = "*"
      },
      {
        Sid       = "Encrypt"
        Effect    = "Allow"
        Principal = { Service = "cloudtrail.amazonaws.com" }
        Action    = ["kms:GenerateDataKey*", "kms:DescribeKey"]
        Resource  = "*"
        Condition = { StringEquals = { "aws:SourceArn" = local.trail_arn } }
      }
      ], length(var.log_readers) == 0 ? [] : [
      {
        Sid       = "Read"
        Effect    = "Allow"
        Principal = { AWS = var.log_readers }
        Action    = ["kms:Decrypt", "kms:DescribeKey"]
        Resource  = "*"
      }
    ])
  })

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_s3_bucket" "access_logs" {
  bucket_prefix = "cloudtrail-access-"

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_s3_bucket_public_access_block" "access_logs" {
  bucket                  = aws_s3_bucket.access_logs.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_policy" "access_logs_policy" {
  bucket = aws_s3_bucket.access_logs.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Principal = { Service = "logging.s3.amazonaws.com" }
        Action    = "s3:PutObject"
        Resource  = "${aws_s3_bucket.access_logs.arn}/*"
        Condition = { StringEquals = { "aws:SourceAccount" = var.place.account_id } }
      }
    ]
  })

  # S3 refuses two changes of a bucket at once.
  depends_on = [aws_s3_bucket_public_access_block.access_logs]
}

resource "aws_s3_bucket" "bucket" {
  bucket_prefix = "cloudtrail-"

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_s3_bucket_public_access_block" "bucket" {
  bucket                  = aws_s3_bucket.bucket.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_versioning" "bucket" {
  bucket = aws_s3_bucket.bucket.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_logging" "bucket" {
  bucket        = aws_s3_bucket.bucket.id
  target_bucket = aws_s3_bucket.access_logs.id
  target_prefix = "trail/"

  depends_on = [aws_s3_bucket_policy.access_logs_policy]
}

resource "aws_s3_bucket_policy" "bucket_policy" {
  bucket = aws_s3_bucket.bucket.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Principal = { Service = "cloudtrail.amazonaws.com" }
        Action    = "s3:GetBucketAcl"
        Resource  = aws_s3_bucket.bucket.arn
        Condition = { StringEquals = { "aws:SourceArn" = local.trail_arn } }
      },
      {
        Effect    = "Allow"
        Principal = { Service = "cloudtrail.amazonaws.com" }
        Action    = "s3:PutObject"
        Resource  = "${aws_s3_bucket.bucket.arn}/AWSLogs/${var.place.account_id}/*"
        Condition = {
          StringEquals = {
            "s3:x-amz-acl"  = "bucket-owner-full-control"
            "aws:SourceArn" = local.trail_arn
          }
        }
      },
      {
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = [aws_s3_bucket.bucket.arn, "${aws_s3_bucket.bucket.arn}/*"]
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      }
    ]
  })

  depends_on = [aws_s3_bucket_public_access_block.bucket]
}

resource "aws_cloudwatch_log_group" "log_group" {
  name_prefix       = "cloudtrail-"
  retention_in_days = var.log_group_days

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_iam_role" "log_role" {
  name_prefix = "cloudtrail-"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Principal = { Service = "cloudtrail.amazonaws.com" }
        Action    = "sts:AssumeRole"
      }
    ]
  })
}

resource "aws_iam_role_policy" "log_role" {
  name = "deliver"
  role = aws_iam_role.log_role.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = "${aws_cloudwatch_log_group.log_group.arn}:*"
      }
    ]
  })
}

resource "aws_cloudtrail" "trail" {
  name                          = var.trail_name
  enable_logging                = true
  is_multi_region_trail         = true
  include_global_service_events = true
  enable_log_file_validation    = true
  s3_bucket_name                = aws_s3_bucket.bucket.id
  kms_key_id                    = aws_kms_key.key.arn
  cloud_watch_logs_group_arn    = "${aws_cloudwatch_log_group.log_group.arn}:*"
  cloud_watch_logs_role_arn     = aws_iam_role.log_role.arn

  depends_on = [aws_s3_bucket_policy.bucket_policy, aws_iam_role_policy.log_role]
}
