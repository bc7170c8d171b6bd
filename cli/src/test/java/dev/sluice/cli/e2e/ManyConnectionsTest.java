package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Many short connections through few sessions at a time. */
class ManyConnectionsTest {
  private static final int CONNECTIONS = 20_000;
  private static final int SESSIONS = 50;
  private static final int CLIENTS = 120;

  @Test
  void twentyThousandConnectionsPassThroughFiftySessions() throws Exception {
    int port = Server.freePort();
    try (EchoLoop upstream = new EchoLoop();
        Run run =
            Tool.OURS
                .command(
                    "TCP-LISTEN:"
                        + port
                        + ",bind=127.0.0.1,fork,backlog=512,max-children="
                        + SESSIONS,
                    "TCP:127.0.0.1:" + upstream.port())
                .start()) {
      awaitListening(port);
      exchange(port, 500); // fills the thread pools
      long idle = settled(run.pid());

      exchange(port, CONNECTIONS);

      assertTrue(upstream.mostOpen() <= SESSIONS, "at once: " + upstream.mostOpen());
      assertTrue(upstream.mostOpen() > SESSIONS / 2, "the limit was tried: " + upstream.mostOpen());
      Await.until(
          () -> descriptors(run.pid()) <= idle,
          () -> idle + " descriptors, now " + descriptors(run.pid()));
      Outcome outcome = run.stop("TERM");
      assertEquals(143, outcome.status());
      assertEquals(List.of("W exiting on signal 15", ""), Normalise.log(outcome.stderr()));
    }
  }

  /** That many connections, {@link #CLIENTS} at a time, each with an answer of its own. */
  private static void exchange(int port, int connections) {
    AtomicInteger next = new AtomicInteger();
    List<CompletableFuture<Integer>> clients = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      clients.add(
          Background.call(
              "client " + i,
              () -> {
                int served = 0;
                for (int n = next.getAndIncrement(); n < connections; n = next.getAndIncrement()) {
                  String question = "question " + n + "\n";
                  assertEquals(question, Client.exchange(port, question));
                  served++;
                }
                return served;
              }));
    }
    int served = 0;
    for (CompletableFuture<Integer> client : clients) {
      served += Await.result(client);
    }
    assertEquals(connections, served);
  }

  private static void awaitListening(int port) {
    Await.until(
        () -> {
          try (Client probe = new Client(port)) {
            probe.endOutput();
            return probe.readAll().isEmpty();
          } catch (java.net.ConnectException e) {
            return false;
          }
        },
        () -> "a listener");
  }

  /** The number of descriptors once it has stood still for a second. */
  private static long settled(long pid) {
    long[] last = {-1, 0};
    Await.until(
        () -> {
          long now = descriptors(pid);
          if (now != last[0]) {
            last[0] = now;
            last[1] = System.nanoTime();
          }
          return System.nanoTime() - last[1] > 1_000_000_000L;
        },
        () -> "a steady state");
    return last[0];
  }

  private static long descriptors(long pid) {
    try (Stream<Path> entries = Files.list(Path.of("/proc/" + pid + "/fd"))) {
      return entries.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
