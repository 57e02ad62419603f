#pragma once

// The members of SNS's XML answers, after the AWS API model.

#include "core/aws/operations.h"

namespace ciswatch::shapes {

inline constexpr Field kTopic[] = {{"TopicArn", "TopicArn"}};
inline constexpr Field kTopics[] = {{"Topics", "Topics", Kind::list, "member", kTopic},
                                    {"NextToken", "NextToken"}};
inline constexpr Field kSubscription[] = {{"SubscriptionArn", "SubscriptionArn"},
                                          {"Owner", "Owner"},
                                          {"Protocol", "Protocol"},
                                          {"Endpoint", "Endpoint"},
                                          {"TopicArn", "TopicArn"}};
inline constexpr Field kSubscribed[] = {{"SubscriptionArn", "SubscriptionArn"}};
inline constexpr Field kSubscriptions[] = {
    {"Subscriptions", "Subscriptions", Kind::list, "member", kSubscription},
    {"NextToken", "NextToken"}};
inline constexpr Field kTopicAttributes[] = {{"Attributes", "Attributes", Kind::map, "entry"}};

}  // namespace ciswatch::shapes
