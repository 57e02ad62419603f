"""The web front ends of an invented account: distributions, load balancers, APIs, and what delivers their
access logs."""

FIRST = "us-east-1"


class WebFronts:
    """Of an `account` as account.py has it. What is added has no access logs unless told so."""

    def __init__(self, account):
        self.account = account
        self.distributions = []  # (as listed, configuration)
        self.balancers = {}      # region → (described, attributes, listeners)
        self.rest_apis, self.apis = {}, {}  # region → (described, stages)
        self.sources, self.deliveries = {}, {}  # region → items

    def add_distribution(self, number, **logging):
        arn = f"arn:aws:cloudfront::{self.account.id}:distribution/{number}"
        behavior = {"TargetOriginId": "origin", "ViewerProtocolPolicy": "redirect-to-https"}
        origins = {"Quantity": 1, "Items": [{"Id": "origin", "DomainName": "origin.example.com"}]}
        common = {"Aliases": {"Quantity": 0}, "Origins": origins, "DefaultCacheBehavior": behavior,
                  "Comment": "", "PriceClass": "PriceClass_All", "Enabled": True}
        listed = {"Id": number, "ARN": arn, "Status": "Deployed",
                  "LastModifiedTime": "2026-01-14T08:00:00Z",
                  "DomainName": f"d{number[1:].lower()}.cloudfront.net",
                  "CacheBehaviors": {"Quantity": 0}, "CustomErrorResponses": {"Quantity": 0},
                  "ViewerCertificate": {"CloudFrontDefaultCertificate": True},
                  "Restrictions": {"GeoRestriction": {"RestrictionType": "none", "Quantity": 0}},
                  "WebACLId": "", "HttpVersion": "http2", "IsIPV6Enabled": True, "Staging": False}
        logging = {"Enabled": False, "IncludeCookies": False, "Bucket": "", "Prefix": ""} | logging
        self.distributions.append((common | listed,
                                   common | {"CallerReference": number, "Logging": logging}))
        return arn

    def add_balancer(self, region, name, kind, *protocols, bucket=None):
        short = {"application": "app", "network": "net", "gateway": "gwy"}[kind]
        arn = self.account.arn("elasticloadbalancing", region, f"loadbalancer/{short}/{name}/0a1b2c3d")
        described = {"LoadBalancerArn": arn, "LoadBalancerName": name, "Type": kind,
                     "CreatedTime": "2026-01-14T08:00:00Z", "State": {"Code": "active"},
                     "IpAddressType": "ipv4"}
        attributes = {"deletion_protection.enabled": "true"}
        if kind != "gateway":
            described |= {"Scheme": "internet-facing",
                          "DNSName": f"{name}-1234567890.{region}.elb.amazonaws.com"}
            attributes |= {"access_logs.s3.enabled": "true" if bucket else "false",
                           "access_logs.s3.bucket": bucket or "", "access_logs.s3.prefix": ""}
        listeners = [{"ListenerArn": f"{arn.replace('loadbalancer', 'listener')}/{port}",
                      "LoadBalancerArn": arn, "Port": port, "Protocol": protocol}
                     for port, protocol in enumerate(protocols, 443)]
        attributes = [{"Key": key, "Value": value} for key, value in attributes.items()]
        self.balancers.setdefault(region, []).append((described, attributes, listeners))
        return arn

    def add_rest_api(self, region, number, **groups):
        """`groups`: stage → ARN of the log group, or None."""
        described = {"id": number, "name": "orders", "createdDate": "2026-01-14T08:00:00Z",
                     "endpointConfiguration": {"types": ["REGIONAL"]}}
        stages = [{"deploymentId": "a1b2c3", "stageName": name} | (
            {"accessLogSettings": {"format": "$context.requestId", "destinationArn": group}}
            if group else {}) for name, group in groups.items()]
        self.rest_apis.setdefault(region, []).append((described, stages))

    def add_api(self, region, number, group=None):
        described = {"ApiId": number, "Name": "shop", "ProtocolType": "HTTP",
                     "RouteSelectionExpression": "$request.method $request.path",
                     "ApiEndpoint": f"https://{number}.execute-api.{region}.amazonaws.com"}
        stage = {"StageName": "$default", "AutoDeploy": True}
        if group:
            stage["AccessLogSettings"] = {"DestinationArn": group, "Format": "$context.requestId"}
        self.apis.setdefault(region, []).append((described, [stage]))

    def deliver(self, region, name, resource, service, log_type):
        arn = self.account.arn
        self.sources.setdefault(region, []).append({
            "name": name, "arn": arn("logs", region, f"delivery-source:{name}"),
            "resourceArns": [resource], "service": service, "logType": log_type})
        self.deliveries.setdefault(region, []).append({
            "id": f"{name}1234", "arn": arn("logs", region, f"delivery:{name}1234"),
            "deliverySourceName": name, "deliveryDestinationType": "S3",
            "deliveryDestinationArn": arn("logs", region, "delivery-destination:web-logs")})

    # --- the calls

    def calls(self):
        call = self.account.call
        listed = {"Marker": "", "MaxItems": 100, "IsTruncated": False,
                  "Quantity": len(self.distributions)}
        if self.distributions:
            listed["Items"] = [one for one, _ in self.distributions]
        yield call(FIRST, "cloudfront", "ListDistributions", {}, {"DistributionList": listed})
        for one, configuration in self.distributions:
            yield call(FIRST, "cloudfront", "GetDistributionConfig", {"Id": one["Id"]},
                       {"ETag": "E2QWRUHEXAMPLE", "DistributionConfig": configuration})
        for region in self.account.regions:
            yield from self._balancer_calls(region)
            yield from self._api_calls(region)
            yield call(region, "logs", "DescribeDeliverySources", {},
                       {"deliverySources": self.sources.get(region, [])})
            yield call(region, "logs", "DescribeDeliveries", {},
                       {"deliveries": self.deliveries.get(region, [])})

    def _balancer_calls(self, region):
        call, here = self.account.call, self.balancers.get(region, [])
        yield call(region, "elbv2", "DescribeLoadBalancers", {},
                   {"LoadBalancers": [described for described, _, _ in here]})
        for described, attributes, listeners in here:
            asked = {"LoadBalancerArn": described["LoadBalancerArn"]}
            yield call(region, "elbv2", "DescribeLoadBalancerAttributes", asked,
                       {"Attributes": attributes})
            if described["Type"] == "network":
                yield call(region, "elbv2", "DescribeListeners", asked, {"Listeners": listeners})

    def _api_calls(self, region):
        call = self.account.call
        here = self.rest_apis.get(region, [])
        yield call(region, "apigateway", "GetRestApis", {}, {"items": [api for api, _ in here]})
        for api, stages in here:
            yield call(region, "apigateway", "GetStages", {"restApiId": api["id"]}, {"item": stages})
        here = self.apis.get(region, [])
        yield call(region, "apigatewayv2", "GetApis", {}, {"Items": [api for api, _ in here]})
        for api, stages in here:
            yield call(region, "apigatewayv2", "GetStages", {"ApiId": api["ApiId"]},
                       {"Items": stages})
