package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Somebody who tries what the documents show: in a folder that looks like a clone, on a host of
 * their own that has another beside it, with servers where the documents have them.
 */
final class Newcomer implements AutoCloseable {
  /** Ends of a relay: by TERM, or because there was nothing more to do. */
  private static final Set<Integer> GOOD_ENDS = Set.of(0, 128 + 15);

  final PrivateHost here;
  final PrivateHost there;
  private final Path folder;
  private final List<String> lines;
  private final List<Run> relays = new ArrayList<>();

  /**
   * @param folder empty; where all is done
   * @param lines that are to be typed
   */
  Newcomer(Path folder, List<String> lines) throws IOException {
    this.folder = folder;
    this.lines = lines;
    Path bin = Files.createDirectory(folder.resolve("bin"));
    for (String name : List.of("sluice", "filan", "procan")) {
      Files.createSymbolicLink(bin.resolve(name), Tool.ROOT.resolve("bin/sluice"));
    }
    for (String name : List.of("docs", "bench")) {
      Files.createSymbolicLink(folder.resolve(name), Tool.ROOT.resolve(name));
    }
    Files.writeString(folder.resolve("index.html"), "<h1>served</h1>\n");
    here = new PrivateHost(folder);
    there = new PrivateHost(folder);
    here.join(there);
    here.succeed("echo '10.0.0.5 there outside www.example.com' >>/etc/hosts");
  }

  Path file(String name) {
    return folder.resolve(name);
  }

  /** Waits until a symbolic link is there. */
  void awaitLink(String name) {
    Await.until(() -> Files.exists(file(name), LinkOption.NOFOLLOW_LINKS), file(name)::toString);
  }

  /** A line as it is typed. */
  String line(int number) {
    return lines.get(number);
  }

  /** Types a line, which must end well; its output. */
  String types(int number) {
    return here.succeed(line(number));
  }

  /** Starts a relay by a line. */
  Run starts(PrivateHost host, int number) {
    return relay(host.shell(line(number)).openInput().start());
  }

  /** Starts a relay that listens. */
  Run starts(PrivateHost host, int number, int port) {
    return relay(host.serve(port, line(number)));
  }

  Run relay(Run relay) {
    relays.add(relay);
    return relay;
  }

  /** Ends the relays that were started last, as TERM does. */
  void stops() {
    for (Run relay : relays) {
      Outcome end = relay.stop("TERM");
      assertTrue(GOOD_ENDS.contains(end.status()), end.toString());
    }
    relays.clear();
  }

  /** A service that says its port and a dash before each line that it sends back. */
  static void service(PrivateHost host, int port) {
    host.serve(
        port, "socat TCP4-LISTEN:" + port + ",reuseaddr,fork EXEC:'sed -u s/^/" + port + "-/'");
  }

  /** A web server with one page. */
  static void web(PrivateHost host, int port) {
    Programs.assumeInstalled("busybox");
    host.serve(port, "busybox httpd -f -p " + port);
  }

  /** A client that sends a line through a relay to a {@link #service}. */
  static void reaches(PrivateHost host, String address, int service) {
    hears(host, address, "over\n", service + "-over\n");
  }

  static void hears(PrivateHost host, String address, String sent, String awaited) {
    try (Run client = host.shell("socat - " + address).openInput().start()) {
      client.send(sent);
      client.awaitOutput(Pattern.quote(awaited));
    }
  }

  /** What curl(1) gets. */
  static String fetches(PrivateHost host, String words) {
    return host.succeed("curl -sS --max-time " + Await.LIMIT.toSeconds() + " " + words);
  }

  @Override
  public void close() {
    try (here;
        there) {
      stops();
    }
  }
}
