package dev.sluice.cli.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** A broker of Apache Kafka in a process of its own, with its own controller (KRaft). */
final class KafkaBroker implements AutoCloseable {
  private static final Path JARS = Tool.ROOT.resolve("connectors/kafka-broker/target/broker");

  private final Path folder;
  private final int port = Server.freePort();
  private Process process;

  private KafkaBroker(Path folder, String listener, String settings) throws IOException {
    this.folder = Files.createDirectories(folder);
    int controller = Server.freePort();
    Files.writeString(
        folder.resolve("server.properties"),
        """
        process.roles=broker,controller
        node.id=1
        controller.quorum.voters=1@127.0.0.1:%2$d
        listeners=%4$s://localhost:%1$d,CONTROLLER://127.0.0.1:%2$d
        listener.security.protocol.map=%4$s:%4$s,CONTROLLER:PLAINTEXT
        controller.listener.names=CONTROLLER
        log.dirs=%3$s
        offsets.topic.replication.factor=1
        offsets.topic.num.partitions=1
        group.initial.rebalance.delay.ms=0
        auto.create.topics.enable=false
        """
                .formatted(port, controller, folder.resolve("data"), listener)
            + settings);
    Process format =
        java("kafka.tools.StorageTool", "format", "-t", "AAAAAAAAQACAAAAAAAAAAQ", "-c");
    try {
      if (format.waitFor() != 0) {
        throw new IllegalStateException("kafka format: " + Files.readString(log()));
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    process = start();
  }

  /** Starts one whose files are in {@code folder}; leaves the test out where it was not fetched. */
  static KafkaBroker start(Path folder) throws IOException {
    return start(folder, "PLAINTEXT", "");
  }

  /**
   * The same with a listener of another kind, and all between brokers over it.
   *
   * @param listener SASL_SSL or another
   * @param settings more lines for the broker
   */
  static KafkaBroker start(Path folder, String listener, String settings) throws IOException {
    Assumptions.assumeTrue(
        Files.isDirectory(JARS),
        "the broker is not there: ./mvnw -pl connectors/kafka-broker test");
    return new KafkaBroker(folder, listener, settings);
  }

  private Process java(String mainClass, String... words) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
    command.addAll(List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-cp", JARS + "/*", mainClass));
    command.addAll(List.of(words));
    command.add(folder.resolve("server.properties").toString());
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
        .start();
  }

  private Path log() {
    return folder.resolve("log");
  }

  private Process start() throws IOException {
    Process started = java("kafka.Kafka");
    Await.until(() -> RealProxyTest.takesConnections(port), () -> "the broker to listen; " + log());
    return started;
  }

  /** Ends it as a failure of power would. */
  void kill() {
    try {
      process.destroyForcibly().waitFor();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  void restart() {
    try {
      process = start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int port() {
    return port;
  }

  /** The address of a topic. */
  String topic(String name) {
    return "KAFKA:127.0.0.1:" + port + "/" + name;
  }

  @Override
  public void close() {
    kill();
  }
}
