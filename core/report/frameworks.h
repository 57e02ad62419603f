#pragma once

// The frameworks beside a benchmark that checks name requirements of. Who maps which requirement to
// what is an opinion of third parties: a finding is related to it and neither meets nor fails it.

#include <string_view>

namespace ciswatch {

struct Framework {
  std::string_view id, title;
};

inline constexpr Framework kFrameworks[] = {{"pci-dss-3.2.1", "PCI DSS 3.2.1"},
                                            {"pci-dss-4.0", "PCI DSS 4.0"},
                                            {"nist-800-53-r5", "NIST SP 800-53 r5"},
                                            {"iso-27001-2022", "ISO/IEC 27001:2022"},
                                            {"soc-2", "SOC 2"}};

}  // namespace ciswatch
