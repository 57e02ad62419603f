#pragma once

// The members of requests that change something, of Config, Organizations and Security Hub, which speak
// JSON, after the AWS API models.

#include "core/aws/requests/members.h"

namespace ciswatch::requests {

// Config

inline constexpr Field kResourceTypes[] = {texts("resourceTypes")};
inline constexpr Field kRecordingStrategy[] = {text("useOnly")};
inline constexpr Field kRecordingGroup[] = {
    flag("allSupported"), flag("includeGlobalResourceTypes"), texts("resourceTypes"),
    structure("exclusionByResourceTypes", kResourceTypes),
    structure("recordingStrategy", kRecordingStrategy)};
inline constexpr Field kModeOverride[] = {text("description"), texts("resourceTypes"),
                                          text("recordingFrequency")};
inline constexpr Field kRecordingMode[] = {text("recordingFrequency"),
                                           list("recordingModeOverrides", kModeOverride)};
inline constexpr Field kRecorderScope[] = {text("scopeType"), texts("scopeValues"),
                                           flag("allRegions"), texts("includedRegions")};
inline constexpr Field kRecorder[] = {text("arn"),
                                      text("name"),
                                      text("roleARN"),
                                      structure("recordingGroup", kRecordingGroup),
                                      structure("recordingMode", kRecordingMode),
                                      text("recordingScope"),
                                      text("servicePrincipal"),
                                      text("connectorArn"),
                                      structure("scopeConfiguration", kRecorderScope)};
inline constexpr Field kPutConfigurationRecorder[] = {structure("ConfigurationRecorder", kRecorder),
                                                      list("Tags", kTags)};
inline constexpr Field kRecorderName[] = {text("ConfigurationRecorderName")};
inline constexpr Field kDeliveryProperties[] = {text("deliveryFrequency")};
inline constexpr Field kDeliveryChannel[] = {
    text("name"),        text("s3BucketName"), text("s3KeyPrefix"),
    text("s3KmsKeyArn"), text("snsTopicARN"),
    structure("configSnapshotDeliveryProperties", kDeliveryProperties)};
inline constexpr Field kPutDeliveryChannel[] = {structure("DeliveryChannel", kDeliveryChannel)};
inline constexpr Field kDeliveryChannelName[] = {text("DeliveryChannelName")};

// Organizations

inline constexpr Field kCreatePolicy[] = {text("Content"), text("Description"), text("Name"),
                                          text("Type"), list("Tags", kTags)};
inline constexpr Field kAttachPolicy[] = {text("PolicyId"), text("TargetId")};
inline constexpr Field kUpdatePolicy[] = {text("PolicyId"), text("Name"), text("Description"),
                                          text("Content")};
inline constexpr Field kPolicyType[] = {text("RootId"), text("PolicyType")};
inline constexpr Field kPolicyId[] = {text("PolicyId")};
inline constexpr Field kServicePrincipal[] = {text("ServicePrincipal")};

// Security Hub

inline constexpr Field kEnableSecurityHub[] = {map("Tags"), flag("EnableDefaultStandards"),
                                               text("ControlFindingGenerator")};

}  // namespace ciswatch::requests
