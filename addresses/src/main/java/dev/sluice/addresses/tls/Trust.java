package dev.sluice.addresses.tls;

import dev.sluice.catalog.OpenFailure;
import dev.sluice.option.Options;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Which peers are trusted: those whose certificate chain ends at one of the given certificates and
 * is valid today. Names are looked at later, by {@link PeerName}. Without verification all are.
 */
final class Trust extends X509ExtendedTrustManager {
  private static final List<Path> SYSTEM_FILES =
      List.of(
          Path.of("/etc/ssl/certs/ca-certificates.crt"),
          Path.of("/etc/pki/tls/certs/ca-bundle.crt"),
          Path.of("/etc/ssl/cert.pem"));

  private final @Nullable X509TrustManager chains;

  private Trust(@Nullable X509TrustManager chains) {
    this.chains = chains;
  }

  /** What the options name, else what the system trusts. Reads files. */
  static Trust of(Options options) {
    if (!options.get(TlsOptions.VERIFY, true)) {
      return new Trust(null);
    }
    List<X509Certificate> anchors = new ArrayList<>();
    String call = "SSL_CTX_load_verify_locations";
    String file = options.find(TlsOptions.CAFILE).orElse(null);
    String folder = options.find(TlsOptions.CAPATH).orElse(null);
    if (file != null) {
      anchors.addAll(new Pem(Path.of(file), call).certificates());
    }
    if (folder != null) {
      addFolder(Path.of(folder), anchors);
    }
    try {
      return new Trust(file == null && folder == null ? system(call) : manager(store(anchors)));
    } catch (GeneralSecurityException | IOException e) {
      throw OpenFailure.lasting(call + "(): " + e.getMessage());
    }
  }

  private static X509TrustManager system(String call) throws GeneralSecurityException, IOException {
    List<X509Certificate> anchors = new ArrayList<>();
    String file = System.getenv("SSL_CERT_FILE");
    String folder = System.getenv("SSL_CERT_DIR");
    if (file != null && Files.isReadable(Path.of(file))) {
      anchors.addAll(new Pem(Path.of(file), call).certificates());
    }
    if (folder != null && Files.isDirectory(Path.of(folder))) {
      addFolder(Path.of(folder), anchors);
    }
    if (file == null && folder == null) {
      Path found = SYSTEM_FILES.stream().filter(Files::isReadable).findFirst().orElse(null);
      if (found == null) {
        return manager(null);
      }
      anchors.addAll(new Pem(found, call).certificates());
    }
    return manager(store(anchors));
  }

  /** A folder may hold other files too; they are passed over. */
  private static void addFolder(Path folder, List<X509Certificate> anchors) {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        anchors.addAll(certificatesIn(file));
      }
    } catch (IOException e) {
      throw OpenFailure.lasting("SSL_CTX_load_verify_locations(): " + folder + " cannot be read");
    }
  }

  private static List<X509Certificate> certificatesIn(Path file) {
    try {
      return new Pem(file, "SSL_CTX_load_verify_locations").certificates();
    } catch (OpenFailure e) {
      return List.of();
    }
  }

  private static KeyStore store(List<X509Certificate> anchors)
      throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    for (int i = 0; i < anchors.size(); i++) {
      store.setCertificateEntry(Integer.toString(i), anchors.get(i));
    }
    return store;
  }

  private static X509TrustManager manager(@Nullable KeyStore anchors)
      throws GeneralSecurityException {
    if (anchors != null && anchors.size() == 0) {
      return new NobodyTrusted();
    }
    TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
    factory.init(anchors);
    for (TrustManager manager : factory.getTrustManagers()) {
      if (manager instanceof X509TrustManager found) {
        return found;
      }
    }
    throw new GeneralSecurityException("no PKIX in this JVM");
  }

  private static final class NobodyTrusted implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      throw new CertificateException("there is no certificate to trust");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      throw new CertificateException("there is no certificate to trust");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  /**
   * Checks the dates of the peer's certificate and of those that lead from it to a trusted one,
   * that included. What else a peer sends may be out of date: servers keep sending old roots.
   */
  private static void checkDates(X509Certificate[] chain, X509Certificate[] anchors)
      throws CertificateException {
    X509Certificate at = chain[0];
    for (int length = 0; length <= chain.length; length++) {
      checkDate(at);
      X509Certificate now = at;
      if (Arrays.asList(anchors).contains(now)) {
        return;
      }
      Optional<X509Certificate> issuer =
          Stream.concat(Arrays.stream(anchors), Arrays.stream(chain))
              .filter(other -> !other.equals(now) && isIssuer(other, now))
              .findFirst();
      if (issuer.isEmpty()) {
        return;
      }
      at = issuer.get();
    }
  }

  private static boolean isIssuer(X509Certificate other, X509Certificate certificate) {
    if (!other.getSubjectX500Principal().equals(certificate.getIssuerX500Principal())) {
      return false;
    }
    try {
      certificate.verify(other.getPublicKey());
      return true;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static void checkDate(X509Certificate certificate) throws CertificateException {
    try {
      certificate.checkValidity();
    } catch (CertificateExpiredException e) {
      throw new CertificateException("certificate has expired: " + subject(certificate), e);
    } catch (CertificateNotYetValidException e) {
      throw new CertificateException("certificate is not yet valid: " + subject(certificate), e);
    }
  }

  private static String subject(X509Certificate certificate) {
    return certificate.getSubjectX500Principal().getName();
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    if (chains != null) {
      checkDates(chain, chains.getAcceptedIssuers());
      chains.checkClientTrusted(chain, type);
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    if (chains != null) {
      checkDates(chain, chains.getAcceptedIssuers());
      chains.checkServerTrusted(chain, type);
    }
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    checkClientTrusted(chain, type);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    checkServerTrusted(chain, type);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    checkClientTrusted(chain, type);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    checkServerTrusted(chain, type);
  }

  /** None: clients are not told whose certificates are trusted, as with socat. */
  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
