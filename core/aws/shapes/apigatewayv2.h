#pragma once

// The members of API Gateway v2's JSON answers, which on the wire begin with a small letter, after the
// AWS API model.

#include "core/aws/operations.h"

namespace ciswatch::shapes {

inline constexpr Field kCors[] = {{"allowCredentials", "AllowCredentials", Kind::boolean},
                                 {"allowHeaders", "AllowHeaders", Kind::list},
                                 {"allowMethods", "AllowMethods", Kind::list},
                                 {"allowOrigins", "AllowOrigins", Kind::list},
                                 {"exposeHeaders", "ExposeHeaders", Kind::list},
                                 {"maxAge", "MaxAge", Kind::integer}};
inline constexpr Field kApi[] = {
    {"apiEndpoint", "ApiEndpoint"},
    {"apiGatewayManaged", "ApiGatewayManaged", Kind::boolean},
    {"apiId", "ApiId"},
    {"apiKeySelectionExpression", "ApiKeySelectionExpression"},
    {"corsConfiguration", "CorsConfiguration", Kind::structure, {}, kCors},
    {"createdDate", "CreatedDate"},
    {"description", "Description"},
    {"disableSchemaValidation", "DisableSchemaValidation", Kind::boolean},
    {"disableExecuteApiEndpoint", "DisableExecuteApiEndpoint", Kind::boolean},
    {"importInfo", "ImportInfo", Kind::list},
    {"ipAddressType", "IpAddressType"},
    {"name", "Name"},
    {"protocolType", "ProtocolType"},
    {"routeSelectionExpression", "RouteSelectionExpression"},
    {"tags", "Tags", Kind::map},
    {"version", "Version"},
    {"warnings", "Warnings", Kind::list}};
inline constexpr Field kApis[] = {{"items", "Items", Kind::list, {}, kApi},
                                  {"nextToken", "NextToken"}};
inline constexpr Field kAccessLogSettings[] = {{"destinationArn", "DestinationArn"},
                                               {"format", "Format"}};
inline constexpr Field kRouteSettings[] = {
    {"dataTraceEnabled", "DataTraceEnabled", Kind::boolean},
    {"detailedMetricsEnabled", "DetailedMetricsEnabled", Kind::boolean},
    {"loggingLevel", "LoggingLevel"},
    {"throttlingBurstLimit", "ThrottlingBurstLimit", Kind::integer},
    {"throttlingRateLimit", "ThrottlingRateLimit", Kind::real}};
inline constexpr Field kStage[] = {
    {"accessLogSettings", "AccessLogSettings", Kind::structure, {}, kAccessLogSettings},
    {"apiGatewayManaged", "ApiGatewayManaged", Kind::boolean},
    {"autoDeploy", "AutoDeploy", Kind::boolean},
    {"clientCertificateId", "ClientCertificateId"},
    {"createdDate", "CreatedDate"},
    {"defaultRouteSettings", "DefaultRouteSettings", Kind::structure, {}, kRouteSettings},
    {"deploymentId", "DeploymentId"},
    {"description", "Description"},
    {"lastDeploymentStatusMessage", "LastDeploymentStatusMessage"},
    {"lastUpdatedDate", "LastUpdatedDate"},
    {"routeSettings", "RouteSettings", Kind::map, {}, kRouteSettings},
    {"stageName", "StageName"},
    {"stageVariables", "StageVariables", Kind::map},
    {"tags", "Tags", Kind::map}};
inline constexpr Field kApiStages[] = {{"items", "Items", Kind::list, {}, kStage},
                                       {"nextToken", "NextToken"}};

}  // namespace ciswatch::shapes
