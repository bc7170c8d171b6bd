package dev.sluice.cli.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Debian's mosquitto in a process of its own. */
final class MosquittoBroker implements AutoCloseable {
  private final int port = Server.freePort();
  private final Path log;
  private final Process process;

  private MosquittoBroker(Path folder, String settings) throws IOException {
    log = folder.resolve("mosquitto.log");
    Path file =
        Files.writeString(
            folder.resolve("mosquitto.conf"), "listener " + port + " 127.0.0.1\n" + settings);
    process =
        new ProcessBuilder(
                Programs.find("mosquitto").orElseThrow().toString(), "-c", file.toString())
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    Await.until(() -> RealProxyTest.takesConnections(port), () -> "mosquitto to listen; " + log);
  }

  /**
   * Starts one whose files are in {@code folder}; leaves the test out where it is not installed.
   *
   * @param settings lines of mosquitto.conf
   */
  static MosquittoBroker start(Path folder, String settings) throws IOException {
    Programs.assumeInstalled("mosquitto");
    return new MosquittoBroker(folder, settings);
  }

  int port() {
    return port;
  }

  /** It takes no more, and answers nothing; {@link #close} still works. */
  void pause() throws IOException {
    Await.result(new ProcessBuilder("kill", "-STOP", "" + process.pid()).start().onExit());
  }

  void awaitLog(String text) {
    Await.content(log, text);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
