package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Keys and certificates that openssl(1) makes in a folder. */
record TlsKeys(Path folder) {
  static final String NAMES = "subjectAltName=DNS:localhost,IP:127.0.0.1";

  /** Runs openssl with these words, which must succeed. */
  void openssl(String words, String... more) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add("openssl");
    command.addAll(List.of(words.split(" ", -1)));
    command.addAll(List.of(more));
    Path log = folder.resolve("openssl.log");
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    assertEquals(0, process.waitFor(), () -> command + ": " + read(log));
  }

  static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return String.valueOf(e);
    }
  }

  /** Makes NAME.key and NAME.crt, which signs itself, for localhost by name and number. */
  void selfSigned(String name, String algorithm) throws IOException, InterruptedException {
    selfSigned(name, algorithm, "/CN=localhost");
  }

  /** The same for another subject. */
  void selfSigned(String name, String algorithm, String subject)
      throws IOException, InterruptedException {
    openssl(
        "req -x509 -nodes -days 36500 -newkey "
            + algorithm
            + " -keyout "
            + name
            + ".key -out "
            + name
            + ".crt",
        "-subj",
        subject,
        "-addext",
        NAMES);
  }

  /**
   * Makes NAME.key and NAME.crt, signed by another.
   *
   * @param extensions lines of a configuration file
   */
  void signed(String name, String subject, String signer, String extensions)
      throws IOException, InterruptedException {
    Files.writeString(folder.resolve(name + ".ext"), extensions);
    openssl(
        "req -new -nodes -newkey rsa:2048 -keyout " + name + ".key -out " + name + ".csr -subj",
        "/CN=" + subject);
    openssl(
        "x509 -req -days 36500 -in "
            + name
            + ".csr -CA "
            + signer
            + ".crt -CAkey "
            + signer
            + ".key -CAcreateserial -out "
            + name
            + ".crt -extfile "
            + name
            + ".ext");
  }

  /** What trusts that certificate. */
  SSLContext trusting(String file) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    try (InputStream in = Files.newInputStream(folder.resolve(file))) {
      store.setCertificateEntry(
          "trusted", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }
}
