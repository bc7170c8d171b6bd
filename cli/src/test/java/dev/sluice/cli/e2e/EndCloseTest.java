package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A descriptor that sessions share, and that each closes at its end. */
class EndCloseTest {

  /** Else its number becomes that of the next client's socket, who gets another's data. */
  @ParameterizedTest
  @ValueSource(strings = {"STDOUT,end-close", "FD:3,end-close"})
  void keepsItForTheNextSession(String address, @TempDir Path folder) throws Exception {
    int port = Server.freePort();
    String listen = "TCP-LISTEN:" + port + ",bind=127.0.0.1,fork";
    Path file = folder.resolve("got");
    String redirect = address.startsWith("FD") ? "exec 3>" + file : "exec >" + file;
    try (Run run = Tool.OURS.command("-dd", "-u", listen, address).after(redirect).start()) {
      run.awaitLog("listening on");
      for (int i = 1; i <= 4; i++) {
        assertEquals("", Client.exchange(port, "from " + i + "\n"));
        int count = i;
        Await.until(
            () -> Files.readAllLines(file).size() == count, () -> "line " + count + " in the file");
      }
      assertEquals("from 1\nfrom 2\nfrom 3\nfrom 4\n", Files.readString(file));
    }
  }
}
