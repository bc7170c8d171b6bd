package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Descriptors, threads and child processes after many sessions, as /proc has them. */
class LeakTest {
  private static final int SESSIONS = 2_000;

  /** Threads that a process starts once, when it needs them: the one that writes the log. */
  private static final int ONCE = 2;

  /** It can't take its input while it waits for its output to be taken. */
  @ParameterizedTest
  @ValueSource(strings = {"EXEC:cat", "EXEC:cat,pipes", "EXEC:cat,pty,raw,echo=0"})
  void aProgramWhoseOutputNobodyTakesEndsWithItsClient(String program) throws Exception {
    int port = Server.freePort();
    try (Run run =
        Tool.OURS.command("TCP-LISTEN:" + port + ",bind=127.0.0.1,fork", program).start()) {
      awaitListening(port);
      Await.until(() -> Usage.of(run.pid()).children() == 0, () -> "no program");
      List<SocketChannel> clients = open(port, 5);
      for (SocketChannel client : clients) {
        roundTrip(client);
        client.write(ByteBuffer.allocate(200_000));
      }
      closeAll(clients); // with all unread, which is a reset
      Await.until(() -> Usage.of(run.pid()).children() == 0, () -> "no program is left");
    }
  }

  @Test
  void twoThousandSessionsLeaveNothingBehind() throws Exception {
    int port = Server.freePort();
    try (EchoLoop upstream = new EchoLoop();
        Run run =
            Tool.OURS
                .command(
                    "TCP-LISTEN:" + port + ",bind=127.0.0.1,fork,backlog=4096",
                    "TCP:127.0.0.1:" + upstream.port())
                .start()) {
      awaitListening(port);
      closeAll(open(port, 200)); // fills the thread pools
      Usage idle = settled(run.pid());

      List<SocketChannel> clients = open(port, SESSIONS);
      awaitDescriptors(run.pid(), idle.descriptors() + 2 * SESSIONS); // two for each session

      for (SocketChannel client : clients.subList(0, SESSIONS / 2)) {
        client.setOption(StandardSocketOptions.SO_LINGER, 0); // a reset, as from a killed peer
        client.close();
      }
      awaitDescriptors(run.pid(), idle.descriptors() + SESSIONS);
      for (SocketChannel client : clients.subList(SESSIONS / 2, SESSIONS)) {
        roundTrip(client);
      }

      closeAll(clients);
      awaitDescriptors(run.pid(), idle.descriptors());
      Await.until(
          () -> Usage.of(run.pid()).threads() <= idle.threads() + ONCE,
          () -> idle + ", now " + Usage.of(run.pid()));
      assertEquals(idle.children(), Usage.of(run.pid()).children());
    }
  }

  @Test
  void programsOfManySessionsAreWaitedFor() throws Exception {
    int port = Server.freePort();
    try (Run run =
        Tool.OURS
            .command("TCP-LISTEN:" + port + ",bind=127.0.0.1,fork,backlog=512", "EXEC:cat")
            .start()) {
      awaitListening(port);
      closeAll(open(port, 30));
      Usage idle = settled(run.pid());
      List<SocketChannel> clients = open(port, 60);
      assertEquals(idle.children() + 60, Usage.of(run.pid()).children());
      closeAll(clients);
      Await.until(
          () -> Usage.of(run.pid()).children() == idle.children(),
          () -> "no children, now " + Usage.of(run.pid()));
      awaitDescriptors(run.pid(), idle.descriptors());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"EXEC:cat", "EXEC:cat,pty,rawer", "SYSTEM:cat,pipes"})
  void aThousandProgramsLeaveNothingBehind(String program) throws Exception {
    int port = Server.freePort();
    try (Run run =
        Tool.OURS
            .command("TCP-LISTEN:" + port + ",bind=127.0.0.1,fork,backlog=512", program)
            .start()) {
      awaitListening(port);
      closeAll(open(port, 50));
      Usage idle = settled(run.pid());
      for (int i = 0; i < 20; i++) {
        closeAll(open(port, 50));
      }
      Await.until(
          () -> Usage.of(run.pid()).children() == idle.children(),
          () -> "no children, now " + Usage.of(run.pid()));
      awaitDescriptors(run.pid(), idle.descriptors());
      Await.until(
          () -> Usage.of(run.pid()).threads() <= idle.threads() + ONCE,
          () -> idle + ", now " + Usage.of(run.pid()));
    }
  }

  private static void awaitListening(int port) {
    Await.until(
        () -> {
          try (SocketChannel probe = SocketChannel.open(address(port))) {
            return probe.isConnected();
          } catch (ConnectException e) {
            return false;
          }
        },
        () -> "a listener");
  }

  /** Opens connections, each of which has been answered once. */
  private static List<SocketChannel> open(int port, int count) throws IOException {
    List<SocketChannel> clients = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      clients.add(SocketChannel.open(address(port)));
    }
    for (SocketChannel client : clients) {
      roundTrip(client);
    }
    return clients;
  }

  private static void roundTrip(SocketChannel client) throws IOException {
    client.write(ByteBuffer.wrap(new byte[] {'x'}));
    assertEquals(1, client.read(ByteBuffer.allocate(1)));
  }

  private static void closeAll(List<SocketChannel> clients) throws IOException {
    for (SocketChannel client : clients) {
      client.close();
    }
  }

  /** The usage once it has stopped falling: two equal looks half a second apart. */
  private static Usage settled(long pid) {
    Usage[] last = {Usage.of(pid)};
    long[] since = {System.nanoTime()};
    Await.until(
        () -> {
          Usage now = Usage.of(pid);
          if (!now.equals(last[0])) {
            last[0] = now;
            since[0] = System.nanoTime();
          }
          return System.nanoTime() - since[0] > 1_000_000_000L;
        },
        () -> "a steady state");
    return last[0];
  }

  /** Waits for exactly so many. A look may also meet a file that the JVM reads at that moment. */
  private static void awaitDescriptors(long pid, long expected) {
    Await.until(
        () -> Usage.of(pid).descriptors() == expected,
        () -> expected + " descriptors, now " + Usage.of(pid));
  }

  private static InetSocketAddress address(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  /**
   * What a process has.
   *
   * @param threads all but those of the pools, for actors and for calls that may block, and of the
   *     JVM's compilers: they are few, and end some time after their last task
   */
  private record Usage(long descriptors, long threads, long children) {
    static Usage of(long pid) {
      return new Usage(
          count(Path.of("/proc/" + pid + "/fd"), entry -> true),
          count(Path.of("/proc/" + pid + "/task"), task -> !isOfPool(task)),
          ProcessHandle.of(pid).orElseThrow().children().count());
    }

    private static boolean isOfPool(Path task) {
      try {
        String name = Files.readString(task.resolve("comm"));
        return name.startsWith("blocking-io")
            || name.contains("-akka.")
            || name.contains("CompilerThre");
      } catch (IOException e) {
        return true; // it has ended
      }
    }

    private static long count(Path folder, Predicate<Path> counts) {
      try (Stream<Path> entries = Files.list(folder)) {
        return entries.filter(counts).count();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
