package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** SOCKS-SERVER and PROXY-SERVER with curl as client, and with our own client addresses. */
class ProxyServerTest {
  private static final String PAGE = "HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello";

  private static Server webServer() {
    return Server.serving(
        connection -> {
          StringBuilder head = new StringBuilder();
          while (!head.toString().endsWith("\r\n\r\n")) {
            int c = connection.getInputStream().read();
            if (c < 0) {
              return;
            }
            head.append((char) c);
          }
          connection.getOutputStream().write(PAGE.getBytes(StandardCharsets.ISO_8859_1));
        });
  }

  private static Run serve(String keyword, int port, String options) {
    Run run = Tool.OURS.command("-dd", keyword + ":" + port + ",fork" + options, "TARGET").start();
    run.awaitLog("listening on AF=2 127.0.0.1:" + port);
    return run;
  }

  /** What curl gets, or its exit status with what the proxy answered. */
  private static String curl(String proxy, String url) throws Exception {
    Programs.assumeInstalled("curl");
    List<String> command =
        new ArrayList<>(List.of("curl", "-s", "-S", "-p", "--max-time", "60", "--noproxy", ""));
    command.addAll(List.of("--proxy", proxy, url));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    int status = process.waitFor();
    return status == 0 ? text : status + " " + text.strip();
  }

  @ParameterizedTest
  @ValueSource(strings = {"socks4", "socks4a", "socks5", "socks5h"})
  void curlThroughSocks(String scheme) throws Exception {
    int port = Server.freePort();
    try (Server web = webServer();
        Run run = serve("SOCKS-SERVER", port, "")) {
      String proxy = scheme + "://127.0.0.1:" + port;
      assertEquals("hello", curl(proxy, "http://127.0.0.1:" + web.port() + "/"));
      assertEquals("hello", curl(proxy, "http://localhost:" + web.port() + "/"));
      assertTrue(run.isAlive());
    }
  }

  @Test
  void socksLogin() throws Exception {
    int port = Server.freePort();
    try (Server web = webServer();
        Run run = serve("SOCKS-SERVER", port, ",socksuser=alice,sockspass=sesame")) {
      String url = "http://127.0.0.1:" + web.port() + "/";
      assertEquals("hello", curl("socks5h://alice:sesame@127.0.0.1:" + port, url));
      assertTrue(curl("socks5h://alice:wrong@127.0.0.1:" + port, url).startsWith("97 "));
      run.awaitLog(" E SOCKS-SERVER: client gives a wrong user or password");
      assertTrue(curl("socks5h://127.0.0.1:" + port, url).startsWith("97 "));
      run.awaitLog(" E SOCKS-SERVER: client offers no user and password");
      assertTrue(curl("socks4://127.0.0.1:" + port, url).startsWith("97 "));
      run.awaitLog(" E SOCKS-SERVER: client must log in");
    }
  }

  @Test
  void socksRepliesSayWhy() throws Exception {
    int port = Server.freePort();
    try (Server web = webServer();
        Run run = serve("SOCKS-SERVER", port, ",deny=127.0.0.0/8,deny=bad.example")) {
      String proxy = "socks5h://127.0.0.1:" + port;
      for (String host :
          new String[] {"127.0.0.1", "localhost", "0.0.0.0", "[::ffff:127.0.0.1]", "127.1"}) {
        String url = "http://" + host + ":" + web.port() + "/";
        assertTrue(curl(proxy, url).matches("(?s)97 .*\\(2\\)"), host);
      }
      run.awaitLog(" E TARGET: localhost:\\d+ is denied to clients");
      assertTrue(curl(proxy, "http://BAD.example./").endsWith("(2)"));
      assertTrue(curl(proxy, "http://nowhere.invalid/").endsWith("(4)"));
    }
    int other = Server.freePort();
    try (Run run = serve("SOCKS-SERVER", other, ",allow=localhost,allow=127.0.0.1:10000-65535")) {
      String proxy = "socks5h://127.0.0.1:" + other;
      int unused = Server.freePort();
      assertTrue(curl(proxy, "http://localhost:" + unused + "/").endsWith("(5)"));
      run.awaitLog(" E TARGET localhost:\\d+: Connection refused");
      assertTrue(curl(proxy, "http://127.0.0.1:79/").endsWith("(2)"));
      assertTrue(curl(proxy, "http://localhost:79/").endsWith("(2)"));
    }
  }

  @Test
  void curlThroughHttpProxy() throws Exception {
    int port = Server.freePort();
    try (Server web = webServer();
        Run run = serve("PROXY-SERVER", port, ",proxyauth=alice:sesame,deny=127.0.0.2")) {
      String url = "http://127.0.0.1:" + web.port() + "/";
      String proxy = "http://alice:sesame@127.0.0.1:" + port;
      assertEquals("hello", curl(proxy, url));
      assertEquals("hello", curl(proxy, "http://localhost:" + web.port() + "/"));
      assertTrue(curl(proxy, "http://127.0.0.2:" + web.port() + "/").endsWith("403"));
      assertTrue(curl(proxy, "http://127.0.0.1:" + Server.freePort() + "/").endsWith("502"));
      assertTrue(curl("http://alice:wrong@127.0.0.1:" + port, url).endsWith("407"));
      assertTrue(curl("http://127.0.0.1:" + port, url).endsWith("407"));
      run.awaitLog(" E PROXY-SERVER: client gives no password");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET http://localhost/ HTTP/1.0\r\n\r\n|405",
        "CONNECT nonsense HTTP/1.0\r\n\r\n|400",
        "CONNECT a:0 HTTP/1.0\r\n\r\n|400",
        "CONNECT a:65536 HTTP/1.0\r\n\r\n|400",
        "\u0016\u0003\u0001\r\n\r\n|400"
      })
  void httpGarbageIsAnswered(String line) throws IOException {
    int bar = line.lastIndexOf('|');
    int port = Server.freePort();
    try (Run run = serve("PROXY-SERVER", port, "");
        Client client = new Client(port)) {
      client.send(line.substring(0, bar));
      assertTrue(client.readAll().startsWith("HTTP/1.1 " + line.substring(bar + 1) + " "));
      run.awaitLog(" E PROXY-SERVER: client ");
    }
  }

  /** Before a client has logged in, no more than a head is read of it. */
  @Test
  void refusesALongHead() throws IOException {
    int port = Server.freePort();
    try (Run run = serve("PROXY-SERVER", port, ",proxyauth=alice:sesame");
        Client client = new Client(port)) {
      client.send("CONNECT a:1 HTTP/1.1\r\n" + ("X: " + "x".repeat(8_000) + "\r\n").repeat(5));
      assertTrue(client.readLine().startsWith("HTTP/1.1 431 "));
      run.awaitLog(" E PROXY-SERVER: client sends more than 32768 bytes");
    }
  }

  /** A rule for names must not take for a name what the resolver or the log takes otherwise. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1\0.example.com",
        "localhost\0x",
        "127.0.0.1 .example.com",
        "x\n2030/01/01 00:00:00 sluice[1] N forged.example.com",
        "x\u001b[2J.example.com",
        "h\u00e9.example.com",
        "[127.0.0.1].example.com",
        "::1\0.example.com",
        "a/b.example.com",
        "a%lo.example.com"
      })
  void refusesHostsThatAreNeitherNamesNorAddresses(String host) throws IOException {
    try (Server web = webServer()) {
      int port = Server.freePort();
      String low = "" + (char) (web.port() >> 8) + (char) (web.port() & 0xff);
      try (Run run = serve("SOCKS-SERVER", port, ",allow=*.example.com,allow=127.0.0.0/8");
          Client five = new Client(port);
          Client four = new Client(port)) {
        five.send("\5\1\0\5\1\0\3" + (char) host.length() + host + low);
        assertEquals("\5\0\5\1\0\1\0\0\0\0\0\0", five.readAll());
        run.awaitLog(" E SOCKS-SERVER: client asks for a host that is neither name nor address");
        if (host.indexOf('\0') < 0) {
          four.send("\4\1" + low + "\0\0\0\1me\0" + host + "\0");
          assertEquals("\0[\0\0\0\0\0\0", four.readAll());
        }
        four.endOutput();
        Outcome ended = run.stop("TERM");
        assertFalse(ended.stderr().contains("client asks for x"), ended.stderr());
        assertFalse(ended.stderr().contains("forged"), ended.stderr());
      }
      int http = Server.freePort();
      try (Run run = serve("PROXY-SERVER", http, ",allow=*.example.com,allow=127.0.0.0/8");
          Client client = new Client(http)) {
        client.send("CONNECT " + host + ":" + web.port() + " HTTP/1.1\r\n\r\n");
        assertTrue(client.readAll().startsWith("HTTP/1.1 400 "));
        run.awaitLog(" E PROXY-SERVER: client ");
      }
    }
  }

  /** Other writings of addresses are served as before. */
  @Test
  void takesAddressesAsHosts() throws IOException {
    int port = Server.freePort();
    try (Server echo = Server.echo();
        Run run = serve("SOCKS-SERVER", port, "")) {
      String low = "" + (char) (echo.port() >> 8) + (char) (echo.port() & 0xff);
      for (String host : new String[] {"127.0.0.1", "::ffff:127.0.0.1", "[::ffff:7f00:1]"}) {
        try (Client client = new Client(port)) {
          client.send("\5\1\0\5\1\0\3" + (char) host.length() + host + low + "through");
          client.endOutput();
          String answer = client.readAll();
          assertTrue(answer.startsWith("\5\0\5\0\0"), host);
          assertTrue(answer.endsWith("through"), host);
        }
      }
      assertTrue(run.isAlive());
    }
  }

  @Test
  void silentAndWrongClientsEndAndOthersAreServed() throws IOException {
    int port = Server.freePort();
    try (Server echo = Server.echo();
        Run run = serve("SOCKS-SERVER", port, ",handshake-timeout=0.5");
        Client silent = new Client(port);
        Client wrong = new Client(port)) {
      wrong.send("GET / HTTP/1.0\r\n\r\n");
      run.awaitLog(" E SOCKS-SERVER: client begins with 71, which is no version of SOCKS");
      for (String client : new String[] {"SOCKS4", "SOCKS4A", "SOCKS5"}) {
        String address = ":127.0.0.1:localhost:" + echo.port() + ",socksport=" + port;
        Outcome outcome = Tool.OURS.command("-t10", "-", client + address).input("through\n").run();
        assertEquals("through\n", outcome.stdout(), outcome.stderr());
      }
      assertEquals("", silent.readAll());
      run.awaitLog(" E SOCKS-SERVER: no answer within 0.5 seconds");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SOCKS-SERVER:0,bind=0.0.0.0|TARGET|would connect anybody who reaches",
        "PROXY-SERVER:0,pf=ip6,bind=[::]|TARGET|would connect anybody who reaches",
        "SOCKS-SERVER:0,bind=0.0.0.0,tcpwrap,allow-table=/nonex,deny-table=/nonex|TARGET|would connect anybody who reaches",
        "SOCKS-SERVER:0,socksuser=me|TARGET|socksuser and sockspass must be given together",
        "SOCKS-SERVER:0|TCP:127.0.0.1:1|SOCKS-SERVER: is the left address alone",
        "-|TARGET|TARGET: is the right address alone",
        "SOCKS-SERVER:0,allow=10.0.0.0/33|TARGET|option \"allow\"",
        "SOCKS-SERVER:0,deny=a:5-4|TARGET|option \"deny\"",
        "SOCKS-SERVER:0,proxyauth=a|TARGET|option \"proxyauth\" not supported",
        "TCP-LISTEN:0,proxy-protocol=v1|-|option \"proxy-protocol\" not supported",
        "TCP:127.0.0.1:1,accept-proxy|-|option \"accept-proxy\" not supported",
        "-|TCP:127.0.0.1:1,proxy-protocol=v3|\"v3\" is neither v1 nor v2"
      })
  void mistakesAreNamed(String line) {
    String[] words = line.split("\\|", -1);
    Outcome outcome = Tool.OURS.command(words[0], words[1]).run();
    assertEquals(1, outcome.status(), outcome.stderr());
    assertTrue(outcome.stderr().contains(words[2]), outcome.stderr());
  }
}
