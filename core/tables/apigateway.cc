#include "core/tables/services.h"

namespace ciswatch {
namespace {

constexpr Column kRestApi[] = {
    {"api_id", Type::text, "/id", "Id of a REST API"},
    {"name", Type::text, "/name", "Name of the API"},
    {"created_date", Type::timestamp, "/createdDate", "When it was made"},
    {"endpoint_configuration_types", Type::json, "/endpointConfiguration/types",
     "EDGE, REGIONAL or PRIVATE"},
};

// A stage that is made without settings of access logs has none.
constexpr Column kRestStage[] = {
    {"rest_api_id", Type::text, kTarget, "Id of the REST API"},
    {"name", Type::text, "/stageName", "Name of the stage"},
    {"deployment_id", Type::text, "/deploymentId", "What is deployed there"},
    {"access_log_destination_arn", Type::text, "/accessLogSettings/destinationArn",
     "Log group or Firehose stream that gets the access logs; '' for none", ""},
    {"access_log_format", Type::text, "/accessLogSettings/format", "What is logged of a request", ""},
};

constexpr Column kApi[] = {
    {"api_id", Type::text, "/ApiId", "Id of an HTTP or WebSocket API"},
    {"name", Type::text, "/Name", "Name of the API"},
    {"protocol_type", Type::text, "/ProtocolType", "HTTP or WEBSOCKET"},
    {"api_endpoint", Type::text, "/ApiEndpoint", "Where it is called"},
    {"created_date", Type::timestamp, "/CreatedDate", "When it was made"},
};

constexpr Column kStage[] = {
    {"api_id", Type::text, kTarget, "Id of the HTTP or WebSocket API"},
    {"stage_name", Type::text, "/StageName", "Name of the stage"},
    {"deployment_id", Type::text, "/DeploymentId", "What is deployed there"},
    {"access_log_destination_arn", Type::text, "/AccessLogSettings/DestinationArn",
     "Log group or Firehose stream that gets the access logs; '' for none", ""},
    {"access_log_format", Type::text, "/AccessLogSettings/Format", "What is logged of a request", ""},
};

constexpr Parent kPerRestApi[] = {{.table = "aws_api_gateway_rest_api", .key = "api_id"}};
constexpr Parent kPerApi[] = {{.table = "aws_api_gatewayv2_api", .key = "api_id"}};
constexpr std::string_view kName[] = {"name"};
constexpr std::string_view kStageName[] = {"stage_name"};

constexpr TableSpec kTables[] = {
    {.name = "aws_api_gateway_rest_api",
     .doc = "REST APIs of API Gateway",
     .service = "apigateway",
     .operation = "GetRestApis",
     .permission = "apigateway:GET",
     .scope = Scope::region,
     .items = "/items",
     .key = "api_id",
     .columns = kRestApi},
    {.name = "aws_api_gateway_stage",
     .doc = "Stages of a REST API",
     .service = "apigateway",
     .operation = "GetStages",
     .permission = "apigateway:GET",
     .scope = Scope::resource,
     .parents = kPerRestApi,
     .parameter = "restApiId",
     .items = "/item",
     .key = "rest_api_id",
     .also_key = kName,
     .columns = kRestStage},
    {.name = "aws_api_gatewayv2_api",
     .doc = "HTTP and WebSocket APIs of API Gateway",
     .service = "apigatewayv2",
     .operation = "GetApis",
     .permission = "apigateway:GET",
     .scope = Scope::region,
     .items = "/Items",
     .key = "api_id",
     .columns = kApi},
    {.name = "aws_api_gatewayv2_stage",
     .doc = "Stages of an HTTP or WebSocket API",
     .service = "apigatewayv2",
     .operation = "GetStages",
     .permission = "apigateway:GET",
     .scope = Scope::resource,
     .parents = kPerApi,
     .parameter = "ApiId",
     .items = "/Items",
     .key = "api_id",
     .also_key = kStageName,
     .columns = kStage},
};

}  // namespace

std::span<const TableSpec> apigateway_tables() { return kTables; }

}  // namespace ciswatch
