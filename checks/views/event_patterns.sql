-- What a metric filter may match, for each check of somebody being told.

-- A pattern for the events of each check that its check takes, and the name of what is made for it.
create view event_pattern(goal, name, pattern) as
values
  ('alarm-cloudtrail-changes', 'CloudTrailChanges',
    '{ ($.eventName = CreateTrail) || ($.eventName = UpdateTrail) || ($.eventName = DeleteTrail) '
      || '|| ($.eventName = StartLogging) || ($.eventName = StopLogging) }'),
  ('alarm-config-changes', 'ConfigChanges',
    '{ ($.eventSource = config.amazonaws.com) && (($.eventName = StopConfigurationRecorder) || '
      || '($.eventName = DeleteDeliveryChannel) || ($.eventName = PutDeliveryChannel) || ($.eventName '
      || '= PutConfigurationRecorder)) }'),
  ('alarm-console-login-failures', 'ConsoleSignInFailures',
    '{ ($.eventName = ConsoleLogin) && ($.errorMessage = "Failed authentication") }'),
  ('alarm-console-login-without-mfa', 'ConsoleSignInWithoutMfa',
    '{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") && '
      || '($.userIdentity.type = "IAMUser") && ($.responseElements.ConsoleLogin = "Success") }'),
  ('alarm-event-selector-changes', 'EventSelectorChanges',
    '{ ($.eventName = PutEventSelectors) }'),
  ('alarm-gateway-changes', 'GatewayChanges',
    '{ ($.eventName = CreateCustomerGateway) || ($.eventName = DeleteCustomerGateway) || '
      || '($.eventName = AttachInternetGateway) || ($.eventName = CreateInternetGateway) || '
      || '($.eventName = DeleteInternetGateway) || ($.eventName = DetachInternetGateway) }'),
  ('alarm-iam-policy-changes', 'IamPolicyChanges',
    '{ ($.eventName = DeleteGroupPolicy) || ($.eventName = DeleteRolePolicy) || ($.eventName = '
      || 'DeleteUserPolicy) || ($.eventName = PutGroupPolicy) || ($.eventName = PutRolePolicy) || '
      || '($.eventName = PutUserPolicy) || ($.eventName = CreatePolicy) || ($.eventName = '
      || 'DeletePolicy) || ($.eventName = CreatePolicyVersion) || ($.eventName = DeletePolicyVersion) '
      || '|| ($.eventName = AttachRolePolicy) || ($.eventName = DetachRolePolicy) || ($.eventName = '
      || 'AttachUserPolicy) || ($.eventName = DetachUserPolicy) || ($.eventName = AttachGroupPolicy) '
      || '|| ($.eventName = DetachGroupPolicy) }'),
  ('alarm-kms-key-disable-or-delete', 'KmsKeysDisabledOrDeleted',
    '{ ($.eventSource = kms.amazonaws.com) && (($.eventName = DisableKey) || ($.eventName = '
      || 'ScheduleKeyDeletion)) }'),
  ('alarm-network-acl-changes', 'NetworkAclChanges',
    '{ ($.eventName = CreateNetworkAcl) || ($.eventName = CreateNetworkAclEntry) || ($.eventName '
      || '= DeleteNetworkAcl) || ($.eventName = DeleteNetworkAclEntry) || ($.eventName = '
      || 'ReplaceNetworkAclEntry) || ($.eventName = ReplaceNetworkAclAssociation) }'),
  ('alarm-organizations-changes', 'OrganizationsChanges',
    '{ ($.eventSource = organizations.amazonaws.com) && (($.eventName = AcceptHandshake) || '
      || '($.eventName = AttachPolicy) || ($.eventName = CreateAccount) || ($.eventName = '
      || 'CreateOrganizationalUnit) || ($.eventName = CreatePolicy) || ($.eventName = '
      || 'DeclineHandshake) || ($.eventName = DeleteOrganization) || ($.eventName = '
      || 'DeleteOrganizationalUnit) || ($.eventName = DeletePolicy) || ($.eventName = DetachPolicy) '
      || '|| ($.eventName = DisablePolicyType) || ($.eventName = EnablePolicyType) || ($.eventName = '
      || 'InviteAccountToOrganization) || ($.eventName = LeaveOrganization) || ($.eventName = '
      || 'MoveAccount) || ($.eventName = RemoveAccountFromOrganization) || ($.eventName = '
      || 'UpdatePolicy) || ($.eventName = UpdateOrganizationalUnit)) }'),
  ('alarm-root-use', 'RootUse',
    '{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != '
      || '"AwsServiceEvent" }'),
  ('alarm-route-table-changes', 'RouteTableChanges',
    '{ ($.eventSource = ec2.amazonaws.com) && (($.eventName = CreateRoute) || ($.eventName = '
      || 'CreateRouteTable) || ($.eventName = ReplaceRoute) || ($.eventName = '
      || 'ReplaceRouteTableAssociation) || ($.eventName = DeleteRouteTable) || ($.eventName = '
      || 'DeleteRoute) || ($.eventName = DisassociateRouteTable)) }'),
  ('alarm-s3-bucket-policy-changes', 'S3BucketPolicyChanges',
    '{ ($.eventSource = s3.amazonaws.com) && (($.eventName = PutBucketAcl) || ($.eventName = '
      || 'PutBucketPolicy) || ($.eventName = PutBucketCors) || ($.eventName = PutBucketLifecycle) || '
      || '($.eventName = PutBucketReplication) || ($.eventName = DeleteBucketPolicy) || ($.eventName '
      || '= DeleteBucketCors) || ($.eventName = DeleteBucketLifecycle) || ($.eventName = '
      || 'DeleteBucketReplication)) }'),
  ('alarm-secret-pending-deletion-use', 'DeletedSecretUse',
    '{ ($.eventSource = secretsmanager.amazonaws.com) && ($.errorMessage = "*") }'),
  ('alarm-security-group-changes', 'SecurityGroupChanges',
    '{ ($.eventName = AuthorizeSecurityGroupIngress) || ($.eventName = '
      || 'AuthorizeSecurityGroupEgress) || ($.eventName = RevokeSecurityGroupIngress) || ($.eventName '
      || '= RevokeSecurityGroupEgress) || ($.eventName = CreateSecurityGroup) || ($.eventName = '
      || 'DeleteSecurityGroup) }'),
  ('alarm-security-group-rule-changes', 'SecurityGroupRuleChanges',
    '{ ($.eventName = AuthorizeSecurityGroupIngress) || ($.eventName = '
      || 'AuthorizeSecurityGroupEgress) || ($.eventName = RevokeSecurityGroupIngress) || ($.eventName '
      || '= RevokeSecurityGroupEgress) || ($.eventName = CreateSecurityGroup) || ($.eventName = '
      || 'DeleteSecurityGroup) || ($.eventName = ModifySecurityGroupRules) }'),
  ('alarm-unauthorized-api-calls', 'UnauthorizedApiCalls',
    '{ (($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*")) && '
      || '($.sourceIPAddress != "delivery.logs.amazonaws.com") && ($.eventName != "HeadBucket") }'),
  ('alarm-vpc-changes', 'VpcChanges',
    '{ ($.eventName = CreateVpc) || ($.eventName = DeleteVpc) || ($.eventName = '
      || 'ModifyVpcAttribute) || ($.eventName = AcceptVpcPeeringConnection) || ($.eventName = '
      || 'CreateVpcPeeringConnection) || ($.eventName = DeleteVpcPeeringConnection) || ($.eventName = '
      || 'RejectVpcPeeringConnection) || ($.eventName = AttachClassicLinkVpc) || ($.eventName = '
      || 'DetachClassicLinkVpc) || ($.eventName = DisableVpcClassicLink) || ($.eventName = '
      || 'EnableVpcClassicLink) }'),
  ('kms-key-use-detection', 'KMSErrorCount',
    '{ ($.eventSource = kms.amazonaws.com) && ($.errorMessage = "*") }');
