package dev.sluice.cli.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The command lines of the manual, by their numbers in the list that this project was given: what
 * its user would look at. Those with a terminal are in {@link RealTerminalTest}.
 */
class ManualExamplesTest {
  @TempDir private Path folder;

  private static Command sluice(String... arguments) {
    return Tool.OURS.command(arguments);
  }

  private static Run in(NetworkNamespace where, String... arguments) {
    return sluice(arguments)
        .after("set -- \"$0\" \"$@\"; exec ip netns exec " + where.name() + " \"$@\"")
        .openInput()
        .start();
  }

  private Path script(String name, String... lines) throws IOException {
    Path script = folder.resolve(name);
    Files.writeString(script, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    return script;
  }

  private static void assumeRoot() {
    assumeTrue("root".equals(System.getProperty("user.name")), "needs root");
  }

  @Test
  void n01GetsAPage() {
    try (Server web =
        Server.answeringAfterEof(
            question -> ("HTTP/1.0 200 OK\r\n\r\nfor " + question.length).getBytes(ISO_8859_1))) {
      Outcome page =
          sluice("-", "TCP4:127.0.0.1:" + web.port()).input("GET / HTTP/1.0\r\n\r\n").run();
      assertEquals("HTTP/1.0 200 OK\r\n\r\nfor 18", page.stdout());
    }
  }

  @Test
  void n03ForwardsOneConnection() throws IOException {
    int port = Server.freePort();
    try (Server target = Server.echo();
        Run run = sluice("-dd", "TCP4-LISTEN:" + port, "TCP4:127.0.0.1:" + target.port()).start()) {
      run.awaitLog("listening on");
      assertEquals("hello", Client.exchange(port, "hello"));
      assertEquals(0, run.await().status());
    }
  }

  @Test
  void n04ForwardsWhomItsRangeLetsInAndSpeaksFromItsAddress() {
    try (NetworkNamespace net = new NetworkNamespace()) {
      for (String address :
          new String[] {"10.7.0.1/8", "10.7.0.2/8", "10.7.0.3/8", "192.0.2.1/24"}) {
        net.ip("addr", "add", address, "dev", "lo");
      }
      try (Run target =
              in(net, "-dd", "TCP4-LISTEN:80,bind=10.7.0.3,fork", "SYSTEM:echo $SOCAT_PEERADDR");
          Run relay =
              in(
                  net,
                  "-dd",
                  "TCP4-LISTEN:80,bind=10.7.0.1,reuseaddr,fork,su=nobody,range=10.0.0.0/8",
                  "TCP4:10.7.0.3:80,bind=10.7.0.2")) {
        target.awaitLog("listening on");
        relay.awaitLog("listening on");
        for (int i = 0; i < 3; i++) {
          try (Run client = in(net, "-", "TCP4:10.7.0.1:80,bind=10.7.0.3")) {
            assertEquals("10.7.0.2\n", client.await().stdout());
          }
        }
        try (Run stranger = in(net, "-", "TCP4:10.7.0.1:80,bind=192.0.2.1")) {
          assertEquals("", stranger.await().stdout());
        }
        relay.awaitLog("refusing connection from AF=2 192.0.2.1");
      }
    }
  }

  @Test
  void n04GivesEachChildItsRights() throws IOException {
    assumeRoot();
    int port = Server.freePort();
    try (Run run =
        sluice("-dd", "TCP4-LISTEN:" + port + ",bind=127.0.0.1,fork,su=nobody", "SYSTEM:id -un")
            .start()) {
      run.awaitLog("listening on");
      assertEquals("nobody\n", Client.exchange(port, ""));
      assertEquals("nobody\n", Client.exchange(port, ""));
    }
  }

  @Test
  void n06TalksToAScriptOverTwoDescriptors() throws IOException {
    Path script =
        script("mail.sh", "read greeting <&3", "echo \"$1 got $greeting\" >&4", "read bye <&3");
    try (Server server =
        Server.serving(
            c -> {
              c.getOutputStream().write("220 hello\r\n".getBytes(ISO_8859_1));
              byte[] answer = c.getInputStream().readNBytes(21);
              c.getOutputStream().write("221 bye\r\n".getBytes(ISO_8859_1));
              assertEquals("alice got 220 hello\r\n", new String(answer, ISO_8859_1));
            })) {
      Outcome outcome =
          sluice(
                  "EXEC:\"" + script + " alice\",fdin=3,fdout=4",
                  "TCP4:127.0.0.1:" + server.port() + ",crnl,bind=127.0.0.1,mss=512")
              .run();
      assertEquals(0, outcome.status(), outcome.stderr());
    }
  }

  @Test
  void n09FollowsAGrowingFile() throws IOException {
    Path file = Files.writeString(folder.resolve("log"), "old\n");
    try (Run run = sluice("-dd", "-u", file + ",seek-end=0,ignoreeof", "-").start()) {
      run.awaitLog("starting data transfer");
      Files.writeString(file, "new\n", java.nio.file.StandardOpenOption.APPEND);
      assertEquals("new\n", run.awaitOutput("(?s)^.*new\n").group());
    }
  }

  @Test
  void n10FeedsAPasswordToAProgramThatAsksItsTerminal() throws IOException {
    Path program =
        script(
            "login",
            "exec 3<>/dev/tty",
            "stty -echo <&3",
            "printf 'password: ' >&3",
            "read p <&3",
            "stty echo <&3",
            "echo \"got $p\"",
            "read c",
            "echo \"ran $c\"");
    try (Run run = sluice("-", "EXEC:'" + program + "',pty,setsid,ctty").openInput().start()) {
      run.awaitOutput("password: ");
      run.send("secret\n");
      run.awaitOutput("got secret");
      run.send("ls\n");
      run.awaitOutput("ran ls");
    }
  }

  @Test
  void n11LosesNothingOfParallelWriters() throws Exception {
    int port = Server.freePort();
    Path file = folder.resolve("all");
    int size = 40_000;
    try (Run run =
        sluice(
                "-dd",
                "-u",
                "TCP4-LISTEN:" + port + ",reuseaddr,fork,backlog=50",
                "OPEN:" + file + ",creat,append")
            .start()) {
      run.awaitLog("listening on");
      List<CompletableFuture<byte[]>> writers = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        byte[] mine = new byte[size];
        Arrays.fill(mine, (byte) ('a' + i));
        writers.add(Background.call("writer " + i, () -> Client.exchange(port, mine)));
      }
      for (CompletableFuture<byte[]> writer : writers) {
        Await.result(writer);
      }
      Await.until(() -> Files.size(file) == 20L * size, () -> "size " + file.toFile().length());
      byte[] all = Files.readAllBytes(file);
      for (int i = 0; i < 20; i++) {
        int letter = 'a' + i;
        assertEquals(size, IntStream.range(0, all.length).filter(at -> all[at] == letter).count());
      }
    }
  }

  @Test
  void n12StartsNothingBeforeItsSlaveIsOpened() {
    Path link = folder.resolve("tty");
    Path started = folder.resolve("started");
    try (Run run =
        sluice("-dd", "PTY,link=" + link + ",rawer,wait-slave", "SYSTEM:touch " + started + "; cat")
            .start()) {
      Await.until(() -> Files.exists(link), () -> "the link");
      assertTrue(run.isAlive());
      assertFalse(Files.exists(started));
      try (Run terminal = sluice("-", link + ",rawer").openInput().start()) {
        terminal.send("ping\n");
        terminal.awaitOutput("ping");
        assertTrue(Files.exists(started));
      }
    }
  }

  @Test
  void n16MakesASparseFile() throws IOException {
    Path file = folder.resolve("sparse");
    Outcome outcome =
        sluice("-u", "-", "file:" + file + ",create,largefile,seek=100000000000").input("\n").run();
    assumeTrue(!outcome.stderr().contains("File too large"), "no such files here");
    assertEquals(0, outcome.status(), outcome.stderr());
    assertEquals(100_000_000_001L, Files.size(file));
  }

  @Test
  void n17DescribesTheSocketOfEachClient() throws IOException {
    int port = Server.freePort();
    try (Run run =
        sluice(
                "-dd",
                "tcp-l:" + port + ",reuseaddr,fork",
                "system:'" + Tool.ROOT.resolve("bin/filan") + " -i 0 -s >&2',nofork")
            .start()) {
      run.awaitLog("listening on");
      for (int i = 1; i <= 2; i++) {
        Client.exchange(port, "");
        run.awaitLog("tcp [^\\n]*127\\.0\\.0\\.1:" + port, i);
      }
    }
  }

  @Test
  void n18PatchesAFileInPlace() throws IOException {
    Path file = Files.write(folder.resolve("rom"), new byte[0x00074420 + 100]);
    Outcome outcome =
        sluice("-u", "-", "file:" + file + ",seek=0x00074420")
            .input(new byte[] {0, 014, 0, 0})
            .run();
    assertEquals(0, outcome.status(), outcome.stderr());
    byte[] patched = Files.readAllBytes(file);
    assertEquals(0x00074420 + 100, patched.length);
    assertArrayEquals(
        new byte[] {0, 014, 0, 0}, Arrays.copyOfRange(patched, 0x00074420, 0x00074424));
  }

  @Test
  void n19ReadsAThousandBytes() {
    try (Server server = Server.serving(c -> c.getOutputStream().write(new byte[5000]))) {
      Outcome outcome = sluice("-", "tcp:127.0.0.1:" + server.port() + ",readbytes=1000").run();
      assertEquals(1000, outcome.stdout().length());
    }
  }

  @Test
  void n20LetsSeveralWriteIntoOneConnectionThatStaysOpen() throws Exception {
    int port = Server.freePort();
    ByteArrayOutputStream seen = new ByteArrayOutputStream();
    try (Server server =
            Server.serving(
                c -> {
                  c.getInputStream().transferTo(seen);
                  seen.write('.');
                });
        Run run =
            sluice(
                    "-dd",
                    "-U",
                    "TCP:127.0.0.1:" + server.port() + ",end-close",
                    "TCP-L:" + port + ",reuseaddr,fork")
                .start()) {
      run.awaitLog("listening on");
      for (String word : new String[] {"one ", "two ", "three "}) {
        Client.exchange(port, word);
        Await.until(() -> seen.toString(US_ASCII).contains(word), () -> "seen " + seen);
      }
      assertEquals("one two three ", seen.toString(US_ASCII));
    }
  }

  @Test
  void n21BroadcastsAndHearsTheReplies() {
    broadcasts("UDP4-DATAGRAM:10.98.0.255:123,sp=123,broadcast,range=10.98.0.0/24");
  }

  @Test
  void n22DoesTheSameWithNumbers() {
    broadcasts(
        "SOCKET-DATAGRAM:2:2:17:x007bx0a6200ffx0000000000000000,"
            + "bind=x007bx00000000x0000000000000000,setsockopt-int=1:6:1,"
            + "range=x0000x0a620000x0000000000000000:x0000xffffff00x0000000000000000");
  }

  private void broadcasts(String address) {
    try (NetworkNamespace left = new NetworkNamespace();
        NetworkNamespace right = new NetworkNamespace()) {
      join(left, right);
      try (Run server = in(right, "-dd", "UDP4-RECVFROM:123,broadcast,fork", "SYSTEM:echo time")) {
        server.awaitLog("receiving on");
        try (Run client = in(left, "-", address)) {
          client.send("what time is it?\n");
          client.awaitOutput("time\n");
        }
      }
    }
  }

  /** Two namespaces joined by a pair of interfaces, 10.98.0.1 and 10.98.0.2. */
  private static void join(NetworkNamespace left, NetworkNamespace right) {
    left.ip("link", "add", "left", "type", "veth", "peer", "right", "netns", right.name());
    left.ip("addr", "add", "10.98.0.1/24", "brd", "+", "dev", "left");
    right.ip("addr", "add", "10.98.0.2/24", "brd", "+", "dev", "right");
    left.ip("link", "set", "left", "up");
    right.ip("link", "set", "right", "up");
    left.ip("route", "add", "default", "dev", "left");
    right.ip("route", "add", "default", "dev", "right");
  }

  @Test
  void n23SendsRawPacketsToAll() {
    try (NetworkNamespace left = new NetworkNamespace();
        NetworkNamespace right = new NetworkNamespace()) {
      join(left, right);
      try (Run hearer = in(right, "-dd", "-u", "IP4-RECV:44,broadcast", "-");
          Run sender =
              in(left, "-dd", "-", "IP4-DATAGRAM:255.255.255.255:44,broadcast,range=10.0.0.0/8")) {
        hearer.awaitLog("starting data transfer");
        sender.awaitLog("starting data transfer");
        sender.send("raw\n");
        hearer.awaitOutput("raw\n");
      }
    }
  }

  @Test
  void n24TwoMembersOfAGroupHearEachOther() {
    try (NetworkNamespace left = new NetworkNamespace();
        NetworkNamespace right = new NetworkNamespace()) {
      join(left, right);
      String address = "UDP4-DATAGRAM:224.255.0.1:6666,bind=:6666,ip-add-membership=224.255.0.1:";
      try (Run one = in(left, "-dd", "-", address + "left");
          Run other = in(right, "-dd", "-", address + "right")) {
        one.awaitLog("starting data transfer");
        other.awaitLog("starting data transfer");
        one.send("from one\n");
        other.awaitOutput("from one\n");
        other.send("from the other\n");
        one.awaitOutput("from the other\n");
      }
    }
  }

  @Test
  void n25CarriesAPing() {
    assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/ping")) || Files.isExecutable(Path.of("/bin/ping")),
        "no ping");
    try (NetworkNamespace left = new NetworkNamespace();
        NetworkNamespace right = new NetworkNamespace()) {
      join(left, right);
      try (Run far = in(right, "-dd", "TCP-L:4443,reuseaddr", "TUN:192.168.255.2/24,up")) {
        far.awaitLog("listening on");
        try (Run near = in(left, "-dd", "TCP:10.98.0.2:4443", "TUN:192.168.255.1/24,up")) {
          near.awaitLog("starting data transfer");
          far.awaitLog("starting data transfer");
          String ping = left.exec("ping", "-c", "1", "-w", "30", "192.168.255.2");
          assertTrue(ping.contains("1 received"), ping);
        }
      }
    }
  }

  @Test
  void n26PutsThePacketsOfAnInterfaceOnATerminal() {
    Path link = folder.resolve("tty");
    try (NetworkNamespace left = new NetworkNamespace();
        NetworkNamespace right = new NetworkNamespace()) {
      join(left, right);
      try (Run run = in(left, "-dd", "PTY,link=" + link + ",rawer", "INTERFACE:left")) {
        run.awaitLog("starting data transfer");
        try (Run terminal = sluice("-x", "-u", link + ",rawer", "/dev/null").start();
            Run sender = in(right, "-u", "-", "INTERFACE:right")) {
          sender.send("\2\0\0\0\0\2\2\0\0\0\0\1\210\265packet" + "-".repeat(50));
          terminal.awaitLog("88 b5 70 61 63 6b 65 74");
        }
      }
    }
  }

  @Test
  void n27ServesAPageThatNamesBothEnds() throws IOException {
    int port = Server.freePort();
    String page =
        "SYSTEM:echo -e \"\\\"HTTP/1.0 200 OK\\\\nDocumentType: text/plain\\\\n\\\\ndate: $\\(date\\)\\\\n"
            + "server:$SOCAT_SOCKADDR:$SOCAT_SOCKPORT\\\\nclient: $SOCAT_PEERADDR:$SOCAT_PEERPORT\\\\n\\\"\"; cat; echo -e \"\\\"\\\\n\\\"\"";
    try (Run run =
        sluice("-T", "1", "-d", "-d", "TCP-L:" + port + ",reuseaddr,fork,crlf", page).start()) {
      run.awaitLog("listening on");
      String answer = Client.exchange(port, "GET / HTTP/1.0\r\n\r\n");
      Matcher matcher =
          java.util.regex.Pattern.compile(
                  "server:127\\.0\\.0\\.1:" + port + "\\s+client: 127\\.0\\.0\\.1:\\d+")
              .matcher(answer);
      assertTrue(matcher.find(), answer);
      assertTrue(answer.contains("HTTP/1.0 200 OK"), answer);
      assertTrue(answer.contains("GET / HTTP/1.0"), answer);
    }
  }

  @Test
  void n28TellsAProgramAllAboutAPacket() throws Exception {
    int port = Server.freePort();
    try (Run run =
        sluice(
                "-d",
                "-d",
                "UDP4-RECVFROM:"
                    + port
                    + ",so-broadcast,so-timestamp,ip-pktinfo,ip-recverr,ip-recvopts,ip-recvtos,ip-recvttl!!-",
                "SYSTEM:'export; sleep 1'")
            .start()) {
      run.awaitLog("receiving on");
      sluice("-u", "-", "UDP4:127.0.0.1:" + port + ",tos=16,ttl=77").input("x").run();
      String variables = run.await().stdout();
      for (String line :
          new String[] {
            "SOCAT_PEERADDR=.127\\.0\\.0\\.1",
            "SOCAT_PEERPORT=.\\d+",
            "SOCAT_IP_IF=.lo",
            "SOCAT_IP_DSTADDR=.127\\.0\\.0\\.1",
            "SOCAT_IP_LOCADDR=.127\\.0\\.0\\.1",
            "SOCAT_IP_TOS=.16",
            "SOCAT_IP_TTL=.77",
            "SOCAT_TIMESTAMP=.\\w+"
          }) {
        assertTrue(
            java.util.regex.Pattern.compile(line).matcher(variables).find(),
            line + "\n" + variables);
      }
    }
  }
}
