package dev.sluice.connector.kit;

import dev.sluice.catalog.OpenFailure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** TLS for libraries that connect by themselves. */
public final class Tls {
  private Tls() {}

  /**
   * Who is trusted.
   *
   * @param file certificates in PEM; empty for those that the JVM trusts
   */
  public static TrustManagerFactory trusting(Optional<String> file) {
    try {
      KeyStore trusted = null;
      if (file.isPresent()) {
        trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        try (InputStream in = Files.newInputStream(Path.of(file.get()))) {
          int number = 0;
          for (Certificate certificate :
              CertificateFactory.getInstance("X.509").generateCertificates(in)) {
            trusted.setCertificateEntry("ca" + number++, certificate);
          }
        }
      }
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(trusted);
      return factory;
    } catch (IOException | GeneralSecurityException e) {
      throw OpenFailure.lasting("option cafile=" + file.orElse("") + ": " + e.getMessage());
    }
  }

  /** A context that trusts those, and has no certificate of its own. */
  public static SSLContext context(Optional<String> file) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trusting(file).getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw OpenFailure.lasting("TLS: " + e.getMessage());
    }
  }
}
