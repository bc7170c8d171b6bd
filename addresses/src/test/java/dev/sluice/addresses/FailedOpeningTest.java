package dev.sluice.addresses;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.catalog.Catalog;
import dev.sluice.endpoint.Direction;
import dev.sluice.os.EpollPoller;
import dev.sluice.os.SocketAddressBytes;
import dev.sluice.testkit.AddressOpening;
import dev.sluice.testkit.Descriptors;
import dev.sluice.testkit.SocketServer;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An address that fails at its last step, when almost all is done, leaves nothing behind. */
class FailedOpeningTest {
  /** Fails on every socket, once it is connected. */
  private static final String BAD_OPTION = "setsockopt-int=1:9999:1";

  private static final ExecutorService BLOCKING_IO = Executors.newCachedThreadPool();
  private static final EpollPoller POLLER = EpollPoller.start("failed-opening");

  @TempDir private Path folder;

  @AfterAll
  static void end() {
    BLOCKING_IO.shutdown();
    POLLER.close();
  }

  private String text(String template, SocketServer tcp) {
    return template
        .replace("FOLDER", folder.toString())
        .replace("PORT", Integer.toString(tcp.address().port()))
        .replace("BAD", BAD_OPTION);
  }

  private List<Path> files() throws IOException {
    try (var files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "TCP-CONNECT:127.0.0.1:PORT,BAD",
        "TCP-CONNECT:localhost:PORT,BAD",
        "UDP-CONNECT:127.0.0.1:PORT,BAD",
        "UDP-SENDTO:127.0.0.1:PORT,BAD",
        "UDP-DATAGRAM:127.0.0.1:PORT,BAD",
        "UNIX-CONNECT:FOLDER/server,BAD",
        "UNIX-CONNECT:FOLDER/server,bind=FOLDER/client,BAD",
        "UNIX-CLIENT:FOLDER/server,BAD",
        "UNIX-LISTEN:FOLDER/new,user=no-such-user",
        "SOCKETPAIR,BAD",
        "EXEC:cat,BAD",
        "SYSTEM:cat,BAD",
        "PIPE:FOLDER/new,user=no-such-user",
        "EXEC:cat,pipes,user=no-such-user",
        "PIPE,user=no-such-user"
      })
  void leavesNothingBehind(String template) throws Exception {
    AddressOpening opening = new AddressOpening(Catalog.load(), POLLER, BLOCKING_IO);
    try (SocketServer tcp =
            SocketServer.on(SocketAddressBytes.of(InetAddress.getLoopbackAddress(), 0));
        SocketServer unix =
            SocketServer.on(SocketAddressBytes.ofUnix(folder + "/server", false, true))) {
      assertTrue(unix.address().length() > 0);
      String address = text(template, tcp);
      assertThrows(RuntimeException.class, () -> opening.open(address, Direction.BOTH));
      Descriptors before = Descriptors.now();
      List<Path> files = files();
      assertThrows(RuntimeException.class, () -> opening.open(address, Direction.BOTH));
      before.assertNothingNew();
      assertEquals(files, files());
      assertEquals(List.of(folder.resolve("server")), files(), "what the first attempt left");
    }
  }
}
