package dev.sluice.addresses.tls;

import dev.sluice.catalog.OpenFailure;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.X509TrustedCertificateBlock;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8DecryptorProviderBuilder;
import org.bouncycastle.operator.DefaultSecretKeySizeProvider;
import org.bouncycastle.operator.InputDecryptorProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.SecretKeySizeProvider;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcePKCSPBEInputDecryptorProviderBuilder;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemReader;
import org.bouncycastle.util.io.pem.PemWriter;
import org.jspecify.annotations.Nullable;

/**
 * Reads certificates and keys in PEM: PKCS#1, SEC 1 and PKCS#8, plain or encrypted. As with
 * OpenSSL, whatever else the file holds is passed over: text, parameters, revocation lists, keys
 * where certificates are asked for. Errors are {@link OpenFailure} and name the call of OpenSSL
 * that would have failed. See openssl-format-options(1), RFC 7468.
 */
final class Pem {
  private static final Set<String> CERTIFICATES =
      Set.of("CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE");
  private static final Set<String> KEYS =
      Set.of(
          "PRIVATE KEY",
          "ENCRYPTED PRIVATE KEY",
          "RSA PRIVATE KEY",
          "EC PRIVATE KEY",
          "DSA PRIVATE KEY");

  private final Path file;
  private final String call;

  /**
   * A file, and what errors about it begin with.
   *
   * @param call a function of OpenSSL
   */
  Pem(Path file, String call) {
    this.file = file;
    this.call = call;
  }

  /** All certificates, in the file's order; at least one. */
  List<X509Certificate> certificates() {
    List<X509Certificate> found = new ArrayList<>();
    for (Object item : items(CERTIFICATES)) {
      if (item instanceof X509CertificateHolder holder) {
        found.add(certificate(holder));
      } else if (item instanceof X509TrustedCertificateBlock block) {
        found.add(certificate(block.getCertificateHolder()));
      }
    }
    if (found.isEmpty()) {
      throw failure("no certificate in " + file);
    }
    return found;
  }

  private X509Certificate certificate(X509CertificateHolder holder) {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(holder.getEncoded()));
    } catch (GeneralSecurityException | IOException e) {
      throw failure("bad certificate in " + file + ": " + e.getMessage());
    }
  }

  /**
   * The first private key.
   *
   * @param passphrase asked for when the key is encrypted
   */
  PrivateKey key(Supplier<char @Nullable []> passphrase) {
    JcaPEMKeyConverter converter = new JcaPEMKeyConverter();
    for (Object item : items(KEYS)) {
      try {
        if (item instanceof PEMKeyPair pair) {
          return converter.getKeyPair(pair).getPrivate();
        } else if (item instanceof PrivateKeyInfo info) {
          return converter.getPrivateKey(info);
        } else if (item instanceof PEMEncryptedKeyPair locked) {
          return converter
              .getKeyPair(locked.decryptKeyPair(TraditionalCipher.by(required(passphrase))))
              .getPrivate();
        } else if (item instanceof PKCS8EncryptedPrivateKeyInfo locked) {
          return converter.getPrivateKey(
              locked.decryptPrivateKeyInfo(decryptor(locked, required(passphrase))));
        }
      } catch (PKCSException | OperatorCreationException e) {
        throw failure("key in " + file + " can't be decrypted: is the passphrase right?");
      } catch (IOException e) {
        throw failure("bad key in " + file + ": " + e.getMessage());
      }
    }
    throw failure("no private key in " + file);
  }

  /** PBES2 (RFC 8018), with scrypt or not, has one reader, and what is older another. */
  private static InputDecryptorProvider decryptor(
      PKCS8EncryptedPrivateKeyInfo locked, char[] passphrase) throws OperatorCreationException {
    BouncyCastleProvider provider = new BouncyCastleProvider();
    ASN1ObjectIdentifier encryption =
        locked.toASN1Structure().getEncryptionAlgorithm().getAlgorithm();
    return encryption.equals(PKCSObjectIdentifiers.id_PBES2)
        ? new JcePKCSPBEInputDecryptorProviderBuilder()
            .setProvider(provider)
            .setKeySizeProvider(new KeySizes())
            .build(passphrase)
        : new JceOpenSSLPKCS8DecryptorProviderBuilder().setProvider(provider).build(passphrase);
  }

  /** Bits of keys, also of ARIA, which Bouncy Castle leaves out. See RFC 5794. */
  private static final class KeySizes implements SecretKeySizeProvider {
    private static final Map<String, Integer> ARIA =
        Map.of(
            "1.2.410.200046.1.1.2", 128,
            "1.2.410.200046.1.1.7", 192,
            "1.2.410.200046.1.1.12", 256);

    @Override
    public int getKeySize(AlgorithmIdentifier algorithm) {
      return getKeySize(algorithm.getAlgorithm());
    }

    @Override
    public int getKeySize(ASN1ObjectIdentifier algorithm) {
      Integer aria = ARIA.get(algorithm.getId());
      return aria != null ? aria : DefaultSecretKeySizeProvider.INSTANCE.getKeySize(algorithm);
    }
  }

  private char[] required(Supplier<char @Nullable []> passphrase) {
    char[] given = passphrase.get();
    if (given == null) {
      throw failure("key in " + file + " is encrypted; give its passphrase with option passphrase");
    }
    return given;
  }

  /** What the file's blocks with these labels hold. */
  private List<Object> items(Set<String> labels) {
    List<Object> items = new ArrayList<>();
    try (PemReader blocks =
        new PemReader(Files.newBufferedReader(file, StandardCharsets.ISO_8859_1))) {
      for (PemObject block = blocks.readPemObject();
          block != null;
          block = blocks.readPemObject()) {
        if (labels.contains(block.getType())) {
          items.add(parsed(block));
        }
      }
      return items;
    } catch (NoSuchFileException e) {
      throw failure("error:80000002:system library::No such file or directory");
    } catch (AccessDeniedException e) {
      throw failure("error:8000000D:system library::Permission denied");
    } catch (IOException | RuntimeException e) {
      throw failure("bad PEM in " + file + ": " + e.getMessage());
    }
  }

  private static Object parsed(PemObject block) throws IOException {
    StringWriter text = new StringWriter();
    try (PemWriter writer = new PemWriter(text)) {
      writer.writeObject(block);
    }
    try (PEMParser parser = new PEMParser(new StringReader(text.toString()))) {
      return parser.readObject();
    }
  }

  private OpenFailure failure(String reason) {
    return OpenFailure.lasting(call + "(): " + reason);
  }
}
