# Flow logs of all traffic for a list of VPCs of one region, with their log group and role.

resource "aws_cloudwatch_log_group" "log_group" {
  name_prefix       = "flow-logs-"
  retention_in_days = var.log_group_days

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_iam_role" "role" {
  name_prefix = "flow-logs-"
  description = "Delivers VPC flow logs to CloudWatch Logs"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Principal = { Service = "vpc-flow-logs.amazonaws.com" }
        Action    = "sts:AssumeRole"
        Condition = {
          StringEquals = { "aws:SourceAccount" = var.place.account_id }
          ArnLike      = { "aws:SourceArn" = "arn:${var.place.partition}:ec2:${var.place.region}:${var.place.account_id}:vpc-flow-log/*" }
        }
      }
    ]
  })
}

resource "aws_iam_role_policy" "role" {
  name = "deliver"
  role = aws_iam_role.role.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"]
        Resource = "${aws_cloudwatch_log_group.log_group.arn}:*"
      },
      {
        Effect   = "Allow"
        Action   = "logs:DescribeLogGroups"
        Resource = "*"
      }
    ]
  })
}

resource "aws_flow_log" "flow_logs" {
  for_each        = toset(var.vpc_ids)
  vpc_id          = each.value
  traffic_type    = "ALL"
  log_destination = aws_cloudwatch_log_group.log_group.arn
  iam_role_arn    = aws_iam_role.role.arn

  depends_on = [aws_iam_role_policy.role]
}
