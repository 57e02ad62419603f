"""A certificate authority of our own and a server certificate for loopback."""

import datetime
import ipaddress
import ssl

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


def _name(text):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _certificate(subject, public_key, issuer, issuer_key, extensions, days_ago=0):
    start = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=days_ago, hours=1)
    builder = x509.CertificateBuilder(issuer_name=_name(issuer), subject_name=_name(subject),
                                      public_key=public_key, serial_number=x509.random_serial_number(),
                                      not_valid_before=start,
                                      not_valid_after=start + datetime.timedelta(days=2))
    for extension in extensions:
        builder = builder.add_extension(extension, critical=isinstance(
            extension, x509.BasicConstraints))
    return builder.sign(issuer_key, hashes.SHA256())


def _pem(thing):
    return thing.public_bytes(serialization.Encoding.PEM)


def make(folder, host=None, days_ago=0):
    """Returns (path of the authority's certificate, server context). The server's certificate is for
    loopback, or for `host` alone; it is valid for two days, from so many days ago on."""
    authority, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root = _certificate("test authority", authority.public_key(), "test authority", authority,
                        [x509.BasicConstraints(ca=True, path_length=0)])
    loopback = [x509.IPAddress(ipaddress.ip_address("127.0.0.1")), x509.DNSName("localhost")]
    names = x509.SubjectAlternativeName([x509.DNSName(host)] if host else loopback)
    leaf = _certificate(host or "127.0.0.1", key.public_key(), "test authority", authority, [names],
                        days_ago)
    bundle, chain = folder / "authority.pem", folder / "server.pem"
    bundle.write_bytes(_pem(root))
    chain.write_bytes(_pem(leaf) + key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain)
    return bundle, context
