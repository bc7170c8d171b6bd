package dev.sluice.cli.e2e;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What each type of address does when there is no more to write to it, and what overrides that. */
class HalfCloseTableTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "EXEC:wc -c",
        "EXEC:wc -c,pipes",
        "SYSTEM:wc -c",
        "SHELL:wc -c",
        "SYSTEM:wc -c,shut-down",
      })
  void aProgramReadsToTheEnd(String address) {
    Outcome outcome =
        SideBySide.play(
                (tool, folder) ->
                    tool.command("-t", "10", "-", address)
                        .input("12345")
                        .env("SHELL", "/bin/sh")
                        .run())
            .same();
    assertEquals("5\n", outcome.stdout());
  }

  /**
   * Once {@code -t} is over the program has not answered yet, since it waits for its end of file.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "EXEC:wc -c,shut-none",
        "EXEC:wc -c,pipes,shut-none",
        "SYSTEM:wc -c,shut-null",
        "EXEC:wc -c,end-close",
        "EXEC:wc -c,shut-close,shut-none",
      })
  void aProgramIsNotToldOfTheEnd(String address) {
    Outcome outcome =
        SideBySide.play(
                (tool, folder) -> tool.command("-t", "0.3", "-", address).input("12345").run())
            .onlyLines("^E ") // the peer's helper process tells of its signal
            .same();
    assertEquals("", outcome.stdout());
  }

  @Test
  void theLastOfTheOverridesWins() {
    Outcome outcome =
        SideBySide.play(
                (tool, folder) ->
                    tool.command("-t", "10", "-", "EXEC:wc -c,shut-none,shut-down")
                        .input("12345")
                        .run())
            .same();
    assertEquals("5\n", outcome.stdout());
  }

  @Test
  void aUnixSocketIsShutDown() {
    SideBySide.play(
            (tool, folder) -> {
              Path path = folder.resolve("sock");
              try (ServerSocketChannel server =
                  ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
                server.bind(UnixDomainSocketAddress.of(path));
                CompletableFuture<Boolean> served =
                    Background.call("unix server", () -> answerAfterEnd(server));
                Outcome outcome =
                    tool.command("-d", "-d", "-t", "10", "-", "UNIX-CONNECT:sock")
                        .in(folder)
                        .input("question")
                        .run();
                return outcome.observing("served " + Await.result(served));
              }
            })
        .same();
  }

  @Test
  void anUnnamedPipeEndsAtOnce() {
    SideBySide.play(
            (tool, folder) -> tool.command("-d", "-d", "-t", "50", "-", "PIPE").input("x").run())
        .same();
  }

  @Test
  void aStreamSocketpairEndsAtOnce() {
    SideBySide.play(
            (tool, folder) ->
                tool.command("-d", "-d", "-t", "50", "-", "SOCKETPAIR,socktype=1").input("x").run())
        .same();
  }

  /** The relay ends with {@code -t} only. */
  @ParameterizedTest
  @ValueSource(strings = {"PIPE,shut-none", "PIPE:named", "SOCKETPAIR", "FD:3"})
  void otherTypesDoNothing(String address) {
    SideBySide.play(
            (tool, folder) -> {
              long start = System.nanoTime();
              Outcome outcome =
                  tool.command("-d", "-d", "-t", "0.4", "-", address)
                      .in(folder)
                      .after("mkfifo other; exec 3<>other")
                      .input("x")
                      .run();
              assertTook(start, Duration.ofMillis(400));
              return outcome;
            })
        .inAnyOrder()
        .same();
  }

  @Test
  void anEmptyDatagramEndsAnAddressWithNullEof() {
    Outcome outcome =
        SideBySide.play(
                (tool, folder) ->
                    tool.command(
                            "-d", "-d", "-t", "50", "-", "SOCKETPAIR,socktype=2,shut-null,null-eof")
                        .input("x")
                        .run())
            .inAnyOrder()
            .same();
    assertEquals("x", outcome.stdout());
  }

  @Test
  void anEmptyDatagramIsIgnoredWithoutNullEof() {
    Outcome outcome =
        SideBySide.play(
                (tool, folder) ->
                    tool.command("-d", "-d", "-t", "0.3", "-", "SOCKETPAIR,socktype=2,shut-null")
                        .input("x")
                        .run())
            .inAnyOrder()
            .same();
    assertTrue(!outcome.stderr().contains("socket 2 "), outcome.stderr());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ",shut-none", ",shut-down", ",shut-null", ",end-close"})
  void theServerSeesTheEndOrNot(String option) {
    SideBySide.play(
            (tool, folder) -> {
              CompletableFuture<String> seen = new CompletableFuture<>();
              try (Server server =
                  Server.serving(
                      c -> {
                        c.getInputStream().read();
                        c.setSoTimeout(600);
                        seen.complete(nextOf(c));
                      })) {
                return tool.command("-d", "-d", "-t", "1.5", "-", server.address() + option)
                    .input("x")
                    .run()
                    .observing(Await.result(seen));
              }
            })
        .same();
  }

  @Test
  void shutCloseClosesWhatIsOnlyWritten() {
    SideBySide.play(
            (tool, folder) -> {
              CompletableFuture<String> seen = new CompletableFuture<>();
              try (Server server =
                  Server.serving(
                      c ->
                          seen.complete(new String(c.getInputStream().readAllBytes(), US_ASCII)))) {
                return tool.command("-d", "-d", "-u", "-", server.address() + ",shut-close")
                    .input("all of it")
                    .run()
                    .observing(Await.result(seen));
              }
            })
        .same();
  }

  /** The shell holds the connection, and uses it again after the first relay. */
  @ParameterizedTest
  @ValueSource(strings = {",end-close", ""})
  void endCloseKeepsAConnectionThatOthersHold(String option) {
    SideBySide.play(
            (tool, folder) -> {
              CompletableFuture<String> seen = new CompletableFuture<>();
              try (Server server =
                  Server.serving(
                      c ->
                          seen.complete(new String(c.getInputStream().readAllBytes(), US_ASCII)))) {
                return tool.command("-u", "-", "FD:3" + option)
                    .after("exec 3<>/dev/tcp/127.0.0.1/" + server.port())
                    .after("printf one | \"$0\" -u - FD:3" + option)
                    .input("two")
                    .run()
                    .observing(Await.result(seen));
              }
            })
        .same();
  }

  @Test
  void aProgramThatIsOnlyWrittenToHasASecondToEnd() {
    Outcome outcome =
        SideBySide.play(
                (tool, folder) ->
                    tool.command("-u", "-", "SYSTEM:'cat >/dev/null; sleep 0.4; echo done >f'")
                        .in(folder)
                        .input("x")
                        .run()
                        .observing("done: " + Files.exists(folder.resolve("f"))))
            .same();
    assertEquals("done: true", outcome.observed());
  }

  @Test
  void aProgramThatIsOnlyWrittenToIsEndedAfterASecond() {
    SideBySide.play(
            (tool, folder) -> {
              Path script = folder.resolve("p");
              Files.writeString(
                  script,
                  "#!/bin/bash\ntrap 'echo term >f; exit 0' TERM\ncat >/dev/null\n"
                      + "while :; do read -t 0.05 <> <(:); done\n");
              Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
              long start = System.nanoTime();
              Outcome outcome = tool.command("-u", "-", "EXEC:./p").in(folder).input("x").run();
              assertTook(start, Duration.ofSeconds(1));
              Await.until(() -> Files.exists(folder.resolve("f")), () -> "SIGTERM");
              return new Outcome(0, outcome.stdout(), ""); // 0 or 1
            })
        .ignoringLog()
        .same();
  }

  private static String nextOf(Socket connection) throws IOException {
    try {
      return connection.getInputStream().read() < 0 ? "end" : "data";
    } catch (SocketTimeoutException e) {
      return "nothing";
    }
  }

  private static boolean answerAfterEnd(ServerSocketChannel server) throws IOException {
    try (SocketChannel connection = server.accept()) {
      ByteBuffer buffer = ByteBuffer.allocate(100);
      while (connection.read(buffer) >= 0) {
        buffer.limit(buffer.capacity());
      }
      connection.write(ByteBuffer.wrap("answer".getBytes(US_ASCII)));
      return true;
    }
  }

  private static void assertTook(long start, Duration least) {
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    assertTrue(took.compareTo(least) >= 0, "ended after " + took);
  }
}
