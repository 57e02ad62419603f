#pragma once

// The members of Elastic Load Balancing v2's XML answers, after the AWS API model; of a listener those
// that say what it takes.

#include "core/aws/operations.h"

namespace ciswatch::shapes {

inline constexpr Field kBalancerState[] = {{"Code", "Code"}, {"Reason", "Reason"}};
inline constexpr Field kBalancerAddress[] = {{"IpAddress", "IpAddress"},
                                             {"AllocationId", "AllocationId"},
                                             {"PrivateIPv4Address", "PrivateIPv4Address"},
                                             {"IPv6Address", "IPv6Address"}};
inline constexpr Field kBalancerZone[] = {
    {"ZoneName", "ZoneName"},
    {"SubnetId", "SubnetId"},
    {"OutpostId", "OutpostId"},
    {"LoadBalancerAddresses", "LoadBalancerAddresses", Kind::list, "member", kBalancerAddress},
    {"SourceNatIpv6Prefixes", "SourceNatIpv6Prefixes", Kind::list, "member"}};
inline constexpr Field kIpamPools[] = {{"Ipv4IpamPoolId", "Ipv4IpamPoolId"}};
inline constexpr Field kLoadBalancer[] = {
    {"LoadBalancerArn", "LoadBalancerArn"},
    {"DNSName", "DNSName"},
    {"CanonicalHostedZoneId", "CanonicalHostedZoneId"},
    {"CreatedTime", "CreatedTime"},
    {"LoadBalancerName", "LoadBalancerName"},
    {"Scheme", "Scheme"},
    {"VpcId", "VpcId"},
    {"State", "State", Kind::structure, {}, kBalancerState},
    {"Type", "Type"},
    {"AvailabilityZones", "AvailabilityZones", Kind::list, "member", kBalancerZone},
    {"SecurityGroups", "SecurityGroups", Kind::list, "member"},
    {"IpAddressType", "IpAddressType"},
    {"CustomerOwnedIpv4Pool", "CustomerOwnedIpv4Pool"},
    {"EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic",
     "EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic"},
    {"EnablePrefixForIpv6SourceNat", "EnablePrefixForIpv6SourceNat"},
    {"IpamPools", "IpamPools", Kind::structure, {}, kIpamPools}};
inline constexpr Field kLoadBalancers[] = {
    {"LoadBalancers", "LoadBalancers", Kind::list, "member", kLoadBalancer},
    {"NextMarker", "NextMarker"}};

inline constexpr Field kBalancerAttribute[] = {{"Key", "Key"}, {"Value", "Value"}};
inline constexpr Field kLoadBalancerAttributes[] = {
    {"Attributes", "Attributes", Kind::list, "member", kBalancerAttribute}};

inline constexpr Field kCertificate[] = {{"CertificateArn", "CertificateArn"},
                                         {"IsDefault", "IsDefault", Kind::boolean}};
inline constexpr Field kListener[] = {
    {"ListenerArn", "ListenerArn"},
    {"LoadBalancerArn", "LoadBalancerArn"},
    {"Port", "Port", Kind::integer},
    {"Protocol", "Protocol"},
    {"Certificates", "Certificates", Kind::list, "member", kCertificate},
    {"SslPolicy", "SslPolicy"},
    {"AlpnPolicy", "AlpnPolicy", Kind::list, "member"}};
inline constexpr Field kListeners[] = {
    {"Listeners", "Listeners", Kind::list, "member", kListener}, {"NextMarker", "NextMarker"}};

}  // namespace ciswatch::shapes
