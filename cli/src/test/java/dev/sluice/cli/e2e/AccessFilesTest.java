package dev.sluice.cli.e2e;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who is served when access files say so. */
class AccessFilesTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ALL: 127.0.0.2 | ALL: ALL",
        "socat: 127.0.0.1 | ALL: ALL",
        "other: ALL | ALL: ALL",
        "# nothing | # nothing",
        "ALL: ALL EXCEPT 127.0.0.1 | ALL: ALL",
        "ALL: 127. | ALL: ALL",
        "ALL: 127.0.0.0/255.0.0.0 | ALL: ALL",
        "ALL: 128.0.0.0/255.0.0.0 | ALL: ALL",
        "ALL: 127.0.0.* | ALL: ALL",
        "# nothing | socat: 127.0.0.1",
        "# nothing | socat: ALL EXCEPT 127.0.0.1",
        "socat, other: 10.0.0.1, 127.0.0.1 | ALL: ALL"
      })
  void servesWhomTheFilesLetIn(String allow, String deny) {
    SideBySide.play(
            (tool, folder) -> {
              int port = Server.freePort();
              Files.writeString(Path.of(folder.toString(), "hosts.allow"), allow.strip() + "\n");
              Files.writeString(Path.of(folder.toString(), "hosts.deny"), deny.strip() + "\n");
              String listen = "TCP4-LISTEN:" + port + ",bind=127.0.0.1,fork,tcpwrap-etc=" + folder;
              try (Run server = tool.command("-dd", listen, "SYSTEM:echo served").start()) {
                server.awaitLog("listening on");
                String got;
                try {
                  got = Client.exchange(port, "");
                } catch (java.net.SocketException e) {
                  got = "";
                }
                return server.stop("TERM").observing(got);
              }
            })
        .onlyLines("tcpwrapper")
        .same();
  }
}
