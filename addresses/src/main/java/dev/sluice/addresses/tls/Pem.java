package dev.sluice.addresses.tls;

import dev.sluice.catalog.OpenFailure;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.Reader;
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
import java.util.function.Supplier;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.X509TrustedCertificateBlock;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8DecryptorProviderBuilder;
import org.bouncycastle.openssl.jcajce.JcePEMDecryptorProviderBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.pkcs.PKCSException;
import org.jspecify.annotations.Nullable;

/**
 * Reads certificates and keys in PEM: PKCS#1, SEC 1 and PKCS#8, plain or encrypted. Errors are
 * {@link OpenFailure} and name the call of OpenSSL that would have failed.
 */
final class Pem {
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
    for (Object item : items()) {
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
    for (Object item : items()) {
      try {
        if (item instanceof PEMKeyPair pair) {
          return converter.getKeyPair(pair).getPrivate();
        } else if (item instanceof PrivateKeyInfo info) {
          return converter.getPrivateKey(info);
        } else if (item instanceof PEMEncryptedKeyPair locked) {
          JcePEMDecryptorProviderBuilder builder =
              new JcePEMDecryptorProviderBuilder().setProvider(new BouncyCastleProvider());
          return converter
              .getKeyPair(locked.decryptKeyPair(builder.build(required(passphrase))))
              .getPrivate();
        } else if (item instanceof PKCS8EncryptedPrivateKeyInfo locked) {
          JceOpenSSLPKCS8DecryptorProviderBuilder builder =
              new JceOpenSSLPKCS8DecryptorProviderBuilder().setProvider(new BouncyCastleProvider());
          return converter.getPrivateKey(
              locked.decryptPrivateKeyInfo(builder.build(required(passphrase))));
        }
      } catch (PKCSException | OperatorCreationException e) {
        throw failure("key in " + file + " can't be decrypted: is the passphrase right?");
      } catch (IOException e) {
        throw failure("bad key in " + file + ": " + e.getMessage());
      }
    }
    throw failure("no private key in " + file);
  }

  private char[] required(Supplier<char @Nullable []> passphrase) {
    char[] given = passphrase.get();
    if (given == null) {
      throw failure("key in " + file + " is encrypted; give its passphrase with option passphrase");
    }
    return given;
  }

  private List<Object> items() {
    List<Object> items = new ArrayList<>();
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1);
        PEMParser parser = new PEMParser(reader)) {
      for (Object item = parser.readObject(); item != null; item = parser.readObject()) {
        items.add(item);
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

  private OpenFailure failure(String reason) {
    return OpenFailure.lasting(call + "(): " + reason);
  }
}
