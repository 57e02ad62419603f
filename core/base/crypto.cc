#include "core/base/crypto.h"

#include <openssl/evp.h>
#include <openssl/params.h>

#include <memory>

#include "core/base/error.h"

namespace ciswatch {
namespace {

template <auto Free>
struct Deleter {
  void operator()(auto* context) const noexcept { Free(context); }
};
using Hash = std::unique_ptr<EVP_MD_CTX, Deleter<EVP_MD_CTX_free>>;
using Mac = std::unique_ptr<EVP_MAC_CTX, Deleter<EVP_MAC_CTX_free>>;

const unsigned char* unsigned_bytes(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

}  // namespace

// Algorithms are looked up once, and a thread keeps its contexts: either takes as long as hashing a
// short text.
Sha256 sha256(std::string_view bytes) {
  static EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  thread_local const Hash hash(EVP_MD_CTX_new());
  Sha256 digest{};
  if (!hash || EVP_DigestInit_ex2(hash.get(), algorithm, nullptr) != 1 ||
      EVP_DigestUpdate(hash.get(), bytes.data(), bytes.size()) != 1 ||
      EVP_DigestFinal_ex(hash.get(), digest.data(), nullptr) != 1) {
    throw Error("OpenSSL cannot compute SHA-256 on this machine");
  }
  return digest;
}

std::string sha1(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha1(), nullptr) != 1) {
    throw Error("OpenSSL cannot compute SHA-1 on this machine");
  }
  return {digest.begin(), digest.begin() + size};
}

Sha256 hmac_sha256(std::string_view key, std::string_view bytes) {
  thread_local const Mac mac = [] {
    EVP_MAC* algorithm = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
    std::string digest = "SHA256";
    const OSSL_PARAM with[] = {OSSL_PARAM_construct_utf8_string("digest", digest.data(), 0),
                               OSSL_PARAM_construct_end()};
    Mac made(EVP_MAC_CTX_new(algorithm));
    EVP_MAC_free(algorithm);
    if (made && EVP_MAC_CTX_set_params(made.get(), with) != 1) made.reset();
    return made;
  }();
  Sha256 digest{};
  std::size_t size = 0;
  if (!mac || EVP_MAC_init(mac.get(), unsigned_bytes(key), key.size(), nullptr) != 1 ||
      EVP_MAC_update(mac.get(), unsigned_bytes(bytes), bytes.size()) != 1 ||
      EVP_MAC_final(mac.get(), digest.data(), &size, digest.size()) != 1) {
    throw Error("OpenSSL cannot compute HMAC-SHA-256 on this machine");
  }
  return digest;
}

std::string hex(std::string_view bytes) {
  constexpr char kHex[] = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out += kHex[byte >> 4];
    out += kHex[byte & 15];
  }
  return out;
}

std::string hex(const Sha256& digest) { return hex(bytes_of(digest)); }

std::string base64(std::string_view bytes) {
  std::string out(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                   unsigned_bytes(bytes), static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(size));
  return out;
}

std::string_view bytes_of(const Sha256& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

}  // namespace ciswatch
