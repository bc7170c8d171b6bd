package dev.sluice.addresses;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.testkit.RelayExtension;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Relays that are started from Java. */
abstract class RelayFromJavaFixture {
  static final String LISTEN = "TCP-LISTEN:0,bind=127.0.0.1,fork";

  @RegisterExtension final RelayExtension relays = new RelayExtension();

  @TempDir Path folder;

  static void bind(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      assertTrue(socket.isBound());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
