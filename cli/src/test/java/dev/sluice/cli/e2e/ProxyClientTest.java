package dev.sluice.cli.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Through HTTP and SOCKS proxies, with answers of all kinds, beside the peer. */
class ProxyClientTest {
  /** What the proxy hears, by its length, and what it says then; afterwards it sends data back. */
  private record Turn(int heard, String said) {}

  private static Turn turn(int heard, String said) {
    return new Turn(heard, said);
  }

  private static Server proxy(List<Turn> turns) {
    return Server.serving(
        connection -> {
          for (Turn turn : turns) {
            connection.getInputStream().readNBytes(turn.heard());
            connection.getOutputStream().write(turn.said().getBytes(ISO_8859_1));
          }
          Server.sendBack(connection);
        });
  }

  private static Outcome same(String address, Turn... turns) {
    return SideBySide.play(
            (tool, folder) -> {
              try (Server proxy = proxy(List.of(turns))) {
                return tool.command(
                        "-dd", "-", address.replace("PORT", Integer.toString(proxy.port())))
                    .env("LOGNAME", "me")
                    .input("hello\n")
                    .run();
              }
            })
        .onlyLines(" [WE] |opening connection to|successfully connected to")
        .same();
  }

  private static final String HTTP = "PROXY:127.0.0.1:a.example:80,proxyport=PORT";
  private static final int HTTP_REQUEST = "CONNECT a.example:80 HTTP/1.0\r\n\r\n".length();

  @Test
  void httpProxyGrants() {
    String answer = "HTTP/1.1 200 Connection established\r\nVia: x\r\n\r\nfirst ";
    assertEquals("first hello\n", same(HTTP, turn(HTTP_REQUEST, answer)).stdout());
  }

  @ParameterizedTest
  @CsvSource({
    "HTTP/1.0 403 Forbidden by me",
    "HTTP/1.1 407 Proxy Authentication Required",
    "FTP/1.0 200 no",
    "garbage",
  })
  void httpProxyRefuses(String status) {
    assertEquals(255, same(HTTP, turn(HTTP_REQUEST, status + "\r\n\r\n")).status());
  }

  @Test
  void httpProxyEndsLinesWithoutCarriageReturn() {
    same(HTTP + ",ignorecr", turn(HTTP_REQUEST, "HTTP/1.0 200 OK\n\n"));
  }

  @ParameterizedTest
  @CsvSource({"0,90", "5,90", "0,91", "0,92", "0,93", "0,99"})
  void socks4Answers(int version, int status) {
    String answer = (char) version + "" + (char) status + "\0\0\0\0\0\0";
    same("SOCKS4:127.0.0.1:127.0.0.9:80,socksport=PORT", turn(11, answer));
    same("SOCKS4A:127.0.0.1:a.example:80,socksuser=me,socksport=PORT", turn(21, answer));
  }

  private static final String GRANTED = "\5\0\0\1\0\0\0\0\0\0";

  @Test
  void socks5Grants() {
    Turn hello = turn(3, "\5\0");
    assertEquals(
        "hello\n", same("SOCKS5:127.0.0.1:PORT:a.example:80", hello, turn(16, GRANTED)).stdout());
    same("SOCKS5:127.0.0.1:127.0.0.3:80,socksport=PORT", hello, turn(10, GRANTED));
    same("SOCKS5:127.0.0.1:PORT:fe80\\:\\:1:80", hello, turn(22, "\5\0\0\3\1xPP"));
    same("SOCKS5-LISTEN:127.0.0.1:PORT:127.0.0.3:80", hello, turn(10, GRANTED + GRANTED));
  }

  @ParameterizedTest
  @CsvSource({"1", "2", "3", "4", "5", "6", "7", "8", "9"})
  void socks5Refuses(int status) {
    Outcome outcome =
        same(
            "SOCKS5:127.0.0.1:PORT:127.0.0.3:80",
            turn(3, "\5\0"),
            turn(10, "\5" + (char) status + "\0\1\0\0\0\0\0\0"));
    assertEquals(255, outcome.status());
  }

  @Test
  void socks5HandshakeFails() {
    assertEquals(1, same("SOCKS5:127.0.0.1:PORT:a.example:80", turn(3, "\5\377")).status());
    assertEquals(1, same("SOCKS5:127.0.0.1:PORT:a.example:80", turn(3, "\4\0")).status());
  }

  @Test
  void socks5LogsIn() {
    try (Server proxy = proxy(List.of(turn(4, "\5\2"), turn(14, "\1\0"), turn(16, GRANTED)))) {
      Outcome outcome =
          Tool.OURS
              .command(
                  "-",
                  "SOCKS5:127.0.0.1:"
                      + proxy.port()
                      + ":a.example:80,socksuser=alice,sockspass=sesame")
              .input("hello\n")
              .run();
      assertEquals("hello\n", outcome.stdout());
    }
    try (Server proxy = proxy(List.of(turn(4, "\5\2"), turn(14, "\1\1")))) {
      Outcome outcome =
          Tool.OURS
              .command(
                  "-",
                  "SOCKS5:127.0.0.1:"
                      + proxy.port()
                      + ":a.example:80,socksuser=alice,sockspass=sesame")
              .run();
      assertEquals(1, outcome.status());
      assertTrue(
          outcome.stderr().contains("SOCKS5 authentication for user \"alice\" failed"),
          outcome.stderr());
    }
  }

  @Test
  void silentProxyIsLeftInTime() {
    for (String address :
        new String[] {
          HTTP,
          "SOCKS4A:127.0.0.1:a.example:80,socksport=PORT",
          "SOCKS5:127.0.0.1:PORT:a.example:80"
        }) {
      try (Server proxy = Server.silent()) {
        Outcome outcome =
            Tool.OURS
                .command(
                    "-",
                    address.replace("PORT", Integer.toString(proxy.port()))
                        + ",handshake-timeout=0.3")
                .run();
        assertEquals(255, outcome.status(), outcome.stderr());
        assertTrue(outcome.stderr().contains("no answer within 0.3 seconds"), outcome.stderr());
      }
    }
  }
}
