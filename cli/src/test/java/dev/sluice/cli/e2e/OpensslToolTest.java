package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** TLS with openssl(1) in both roles: {@code s_client} and {@code s_server}. */
class OpensslToolTest {
  @TempDir private static Path folder;

  @BeforeAll
  static void makeKeys() throws Exception {
    TlsKeys keys = new TlsKeys(folder);
    keys.selfSigned("rsa", "rsa:2048");
    keys.selfSigned("other", "rsa:2048");
    keys.selfSigned("ec", "ec -pkeyopt ec_paramgen_curve:prime256v1");
    keys.openssl(
        "req -x509 -nodes -days 36500 -newkey rsa:2048 -subj /CN=root -keyout root.key -out root.crt");
    keys.signed("middle", "middle", "root", "basicConstraints=critical,CA:TRUE\n");
    keys.signed("leaf", "leaf", "middle", TlsKeys.NAMES + "\n");
    keys.signed("dns", "nobody", "root", "subjectAltName=DNS:localhost\n");
    keys.signed("ip", "nobody", "root", "subjectAltName=IP:127.0.0.1\n");
    for (String name : new String[] {"leaf", "middle"}) {
      String crt = TlsKeys.read(folder.resolve(name + ".crt"));
      Files.writeString(
          folder.resolve("chain.crt"),
          name.equals("leaf") ? crt : TlsKeys.read(folder.resolve("chain.crt")) + crt);
    }
    Files.createDirectory(folder.resolve("capath"));
    Files.copy(folder.resolve("root.crt"), folder.resolve("capath/root.pem"));
  }

  private static Process openssl(String words) throws IOException {
    List<String> command = new ArrayList<>(List.of("openssl"));
    command.addAll(List.of(words.split(" ", -1)));
    return new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
  }

  /** What {@code s_client} shows after a line was sent. */
  private static String client(int port, String options) throws Exception {
    Process client =
        openssl("s_client -quiet -connect 127.0.0.1:" + port + " -verify_return_error " + options);
    try {
      client.getOutputStream().write("hello\n".getBytes(StandardCharsets.US_ASCII));
      client.getOutputStream().flush();
    } catch (IOException e) {
      // It may have ended already, which its output tells.
      System.getLogger(OpensslToolTest.class.getName())
          .log(System.Logger.Level.DEBUG, "no input", e);
    }
    String text = new String(client.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    client.waitFor();
    return text;
  }

  private static Run serve(int port, String options) {
    Run run =
        Tool.OURS
            .command(
                "-dd",
                "OPENSSL-LISTEN:" + port + ",bind=127.0.0.1,fork," + options,
                "SYSTEM:head -n1 | sed s/^/got_/")
            .in(folder)
            .start();
    run.awaitLog("listening on");
    return run;
  }

  @ParameterizedTest
  @CsvSource({"rsa,tls1_2", "rsa,tls1_3", "ec,tls1_2", "ec,tls1_3"})
  void servesClient(String key, String version) throws Exception {
    int port = Server.freePort();
    try (Run run = serve(port, "verify=0,cert=" + key + ".crt,key=" + key + ".key")) {
      String text = client(port, "-" + version + " -CAfile " + key + ".crt");
      assertTrue(text.contains("got_hello\n"), text);
      run.awaitLog("SSL proto version used: TLSv1." + version.charAt(version.length() - 1));
    }
  }

  /** In s_client a line with R asks for another handshake. */
  @Test
  void refusesToRenegotiateAndServesTheNext() throws Exception {
    int port = Server.freePort();
    try (Run run = serve(port, "verify=0,cert=rsa.crt,key=rsa.key")) {
      Process client = openssl("s_client -tls1_2 -connect 127.0.0.1:" + port);
      client.getOutputStream().write("R\n".getBytes(StandardCharsets.US_ASCII));
      client.getOutputStream().flush();
      String text = new String(client.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
      assertTrue(text.contains("RENEGOTIATING"), text);
      run.awaitLog(" E SSL_read\\(\\): .*Client initiated renegotiation is not allowed");
      assertTrue(client(port, "-CAfile rsa.crt").contains("got_hello\n"));
    }
  }

  @Test
  void servesChain() throws Exception {
    int port = Server.freePort();
    try (Run run = serve(port, "verify=0,cert=chain.crt,key=leaf.key")) {
      assertTrue(client(port, "-CAfile root.crt -verify_ip 127.0.0.1").contains("got_hello\n"));
      assertFalse(client(port, "-CAfile other.crt").contains("got_hello"));
      run.awaitLog(" E SSL_");
    }
  }

  @Test
  void wantsClientCertificates() throws Exception {
    for (String version : new String[] {"-tls1_2", "-tls1_3"}) {
      int port = Server.freePort();
      try (Run run = serve(port, "cert=rsa.crt,key=rsa.key,cafile=root.crt")) {
        String trust = version + " -CAfile rsa.crt";
        assertFalse(client(port, trust).contains("got_hello"));
        run.awaitLog(" E SSL_accept\\(\\): .*certificate");
        assertFalse(client(port, trust + " -cert other.crt -key other.key").contains("got_hello"));
        run.awaitLog(" E SSL_accept\\(\\): certificate verify failed", 1);
        String own = " -cert leaf.crt -key leaf.key -cert_chain chain.crt";
        assertTrue(client(port, trust + own).contains("got_hello\n"));
      }
    }
  }

  /** A server that sends lines back in reverse. */
  private static Process server(int port, String options) throws IOException {
    Process server = openssl("s_server -rev -accept 127.0.0.1:" + port + " " + options);
    server.getErrorStream();
    Background.start("output of s_server", () -> drain(server));
    Await.until(() -> RealProxyTest.takesConnections(port), () -> "s_server to listen");
    return server;
  }

  private static void drain(Process process) {
    try {
      process.getInputStream().readAllBytes();
    } catch (IOException e) {
      System.getLogger(OpensslToolTest.class.getName()).log(System.Logger.Level.DEBUG, "end", e);
    }
  }

  private static Command to(String host, int port, String options) {
    return Tool.OURS.command("-", "OPENSSL:" + host + ":" + port + ",pf=ip4," + options).in(folder);
  }

  @ParameterizedTest
  @CsvSource({
    "-cert rsa.crt -key rsa.key -tls1_2,localhost,cafile=rsa.crt",
    "-cert rsa.crt -key rsa.key -tls1_3,localhost,cafile=rsa.crt",
    "-cert ec.crt -key ec.key -tls1_2,localhost,cafile=ec.crt",
    "-cert ec.crt -key ec.key -tls1_3,127.0.0.1,cafile=ec.crt",
    "-cert leaf.crt -key leaf.key -cert_chain chain.crt,localhost,cafile=root.crt",
    "-cert leaf.crt -key leaf.key -cert_chain chain.crt,localhost,capath=capath",
    "-cert dns.crt -key dns.key,localhost,cafile=root.crt",
    "-cert ip.crt -key ip.key,127.0.0.1,cafile=root.crt"
  })
  void trustsServer(String server, String host, String options) throws Exception {
    int port = Server.freePort();
    Process process = server(port, server);
    try (Run run = to(host, port, options).openInput().start()) {
      run.send("olleh\n");
      run.awaitOutput("hello\n");
    } finally {
      process.destroy();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "-cert rsa.crt -key rsa.key,localhost,cafile=other.crt,255,certificate verify failed",
    "-cert rsa.crt -key rsa.key,localhost,capath=capath,255,certificate verify failed",
    "-cert leaf.crt -key leaf.key,localhost,cafile=root.crt,255,certificate verify failed",
    "-cert dns.crt -key dns.key,127.0.0.1,cafile=root.crt,1,does not match hostname",
    "-cert ip.crt -key ip.key,localhost,cafile=root.crt,1,does not match hostname"
  })
  void refusesServer(String server, String host, String options, int status, String message)
      throws Exception {
    int port = Server.freePort();
    Process process = server(port, server);
    try {
      Outcome outcome = to(host, port, options).input("secret\n").run();
      assertEquals(status, outcome.status(), outcome.stderr());
      assertTrue(outcome.stderr().contains(message), outcome.stderr());
      assertEquals("", outcome.stdout());
    } finally {
      process.destroy();
    }
  }
}
