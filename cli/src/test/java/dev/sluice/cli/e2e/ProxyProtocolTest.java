package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The PROXY protocol, in both directions, with HAProxy and by hand. */
class ProxyProtocolTest {
  private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";
  private static final String SHOW = "SYSTEM:echo $SOCAT_PEERADDR $SOCAT_PEERPORT $SOCAT_SOCKADDR";

  @TempDir private Path folder;

  private static Run serve(int port, String options, String right) {
    Run run =
        Tool.OURS
            .command("-dd", "TCP-LISTEN:" + port + ",bind=127.0.0.1,fork" + options, right)
            .start();
    run.awaitLog("listening on AF=2");
    return run;
  }

  private static String answer(int port, byte[] header) throws IOException {
    try (Client client = new Client(port)) {
      client.send(new String(header, StandardCharsets.ISO_8859_1));
      return client.readAll();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PROXY TCP4 192.0.2.1 198.51.100.2 1234 80|192.0.2.1 1234 198.51.100.2",
        "PROXY TCP6 2001:db8::1 ::1 65535 0|"
            + "[2001:0db8:0000:0000:0000:0000:0000:0001] 65535"
            + " [0000:0000:0000:0000:0000:0000:0000:0001]",
        "PROXY UNKNOWN|127.0.0.1 \\d+ 127.0.0.1",
        "PROXY UNKNOWN ffff:f:f ffff 65535 65535|127.0.0.1 \\d+ 127.0.0.1",
        "2111000cc0000201c633640204d20050|192.0.2.1 1234 198.51.100.2",
        "21110013c0000201c633640204d2005004000441424344|192.0.2.1 1234 198.51.100.2",
        "20000000|127.0.0.1 \\d+ 127.0.0.1",
        "21000004ffffffff|127.0.0.1 \\d+ 127.0.0.1"
      })
  void headersAreRead(String line) throws IOException {
    int bar = line.indexOf('|');
    String text = line.substring(0, bar);
    byte[] header =
        text.startsWith("PROXY")
            ? (text + "\r\n").getBytes(StandardCharsets.US_ASCII)
            : HexFormat.of().parseHex(SIGNATURE + text);
    int port = Server.freePort();
    try (Run run = serve(port, ",accept-proxy", SHOW)) {
      String answer = answer(port, header).strip();
      String wanted = line.substring(bar + 1);
      assertTrue(answer.equals(wanted) || answer.matches(wanted), answer);
      assertTrue(run.isAlive());
    }
  }

  @Test
  void malformedHeadersEndTheSessionAlone() throws IOException {
    int port = Server.freePort();
    try (Run run = serve(port, ",accept-proxy,handshake-timeout=0.5", SHOW)) {
      String[] wrong = {
        "GET / HTTP/1.0\r\n\r\n",
        "PROXY TCP4 192.0.2.256 198.51.100.2 1234 80\r\n",
        "PROXY TCP4 192.0.2.1 198.51.100.2 1234 65536\r\n",
        "PROXY TCP4 192.0.2.1 198.51.100.2 01 80\r\n",
        "PROXY TCP6 192.0.2.1 198.51.100.2 1 80\r\n",
        "PROXY UNKNOWN\n",
        "PROXY TCP4 " + "1".repeat(200) + "\r\n",
        "\r\n\r\n\0\r\nQUIX\n\0\0\0\0",
        "\r\n\r\n\0\r\nQUIT\n1\021\0\f012345678901",
        "\r\n\r\n\0\r\nQUIT\n!\021\0\4abcd",
        "PROXY "
      };
      for (int i = 0; i < wrong.length; i++) {
        assertEquals("", answer(port, wrong[i].getBytes(StandardCharsets.ISO_8859_1)));
        run.awaitLog(" E PROXY protocol: ", i + 1);
      }
      String right = "PROXY TCP4 192.0.2.1 198.51.100.2 1234 80\r\n";
      assertEquals(
          "192.0.2.1 1234 198.51.100.2\n", answer(port, right.getBytes(StandardCharsets.US_ASCII)));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"v1", "v2"})
  void throughHaproxy(String version) throws IOException {
    Programs.assumeInstalled("haproxy");
    int first = Server.freePort();
    int proxy = Server.freePort();
    int last = Server.freePort();
    Path settings = folder.resolve("haproxy.cfg");
    Files.writeString(
        settings,
        "defaults\n mode tcp\n timeout connect 20s\n timeout client 60s\n timeout server 60s\n"
            + "listen l\n bind 127.0.0.1:"
            + proxy
            + " accept-proxy\n server s 127.0.0.1:"
            + last
            + (version.equals("v1") ? " send-proxy" : " send-proxy-v2")
            + "\n");
    try (Run receiver = serve(last, ",accept-proxy", SHOW);
        Run sender = serve(first, "", "TCP:127.0.0.1:" + proxy + ",proxy-protocol=" + version)) {
      Process process =
          new ProcessBuilder("/usr/sbin/haproxy", "-db", "-f", settings.toString())
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("haproxy.log").toFile())
              .start();
      try {
        Await.until(() -> RealProxyTest.takesConnections(proxy), () -> "haproxy to listen");
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), first)) {
          String answer =
              new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
          assertEquals("127.0.0.1 " + client.getLocalPort() + " 127.0.0.1\n", answer);
        }
        assertTrue(sender.isAlive() && receiver.isAlive());
      } finally {
        process.destroy();
      }
    }
  }

  /** Who a client of these is told to a server behind a UNIX socket. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "TCP6-LISTEN:%1$d,bind=[::1] | TCP6:[::1]:%1$d,bind=[::1]:%2$d | v1 | [%3$s] %2$d [%3$s]",
        "TCP6-LISTEN:%1$d,bind=[::1] | TCP6:[::1]:%1$d,bind=[::1]:%2$d | v2 | [%3$s] %2$d [%3$s]",
        "UNIX-LISTEN:front | UNIX:front,bind=client | v2 | client front",
        "UNIX-LISTEN:front | UNIX:front,bind=client | v1 | <anon> back", // has no form for it
      })
  void ofAllFamiliesOverUnixSockets(String front, String client, String version, String told) {
    Object[] numbers = {Server.freePort(), Server.freePort(), "0000:".repeat(7) + "0001"};
    String back = "UNIX:back,proxy-protocol=" + version;
    try (Run server =
            Tool.OURS.command("-dd", "UNIX-LISTEN:back,accept-proxy", SHOW).in(folder).start();
        Run relay = Tool.OURS.command("-dd", front.formatted(numbers), back).in(folder).start()) {
      server.awaitLog("listening on");
      relay.awaitLog("listening on");
      try (Run user =
          Tool.OURS.command("-", client.formatted(numbers)).in(folder).openInput().start()) {
        String answer = user.await().stdout();
        assertEquals(told.formatted(numbers), answer.strip().replaceAll(" +", " "));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UNIX-LISTEN:s,socktype=5",
        "ABSTRACT-LISTEN:s,socktype=5",
        "SCTP-LISTEN:0,socktype=5"
      })
  void packetsCannotBeginWithAHeader(String address) {
    Outcome outcome = Tool.OURS.command("-dd", address + ",accept-proxy", "PIPE").in(folder).run();
    assertEquals(1, outcome.status());
    assertTrue(
        outcome.stderr().contains("E option accept-proxy needs a stream socket"), outcome.stderr());
    assertFalse(Files.exists(folder.resolve("s")));
  }

  /** The header goes before the handshake, and is read before it. */
  @ParameterizedTest
  @ValueSource(strings = {"v1", "v2"})
  void withTls(String version) throws Exception {
    new TlsKeys(folder).selfSigned("server", "ec -pkeyopt ec_paramgen_curve:prime256v1");
    int first = Server.freePort();
    int last = Server.freePort();
    String listener =
        "OPENSSL-LISTEN:" + last + ",bind=127.0.0.1,fork,cert=server.crt,key=server.key,verify=0";
    String connector = "OPENSSL:localhost:" + last + ",pf=ip4,cafile=server.crt";
    try (Run receiver =
            Tool.OURS.command("-dd", listener + ",accept-proxy", SHOW).in(folder).start();
        Run sender =
            Tool.OURS
                .command(
                    "-dd",
                    "TCP4-LISTEN:" + first + ",bind=127.0.0.1,fork",
                    connector + ",proxy-protocol=" + version)
                .in(folder)
                .start()) {
      receiver.awaitLog("listening on");
      sender.awaitLog("listening on");
      try (Socket client = new Socket(InetAddress.getLoopbackAddress(), first)) {
        String answer =
            new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        assertEquals("127.0.0.1 " + client.getLocalPort() + " 127.0.0.1\n", answer);
      }
    }
  }

  @Test
  void standardStreamsAreNoConnectionToTellOf() throws IOException {
    int port = Server.freePort();
    try (Run run = serve(port, ",accept-proxy", SHOW)) {
      for (String version : new String[] {"v1", "v2"}) {
        String address = "TCP:127.0.0.1:" + port + ",proxy-protocol=" + version;
        Outcome outcome = Tool.OURS.command("-", address).run();
        assertTrue(outcome.stdout().matches("127.0.0.1 \\d+ 127.0.0.1\n"), outcome.stdout());
      }
      assertTrue(run.isAlive());
    }
  }
}
