package dev.sluice.addresses;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.addresses.OptionEvidence.Evidence;
import dev.sluice.addresses.OptionEvidence.Excuse;
import dev.sluice.addresses.OptionEvidence.OtherTest;
import dev.sluice.addresses.OptionEvidence.Refusal;
import dev.sluice.addresses.OptionEvidence.Value;
import dev.sluice.catalog.Catalog;
import dev.sluice.endpoint.Direction;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.endpoint.Listener;
import dev.sluice.endpoint.Opened;
import dev.sluice.option.Option;
import dev.sluice.option.OptionGroup;
import dev.sluice.option.OptionTable;
import dev.sluice.os.EpollPoller;
import dev.sluice.os.Fd;
import dev.sluice.os.MessageQueue;
import dev.sluice.os.SocketAddressBytes;
import dev.sluice.os.SocketCalls;
import dev.sluice.testkit.AddressOpening;
import dev.sluice.testkit.SocketServer;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every option of sockets against the kernel: what {@link OptionEvidence} has for it is read back,
 * refused, proven by another test, or stands in the printed list.
 */
class OptionReadBackTest {
  private static final Set<OptionGroup> GROUPS =
      Set.of(
          OptionGroup.FD,
          OptionGroup.SOCKET,
          OptionGroup.IP4,
          OptionGroup.IP6,
          OptionGroup.TCP,
          OptionGroup.UDP,
          OptionGroup.UDPLITE,
          OptionGroup.SCTP,
          OptionGroup.DCCP,
          OptionGroup.UNIX,
          OptionGroup.LISTEN,
          OptionGroup.CHILD,
          OptionGroup.RANGE,
          OptionGroup.RETRY,
          OptionGroup.INTERFACE,
          OptionGroup.POSIXMQ);

  private static final AtomicInteger NAMES = new AtomicInteger();
  private static final ExecutorService BLOCKING_IO = Executors.newCachedThreadPool();
  private static final EpollPoller POLLER = EpollPoller.start("option-read-back");
  private static final AddressOpening OPENING =
      new AddressOpening(Catalog.load(), POLLER, BLOCKING_IO);

  @TempDir private Path folder;

  @AfterAll
  static void end() {
    BLOCKING_IO.shutdown();
    POLLER.close();
  }

  private static Set<String> rows() {
    Set<String> rows = new TreeSet<>();
    for (Option<?> option : OptionTable.all()) {
      if (option.groups().stream().anyMatch(GROUPS::contains)) {
        rows.add(option.name());
      }
    }
    return rows;
  }

  @Test
  void everyRowHasEvidenceOrAnExcuse() {
    assertEquals(rows(), new TreeSet<>(OptionEvidence.ALL.keySet()));
    List<String> excuses = new ArrayList<>();
    OptionEvidence.ALL.forEach(
        (option, evidence) -> {
          if (evidence instanceof Excuse excuse) {
            excuses.add(option + ": " + excuse.reason());
          }
        });
    System.out.println(
        excuses.size()
            + " socket options can't be verified here:\n  "
            + String.join("\n  ", excuses));
  }

  private static <E extends Evidence> Stream<E> evidence(Class<E> kind) {
    return OptionEvidence.ALL.values().stream().filter(kind::isInstance).map(kind::cast);
  }

  private static Stream<Value> values() {
    return evidence(Value.class);
  }

  private static Stream<Refusal> refusals() {
    return evidence(Refusal.class);
  }

  private static Stream<OtherTest> otherTests() {
    return evidence(OtherTest.class);
  }

  @ParameterizedTest
  @MethodSource("values")
  void isReadBack(Value value) throws Exception {
    assumeRoot(value.needsRoot());
    try (Scene scene = new Scene()) {
      String expected = scene.text(value.expected());
      String without = scene.read(value.address(), value);
      assertNotEquals(expected, without, "what is there without the option");
      assertEquals(expected, scene.read(value.address() + "," + value.given(), value));
    }
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void isRefused(Refusal refusal) throws Exception {
    assumeRoot(refusal.needsRoot());
    try (Scene scene = new Scene()) {
      String address = scene.text(refusal.address() + "," + refusal.given());
      Throwable cause =
          assertThrows(
              Throwable.class,
              () -> {
                shut(OPENING.open(address, Direction.BOTH));
              });
      String message = String.valueOf(cause.getMessage());
      assertTrue(message.contains(refusal.message()), message);
    }
  }

  @ParameterizedTest
  @MethodSource("otherTests")
  void theTestThatProvesItIsThere(OtherTest other) throws IOException {
    Path source = root().resolve(other.source());
    assertTrue(Files.exists(source), source + " is not there");
  }

  private static Path root() {
    Path above = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(above.resolve("cli"))) {
      above = Objects.requireNonNull(above.getParent(), "the project's folder");
    }
    return above;
  }

  private static void assumeRoot(boolean needed) {
    assumeTrue(!needed || "root".equals(System.getProperty("user.name")), "needs root");
  }

  private static void shut(Opened opened) {
    if (opened instanceof Endpoint endpoint) {
      endpoint.close();
    } else {
      ((Listener) opened).close();
    }
  }

  /** What the addresses of the table need: a server, and names that nobody else has. */
  private final class Scene implements AutoCloseable {
    private final String own = ProcessHandle.current().pid() + "x" + NAMES.incrementAndGet();
    final String interfaceName = "rb" + own;
    private final SocketServer tcp =
        SocketServer.on(SocketAddressBytes.of(InetAddress.getLoopbackAddress(), 0));

    String read(String address, Value value) throws Exception {
      Fd[] pair = SocketCalls.socketpair(SocketAddressBytes.AF_UNIX, SocketCalls.SOCK_STREAM, 0);
      pair[0].setCloseOnExec(false);
      String here = text(address).replace("INHERITED", pair[0].toString());
      Opened opened = OPENING.open(here, Direction.BOTH);
      try {
        return value.reading().read(new OptionEvidence.Live(opened, interfaceName));
      } finally {
        shut(opened);
        pair[0].close();
        pair[1].close();
      }
    }

    String text(String template) {
      return template
          .replace("FOLDER", folder.toString())
          .replace("OWN", own)
          .replace("IFNAME", interfaceName)
          .replace("PID", Long.toString(ProcessHandle.current().pid()))
          .replace("PORT", Integer.toString(tcp.address().port()));
    }

    @Override
    public void close() {
      tcp.close();
      MessageQueue.unlink("/rb" + own);
    }
  }
}
