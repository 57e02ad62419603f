"""Web front ends with and without access logs, made with boto3 on an emulator: distributions, load
balancers, APIs, and what delivers their access logs."""

BUCKET = "web-logs"


def _distribution(cloud, reference, logs):
    logging = {"Enabled": logs, "IncludeCookies": False,
               "Bucket": f"{BUCKET}.s3.amazonaws.com" if logs else "", "Prefix": ""}
    made = cloud.client("cloudfront").create_distribution(DistributionConfig={
        "CallerReference": reference, "Comment": f"{reference} <&>", "Enabled": True,
        "Logging": logging, "Origins": {"Quantity": 1, "Items": [
            {"Id": "origin", "DomainName": "origin.example.com", "CustomOriginConfig": {
                "HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "https-only"}}]},
        "DefaultCacheBehavior": {"TargetOriginId": "origin", "MinTTL": 0,
                                 "ViewerProtocolPolicy": "redirect-to-https",
                                 "ForwardedValues": {"QueryString": False,
                                                     "Cookies": {"Forward": "none"}}}})
    return made["Distribution"]["ARN"]


def _balancer(cloud, region, name, kind, *protocols, logs=False):
    ec2, elb = cloud.client("ec2", region), cloud.client("elbv2", region)
    subnets = [s["SubnetId"] for s in ec2.describe_subnets()["Subnets"]][:2]
    arn = elb.create_load_balancer(Name=name, Type=kind, Subnets=subnets)
    arn = arn["LoadBalancers"][0]["LoadBalancerArn"]
    vpc = ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
    for port, protocol in enumerate(protocols, 443):
        group = elb.create_target_group(Name=f"{name}-{port}", Port=port, VpcId=vpc,
                                        Protocol="HTTP" if kind == "application" else "TCP")
        elb.create_listener(LoadBalancerArn=arn, Port=port, Protocol=protocol, DefaultActions=[
            {"Type": "forward", "TargetGroupArn": group["TargetGroups"][0]["TargetGroupArn"]}])
    if kind != "gateway":  # AWS tells the first one of every other kind, moto of those that were set
        elb.modify_load_balancer_attributes(LoadBalancerArn=arn, Attributes=[
            {"Key": "access_logs.s3.enabled", "Value": "true" if logs else "false"},
            {"Key": "access_logs.s3.bucket", "Value": BUCKET if logs else ""}])
    return arn


def _deliver(cloud, region, name, resource, log_type):
    logs = cloud.client("logs", region)
    logs.put_delivery_source(name=name, resourceArn=resource, logType=log_type)
    target = logs.put_delivery_destination(
        name=f"{name}-logs",
        deliveryDestinationConfiguration={"destinationResourceArn": f"arn:aws:s3:::{BUCKET}"})
    logs.create_delivery(deliverySourceName=name,
                         deliveryDestinationArn=target["deliveryDestination"]["arn"])


def _rest_api(cloud, region, group):
    api = cloud.client("apigateway", region)
    made = api.create_rest_api(name="orders <&> é", tags={"item": "kept"})["id"]
    root = api.get_resources(restApiId=made)["items"][0]["id"]
    api.put_method(restApiId=made, resourceId=root, httpMethod="GET", authorizationType="NONE")
    api.put_integration(restApiId=made, resourceId=root, httpMethod="GET", type="MOCK")
    for stage in ("live", "test"):
        api.create_deployment(restApiId=made, stageName=stage)
    api.update_stage(restApiId=made, stageName="live", patchOperations=[
        {"op": "replace", "path": "/accessLogSettings/destinationArn", "value": group},
        {"op": "replace", "path": "/accessLogSettings/format", "value": "$context.requestId"}])
    return made


def _api(cloud, region, group):
    api = cloud.client("apigatewayv2", region)
    made = api.create_api(Name="shop", ProtocolType="HTTP", Tags={"items": "kept"},
                          CorsConfiguration={"AllowOrigins": ["https://example.com"]})["ApiId"]
    settings = {"DestinationArn": group, "Format": "$context.requestId"}
    api.create_stage(ApiId=made, StageName="live", AccessLogSettings=settings,
                     StageVariables={"stageName": "kept"},
                     RouteSettings={"GET /x": {"DetailedMetricsEnabled": True}})
    api.create_stage(ApiId=made, StageName="test")
    return made


def add_web_fronts(cloud, region):
    """name → ARN or id; those with "-none" in their name write no access logs."""
    group = f"arn:aws:logs:{region}:{cloud.account}:log-group:/api"
    made = {"site": _distribution(cloud, "site", True),
            "site-delivered": _distribution(cloud, "site-delivered", False),
            "site-none": _distribution(cloud, "site-none", False),
            "app": _balancer(cloud, region, "app", "application", "HTTP", logs=True),
            "app-none": _balancer(cloud, region, "app-none", "application"),
            "net": _balancer(cloud, region, "net", "network", "TLS", "TCP", logs=True),
            "net-none": _balancer(cloud, region, "net-none", "network", "TCP", "TLS"),
            "net-plain": _balancer(cloud, region, "net-plain", "network", "TCP"),
            "gateway": _balancer(cloud, region, "gateway", "gateway"),
            "rest": _rest_api(cloud, region, group), "http": _api(cloud, region, group)}
    # moto delivers nothing of load balancers.
    _deliver(cloud, "us-east-1", "site", made["site-delivered"], "ACCESS_LOGS")
    return made
