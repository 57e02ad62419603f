#pragma once

// The few cryptographic functions that the project needs, from OpenSSL's libcrypto. Thread-safe.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace ciswatch {

using Sha256 = std::array<std::uint8_t, 32>;

Sha256 sha256(std::string_view bytes);
Sha256 hmac_sha256(std::string_view key, std::string_view bytes);

// For file names that others have chosen, never for security: the 20 bytes of SHA-1.
std::string sha1(std::string_view bytes);

std::string hex(std::string_view bytes);
std::string hex(const Sha256& digest);
std::string base64(std::string_view bytes);
std::string_view bytes_of(const Sha256& digest);

}  // namespace ciswatch
