package dev.sluice.connector.kit;

import dev.sluice.catalog.OpenFailure;
import dev.sluice.option.Options;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** TLS for libraries that connect by themselves. */
public final class Tls {
  private static final char[] NO_PASSWORD = {};

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

  /**
   * The client's own certificate; nothing where option {@code certificate} names none.
   *
   * @throws OpenFailure when the file has none, or no key
   */
  public static Optional<KeyManagerFactory> own(Options options) {
    String file = options.find(BrokerOptions.CERTIFICATE).orElse(null);
    if (file == null) {
      return Optional.empty();
    }
    try {
      String text = Files.readString(Path.of(file), StandardCharsets.ISO_8859_1);
      PrivateKey key = key(block(text, "PRIVATE KEY"));
      Certificate[] chain;
      try (InputStream in =
          new ByteArrayInputStream(certificates(text).getBytes(StandardCharsets.ISO_8859_1))) {
        chain =
            CertificateFactory.getInstance("X.509")
                .generateCertificates(in)
                .toArray(Certificate[]::new);
      }
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      store.setKeyEntry("own", key, NO_PASSWORD, chain);
      KeyManagerFactory factory =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      factory.init(store, NO_PASSWORD);
      return Optional.of(factory);
    } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
      throw OpenFailure.lasting("option certificate=" + file + ": " + e.getMessage());
    }
  }

  private static String certificates(String text) throws IOException {
    Matcher matcher =
        Pattern.compile("-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", Pattern.DOTALL)
            .matcher(text);
    StringBuilder all = new StringBuilder();
    while (matcher.find()) {
      all.append(matcher.group()).append('\n');
    }
    if (all.isEmpty()) {
      throw new IOException("no certificate in it");
    }
    return all.toString();
  }

  private static byte[] block(String text, String label) throws IOException {
    String begin = "-----BEGIN " + label + "-----";
    int from = text.indexOf(begin);
    int to = text.indexOf("-----END " + label + "-----");
    if (from < 0 || to < from) {
      boolean isOther = text.contains(label + "-----"); // PKCS #1, or encrypted
      throw new IOException(
          "no \""
              + begin
              + "\" in it"
              + (isOther ? "; hint: \"openssl pkcs8 -topk8 -nodes\" writes its key so" : ""));
    }
    return Base64.getMimeDecoder().decode(text.substring(from + begin.length(), to));
  }

  private static PrivateKey key(byte[] encoded) throws GeneralSecurityException {
    for (String algorithm : List.of("RSA", "EC")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
      } catch (InvalidKeySpecException e) {
        // of another kind
      }
    }
    return KeyFactory.getInstance("EdDSA").generatePrivate(new PKCS8EncodedKeySpec(encoded));
  }

  /** A context that trusts, and is, whom the options of a broker's address name. */
  public static SSLContext context(Options options) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          own(options).map(KeyManagerFactory::getKeyManagers).orElse(null),
          trusting(options.find(BrokerOptions.CAFILE)).getTrustManagers(),
          null);
      return context;
    } catch (GeneralSecurityException e) {
      throw OpenFailure.lasting("TLS: " + e.getMessage());
    }
  }
}
