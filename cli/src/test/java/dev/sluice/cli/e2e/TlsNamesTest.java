package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What TLS says by name: the server that a client asks for, and the alerts of a peer. */
class TlsNamesTest {
  @TempDir static Path folder;

  @BeforeAll
  static void makeKeys() throws IOException, InterruptedException {
    TlsKeys keys = new TlsKeys(folder);
    keys.selfSigned("own", "rsa:2048");
    keys.selfSigned("other", "rsa:2048");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-tls1_3", "-tls1_2"})
  void theAlertOfAClientThatRefusesUsIsNamed(String version)
      throws IOException, InterruptedException {
    int port = Server.freePort();
    try (Run run =
        Tool.OURS
            .command(
                "OPENSSL-LISTEN:" + port + ",bind=127.0.0.1,verify=0,fork,cert=own.crt,key=own.key",
                "PIPE")
            .in(folder)
            .start()) {
      Await.until(
          () -> {
            openssl(port, version).waitFor();
            return run.log().contains("alert");
          },
          () -> "an alert in the log");
      run.awaitLog("SSL_accept\\(\\): tlsv1 alert unknown ca");
    }
  }

  private static Process openssl(int port, String version) throws IOException {
    return new ProcessBuilder(
            "openssl",
            "s_client",
            "-connect",
            "127.0.0.1:" + port,
            version,
            "-CAfile",
            "other.crt",
            "-verify_return_error")
        .directory(folder.toFile())
        .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  @ParameterizedTest
  @CsvSource({
    "commonname=MySQL_Server_5.7.34, MySQL_Server_5.7.34",
    "snihost=a_b.test, a_b.test",
    "snihost=192.0.2.1, 192.0.2.1"
  })
  void theNameIsSentAsItIsGiven(String option, String name) throws IOException {
    int port = Server.freePort();
    Process server =
        new ProcessBuilder(
                "openssl",
                "s_server",
                "-accept",
                "127.0.0.1:" + port,
                "-cert",
                "own.crt",
                "-key",
                "own.key",
                "-tlsextdebug",
                "-naccept",
                "1")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    try {
      Outcome client =
          Tool.OURS
              .command(
                  "-", "OPENSSL:127.0.0.1:" + port + ",verify=0,retry=100,interval=0.1," + option)
              .run();
      assertEquals(0, client.status(), client.stderr());
      String seen = new String(server.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
      assertTrue(text(seen).contains(name), seen);
    } finally {
      server.destroyForcibly();
    }
  }

  /** The right column of the dumps, joined. */
  private static String text(String dump) {
    StringBuilder text = new StringBuilder();
    for (String line : dump.split("\n", -1)) {
      if (line.matches("[0-9a-f]{4} - .*") && line.length() > 56) {
        text.append(line.substring(57));
      }
    }
    return text.toString();
  }

  @Test
  void whatIsNotCheckedIsSaidOnce() throws IOException {
    int port = Server.freePort();
    int target = Server.freePort();
    Process server =
        new ProcessBuilder(
                "openssl",
                "s_server",
                "-accept",
                "127.0.0.1:" + target,
                "-cert",
                "own.crt",
                "-key",
                "own.key",
                "-rev")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (Run run =
        Tool.OURS
            .command(
                "-d",
                "-d",
                "TCP-LISTEN:" + port + ",bind=127.0.0.1,fork",
                "OPENSSL:127.0.0.1:" + target + ",cafile=own.crt,retry=100,interval=0.1")
            .in(folder)
            .start()) {
      run.awaitLog("listening on");
      for (int i = 0; i < 2; i++) {
        assertEquals("cba\n", Client.exchange(port, "abc\n"));
      }
      assertEquals(2, run.log().split("does not check CRLs", -1).length, run.log());
    } finally {
      server.destroyForcibly();
    }
  }
}
