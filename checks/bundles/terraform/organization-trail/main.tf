# A trail of the organization and its log group, in the management account. CloudTrail must be trusted by the organization, and the bucket
# and the key of the module log-bucket be there.

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
  is_organization_trail         = true
  include_global_service_events = true
  enable_log_file_validation    = true
  s3_bucket_name                = var.bucket_name
  kms_key_id                    = var.key_arn
  cloud_watch_logs_group_arn    = "${aws_cloudwatch_log_group.log_group.arn}:*"
  cloud_watch_logs_role_arn     = aws_iam_role.log_role.arn

  depends_on = [aws_iam_role_policy.log_role]
}
