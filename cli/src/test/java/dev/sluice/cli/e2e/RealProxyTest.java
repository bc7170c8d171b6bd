package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Through the proxies that Debian has: microsocks and tinyproxy. */
class RealProxyTest {
  @TempDir private Path folder;

  /** A proxy that takes connections. */
  private Process start(int port, String... command) throws IOException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("proxy.log").toFile())
            .start();
    Await.until(() -> takesConnections(port), () -> List.of(command) + " to listen");
    return process;
  }

  static boolean takesConnections(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  private static Outcome refused(String address) {
    return Tool.OURS.command("-", address).run();
  }

  /** These proxies end both directions with the first: the input stays open until the answer. */
  private static void assertEchoes(String address) {
    try (Run run = Tool.OURS.command("-", address).openInput().start()) {
      run.send("hello\n");
      run.awaitOutput("hello\n");
    }
  }

  @Test
  void microsocks() throws IOException {
    Programs.assumeInstalled("microsocks");
    int port = Server.freePort();
    List<String> command =
        new ArrayList<>(List.of("microsocks", "-i", "127.0.0.1", "-p", port + ""));
    command.addAll(List.of("-u", "alice", "-P", "sesame"));
    Process proxy = start(port, command.toArray(String[]::new));
    try (Server echo = Server.echo()) {
      String address = "SOCKS5:127.0.0.1:" + port + ":127.0.0.1:";
      String login = ",socksuser=alice,sockspass=";
      assertEchoes(address + echo.port() + login + "sesame");
      assertEchoes("SOCKS5:127.0.0.1:" + port + ":localhost:" + echo.port() + login + "sesame");
      Outcome wrong = refused(address + echo.port() + login + "wrong");
      assertEquals(1, wrong.status());
      assertTrue(wrong.stderr().contains("authentication for user \"alice\" failed"));
      Outcome refused = refused(address + Server.freePort() + login + "sesame");
      assertEquals(255, refused.status());
      assertTrue(refused.stderr().contains("SOCKS5 server error 5: connection refused"));
    } finally {
      proxy.destroy();
    }
  }

  @Test
  void tinyproxy() throws IOException {
    Programs.assumeInstalled("tinyproxy");
    int port = Server.freePort();
    Path settings = folder.resolve("tinyproxy.conf");
    Files.writeString(
        settings,
        "Port " + port + "\nListen 127.0.0.1\nTimeout 60\nMaxClients 20\nBasicAuth alice sesame\n");
    Process proxy = start(port, "tinyproxy", "-d", "-c", settings.toString());
    try (Server echo = Server.echo()) {
      String address = "PROXY:127.0.0.1:127.0.0.1:" + echo.port() + ",proxyport=" + port;
      assertEchoes(address + ",proxyauth=alice:sesame");
      Outcome wrong = refused(address + ",proxyauth=alice:wrong");
      assertEquals(255, wrong.status());
      assertTrue(wrong.stderr().contains("CONNECT 127.0.0.1:" + echo.port() + ": "));
    } finally {
      proxy.destroy();
    }
  }
}
