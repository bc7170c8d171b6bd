package dev.sluice.addresses;

import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.util.ByteString;
import dev.sluice.catalog.OpenFailure;
import dev.sluice.os.NativeError;
import dev.sluice.testkit.RelayExtension;
import dev.sluice.testkit.TestClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Addresses as streams of Akka, and peers for them. */
abstract class ConnectorsFixture {
  static final ByteString HELLO = ByteString.fromString("hello");

  @RegisterExtension final RelayExtension relays = new RelayExtension();

  static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }

  TestClient connectPatiently(int port) {
    return relays
        .testKit()
        .createTestProbe()
        .awaitAssert(RelayExtension.PATIENCE, () -> TestClient.connect(port));
  }

  static void assertOpenFailure(Throwable failure) {
    assertTrue(
        failure instanceof OpenFailure || failure instanceof NativeError, failure.toString());
  }
}
