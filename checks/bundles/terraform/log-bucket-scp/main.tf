# A service control policy by which nobody changes the log buckets or deletes what is in them. In the management account.

locals {
  unless = { for arn in compact([var.break_glass_role_arn]) : "Condition" => { ArnNotEquals = { "aws:PrincipalArn" = arn } } }
}

resource "aws_organizations_policy" "protection" {
  name        = "protect-log-buckets"
  description = "Nobody changes the log buckets"
  type        = "SERVICE_CONTROL_POLICY"
  content = jsonencode({
    Version = "2012-10-17"
    Statement = [
      merge({
        Sid    = "Objects"
        Effect = "Deny"
        Action = [
          "s3:DeleteObject*", "s3:PutObjectAcl", "s3:PutObjectVersionAcl", "s3:PutObjectLegalHold",
          "s3:PutObjectRetention", "s3:BypassGovernanceRetention"
        ]
        Resource = var.object_arns
      }, local.unless),
      merge({
        Sid    = "Bucket"
        Effect = "Deny"
        Action = [
          "s3:DeleteBucket*", "s3:PutBucket*", "s3:PutLifecycleConfiguration", "s3:PutEncryptionConfiguration",
          "s3:PutReplicationConfiguration"
        ]
        Resource = var.bucket_arns
      }, local.unless)
    ]
  })
}

resource "aws_organizations_policy_attachment" "protection" {
  for_each  = toset(var.target_ids)
  policy_id = aws_organizations_policy.protection.id
  target_id = each.value
}
