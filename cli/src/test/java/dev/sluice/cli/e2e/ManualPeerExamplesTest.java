package dev.sluice.cli.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The command lines of the manual that talk to other programs: web, SOCKS, proxy, ssh and TLS
 * servers of Debian, and a user at a terminal. By their numbers in the list of {@link
 * ManualExamplesTest}; {@code $S} is the relay under the name socat, and {@code socat} is Debian's.
 */
class ManualPeerExamplesTest {
  @TempDir private Path folder;

  @BeforeAll
  static void needsTheOtherSocat() {
    Programs.assumeInstalled("socat");
  }

  private Path write(String name, String... lines) throws IOException {
    return Files.writeString(folder.resolve(name), String.join("\n", lines) + "\n");
  }

  private void script(String name, String... lines) throws IOException {
    Path script = write(name, lines);
    Files.writeString(script, "#!/bin/sh\n" + Files.readString(script));
    assertTrue(script.toFile().setExecutable(true, false));
  }

  private static void nameHosts(PrivateHost host, String... lines) {
    host.succeed("printf '%s\\n' '" + String.join("' '", lines) + "' >>/etc/hosts");
  }

  @Test
  void n01GetsAPage() throws IOException {
    Programs.assumeInstalled("busybox");
    write("page", "<h1>served</h1>");
    try (PrivateHost host = new PrivateHost(folder)) {
      host.serve(80, "busybox httpd -f -p 80");
      Outcome page = host.shell("$S - TCP4:localhost:80").input("GET /page HTTP/1.0\r\n\r\n").run();
      assertTrue(
          page.stdout().matches("(?s)HTTP/1.[01] 200 OK\r\n.*\r\n\r\n<h1>served</h1>\n"),
          page.toString());
    }
  }

  @Test
  void n02EditsLinesAndEndsThemAsTheServerWantsThem() throws IOException {
    Assumptions.assumeTrue("root".equals(System.getProperty("user.name")), "needs root for www");
    ByteArrayOutputStream seen = new ByteArrayOutputStream();
    TypedDialogue terminal = new TypedDialogue(folder);
    try (Server web =
        Server.serving(
            InetAddress.getByName("127.80.0.2"),
            80,
            client -> {
              while (!seen.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
                seen.write(client.getInputStream().read());
              }
              client.getOutputStream().write("HTTP/1.0 204 Empty\r\n\r\n".getBytes(ISO_8859_1));
            })) {
      assertEquals(80, web.port());
      terminal.play(
          "send \"\\$S -d -d READLINE,history=lines TCP4:127.80.0.2:www,crnl; stty -g >after;"
              + " echo do\\\\ne\\r\"",
          "want \"starting data transfer\"",
          "send \"GETT\\177 / HTTP\\033OD\\033OD\\033OD\\033OD\\033OFx\\177/1.0\\r\\r\"",
          "want \"HTTP/1.0 204 Empty\\r\\n\"",
          "want \"done\"");
    }
    assertEquals("GET / HTTP/1.0\r\n\r\n", seen.toString(ISO_8859_1));
    assertEquals(List.of("GET / HTTP/1.0"), Files.readAllLines(folder.resolve("lines")));
    terminal.assertTerminalIsAsBefore();
  }

  @Test
  void n05ServesWhomTheAccessFilesLetInUnderAnotherRootAndName() throws IOException {
    Path root = Files.createDirectory(folder.resolve("root"));
    OtherRoot.of(root, "/bin/sh", "/bin/ls", "/usr/bin/id");
    script("root/hello", "ls /hello", "id -u", "test -t 0 && echo a terminal", "echo alas >&2");
    try (PrivateHost host = new PrivateHost(folder)) {
      Files.writeString(host.file("/etc/hosts.allow"), "script: 127.0.0.1\n");
      Files.writeString(host.file("/etc/hosts.deny"), "ALL: ALL\n");
      host.serve(
          5555,
          "$S TCP4-LISTEN:5555,fork,tcpwrap=script"
              + " EXEC:/hello,chroot=root,su-d=nobody,pty,stderr");
      for (int i = 0; i < 2; i++) {
        assertEquals("/hello\r\n65534\r\na terminal\r\nalas\r\n", n05Answer(host, "127.0.0.1"));
        assertEquals("", n05Answer(host, "127.0.0.2"));
      }
    }
  }

  private static String n05Answer(PrivateHost host, String from) {
    String client = "socat - TCP4:127.0.0.1:5555,bind=" + from;
    try (Run run = host.shell(client).openInput().start()) {
      Outcome o = run.await();
      System.err.println(o);
      return o.stdout();
    }
  }

  @Test
  void n06TalksToAScriptOverTwoDescriptorsInSmallSegments() throws IOException {
    Programs.assumeInstalled("ss");
    script("mail", "read greeting <&3", "echo \"$1 got $greeting\" >&4", "read bye <&3");
    script(
        "server",
        "printf '220 hello\\r\\n'",
        "read answer; echo \"$answer\" >answer",
        "ss -tinH state established 'sport = :25' >segments",
        "printf '221 bye\\r\\n'");
    try (PrivateHost host = new PrivateHost(folder)) {
      nameHosts(host, "127.0.0.3 mailer");
      host.serve(25, "socat TCP4-LISTEN:25 EXEC:./server");
      Outcome outcome =
          host.shell(
                  "$S EXEC:\"./mail alice\",fdin=3,fdout=4 TCP4:localhost:25,crnl,bind=mailer,mss=512")
              .run();
      assertEquals(0, outcome.status(), outcome.stderr());
    }
    assertEquals("alice got 220 hello\r\n", Files.readString(folder.resolve("answer")));
    String segments = Files.readString(folder.resolve("segments"));
    Matcher mss = Pattern.compile("127\\.0\\.0\\.3:(?s).*\\bmss:(\\d+)").matcher(segments);
    assertTrue(mss.find() && Integer.parseInt(mss.group(1)) <= 512, segments);
  }

  @Test
  void n07EndsAtTheEscapeCharacterAndPutsBothTerminalsBack() throws IOException {
    TypedDialogue terminal = new TypedDialogue(folder);
    terminal.play(
        "set shell $spawn_id",
        "spawn -noecho -pty",
        "set tty $spawn_out(slave,name)",
        "set modem $spawn_id",
        "set spawn_id $shell",
        "send \"stty -F $tty -g >line-before; \\$S -d -d -,escape=0x0f $tty,rawer,crnl;"
            + " stty -F $tty -g >line-after; stty -g >after; echo do\\\\ne\\r\"",
        "want \"starting data transfer\"",
        "send \"AT\\r\"",
        "set spawn_id $modem",
        "want \"AT\\r\\n\"",
        "send \"CONNECT\\r\\n\"",
        "set spawn_id $shell",
        "want \"CONNECT\"",
        "send \"\\017\\r\"",
        "want \"done\"");
    terminal.assertTerminalIsAsBefore();
    assertEquals(
        Files.readString(folder.resolve("line-before")),
        Files.readString(folder.resolve("line-after")));
  }

  @Test
  void n08TellsASocksServerItsUserAndComesFromItsPort() throws IOException {
    Programs.assumeInstalled("danted");
    write(
        "danted.conf",
        "logoutput: " + folder.resolve("danted.log"),
        "debug: 1",
        "internal: 127.0.0.1 port = 1080",
        "external: lo",
        "clientmethod: none",
        "socksmethod: none",
        "user.privileged: root",
        "user.unprivileged: nobody",
        "client pass {",
        "  from: 0.0.0.0/0 to: 0.0.0.0/0",
        "}",
        "socks pass {",
        "  from: 0.0.0.0/0 to: 127.0.0.1/32 port = 6000",
        "  proxyprotocol: socks_v4",
        "  log: connect",
        "}");
    try (PrivateHost host = new PrivateHost(folder)) {
      nameHosts(host, "127.0.0.1 proxy");
      host.serve(1080, "danted -f danted.conf");
      host.serve(6000, "socat TCP4-LISTEN:6000,fork EXEC:cat");
      host.shell(
              "$S UNIX-LISTEN:display,fork SOCKS4:proxy:127.0.0.1:6000,socksuser=nobody,sourceport=20")
          .start();
      host.awaitUnixListener("display");
      try (Run client = host.shell("socat - UNIX-CONNECT:display").openInput().start()) {
        client.send("draw\n");
        client.awaitOutput("draw\n");
      }
    }
    String log = Files.readString(folder.resolve("danted.log"));
    assertTrue(log.contains("socks v4 username: \"nobody\""), log);
    assertTrue(log.contains("tcp/connect [: 127.0.0.1.20 127.0.0.1.1080 -> "), log);
  }

  @Test
  void n10FeedsAPasswordToSshThatAsksItsTerminal() {
    try (PrivateHost host = new PrivateHost(folder)) {
      SshServer.start(host);
      host.succeed("touch /home/walter/treasure; sed -i /IdentityFile/d /etc/ssh/ssh_config");
      try (Run run =
          host.shell("$S - EXEC:'ssh -l walter server',pty,setsid,ctty").openInput().start()) {
        run.awaitOutput("password: ");
        run.send(SshServer.PASSWORD + "\n");
        run.awaitOutput("\\$ $");
        run.send("ls\n");
        run.awaitOutput("treasure");
        run.endInput();
        assertEquals(0, run.await().status());
      }
    }
  }

  private static void awaitFile(Path file) {
    Await.until(() -> Files.exists(file, LinkOption.NOFOLLOW_LINKS), file::toString);
  }

  /** The quotes are for the relay: without them the last options would be those of EXEC. */
  @Test
  void n12StartsSshOnceItsSlaveIsOpened() throws IOException {
    try (PrivateHost host = new PrivateHost(folder);
        Run sshd = SshServer.start(host)) {
      host.shell("socat PTY,link=/home/walter/ttyS0,rawer,mode=666 EXEC:'sed -u s/AT/OK/'").start();
      awaitFile(host.file("/home/walter/ttyS0"));
      Run run =
          host.shell(
                  "$S PTY,link=tty,rawer,wait-slave"
                      + " 'EXEC:\"ssh server socat - /home/walter/ttyS0,nonblock,rawer\"'")
              .start();
      awaitFile(folder.resolve("tty"));
      assertEquals(0, ProcessHandle.of(run.pid()).orElseThrow().children().count());
      try (Run terminal = host.shell("socat - ./tty,rawer").openInput().start()) {
        sshd.awaitLog("Accepted publickey for walter");
        terminal.send("AT\n");
        terminal.awaitOutput("OK\n");
      }
    }
  }

  @Test
  void n13GoesThroughAProxyWithAPassword() throws IOException {
    Programs.assumeInstalled("tinyproxy");
    write("tinyproxy.conf", "Port 3128", "Listen 127.0.0.1", "BasicAuth user pass");
    try (PrivateHost host = new PrivateHost(folder)) {
      SshServer.start(host);
      nameHosts(host, "127.0.0.1 proxy");
      host.serve(3128, "tinyproxy -d -c tinyproxy.conf");
      String to = ",reuseaddr,fork PROXY:proxy:server:22,proxyport=3128,proxyauth=user:";
      host.serve(2022, "$S TCP4-LISTEN:2022" + to + "pass");
      Run stranger = host.serve(2023, "$S TCP4-LISTEN:2023" + to + "word");
      for (int i = 0; i < 2; i++) {
        Outcome there = host.shell("ssh -p 2022 localhost 'echo $USER $SSH_CONNECTION'").run();
        assertTrue(
            there.stdout().matches("walter 127.0.0.1 \\d+ 127.0.0.1 22\n"), there.toString());
      }
      assertEquals(255, host.shell("ssh -p 2023 localhost id").run().status());
      stranger.awaitLog("CONNECT server:22: ");
    }
  }

  /** Keys of a server and a client, each with its certificate in one file. */
  private void makeKeys() throws Exception {
    TlsKeys keys = new TlsKeys(folder);
    for (String name : List.of("server", "client")) {
      keys.selfSigned(name, "rsa:2048", "/CN=the " + name);
      write(
          name + ".pem",
          TlsKeys.read(folder.resolve(name + ".key"))
              + TlsKeys.read(folder.resolve(name + ".crt")));
    }
  }

  private static final String TLS_CLIENT =
      "$S - OPENSSL:localhost:4443,cafile=server.crt,cert=client.pem";

  private static void assertAnswers(PrivateHost host, String client, String answer) {
    try (Run run = host.shell(client).openInput().start()) {
      run.send("level up\n");
      run.awaitOutput("(?m)^" + answer + "$");
    }
  }

  @Test
  void n14ShowsItsCertificateToAServerThatWantsOne() throws Exception {
    makeKeys();
    try (PrivateHost host = new PrivateHost(folder)) {
      Run server =
          host.serve(
              4443,
              "openssl s_server -accept 4443 -rev -cert server.pem -CAfile client.crt"
                  + " -Verify 1 -verify_return_error");
      assertAnswers(host, TLS_CLIENT, "pu level");
      server.awaitLog("depth=0 CN = the client");
      Outcome unknown = host.shell(TLS_CLIENT.replace("client.pem", "server.pem")).run();
      assertTrue(unknown.stderr().contains(" E SSL_"), unknown.toString());
    }
  }

  @Test
  void n15ServesClientsThatHaveACertificate() throws Exception {
    makeKeys();
    try (PrivateHost host = new PrivateHost(folder)) {
      Run relay =
          host.serve(
              4443,
              "$S OPENSSL-LISTEN:4443,reuseaddr,pf=ip4,fork,cert=server.pem,cafile=client.crt PIPE");
      String tool =
          "openssl s_client -quiet -verify_return_error -connect localhost:4443"
              + " -CAfile server.crt -cert ";
      for (String client : List.of(TLS_CLIENT, tool + "client.pem", TLS_CLIENT)) {
        assertAnswers(host, client, "level up");
      }
      Outcome unknown = host.shell(tool + "server.pem").input("level up\n").run();
      assertEquals("", unknown.stdout());
      relay.awaitLog(" E SSL_accept\\(\\): certificate verify failed");
    }
  }

  /** With bash for the shell: the echo of dash(1) has no -e, and writes it before the page. */
  @Test
  void n27ServesAPageThatNamesBothEnds() {
    Programs.assumeInstalled("curl");
    String typed =
        """
        $S -T 1 -d -d TCP-L:10081,reuseaddr,fork,crlf SYSTEM:"echo -e \\"\\\\\\"HTTP/1.0 200 OK\\\\\\nDocumentType: text/plain\\\\\\n\\\\\\ndate: \\$\\(date\\)\\\\\\nserver:\\$SOCAT_SOCKADDR:\\$SOCAT_SOCKPORT\\\\\\nclient: \\$SOCAT_PEERADDR:\\$SOCAT_PEERPORT\\\\\\n\\\\\\"\\"; cat; echo -e \\"\\\\\\"\\\\\\n\\\\\\"\\""
        """;
    try (PrivateHost host = new PrivateHost(folder)) {
      host.succeed("mount --bind /bin/bash /bin/sh");
      host.serve(10081, typed);
      Outcome page = host.shell("curl -s http://127.0.0.1:10081").run();
      String ends = "server:127\\.0\\.0\\.1:10081\r\nclient: 127\\.0\\.0\\.1:\\d+\r\n";
      String all = "(?s)date: .*\r\n" + ends + ".*GET / HTTP/1.*";
      assertTrue(page.status() == 0 && page.stdout().matches(all), page.toString());
    }
  }
}
