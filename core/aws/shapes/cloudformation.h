#pragma once

// The members of CloudFormation's XML answers, after the AWS API model.

#include "core/aws/operations.h"

namespace ciswatch::shapes {

inline constexpr Field kDrift[] = {{"StackResourceDriftStatus", "StackResourceDriftStatus"},
                                   {"LastCheckTimestamp", "LastCheckTimestamp"}};
inline constexpr Field kModule[] = {{"TypeHierarchy", "TypeHierarchy"},
                                    {"LogicalIdHierarchy", "LogicalIdHierarchy"}};
inline constexpr Field kStackResource[] = {
    {"StackName", "StackName"},
    {"StackId", "StackId"},
    {"LogicalResourceId", "LogicalResourceId"},
    {"PhysicalResourceId", "PhysicalResourceId"},
    {"ResourceType", "ResourceType"},
    {"Timestamp", "Timestamp"},
    {"ResourceStatus", "ResourceStatus"},
    {"ResourceStatusReason", "ResourceStatusReason"},
    {"Description", "Description"},
    {"DriftInformation", "DriftInformation", Kind::structure, {}, kDrift},
    {"ModuleInfo", "ModuleInfo", Kind::structure, {}, kModule}};
inline constexpr Field kStackResources[] = {
    {"StackResources", "StackResources", Kind::list, "member", kStackResource}};
inline constexpr Field kTemplate[] = {{"TemplateBody", "TemplateBody"},
                                      {"StagesAvailable", "StagesAvailable", Kind::list, "member"}};

}  // namespace ciswatch::shapes
