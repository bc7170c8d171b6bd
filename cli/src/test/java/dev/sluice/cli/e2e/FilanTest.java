package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code filan} and {@code procan} beside the peer's. */
class FilanTest {
  private static String run(Path program, String shellLine) throws Exception {
    Process process =
        new ProcessBuilder("bash", "-c", shellLine, "bash", program.toString())
            .redirectErrorStream(true)
            .start();
    process.getOutputStream().close();
    String out =
        new String(
            process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.ISO_8859_1);
    return out.replaceAll("(?m)^\\S+ \\S+ \\w+\\[\\d+\\] ", "") + "status " + process.waitFor();
  }

  private static Path beside(Tool tool, String name) {
    return tool.program().resolveSibling(name);
  }

  private static Path ours(String name) {
    return Tool.ROOT.resolve("bin").resolve(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "$1 -s -n 8 0</dev/null 5</etc/passwd 6</tmp 3>&- 4>&- 7>&-",
        "$1 -S -i 5 5</etc/passwd",
        "$1 -i 5 5</etc/passwd",
        "$1 -r -i 5 5</etc/passwd",
        "$1 -i 77",
        "$1 -s -i 77",
        "$1 -f /etc/passwd | sed 's/^ *-*[0-9]*: //'",
        "$1 -s -f /tmp",
        "$1 -s -f /nonexistent",
        "$1 -i x",
        "$1 1",
        "script -qc \"$1 -s -i 0\" /dev/null </dev/null",
      })
  void describesLikeThePeer(String line) throws Exception {
    Path peer = Tool.peer().map(tool -> beside(tool, "filan")).orElse(Path.of("/nonexistent"));
    Assumptions.assumeTrue(Files.isExecutable(peer), "needs the peer's filan");
    assertEquals(run(peer, line), run(ours("filan"), line));
  }

  /** What both programs are given as descriptor 0, made by a line of Perl. */
  private static final String HELPS =
      "use Socket; sub tcp { socket(S, $_[0], SOCK_STREAM, 0) or die } sub any { sockaddr_in(0,"
          + " INADDR_LOOPBACK) } sub udp { socket(S, AF_INET, SOCK_DGRAM, 0) or die; bind(S, any())"
          + " or die } sub pair { socketpair(S, T, AF_UNIX, $_[0], 0) or die; syswrite(T, q(hi)) }"
          + " sub unix { socket(S, AF_UNIX, $_[0], 0) or die; bind(S, sockaddr_un(qq(\\0filan-$$)))"
          + " or die } $^F = 99; ";

  private static final String FILAN = "; open(STDIN, q(<&), S) or die $!; system(@ARGV, q(-i), 0)";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pipe(S, T); syswrite(T, q(data))",
        "tcp(AF_INET)",
        "tcp(AF_INET); setsockopt(S, SOL_SOCKET, SO_KEEPALIVE, 1); setsockopt(S, SOL_SOCKET,"
            + " SO_LINGER, pack(q(ii), 1, 9))",
        "tcp(AF_INET); bind(S, any()); listen(S, 5)",
        "tcp(AF_INET6); listen(S, 5)",
        "tcp(AF_INET); bind(S, any()); listen(S, 5); socket(T, AF_INET, SOCK_STREAM, 0); connect(T,"
            + " getsockname(S)); accept(U, S); syswrite(T, q(hello)); close(S); open(S, q(<&), U)",
        "udp()",
        "udp(); connect(S, getsockname(S)); syswrite(S, q(datagram))",
        "socket(S, AF_INET, SOCK_RAW, 99) or die",
        "unix(SOCK_STREAM)",
        "unix(SOCK_STREAM); listen(S, 5)",
        "unix(SOCK_DGRAM)",
        "pair(SOCK_STREAM)",
        "pair(SOCK_DGRAM)",
        "pair(SOCK_SEQPACKET)",
      })
  void describesASocketLikeThePeer(String make) throws Exception {
    Path peer = Tool.peer().map(tool -> beside(tool, "filan")).orElse(Path.of("/nonexistent"));
    Assumptions.assumeTrue(Files.isExecutable(peer), "needs the peer's filan");
    assertEquals(facts(peer, make), facts(ours("filan"), make));
  }

  /** Without the numbers of one run, and without the line break that the peer puts among them. */
  private static String facts(Path program, String make) throws Exception {
    String perl = "perl -e '" + HELPS + make + FILAN + "' $1";
    return run(program, perl)
        .replaceAll("\n(?=\tpoll|IP_|\t\t)", "\t")
        .replaceAll("TCP_INFO=\\{[^}]*}", "TCP_INFO={}")
        .replaceAll("PEERCRED=\\{\\d+,", "PEERCRED={N,")
        .replaceAll("(socket|pipe)\t0,(\\d+)\t\\d+", "$1\t0,$2\tINODE")
        .replaceAll("filan-\\d+", "filan-N")
        .replaceAll("(127.0.0.1|0000]):[1-9]\\d*", "$1:PORT")
        .replaceAll("(\\w{3} \\w{3} [ \\d]\\d [\\d:]{8} \\d{4}\t){3}", "TIMES\t");
  }

  @Test
  void describesTheConnectionThatAProgramWasGiven() {
    try (Run run =
        Tool.OURS
            .command(
                "-d",
                "-d",
                "TCP-LISTEN:0,bind=127.0.0.1",
                "SYSTEM:'" + ours("filan") + " -i 0 -s >&2',nofork")
            .start()) {
      int port = Integer.parseInt(run.awaitLog("listening on AF=2 127.0.0.1:(\\d+)").group(1));
      Tool.OURS.command("-u", "-", "TCP:127.0.0.1:" + port).run();
      run.awaitLog("tcp 127\\.0\\.0\\.1:" + port + " 127\\.0\\.0\\.1:\\d+");
      assertEquals(0, run.await().status());
    }
  }

  @Test
  void tellsTheWindowOfATerminal() throws Exception {
    String text =
        run(ours("filan"), "script -qec \"stty cols 177 rows 37; $1 -i 0\" /dev/null </dev/null");
    Pattern facts =
        Pattern.compile(
            " terminal window size: 177x37 terminal window pixels: 0x0"
                + "\tpoll: (IN,)?OUT,; FIONREAD=\\d");
    assertTrue(facts.matcher(text).find(), text);
  }

  @Test
  void tellsWhatSurroundsAProcess() throws Exception {
    String text = run(ours("procan"), "umask 027; $1");
    assertTrue(text.contains("umask = 0027\n"), text);
    assertTrue(text.contains("user id  = "), text);
    assertTrue(text.contains("Network namespace: net:["), text);
    assertTrue(text.contains("IP INTERFACES\n 1: lo\n"), text);
    assertTrue(text.endsWith("status 0"), text);
    String constants = run(ours("procan"), "$1 -c");
    assertTrue(constants.contains("#define SOCK_SEQPACKET 5\n"), constants);
    assertTrue(constants.endsWith("status 0"), constants);
    assertTrue(run(ours("procan"), "$1 -x").startsWith("E unknown option \"-x\""));
  }
}
