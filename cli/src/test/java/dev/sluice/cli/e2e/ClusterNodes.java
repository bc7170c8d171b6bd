package dev.sluice.cli.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Nodes of a cluster as processes: node {@code i} has the host 127.0.0.i. */
final class ClusterNodes implements AutoCloseable {
  private final Path folder;
  private final List<Integer> ports = new ArrayList<>();
  private final List<@Nullable Run> runs = new ArrayList<>();

  ClusterNodes(Path folder, int count) throws IOException, InterruptedException {
    this.folder = folder;
    for (int i = 0; i < count; i++) {
      ports.add(Server.freePort());
      runs.add(null);
    }
    authority("ca");
    certificate("node", "ca");
  }

  void authority(String name) throws IOException, InterruptedException {
    new TlsKeys(folder)
        .openssl(
            "req -x509 -nodes -days 30 -newkey rsa:2048 -subj /CN="
                + name
                + " -keyout "
                + name
                + ".key -out "
                + name
                + ".crt");
  }

  /** Makes NAME.crt and NAME.key, for all nodes, signed by that authority. */
  void certificate(String name, String authority) throws IOException, InterruptedException {
    TlsKeys keys = new TlsKeys(folder);
    Files.writeString(folder.resolve("extensions"), "subjectAltName=DNS:edge\n");
    keys.openssl(
        "req -nodes -newkey rsa:2048 -subj /CN=edge -keyout "
            + name
            + ".key -out "
            + name
            + ".csr");
    keys.openssl(
        "x509 -req -days 30 -in "
            + name
            + ".csr -CA "
            + authority
            + ".crt -CAkey "
            + authority
            + ".key -CAcreateserial -extfile extensions -out "
            + name
            + ".crt");
  }

  static String host(int number) {
    return "127.0.0." + number;
  }

  int port(int number) {
    return ports.get(number - 1);
  }

  String name(int number) {
    return host(number) + ":" + port(number);
  }

  /** The section of a node, whose files are those of that name. */
  String section(int number, String cluster, String keys, String authority) {
    String seeds =
        IntStream.rangeClosed(1, ports.size())
            .mapToObj(one -> "\"" + name(one) + "\"")
            .collect(Collectors.joining(", "));
    return "cluster { name = "
        + cluster
        + ", bind = \""
        + name(number)
        + "\", seeds = ["
        + seeds
        + "], labels { zone = z"
        + number
        + " }, tls { cert = "
        + keys
        + ".crt, key = "
        + keys
        + ".key, ca = "
        + authority
        + ".crt } }";
  }

  Path write(int number, String relays) throws IOException {
    return write(number, section(number, "edge", "node", "ca"), relays);
  }

  Path write(int number, String section, String relays) throws IOException {
    return Files.writeString(
        folder.resolve(number + ".conf"),
        "sluice {\n  admin.socket = \""
            + number
            + ".sock\"\n  "
            + section
            + "\n  relays {\n"
            + relays
            + "\n  }\n}\n");
  }

  Run start(int number) {
    Run run = Tool.SLUICE.command("fleet", "run", number + ".conf", "-d").in(folder).start();
    runs.set(number - 1, run);
    return run;
  }

  Run run(int number) {
    Run run = runs.get(number - 1);
    if (run == null) {
      throw new IllegalStateException("node " + number + " was not started");
    }
    return run;
  }

  /** What a verb says on a node. */
  Outcome ask(int number, String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--socket", number + ".sock"));
    return Tool.SLUICE.command(all.toArray(String[]::new)).in(folder).run();
  }

  /** Waits until a node says that. */
  void await(int number, String expected, String... words) {
    Await.until(
        () -> ask(number, words).stdout().matches("(?s).*" + expected + ".*"),
        () -> expected + " in " + ask(number, words) + "\n" + run(number).log());
  }

  /** Whether somebody who sends everything back listens there. */
  static boolean serves(String host, int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, port), 1000);
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write("hello".getBytes(StandardCharsets.US_ASCII));
      InputStream in = socket.getInputStream();
      return new String(in.readNBytes(5), StandardCharsets.US_ASCII).equals("hello");
    } catch (IOException e) {
      return false;
    }
  }

  /** The nodes that serve a relay, which each of them would have at its own host. */
  List<Integer> serving(int port) {
    return IntStream.rangeClosed(1, ports.size())
        .filter(number -> serves(host(number), port))
        .boxed()
        .toList();
  }

  String logs() {
    return runs.stream()
        .map(run -> run == null ? "" : run.log())
        .collect(Collectors.joining("\n---\n"));
  }

  @Override
  public void close() {
    for (Run run : runs) {
      if (run != null) {
        run.close();
      }
    }
  }
}
