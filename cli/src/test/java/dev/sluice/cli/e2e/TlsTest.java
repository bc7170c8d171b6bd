package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS and DTLS between our tool and the peer, in both roles. Keys are made by openssl(1). */
class TlsTest {
  private static final String SUBJECT = "/C=XX/O=Org One/OU=Unit A/OU=Unit B/CN=localhost";

  @TempDir private static Path folder;

  /** Who serves, and who is the client. */
  record Pair(Tool server, Tool client) {
    @Override
    public String toString() {
      return server.label() + " serves " + client.label();
    }
  }

  static Stream<Pair> pairs() {
    return Tool.peer()
        .map(
            peer ->
                Stream.of(
                    new Pair(Tool.OURS, Tool.OURS),
                    new Pair(Tool.OURS, peer),
                    new Pair(peer, Tool.OURS)))
        .orElseGet(() -> Stream.of(new Pair(Tool.OURS, Tool.OURS)));
  }

  @BeforeAll
  static void makeKeys() throws Exception {
    TlsKeys keys = new TlsKeys(folder);
    keys.selfSigned("rsa", "rsa:2048", SUBJECT);
    keys.selfSigned("other", "rsa:2048", SUBJECT);
    expired(keys);
    keys.openssl("ecparam -name prime256v1 -genkey -noout -out ec.key");
    keys.openssl(
        "req -x509 -key ec.key -out ec.crt -days 36500 -subj", SUBJECT, "-addext", TlsKeys.NAMES);
    keys.openssl("rsa -in rsa.key -traditional -out pkcs1.key");
    keys.openssl("rsa -in rsa.key -aes256 -passout pass:secret -out locked.key");
    keys.openssl("rsa -in rsa.key -traditional -aes128 -passout pass:secret -out locked1.key");
    Files.writeString(
        folder.resolve("both.pem"),
        Files.readString(folder.resolve("rsa.crt")) + Files.readString(folder.resolve("rsa.key")));
  }

  /** A certificate of 2020, which only ca(1) makes. */
  private static void expired(TlsKeys keys) throws Exception {
    Files.writeString(
        folder.resolve("ca.cnf"),
        """
        [ca]
        default_ca = own
        [own]
        database = index.txt
        rand_serial = yes
        new_certs_dir = .
        default_md = sha256
        policy = policy
        [policy]
        commonName = supplied
        """);
    Files.writeString(folder.resolve("index.txt"), "");
    keys.openssl(
        "req -newkey rsa:2048 -nodes -keyout expired.key -out expired.csr -subj /CN=localhost");
    keys.openssl(
        "ca -batch -selfsign -notext -config ca.cnf -keyfile expired.key -in expired.csr"
            + " -out expired.crt -startdate 20200101000000Z -enddate 20210101000000Z");
  }

  /** With AWS-LC, and, where that can't be loaded, without. */
  @Test
  void computesNativelyWhereItCan() throws IOException {
    for (String path : new String[] {"", "-Djava.library.path=" + folder}) {
      int port = Server.freePort();
      try (Run run =
          Tool.OURS
              .command(
                  "-dd",
                  "OPENSSL-LISTEN:" + port + ",bind=127.0.0.1,fork,cert=both.pem,verify=0",
                  "PIPE")
              .in(folder)
              .env("SLUICE_JAVA_OPTS", path)
              .start()) {
        run.awaitLog("listening on");
        String mapped = Files.readString(Path.of("/proc/" + run.pid() + "/maps"));
        assertEquals(path.isEmpty(), mapped.contains("CorrettoCrypto"), path);
        Outcome outcome =
            client(Tool.peer().orElse(Tool.OURS), port, "cafile=rsa.crt").input("hello\n").run();
        assertEquals("hello\n", outcome.stdout(), outcome.stderr());
      }
    }
  }

  private static Run serve(Tool tool, int port, String options, String right) {
    Run run =
        tool.command("-dd", "OPENSSL-LISTEN:" + port + ",bind=127.0.0.1,fork," + options, right)
            .in(folder)
            .start();
    run.awaitLog("listening on");
    return run;
  }

  private static Command client(Tool tool, int port, String options) {
    return tool.command("-t10", "-", "OPENSSL:localhost:" + port + ",pf=ip4," + options).in(folder);
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void bytesGoBothWaysAndEndsAreSeen(Pair pair) {
    byte[] bytes = new byte[3_000_000];
    new Random(7).nextBytes(bytes);
    String question = new String(bytes, StandardCharsets.ISO_8859_1);
    for (String version : new String[] {"TLS1.2", "TLS1.3"}) {
      int port = Server.freePort();
      try (Run run = serve(pair.server(), port, "cert=both.pem,verify=0", "PIPE")) {
        String options = "cafile=rsa.crt,min-version=" + version + ",max-version=" + version;
        Outcome outcome = client(pair.client(), port, options).input(bytes).run();
        assertEquals(0, outcome.status(), outcome.stderr());
        assertEquals(question.length(), outcome.stdout().length());
        assertTrue(question.equals(outcome.stdout()), "other bytes came back");
        assertTrue(run.isAlive());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cert=rsa.crt,key=rsa.key",
        "cert=rsa.crt,key=pkcs1.key",
        "cert=rsa.crt,key=locked.key,passphrase=pass:secret",
        "cert=rsa.crt,key=locked1.key,passphrase=pass:secret",
        "cert=ec.crt,key=ec.key"
      })
  void keysOfAllForms(String keys) {
    int port = Server.freePort();
    String trusted = keys.startsWith("cert=ec") ? "ec.crt" : "rsa.crt";
    try (Run run = serve(Tool.OURS, port, keys + ",verify=0", "PIPE")) {
      Tool client = Tool.peer().orElse(Tool.OURS);
      Outcome outcome = client(client, port, "cafile=" + trusted).input("hello\n").run();
      assertEquals("hello\n", outcome.stdout(), outcome.stderr());
      assertTrue(run.isAlive());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1:PORT,verify=0",
        "127.0.0.1:PORT,verify=0,no-sni",
        "127.0.0.1:PORT,verify=0,snihost=localhost",
        "127.0.0.1:PORT,verify=0,snihost=192.0.2.1",
        "localhost:PORT,pf=ip4,verify=0,commonname=",
        "localhost:PORT,pf=ip4,verify=0,commonname=192.0.2.1",
        "localhost:PORT,pf=ip4,verify=0,snihost=",
      })
  void warnsOfNamesThatCannotBeAskedFor(String server) {
    int port = Server.freePort();
    try (Run run = serve(Tool.OURS, port, "cert=both.pem,verify=0", "PIPE")) {
      Outcome outcome =
          SideBySide.play(
                  (tool, any) ->
                      tool.command("-t10", "-", "OPENSSL:" + server.replace("PORT", "" + port))
                          .input("hi\n")
                          .run())
              .same();
      assertEquals("hi\n", outcome.stdout());
      assertTrue(run.isAlive());
    }
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void clientRefusesServer(Pair pair) {
    for (String[] refused :
        new String[][] {
          {"cert=rsa.crt,key=rsa.key", "cafile=other.crt"},
          {"cert=expired.crt,key=expired.key", "cafile=expired.crt"},
          {"cert=rsa.crt,key=rsa.key", "cafile=rsa.crt,cn=elsewhere"}
        }) {
      int port = Server.freePort();
      try (Run run = serve(pair.server(), port, refused[0] + ",verify=0", "STDOUT")) {
        Outcome outcome = client(pair.client(), port, refused[1]).input("secret\n").run();
        assertEquals(
            refused[1].contains("cn=") ? 1 : 255, outcome.status(), () -> outcome.stderr());
        assertEquals("", outcome.stdout());
        assertTrue(!run.stop("TERM").stdout().contains("secret"), refused[1]);
      }
    }
  }

  /** A common name counts where no alternative name for hosts is, and whole. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/CN=victim.test | | victim.test | 0",
        "/CN=Victim.test | | vicTIM.test | 0",
        "/CN=victim.test \\/\\/ x.attacker | | victim.test | 1",
        "/CN=x.attacker/CN=victim.test | | victim.test | 1",
        "/CN=victim.test | DNS:other.test | victim.test | 1",
        "/CN=victim.test | IP:10.0.0.1 | victim.test | 1",
        "/CN=victim.test | email:me@victim.test | victim.test | 0",
        "/CN=x | DNS:*.Victim.test | a.victim.TEST | 0",
        "/CN=x | DNS:*.victim.test | a.b.victim.test | 1"
      })
  void clientLooksAtTheNamesOfACertificate(
      String subject, @Nullable String alternatives, String name, int status) throws Exception {
    TlsKeys keys = new TlsKeys(folder);
    List<String> words = new ArrayList<>(List.of("-subj", subject));
    if (alternatives != null) {
      words.addAll(List.of("-addext", "subjectAltName=" + alternatives));
    }
    keys.openssl(
        "req -x509 -nodes -days 36500 -newkey rsa:2048 -keyout named.key -out named.crt",
        words.toArray(String[]::new));
    int port = Server.freePort();
    try (Run run = serve(Tool.OURS, port, "cert=named.crt,key=named.key,verify=0", "PIPE")) {
      Outcome outcome =
          client(Tool.OURS, port, "cafile=named.crt,cn=" + name).input("hello\n").run();
      assertEquals(status, outcome.status(), outcome.stderr());
      assertEquals(status == 0 ? "hello\n" : "", outcome.stdout());
      assertTrue(run.isAlive());
    }
  }

  /** Servers keep sending roots that nobody needs any more. */
  @Test
  void acceptsAServerThatAlsoSendsAnExpiredRoot() throws Exception {
    TlsKeys keys = new TlsKeys(folder);
    keys.selfSigned("root", "rsa:2048", "/CN=root");
    keys.signed("leaf", "localhost", "root", "basicConstraints=CA:FALSE");
    String chain =
        TlsKeys.read(folder.resolve("leaf.crt")) + TlsKeys.read(folder.resolve("expired.crt"));
    Files.writeString(folder.resolve("chain.pem"), chain);
    int port = Server.freePort();
    try (Run run = serve(Tool.OURS, port, "cert=chain.pem,key=leaf.key,verify=0", "PIPE")) {
      Outcome outcome = client(Tool.OURS, port, "cafile=root.crt").input("hello\n").run();
      assertEquals("hello\n", outcome.stdout(), outcome.stderr());
      assertTrue(run.isAlive());
    }
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void serverRefusesClient(Pair pair) {
    int port = Server.freePort();
    try (Run run = serve(pair.server(), port, "cert=both.pem,cafile=rsa.crt", "STDOUT")) {
      client(pair.client(), port, "cafile=rsa.crt").input("secret\n").run();
      run.awaitLog(" E SSL_accept\\(\\)");
      client(pair.client(), port, "cafile=rsa.crt,cert=other.crt,key=other.key")
          .input("secret\n")
          .run();
      run.awaitLog(" E SSL_accept\\(\\)", 2);
      client(pair.client(), port, "cafile=rsa.crt,cert=both.pem").input("welcome\n").run();
      run.awaitOutput("welcome");
      assertTrue(!run.stop("TERM").stdout().contains("secret"));
    }
  }

  @Test
  void silentClientIsLeftInTime() throws IOException {
    int port = Server.freePort();
    try (Run run = serve(Tool.OURS, port, "cert=both.pem,verify=0,handshake-timeout=0.5", "PIPE");
        Client silent = new Client(port)) {
      assertEquals("", silent.readAll());
      run.awaitLog("no answer within 0.5 seconds");
      assertTrue(run.isAlive());
    }
  }

  @Test
  void othersAreServedWhileAClientIsSilent() throws IOException {
    int port = Server.freePort();
    try (Run run = serve(Tool.OURS, port, "cert=both.pem,verify=0", "PIPE");
        Client silent = new Client(port)) {
      Outcome outcome = client(Tool.OURS, port, "cafile=rsa.crt").input("hello\n").run();
      assertEquals("hello\n", outcome.stdout());
      try (Client plain = new Client(port)) {
        plain.send("GET / HTTP/1.0\r\n\r\n");
        plain.readAll();
      }
      run.awaitLog(" E SSL_accept\\(\\): Unrecognized SSL message");
      assertFalse(silent.hasInput());
    }
  }

  @Test
  void factsForPrograms() {
    int port = Server.freePort();
    try (Run run =
        serve(
            Tool.OURS,
            port,
            "cert=both.pem,cafile=rsa.crt",
            "SYSTEM:env | grep ^SOCAT_OPENSSL | sort")) {
      Outcome outcome = client(Tool.OURS, port, "cafile=rsa.crt,cert=both.pem").run();
      assertEquals(
          """
          SOCAT_OPENSSL_CIPHER=TLS_AES_256_GCM_SHA384
          SOCAT_OPENSSL_PROTO_VERSION=TLSv1.3
          SOCAT_OPENSSL_X509V3_SUBJECTALTNAME_DNS=localhost
          SOCAT_OPENSSL_X509_COMMONNAME=localhost
          SOCAT_OPENSSL_X509_COUNTRYNAME=XX
          SOCAT_OPENSSL_X509_ISSUER=C = XX, O = Org One, OU = Unit A, OU = Unit B, CN = localhost
          SOCAT_OPENSSL_X509_ORGANIZATIONALUNITNAME=Unit A // Unit B
          SOCAT_OPENSSL_X509_ORGANIZATIONNAME=Org One
          SOCAT_OPENSSL_X509_SUBJECT=C = XX, O = Org One, OU = Unit A, OU = Unit B, CN = localhost
          """,
          outcome.stdout(),
          outcome.stderr());
      assertTrue(run.isAlive());
    }
  }

  @Test
  void certificatesAreReadAgain() throws IOException {
    int port = Server.freePort();
    Path own = folder.resolve("changing.pem");
    Files.copy(folder.resolve("both.pem"), own);
    try (Run run = serve(Tool.OURS, port, "cert=changing.pem,verify=0", "PIPE")) {
      assertEquals(0, client(Tool.OURS, port, "cafile=rsa.crt").run().status());
      Files.writeString(
          own,
          TlsKeys.read(folder.resolve("other.crt")) + TlsKeys.read(folder.resolve("other.key")));
      assertEquals(0, client(Tool.OURS, port, "cafile=other.crt").run().status());
      run.awaitLog("certificates have been read again");
    }
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void datagrams(Pair pair) {
    int port = Server.freePort();
    try (Run server =
        pair.server()
            .command(
                "-dd",
                "OPENSSL-DTLS-SERVER:" + port + ",bind=127.0.0.1,cert=both.pem,verify=0",
                "PIPE")
            .in(folder)
            .start()) {
      server.awaitLog("listening on UDP");
      try (Run client =
          pair.client()
              .command("-", "OPENSSL-DTLS-CLIENT:localhost:" + port + ",pf=ip4,cafile=rsa.crt")
              .in(folder)
              .openInput()
              .start()) {
        client.send("hello\n");
        client.awaitOutput("hello");
        client.send("again\n");
        client.awaitOutput("again");
        client.endInput();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "min-version=bla",
        "cipherlist=FOO",
        "compress=foo",
        "maxfraglen=700",
        "maxsendfrag=5",
        "dhparam=x",
        "method=TLS1.2"
      })
  void badValueIsSaidBeforeAnythingOpens(String option) {
    Path made = folder.resolve("made");
    Outcome outcome =
        Tool.OURS.command("CREATE:" + made, "OPENSSL:localhost:1," + option).in(folder).run();
    assertEquals(1, outcome.status());
    assertEquals(1, outcome.stderr().lines().count(), outcome.stderr());
    assertTrue(Files.notExists(made));
    assertArrayEquals(new byte[0], outcome.stdout().getBytes(StandardCharsets.ISO_8859_1));
  }
}
