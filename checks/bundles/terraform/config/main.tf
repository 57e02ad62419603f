# AWS Config of one region, with a topic. The bucket and the role are the account's, made in its home region.

locals {
  is_home = var.place.region == var.home_region
  bucket  = "${var.bucket_prefix}-${var.place.account_id}"
}

resource "aws_s3_bucket" "bucket" {
  count  = local.is_home ? 1 : 0
  bucket = local.bucket

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_s3_bucket_public_access_block" "bucket" {
  count                   = local.is_home ? 1 : 0
  bucket                  = aws_s3_bucket.bucket[0].id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_versioning" "bucket" {
  count  = local.is_home ? 1 : 0
  bucket = aws_s3_bucket.bucket[0].id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_policy" "bucket_policy" {
  count  = local.is_home ? 1 : 0
  bucket = aws_s3_bucket.bucket[0].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Principal = { Service = "config.amazonaws.com" }
        Action    = ["s3:GetBucketAcl", "s3:ListBucket"]
        Resource  = aws_s3_bucket.bucket[0].arn
        Condition = { StringEquals = { "aws:SourceAccount" = var.place.account_id } }
      },
      {
        Effect    = "Allow"
        Principal = { Service = "config.amazonaws.com" }
        Action    = "s3:PutObject"
        Resource  = "${aws_s3_bucket.bucket[0].arn}/AWSLogs/${var.place.account_id}/Config/*"
        Condition = {
          StringEquals = {
            "s3:x-amz-acl"      = "bucket-owner-full-control"
            "aws:SourceAccount" = var.place.account_id
          }
        }
      }
    ]
  })

  # S3 refuses two changes of a bucket at once.
  depends_on = [aws_s3_bucket_public_access_block.bucket]
}

resource "aws_iam_role" "role" {
  count = local.is_home ? 1 : 0
  name  = var.role_name
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Principal = { Service = "config.amazonaws.com" }
        Action    = "sts:AssumeRole"
        Condition = { StringEquals = { "aws:SourceAccount" = var.place.account_id } }
      }
    ]
  })
}

resource "aws_iam_role_policy_attachment" "role" {
  count      = local.is_home ? 1 : 0
  role       = aws_iam_role.role[0].name
  policy_arn = "arn:${var.place.partition}:iam::aws:policy/service-role/AWS_ConfigRole"
}

resource "aws_iam_role_policy" "role" {
  count = local.is_home ? 1 : 0
  name  = "deliver"
  role  = aws_iam_role.role[0].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = "s3:GetBucketAcl"
        Resource = "arn:${var.place.partition}:s3:::${local.bucket}"
      },
      {
        Effect    = "Allow"
        Action    = "s3:PutObject"
        Resource  = "arn:${var.place.partition}:s3:::${local.bucket}/AWSLogs/${var.place.account_id}/*"
        Condition = { StringEquals = { "s3:x-amz-acl" = "bucket-owner-full-control" } }
      },
      {
        Effect   = "Allow"
        Action   = "sns:Publish"
        Resource = "arn:${var.place.partition}:sns:*:${var.place.account_id}:config"
      }
    ]
  })
}

resource "aws_sns_topic" "topic" {
  name = "config"
}

resource "aws_config_configuration_recorder" "recorder" {
  name     = "default"
  role_arn = local.is_home ? aws_iam_role.role[0].arn : "arn:${var.place.partition}:iam::${var.place.account_id}:role/${var.role_name}"

  recording_group {
    all_supported                 = true
    include_global_resource_types = local.is_home
  }

  depends_on = [aws_iam_role_policy.role, aws_iam_role_policy_attachment.role]
}

resource "aws_config_delivery_channel" "channel" {
  name           = "default"
  s3_bucket_name = local.is_home ? aws_s3_bucket.bucket[0].id : local.bucket
  sns_topic_arn  = aws_sns_topic.topic.arn

  depends_on = [aws_config_configuration_recorder.recorder, aws_s3_bucket_policy.bucket_policy]
}

resource "aws_config_configuration_recorder_status" "recorder" {
  name       = aws_config_configuration_recorder.recorder.name
  is_enabled = true

  depends_on = [aws_config_delivery_channel.channel]
}
