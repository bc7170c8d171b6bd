package dev.sluice.cli.e2e;

import static dev.sluice.cli.e2e.Newcomer.fetches;
import static dev.sluice.cli.e2e.Newcomer.hears;
import static dev.sluice.cli.e2e.Newcomer.reaches;
import static dev.sluice.cli.e2e.Newcomer.service;
import static dev.sluice.cli.e2e.Newcomer.web;
import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A newcomer's walk: every command of the documents is typed as it stands there. Each paragraph of
 * commands has a scenario, which says what is there before, and what is seen after.
 */
class DocumentationTest {
  private static final String PAGE = "<h1>served</h1>\n";

  /** What happens around the commands of a paragraph. */
  private interface Scenario {
    void play(Newcomer user) throws Exception;
  }

  /** By how the first command of the paragraph begins. */
  private static final Map<String, Scenario> SCENARIOS =
      Map.ofEntries(
          // README
          entry(
              "printf 'GET",
              user -> {
                web(user.here, 80);
                assertTrue(user.types(0).endsWith(PAGE));
              }),
          entry(
              "bin/sluice TCP-LISTEN:8080,reuseaddr,fork,max-children=100 TCP:",
              user -> forwards(user, 8080)),
          entry(
              "bin/sluice UNIX-LISTEN:app.sock",
              user -> {
                user.starts(user.here, 0);
                user.here.awaitUnixListener("app.sock");
                try (Run early = user.here.shell("socat - UNIX:app.sock").openInput().start()) {
                  early.send("early\n");
                  service(user.here, 8080);
                  early.awaitOutput("8080-early\n");
                }
              }),
          entry(
              "bin/sluice TCP-LISTEN:7000,reuseaddr,fork EXEC:'wc",
              user -> {
                user.starts(user.here, 0, 7000);
                for (String text : List.of("five\n", "and ten..\n")) {
                  Command client = user.here.shell("socat -t 60 - TCP4:localhost:7000").input(text);
                  assertEquals(text.length() + "\n", client.run().stdout());
                }
              }),
          entry(
              "bin/sluice -v TCP-LISTEN:8081,reuseaddr,fork TCP:localhost:80",
              DocumentationTest::watches),
          entry("bin/sluice -u OPEN:/var/log/syslog", DocumentationTest::followsTheLog),
          entry(
              "bin/sluice -h",
              user -> {
                Programs.assumeInstalled("man");
                assertTrue(user.types(0).contains("TCP-LISTEN"));
                assertTrue(user.types(1).contains("SLUICE(1)"));
                String completion = user.here.succeed(user.line(2) + "\ncomplete -p sluice");
                assertTrue(completion.startsWith("complete "), completion);
              }),
          entry(
              "bin/sluice fleet check",
              user -> {
                String file = Documentation.readmeBlock("sluice.relays");
                Files.writeString(user.file("fleet.conf"), file);
                assertTrue(user.types(0).contains("fleet.conf: 152 relays, no problem"));
                user.starts(user.here, 1, 8080);
                assertTrue(user.types(2).contains("games-5150"));
                Files.writeString(user.file("fleet.conf"), file.replace("10.0.0.1:80", "there:80"));
                assertTrue(user.types(3).contains("~1 target =151 (version 2)"));
                service(user.there, 80);
                reaches(user.here, "TCP4:localhost:8080", 80);
              }),
          // the guide
          entry("echo hello", user -> assertEquals("HELLO\n", user.types(0))),
          entry(
              "bin/sluice TCP-LISTEN:8080,reuseaddr,fork TCP:localhost:80",
              user -> forwards(user, 8080)),
          entry(
              "bin/sluice UNIX-LISTEN:/run/app.sock",
              user -> {
                service(user.here, 8080);
                user.starts(user.here, 0);
                user.here.awaitUnixListener("/run/app.sock");
                assertEquals("660 www-data\n", user.here.succeed("stat -c '%a %G' /run/app.sock"));
                reaches(user.here, "UNIX:/run/app.sock", 8080);
              }),
          entry(
              "bin/sluice TCP-LISTEN:5432",
              user -> {
                String path = "/run/postgresql/.s.PGSQL.5432";
                user.here.succeed("mkdir /run/postgresql");
                user.here
                    .shell("socat UNIX-LISTEN:" + path + ",fork EXEC:'sed -u s/^/5432-/'")
                    .start();
                user.here.awaitUnixListener(path);
                user.starts(user.here, 0, 5432);
                reaches(user.here, "TCP4:127.0.0.1:5432", 5432);
              }),
          entry(
              "openssl req -x509",
              user -> {
                web(user.here, 8080);
                user.types(0);
                user.starts(user.here, 1, 8443);
                assertEquals(PAGE, fetches(user.here, "--cacert cert.pem https://localhost:8443/"));
              }),
          entry(
              "bin/sluice TCP-LISTEN:8081,bind=127.0.0.1,reuseaddr,fork OPENSSL:",
              user -> {
                new TlsKeys(user.file(".")).selfSigned("cert", "rsa:2048");
                user.here.succeed("cat cert.crt cert.key >cert.pem");
                user.here.serve(8443, "openssl s_server -accept 8443 -cert cert.pem -WWW");
                user.starts(user.here, 0, 8081);
                assertEquals(PAGE, fetches(user.here, "http://127.0.0.1:8081/index.html"));
              }),
          entry(
              "bin/sluice TCP-LISTEN:8080,fork TCP:localhost:80,forever",
              user -> {
                user.starts(user.here, 0, 8080);
                try (Run early =
                    user.here.shell("socat - TCP4:localhost:8080").openInput().start()) {
                  early.send("early\n");
                  service(user.here, 80);
                  early.awaitOutput("80-early\n");
                }
              }),
          entry(
              "bin/sluice TCP-LISTEN:2222",
              user -> {
                service(user.here, 22);
                user.starts(user.there, 0, 2222);
                user.starts(user.here, 1);
                for (int i = 0; i < 2; i++) {
                  reaches(user.there, "TCP4:localhost:2222", 22);
                }
              }),
          entry(
              "bin/sluice -T 60 UDP-LISTEN:5353",
              user -> {
                user.here.succeed("ip addr add 192.0.2.1/32 dev lo");
                user.here.serveUdp(53, "socat UDP4-RECVFROM:53,bind=192.0.2.1,fork EXEC:cat");
                user.relay(user.here.serveUdp(5353, user.line(0)));
                for (String question : List.of("one?\n", "two?\n")) {
                  hears(user.here, "UDP4:127.0.0.1:5353", question, question);
                }
              }),
          entry(
              "bin/sluice -v TCP-LISTEN:8081,reuseaddr,fork TCP:localhost:80  ",
              user -> {
                watches(user);
                Run relay = user.starts(user.here, 1, 8082);
                reaches(user.here, "TCP4:localhost:8082", 80);
                relay.awaitLog("(?m)^ 6f 76 65 72 0a");
                assertEquals(0, relay.await().status());
                assertEquals("over\n", Files.readString(user.file("to.bin")));
                assertEquals("80-over\n", Files.readString(user.file("from.bin")));
              }),
          entry("bin/sluice TCP-LISTEN:7000,reuseaddr,fork EXEC:'bash", DocumentationTest::logsIn),
          entry("bin/sluice TCP-LISTEN:5000", DocumentationTest::usesAModem),
          entry(
              "systemd-socket-activate",
              user -> {
                Programs.assumeInstalled("systemd-socket-activate");
                service(user.here, 80);
                user.starts(user.here, 0, 8080);
                reaches(user.here, "TCP4:localhost:8080", 80);
                reaches(user.here, "TCP4:localhost:8080", 80);
              }),
          entry(
              "bin/sluice UDP-LISTEN:5000",
              user -> {
                user.relay(user.there.serveUdp(5000, user.line(0)));
                user.starts(user.here, 1);
                Await.until(
                    () -> user.here.succeed("ip addr").contains("10.9.0.2/24"), () -> "the tunnel");
                user.here.succeed("ping -c 1 -w " + Await.LIMIT.toSeconds() + " 10.9.0.1");
              }),
          entry(
              "bin/sluice SOCKS-SERVER:1080",
              user -> {
                web(user.here, 80);
                web(user.there, 80);
                user.starts(user.here, 0, 1080);
                assertEquals(PAGE, fetches(user.here, "-x socks5h://localhost:1080 localhost"));
                user.starts(user.here, 1, 1081);
                String proxy = "socks5h://me:%s@localhost:1081 there";
                assertEquals(PAGE, fetches(user.here, "-x " + proxy.formatted("secret")));
                String wrong = "curl -sS -x " + proxy.formatted("wrong");
                assertEquals(97, user.here.shell(wrong).run().status());
                service(user.there, 443);
                user.starts(user.here, 2, 3128);
                String client = "PROXY:10.0.0.1:%s:443,proxyport=3128";
                reaches(user.there, client.formatted("www.example.com"), 443);
                String denied = "socat - " + client.formatted("there");
                assertEquals(1, user.there.shell(denied).run().status());
              }),
          entry(
              "bin/sluice TCP-LISTEN:80,fork TCP:10.0.0.5:8080,proxy-protocol=v2",
              user -> {
                Path service =
                    Files.writeString(user.file("service"), "#!/bin/sh\necho $SLUICE_PEERADDR\n");
                assertTrue(service.toFile().setExecutable(true));
                user.starts(user.here, 0, 80);
                user.starts(user.there, 1, 8080);
                hears(user.here, "TCP4:127.0.0.1:80,bind=127.0.0.7", "", "127.0.0.7\n");
              }),
          entry("bin/sluice -d -d -lf relay.log", DocumentationTest::supervises),
          entry(
              "bench/run --rounds 1",
              user -> {
                Programs.assumeInstalled("python3", "cc", "haproxy");
                assertTrue(user.types(0).contains("64-byte round trip"));
              }),
          // supervision
          entry(
              "bin/sluice -d -d TCP-LISTEN:8080,fork,max-children=2",
              user -> {
                service(user.here, 80);
                Run relay = user.starts(user.here, 0, 8080);
                reaches(user.here, "TCP4:localhost:8080", 80);
                relay.awaitLog("(?s)listening on .*forked off child process .*listening on ");
                relay.awaitLog("(?s)starting data transfer loop .*exiting with status 0");
              }));

  private static void forwards(Newcomer user, int port) {
    service(user.here, 80);
    user.starts(user.here, 0, port);
    for (int i = 0; i < 2; i++) {
      reaches(user.here, "TCP4:localhost:" + port, 80);
    }
  }

  private static void watches(Newcomer user) {
    service(user.here, 80);
    Run relay = user.starts(user.here, 0, 8081);
    reaches(user.here, "TCP4:localhost:8081", 80);
    relay.awaitLog("(?s)> .* length=5 .*\nover\n.*< .* length=8 .*\n80-over\n");
  }

  private static void followsTheLog(Newcomer user) throws IOException {
    Path log = Files.writeString(user.here.file("/var/log/syslog"), "old\n");
    try (Run collector = user.here.serve(9000, "socat -d -d -u TCP4-LISTEN:9000 -")) {
      user.starts(user.here, 0);
      collector.awaitLog("accepting connection");
      Files.writeString(log, "new\n", StandardOpenOption.APPEND);
      assertEquals("new\n", collector.awaitOutput("(?s)^.*new\n").group());
    }
  }

  private static void logsIn(Newcomer user) throws IOException {
    user.starts(user.here, 0, 7000);
    TypedDialogue terminal = new TypedDialogue(user.file("."));
    terminal.playOn(
        user.here,
        "want \"ready>\"",
        "send {" + user.line(1) + "}",
        "send \"\\r\"",
        "send \"tty; stty -g; echo in''side\\r\"",
        "want \"/dev/pts/\"",
        "want \"inside\"",
        "send \"\\035\"",
        "want \"ready>\"",
        "send \"stty -g >after; echo do''ne\\r\"",
        "want \"done\"");
    terminal.assertTerminalIsAsBefore();
  }

  private static void usesAModem(Newcomer user) {
    Path device = Path.of("/dev/ttyS0");
    assumeTrue(Files.exists(device), "no /dev/ttyS0");
    user.there.shell("socat PTY,link=line,rawer EXEC:'sed -u s/AT/OK/'").start();
    user.awaitLink("line");
    user.there.succeed("mount --bind $(readlink -f line) /dev/ttyS0");
    user.starts(user.there, 0, 5000);
    user.starts(user.here, 1);
    user.awaitLink("modem");
    hears(user.here, "./modem,rawer", "AT\n", "OK\n");
  }

  private static void supervises(Newcomer user) {
    Path log = user.file("relay.log");
    service(user.here, 80);
    try (Run shell = user.here.shell("exec bash").openInput().start()) {
      shell.send(user.line(0) + "\n");
      Await.content(log, "listening on");
      try (Run client = user.here.shell("socat - TCP4:localhost:8080").openInput().start()) {
        client.send("over\n");
        client.awaitOutput("80-over\n");
        shell.send(user.line(1) + "\n");
        Await.content(log, "STATISTICS: left to right: 1 ");
      }
      shell.send(user.line(2) + "\nwait $!; echo ended with $?\n");
      shell.awaitOutput("ended with 143\n");
    }
  }

  @BeforeAll
  static void needsTheOtherSocat() {
    Programs.assumeInstalled("socat", "curl");
  }

  static Stream<Documentation.Commands> commands() {
    return Documentation.commands();
  }

  private static String scenarioOf(Documentation.Commands commands) {
    String first = commands.lines().get(0);
    return SCENARIOS.keySet().stream()
        .filter(first::startsWith)
        .max(Comparator.comparingInt(String::length))
        .orElse("");
  }

  @ParameterizedTest
  @MethodSource("commands")
  void holds(Documentation.Commands commands, @TempDir Path folder) throws Exception {
    Scenario scenario =
        SCENARIOS.getOrDefault(
            scenarioOf(commands), user -> Assertions.fail("no scenario for " + commands));
    try (Newcomer user = new Newcomer(folder, commands.lines())) {
      scenario.play(user);
      user.stops();
    }
  }

  @Test
  void everyScenarioIsToldSomewhere() {
    Set<String> unused = new TreeSet<>(SCENARIOS.keySet());
    commands().forEach(commands -> unused.remove(scenarioOf(commands)));
    assertEquals(Set.of(), unused);
  }

  @Test
  void everyBlockSaysWhatItIs() {
    assertTrue(
        Set.of("sh", "java", "ini", "text", "mermaid").containsAll(Documentation.languages()));
    assertEquals(List.of(), Documentation.strayCommands());
  }
}
