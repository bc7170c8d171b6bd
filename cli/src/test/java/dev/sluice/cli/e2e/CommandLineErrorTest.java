package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The texts of errors in the command line. Each is written down here as the reference of 1.8.1.1
 * has it; where the peer, an older 1.8, says the same, that is checked too.
 */
class CommandLineErrorTest {

  /** A command line, the log it gives, and whether the peer at hand gives the same. */
  record Case(List<String> arguments, String log, boolean peerAgrees) {
    static Case of(String log, String... arguments) {
      return new Case(List.of(arguments), log, true);
    }

    /**
     * The peer says something else, or nothing, or opens the first address before it looks at the
     * second.
     */
    Case unlikeThePeer() {
      return new Case(arguments, log, false);
    }

    @Override
    public String toString() {
      String text = String.join(" ", arguments);
      return text.length() > 60 ? text.substring(0, 60) + "…" : text;
    }
  }

  static Stream<Case> options() {
    List<Case> cases = new ArrayList<>();
    cases.add(Case.of("E exactly 2 addresses required (there are 0); use option \"-h\" for help"));
    cases.add(
        Case.of("E exactly 2 addresses required (there are 1); use option \"-h\" for help", "-"));
    cases.add(
        Case.of(
            "E exactly 2 addresses required (there are 3); use option \"-h\" for help",
            "a",
            "b",
            "c"));
    for (String o : List.of("v", "x", "s", "u", "U", "g", "D", "0", "4", "6")) {
      cases.add(
          Case.of(
              "Do not merge single character options, i.e. use \"-"
                  + o
                  + " -z\" instead of \"-"
                  + o
                  + "z\"",
              "-" + o + "z",
              "-",
              "-"));
    }
    for (String o : List.of("-t", "-b", "-T", "-r", "-R", "-S", "-L", "-W", "-lf", "-lp")) {
      cases.add(Case.of("E option " + o + " requires an argument; use option \"-h\" for help", o));
    }
    for (String o : List.of("-t", "-T", "-b", "-S")) {
      cases.add(
          Case.of(
              "E parseopts(): missing numerical value of option \"" + o + "\"", o, "x", "-", "-"));
    }
    cases.add(
        Case.of(
            "E parseopts(): trailing garbage in numerical arg of option \"-b\"", "-b1k", "-", "-"));
    cases.add(Case.of("E unknown option \"-k\"; use option \"-h\" for help", "-k", "-", "-"));
    cases.add(Case.of("E unknown option \"--foo\"; use option \"-h\" for help", "--foo", "-", "-"));
    cases.add(Case.of("E unknown log option \"-lq\"; use option \"-h\" for help", "-lq", "-", "-"));
    cases.add(Case.of("E unknown syslog facility \"foo\"", "-lyfoo", "-", "-"));
    cases.add(Case.of("E -U and -u must not be combined", "-U", "-u", "-", "-"));
    cases.add(Case.of("E only one -L and -W option allowed", "-L", "a", "-W", "b", "-", "-"));
    cases.add(
        Case.of("E Invalid (trailing) character(s) \"4\" in \"-d4x\"option", "-d4x", "-", "-"));
    cases.add(
        Case.of(
                "E cannot open log file \"/nonexistent/x\": No such file or directory",
                "-lf/nonexistent/x",
                "-",
                "-")
            .unlikeThePeer());
    return cases.stream();
  }

  static Stream<Case> addresses() {
    return Stream.of(
        Case.of("E unknown device/address \"foo\"", "foo", "-"),
        Case.of("E unknown device/address \"foo\"", "-", "foo"),
        Case.of("E unknown device/address \"-u\"", "-", "-u"),
        Case.of("E unknown device/address \"99\"", "99", "-"),
        Case.of("E unknown device/address \" OPEN\"", " OPEN:a", "-"),
        Case.of("E unknown device/address \"TCP \"", "TCP :a:1", "-"),
        Case.of("E unexpected end of address \"OPEN:\"a\"", "OPEN:\"a", "-").unlikeThePeer(),
        Case.of(
            "E TCP: wrong number of parameters (0 instead of 2): usage: TCP:<host>:<port>",
            "TCP",
            "-"),
        Case.of(
            "E TCP: wrong number of parameters (1 instead of 2): usage: TCP:<host>:<port>",
            "TCP:a",
            "-"),
        Case.of(
            "E TCP: wrong number of parameters (3 instead of 2): usage: TCP:<host>:<port>",
            "TCP:a:1:2",
            "-"),
        Case.of(
            "E tcp4: wrong number of parameters (1 instead of 2): usage: tcp4:<host>:<port>",
            "tcp4:a",
            "-"),
        Case.of("E STDIO: wrong number of parameters (1 instead of 0)", "STDIO:x", "-"),
        Case.of("E FD: wrong number of parameters (0 instead of 1)", "FD", "-"),
        Case.of("E FD: wrong number of parameters (2 instead of 1)", "FD:1:2", "-"),
        Case.of("E FD: wrong number of parameters (2 instead of 1)", "1:x", "-"),
        Case.of("E error in FD number \"x\"", "FD:x", "-"),
        Case.of(
            "E PIPE: wrong number of parameters (2 instead of 1): usage: PIPE[:<filename>]",
            "PIPE:a:b",
            "-"),
        Case.of(
            "E EXEC: wrong number of parameters (0 instead of 1): usage: EXEC:<command-line>",
            "EXEC",
            "-"),
        Case.of(
            "E EXEC: wrong number of parameters (2 instead of 1): usage: EXEC:<command-line>",
            "EXEC:a:b",
            "-"),
        Case.of(
            "E SYSTEM: wrong number of parameters (2 instead of 1): usage: SYSTEM:<shell-command>",
            "SYSTEM:a:b",
            "-"),
        Case.of(
            "E OPEN: wrong number of parameters (0 instead of 1): usage: OPEN:<filename>",
            "OPEN",
            "-"),
        Case.of(
            "E OPEN: wrong number of parameters (2 instead of 1): usage: OPEN:<filename>",
            "OPEN:a:b",
            "-"),
        Case.of(
            "E GOPEN: wrong number of parameters (0 instead of 1): usage: GOPEN:<filename>",
            "GOPEN",
            "-"),
        Case.of(
            "E GOPEN: wrong number of parameters (2 instead of 1): usage: GOPEN:<filename>",
            "./a:b",
            "-"),
        Case.of(
            "E UNIX-CONNECT: wrong number of parameters (0 instead of 1): usage: UNIX-CONNECT:<filename>",
            "UNIX-CONNECT",
            "-"),
        Case.of(
            "E UNIX-LISTEN: wrong number of parameters (0 instead of 1): usage: UNIX-LISTEN:<filename>",
            "UNIX-LISTEN",
            "-"),
        Case.of("E parseopts_table(): unknown option \"foo\"", "-,foo", "-"),
        Case.of("E parseopts_table(): unknown option \" \"", "-, ", "-"),
        Case.of(
            "E parseopts_table(): option \"fork\" not supported with this address type",
            "-,fork",
            "-"),
        Case.of(
            "E parseopts_table(): option \"range\" not supported with this address type",
            "-,range=x",
            "-"),
        Case.of("E no value permitted for option \"cr\"", "-,cr=1", "-"),
        Case.of("E option \"perm,cr\": value required", "-,perm,cr", "-"),
        Case.of("E option \"perm\": value required", "OPEN:x,perm", "-"),
        Case.of("E option \"interval\": value required", "TCP:127.0.0.1:1,interval", "-"),
        Case.of("E option \"bind\": value required", "TCP:127.0.0.1:1,bind", "-"),
        Case.of("E option \"so-linger\": value required", "TCP:127.0.0.1:1,so-linger", "-"),
        Case.of(
            "E parseopts(): missing numerical value of option \"ignoreeof=x\"",
            "-,ignoreeof=x",
            "-"),
        Case.of(
            "E parseopts(): missing numerical value of option \"ignoreeof=\"", "-,ignoreeof=", "-"),
        Case.of(
            "E parseopts(): missing numerical value of option \"fork=x\"",
            "TCP-LISTEN:1,fork=x",
            "-"),
        Case.of(
            "E parseopts(): missing numerical value of option \"backlog=x\"",
            "TCP-LISTEN:1,backlog=x",
            "-"),
        Case.of(
            "E parseopts(): missing numerical value of option \"retry=x\"",
            "TCP:127.0.0.1:1,retry=x",
            "-"),
        Case.of(
            "E parseopts(): missing numerical value of option \"interval=x\"",
            "TCP:127.0.0.1:1,interval=x",
            "-"),
        Case.of(
            "E parseopts(): missing numerical value of option \"linger=x\"",
            "TCP:127.0.0.1:1,linger=x",
            "-"),
        Case.of("E parseopts(): missing numerical value of option \"umask=9\"", "-,umask=9", "-"),
        Case.of(
            "E parseopts(): trailing garbage in numerical arg of option \"seek=5x\"",
            "OPEN:/dev/null,seek=5x",
            "-"),
        Case.of(
            "E parseopts(): option \"setsockopt-int\": 3 arguments required",
            "-,setsockopt-int=1",
            "-"),
        Case.of("E parseopts_table(): problem with \"q\" data", "-,setsockopt=1:2:q", "-"),
        Case.of("E getpwnam(\"nosuch\"): no such user", "OPEN:/dev/null,user=nosuch", "-"),
        Case.of("E getgrnam(\"nosuch\"): no such group", "OPEN:/dev/null,group=nosuch", "-"),
        Case.of(
            "E only one use of options lockfile and waitlock allowed",
            "-,lockfile=a,lockfile=b",
            "-"),
        Case.of(
            "E option max-children not allowed without option fork",
            "TCP-LISTEN:0,max-children=2",
            "-"));
  }

  @ParameterizedTest
  @MethodSource({"options", "addresses"})
  void saysWhatIsWrongAndEndsWithOne(Case wrong) {
    assertEquals(1 + "\n" + wrong.log(), complaint(Tool.OURS, wrong.arguments()));
    if (wrong.peerAgrees()) {
      Tool.peer()
          .ifPresent(
              peer ->
                  assertEquals(
                      1 + "\n" + wrong.log(), complaint(peer, wrong.arguments()), "the peer"));
    }
  }

  @ParameterizedTest
  @MethodSource("usages")
  void printsItsUsageOnStandardError(String option) {
    Outcome outcome = Tool.OURS.command(option, "-", "-").run();
    assertEquals(1, outcome.status());
    assertEquals("", outcome.stdout());
    assertTrue(outcome.stderr().contains("\nUsage:\n"), outcome.stderr());
  }

  static Stream<String> usages() {
    return Stream.of("-Vx", "-ddx");
  }

  @Test
  void namesEveryProblemOfBothAddressesAtOnce() {
    Outcome outcome = Tool.OURS.command("TCP-LISTEN:0,foo,backlog=x", "OPEN:y,perm,nosuch").run();
    assertEquals(
        List.of(
            "E parseopts_table(): unknown option \"foo\"",
            "E parseopts(): missing numerical value of option \"backlog=x\"",
            "E option \"perm,nosuch\": value required",
            "E parseopts_table(): unknown option \"nosuch\"",
            ""),
        Normalise.log(outcome.stderr()));
    assertEquals(1, outcome.status());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "TCP-LSITEN:0            | unknown device/address \"TCP-LSITEN\"; hint: did you mean \"TCP-LISTEN\"?",
        "tpc:localhost:1         | unknown device/address \"tpc\"; hint: did you mean \"TCP\"?",
        "TCP-LISTEN:0,reuseadr   | unknown option \"reuseadr\"; hint: did you mean \"reuseaddr\"?",
        "OPEN:x,craete           | unknown option \"craete\"; hint: did you mean \"create\"?",
        "-,fork                  | option \"fork\" not supported with this address type; hint: it is an option of ",
        "TCP:localhost:1,history=x | not supported with this address type; hint: it is an option of READLINE",
      })
  void helpsAfterAMistake(String address, String message) {
    Outcome outcome = Tool.SLUICE.command("CREATE:made", address).run();
    assertEquals(1, outcome.status());
    assertTrue(outcome.stderr().contains(message), outcome.stderr());
    assertEquals(1, outcome.stderr().lines().count(), outcome.stderr());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "TCP-LISTEN:",
        "UDP-RECVFROM:",
        "UDP-RECV:",
        "TCP:localhost:",
        "TCP:localhost:1,bind=:",
        "UDP-SENDTO:127.0.0.1:1,bind=127.0.0.1:",
      })
  void anEmptyPortIsNoPort(String address) {
    Outcome outcome =
        SideBySide.play((tool, folder) -> tool.command("-u", address, "-").run()).same();
    assertEquals(1, outcome.status());
  }

  @Test
  void givesNoHintsAsSocat() {
    for (String address : List.of("tpc:localhost:1", "TCP:127.0.0.1:" + Server.freePort())) {
      Outcome outcome = Tool.OURS.command("PIPE", address).run();
      assertEquals(1, outcome.status());
      assertFalse(outcome.stderr().contains("hint"), outcome.stderr());
    }
  }

  @Test
  void tellsWhoHasAnAddressThatIsInUse() {
    try (Server server = Server.silent()) {
      String self = "java (process " + ProcessHandle.current().pid() + ")";
      assertOpeningSays(
          "TCP-LISTEN:" + server.port(), "Address already in use; hint: in use by " + self);
    }
  }

  /** What root may, and others may not. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "TCP-LISTEN:81,bind=127.0.0.1 | Permission denied; hint: ports below 1024 are for root or need CAP_NET_BIND_SERVICE",
        "IP4-RECV:44 | socket(2, 3, 44): Operation not permitted; hint: it is for root or needs CAP_NET_RAW",
        "INTERFACE:lo | Operation not permitted; hint: it is for root or needs CAP_NET_RAW",
        "OPEN:/etc/shadow | Permission denied; hint: /etc/shadow is of root:shadow, rw-r-----",
        "OPEN:/root/secret/x | Permission denied; hint: /root is of root:root, rwx------",
        "UNIX-LISTEN:/etc/x.sock | Permission denied; hint: /etc is of root:root, rwxr-xr-x",
      })
  void tellsWhatIsForOthers(String address, String message) {
    Assumptions.assumeTrue(
        "root".equals(System.getProperty("user.name")), "needs root to be somebody else");
    assertOpeningSays(address + ",su-e=nobody", message);
  }

  /** These are there already, and open nothing under the options. */
  @ParameterizedTest
  @CsvSource({
    "'-,chdir=/nosuch',chdir",
    "'FD:0,su-e=nosuch',getpwnam",
    "'TEXT:x,chroot-early=/nosuch',chroot",
    "'STALL,netns=nosuch','open(/run/netns/nosuch'",
  })
  void noProcessOptionIsIgnored(String address, String call) {
    assertOpeningSays(address, " E " + call);
  }

  @Test
  void tellsWhatIsInTheWayOfASocket(@TempDir Path folder) throws IOException {
    Path path = folder.resolve("s");
    String listen = "UNIX-LISTEN:" + path;
    String exists = "E \"" + path + "\" exists; hint: ";
    try (Run first = Tool.OURS.command("-d", "-d", listen, "PIPE").start()) {
      first.awaitLog("listening on");
      assertOpeningSays(listen, exists + "in use by socat (process " + first.pid() + ")");
      first.signal("KILL");
      assertEquals(137, first.await().status());
    }
    assertOpeningSays(listen, exists + "nobody listens there any more; option unlink-early ");
    Files.delete(path);
    Files.createFile(path);
    assertOpeningSays(listen, exists + "it is a regular file");
  }

  @Test
  void tellsWhichRightATunnelNeeds() {
    Assumptions.assumeTrue("root".equals(System.getProperty("user.name")), "needs root");
    Assumptions.assumeTrue(Files.isWritable(Path.of("/dev/net/tun")), "no /dev/net/tun");
    Programs.assumeInstalled("setpriv");
    Outcome outcome =
        Tool.SLUICE
            .command("TUN:10.1.1.1/24", "PIPE")
            .after("exec setpriv --bounding-set=-net_admin --inh-caps=-net_admin \"$0\" \"$@\"")
            .run();
    assertTrue(
        outcome.stderr().contains("; hint: it is for root or needs CAP_NET_ADMIN"),
        outcome.stderr());
  }

  @Test
  void tellsWhichInterfacesThereAre() {
    assertOpeningSays("INTERFACE:nosuch", "unknown interface \"nosuch\"; hint: there are ");
  }

  @Test
  void tellsThatNobodyListens() {
    assertOpeningSays(
        "TCP:127.0.0.1:" + Server.freePort(),
        ": Connection refused; hint: nobody listens there; options retry and forever try again");
  }

  private static void assertOpeningSays(String address, String message) {
    Outcome outcome = Tool.SLUICE.command(address, "PIPE").run();
    assertEquals(1, outcome.status());
    assertTrue(outcome.stderr().contains(message), outcome.stderr());
  }

  @Test
  void opensNothingBeforeBothAddressesAreFaultless(@TempDir Path folder) {
    assertEquals(1, Tool.OURS.command("OPEN:made,creat", "foo").in(folder).run().status());
    assertFalse(Files.exists(folder.resolve("made")));
  }

  @Test
  void refusesAKeywordThatIsTooLongInALineOfLimitedLength() {
    Outcome outcome = Tool.OURS.command("k".repeat(600), "-").run();
    assertEquals(1, outcome.status());
    assertTrue(
        outcome.stderr().contains(" E keyword too long, in address \"kkkk"), outcome.stderr());
    assertEquals(513, outcome.stderr().length());
  }

  @Test
  void sloppyReportsAnUnknownOptionAndGoesOn() {
    SideBySide.play((tool, folder) -> tool.command("-s", "-,nosuch", "PIPE").input("x").run())
        .same();
  }

  private static String complaint(Tool tool, List<String> arguments) {
    Outcome outcome = tool.command(arguments.toArray(String[]::new)).run();
    return outcome.status() + "\n" + String.join("\n", Normalise.log(outcome.stderr())).strip();
  }
}
