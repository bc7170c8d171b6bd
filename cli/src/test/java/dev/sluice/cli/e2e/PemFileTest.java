package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of keys and certificates as openssl(1) writes them, and as people put them together. */
class PemFileTest {
  @TempDir static Path folder;
  private static TlsKeys keys = new TlsKeys(Path.of("."));

  @BeforeAll
  static void makeKeys() throws IOException, InterruptedException {
    keys = new TlsKeys(folder);
    keys.selfSigned("rsa", "rsa:2048");
    keys.openssl("rsa -in rsa.key -traditional -out plain.key");
  }

  @Test
  void whatElseIsInTheFileIsPassedOver() throws IOException, InterruptedException {
    keys.openssl("dhparam -dsaparam -out dh.pem 1024");
    keys.openssl("pkey -in rsa.key -pubout -out public.pem");
    keys.openssl("ecparam -name prime256v1 -out parameters.pem");
    revocations();
    serves("all.pem", "public.pem", "plain.key", "rsa.crt", "dh.pem");
    serves("all.pem", "parameters.pem", "revoked.pem", "rsa.crt", "rsa.key", "revoked.pem");
  }

  private static void revocations() throws IOException, InterruptedException {
    Files.writeString(folder.resolve("index.txt"), "");
    Files.writeString(
        folder.resolve("ca.cnf"),
        "[ca]\ndefault_ca=d\n[d]\ndatabase=index.txt\ndefault_md=sha256\ndefault_crl_days=30\n");
    keys.openssl(
        "ca -gencrl -keyfile rsa.key -cert rsa.crt -config ca.cnf -out revoked.pem -batch");
  }

  @Test
  void linesMayEndAsOnWindowsWithTextBetweenTheBlocks() throws IOException {
    String key = TlsKeys.read(folder.resolve("plain.key"));
    String certificate = TlsKeys.read(folder.resolve("rsa.crt"));
    Files.writeString(
        folder.resolve("crlf.pem"),
        ("Bag Attributes\n    friendlyName: x\n" + key + "\nsubject=CN = x\n" + certificate)
            .replace("\n", "\r\n"));
    assertServes("crlf.pem", "");
  }

  @ParameterizedTest
  @CsvSource({
    "ecparam -name prime256v1 -genkey -out K",
    "genpkey -algorithm ed25519 -out K",
    "genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 -out K",
    "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:secp384r1 -out K"
  })
  void keysMayBeOfAnyKind(String command) throws IOException, InterruptedException {
    keys.openssl(command.replace("-out K", "-out kind.key"));
    keys.openssl(
        "req -x509 -new -key kind.key -days 100 -out kind.crt -subj /CN=localhost -addext",
        TlsKeys.NAMES);
    serves("kind.pem", "kind.key", "kind.crt");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pkcs8 -topk8 -scrypt",
        "pkcs8 -topk8 -v2 aes-256-cbc -v2prf hmacWithSHA512",
        "pkcs8 -topk8 -v2 des3",
        "pkcs8 -topk8 -v2 camellia-256-cbc",
        "pkcs8 -topk8 -v2 aria-256-cbc",
        "pkcs8 -topk8 -v1 PBE-SHA1-3DES",
        "rsa -traditional -aes128",
        "rsa -traditional -aes256",
        "rsa -traditional -des3",
        "rsa -traditional -camellia256",
        "rsa -traditional -aria256"
      })
  void keysMayBeEncryptedInAnyWay(String command) throws IOException, InterruptedException {
    keys.openssl(command + " -in rsa.key -passout pass:secret -out locked.key");
    join("locked.pem", "locked.key", "rsa.crt");
    assertServes("locked.pem", ",passphrase=pass:secret");
  }

  /** The libraries of brokers read PKCS #8 only. */
  @Test
  void aConnectorTellsHowToWriteItsKey() throws IOException {
    join("own.pem", "rsa.crt", "plain.key");
    Outcome outcome =
        Tool.OURS.command("-u", "-", "MQTTS:127.0.0.1:1/t,certificate=own.pem").in(folder).run();
    assertEquals(1, outcome.status());
    assertTrue(
        outcome.stderr().contains("hint: \"openssl pkcs8 -topk8 -nodes\" writes its key so"),
        outcome.stderr());
  }

  private static void serves(String file, String... parts) throws IOException {
    join(file, parts);
    assertServes(file, "");
  }

  private static void join(String file, String... parts) throws IOException {
    StringBuilder all = new StringBuilder();
    for (String part : parts) {
      all.append(TlsKeys.read(folder.resolve(part)));
    }
    Files.writeString(folder.resolve(file), all.toString());
  }

  private static void assertServes(String file, String more) {
    int port = Server.freePort();
    try (Run server =
        Tool.OURS
            .command(
                "-d",
                "-d",
                "OPENSSL-LISTEN:" + port + ",bind=127.0.0.1,verify=0,cert=" + file + more,
                "SYSTEM:'echo served'")
            .in(folder)
            .start()) {
      server.awaitLog("listening on");
      Outcome client =
          Tool.OURS.command("-u", "OPENSSL:127.0.0.1:" + port + ",verify=0", "-").run();
      assertEquals("served\n", client.stdout(), () -> client.stderr() + server.await().stderr());
    }
  }
}
