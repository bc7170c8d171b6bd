package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A heap that is full: nothing can be trusted to go on. */
class FatalErrorTest {
  @Test
  void theProcessSaysWhyAndUndoesWhatItMade(@TempDir Path folder) throws Exception {
    Path entry = folder.resolve("s");
    try (Run run =
        Tool.OURS
            .command("-dd", "-b", "16777216", "-v", "UNIX-LISTEN:s,fork", "OPEN:/dev/zero")
            .in(folder)
            .env("SLUICE_JAVA_OPTS", "-Xms8m -Xmx17m -XX:MaxDirectMemorySize=200m")
            .start()) {
      run.awaitLog("listening on");
      try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(entry))) {
        assertTrue(client.isConnected());
        Outcome outcome = run.await();
        assertEquals(Outcome.EX_SOFTWARE, outcome.status(), outcome.stderr());
        assertTrue(outcome.stderr().contains("OutOfMemoryError"), outcome.stderr());
        assertFalse(Files.exists(entry), "the entry is left");
      }
    }
  }
}
