#include "core/aws/web_operations.h"

#include "core/aws/shapes/apigatewayv2.h"
#include "core/aws/shapes/cloudfront.h"
#include "core/aws/shapes/elbv2.h"

namespace ciswatch {
namespace {

constexpr Service kCloudfront{.name = "cloudfront",
                              .protocol = Protocol::rest_xml,
                              .host = "cloudfront",
                              .signing_name = "cloudfront"};
constexpr Service kElbv2{.name = "elbv2",
                         .protocol = Protocol::query,
                         .host = "elasticloadbalancing",
                         .signing_name = "elasticloadbalancing",
                         .version = "2015-12-01"};
constexpr Service kApigateway{.name = "apigateway",
                              .protocol = Protocol::rest_json,
                              .host = "apigateway",
                              .signing_name = "apigateway"};
constexpr Service kApigatewayv2{.name = "apigatewayv2",
                                .protocol = Protocol::rest_json,
                                .host = "apigateway",
                                .signing_name = "apigateway"};

constexpr Service kServices[] = {kCloudfront, kElbv2, kApigateway, kApigatewayv2};

// The most that one page may hold: fewer requests.
constexpr FixedParam kMostBalancers[] = {{"PageSize", "400"}};
constexpr FixedParam kMostApis[] = {{"limit", "500"}};

constexpr Paging kNextMarker = {"Marker", "/NextMarker"};
constexpr Paging kNextToken = {"NextToken", "/NextToken"};

constexpr RestParam kMarker[] = {{"Marker", "Marker"}};
constexpr RestParam kPosition[] = {{"position", "position"}, {"limit", "limit"}};
constexpr RestParam kNextApis[] = {{"NextToken", "nextToken"}};

constexpr Field kRestApis[] = {{"item", "items", Kind::list}, {"position", "position"}};

constexpr Operation kOperations[] = {
    // Where there is no distribution, the list of items is left out.
    {.service = &kCloudfront,
     .name = "ListDistributions",
     .method = "GET",
     .path = "/2020-05-31/distribution",
     .rest = kMarker,
     .answer = Answer::payload,
     .root = "DistributionList",
     .fields = shapes::kDistributionList,
     .required = "/DistributionList/Quantity",
     .required_kind = Kind::integer,
     .paging = {"Marker", "/DistributionList/NextMarker", "/DistributionList/IsTruncated"}},
    {.service = &kCloudfront,
     .name = "GetDistributionConfig",
     .method = "GET",
     .path = "/2020-05-31/distribution/{Id}/config",
     .answer = Answer::payload,
     .root = "DistributionConfig",
     .fields = shapes::kDistributionConfig,
     .required = "/DistributionConfig/Enabled",
     .required_kind = Kind::boolean},

    {.service = &kElbv2,
     .name = "DescribeLoadBalancers",
     .fixed = kMostBalancers,
     .root = "DescribeLoadBalancersResult",
     .fields = shapes::kLoadBalancers,
     .required = "/LoadBalancers",
     .required_kind = Kind::list,
     .paging = kNextMarker},
    {.service = &kElbv2,
     .name = "DescribeLoadBalancerAttributes",
     .root = "DescribeLoadBalancerAttributesResult",
     .fields = shapes::kLoadBalancerAttributes,
     .required = "/Attributes",
     .required_kind = Kind::list},
    {.service = &kElbv2,
     .name = "DescribeListeners",
     .fixed = kMostBalancers,
     .root = "DescribeListenersResult",
     .fields = shapes::kListeners,
     .required = "/Listeners",
     .required_kind = Kind::list,
     .paging = kNextMarker},

    {.service = &kApigateway,
     .name = "GetRestApis",
     .method = "GET",
     .path = "/restapis",
     .rest = kPosition,
     .fixed = kMostApis,
     .fields = kRestApis,
     .required = "/items",
     .required_kind = Kind::list,
     .paging = {"position", "/position"}},
    {.service = &kApigateway,
     .name = "GetStages",
     .method = "GET",
     .path = "/restapis/{restApiId}/stages",
     .required = "/item",
     .required_kind = Kind::list},
    {.service = &kApigatewayv2,
     .name = "GetApis",
     .method = "GET",
     .path = "/v2/apis",
     .rest = kNextApis,
     .fields = shapes::kApis,
     .required = "/Items",
     .required_kind = Kind::list,
     .paging = kNextToken},
    {.service = &kApigatewayv2,
     .name = "GetStages",
     .method = "GET",
     .path = "/v2/apis/{ApiId}/stages",
     .rest = kNextApis,
     .fields = shapes::kApiStages,
     .required = "/Items",
     .required_kind = Kind::list,
     .paging = kNextToken},
};

}  // namespace

std::span<const Operation> web_operations() { return kOperations; }
std::span<const Service> web_services() { return kServices; }

}  // namespace ciswatch
