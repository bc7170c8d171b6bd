package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * A host of the test's own: its network and mounts are apart from the machine's, every port is
 * free, {@code /etc} is a copy that may be changed, {@code /home}, {@code /run} and {@code
 * /var/log} are empty. No process of it outlives {@link #close}. Needs root and the programs of
 * util-linux and iproute2. See namespaces(7).
 */
final class PrivateHost implements AutoCloseable {
  private static final String LISTENING = "0A"; // a state of proc_net_tcp(5)
  private static final String BOUND = "07";
  private static final int STATE_COLUMN = 3;
  private static final int ADDRESS_COLUMN = 1;

  private final Path folder;
  private final Run holder;

  /**
   * @param folder where its commands run
   */
  PrivateHost(Path folder) {
    Assumptions.assumeTrue("root".equals(System.getProperty("user.name")), "needs root");
    this.folder = folder;
    String setup =
        """
        set -e
        mount -t tmpfs none /mnt
        cp -a /etc/. /mnt
        mount --bind /mnt /etc
        for place in /home /run /var/log; do mount -t tmpfs none $place; done
        mkdir -p /run/sshd
        ip link set lo up
        echo up
        exec cat
        """;
    holder = program("unshare", "--net --mount bash -c", setup).openInput().start();
    holder.awaitOutput("up\n");
  }

  private Command program(String name, String options, String... more) {
    Path program = Programs.find(name).orElse(Path.of("/usr/bin", name));
    List<String> words = Stream.concat(Stream.of(options.split(" ", -1)), Stream.of(more)).toList();
    return new Command(new Tool(name, program), words.toArray(String[]::new)).in(folder);
  }

  /** A line of bash to be run on this host, in its folder. */
  Command shell(String line) {
    String entry = "cd " + folder + "; exec bash -c \"$0\"";
    return program("nsenter", "-t " + holder.pid() + " -n -m bash -c", entry, line)
        .env("S", Tool.OURS.program().toString());
  }

  /** The way from here to a file that has this path on the host. */
  Path file(String path) {
    return Path.of("/proc/" + holder.pid() + "/root" + path);
  }

  /** Starts a program that serves until the host is closed, and waits until it listens. */
  Run serve(int port, String line) {
    return serve("tcp", port, line);
  }

  /** The same for a UDP port. */
  Run serveUdp(int port, String line) {
    return serve("udp", port, line);
  }

  private Run serve(String table, int port, String line) {
    Run run = shell(line).openInput().start();
    String end = String.format(":%04X", port);
    String state = table.equals("tcp") ? LISTENING : BOUND;
    Predicate<String[]> serving =
        row -> row[ADDRESS_COLUMN].endsWith(end) && row[STATE_COLUMN].equals(state);
    Await.until(
        () -> !run.isAlive() || Stream.of(table, table + "6").flatMap(this::rows).anyMatch(serving),
        () -> line + " to serve " + table + " port " + port);
    if (!run.isAlive()) {
      throw new AssertionError(line + " has ended: " + run.await());
    }
    return run;
  }

  /** Waits until somebody listens at a path. */
  void awaitUnixListener(String path) {
    Await.until(
        () ->
            rows("unix")
                .anyMatch(row -> row[row.length - 1].equals(path) && row[3].equals("00010000")),
        () -> path);
  }

  private Stream<String[]> rows(String table) {
    try {
      Path file = Path.of("/proc/" + holder.pid() + "/net/" + table);
      return Files.readAllLines(file, StandardCharsets.ISO_8859_1).stream()
          .skip(1)
          .map(line -> line.strip().split("\\s+", -1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Object network(long pid) {
    try {
      return Files.readSymbolicLink(Path.of("/proc/" + pid + "/ns/net"));
    } catch (IOException e) {
      return e; // has ended
    }
  }

  /** Joins it to another host: they are 10.0.0.1 and 10.0.0.5 to each other. */
  void join(PrivateHost there) {
    succeed("ip link add wire type veth peer wire netns " + there.holder.pid());
    succeed("ip addr add 10.0.0.1/24 dev wire && ip link set wire up");
    there.succeed("ip addr add 10.0.0.5/24 dev wire && ip link set wire up");
  }

  /** Runs a line that must end well; its output. */
  String succeed(String line) {
    Outcome outcome = shell(line).run();
    assertEquals(0, outcome.status(), () -> line + ": " + outcome);
    return outcome.stdout();
  }

  @Override
  public void close() {
    Object here = network(holder.pid());
    ProcessHandle.allProcesses()
        .filter(process -> network(process.pid()).equals(here))
        .forEach(ProcessHandle::destroyForcibly);
    holder.close();
  }
}
