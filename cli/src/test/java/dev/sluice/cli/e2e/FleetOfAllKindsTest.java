package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.catalog.AddressDescriptor;
import dev.sluice.catalog.AddressType;
import dev.sluice.catalog.Catalog;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A fleet of every kind of address, as the catalog's example has it, in a network of its own: what
 * has a peer serves, what has none harms nobody.
 */
@Timeout(240)
class FleetOfAllKindsTest {
  private static final Pattern PORT = Pattern.compile(":(\\d{2,5})(?=[,/]|$)");
  private static final Pattern PEER = Pattern.compile(":[a-z.]*:\\d{2,5}|:[a-z.]*(?=/)|:\\d:1234");

  /** Those that can't but serve on any Linux. */
  private static final Set<String> SERVE =
      Set.of(
          "ABSTRACT-CONNECT",
          "EXEC",
          "OPENSSL",
          "PIPE",
          "SOCKETPAIR",
          "TCP-CONNECT",
          "TCP4-CONNECT",
          "TCP6-CONNECT",
          "UDP-CONNECT",
          "UDP4-CONNECT",
          "UDP6-CONNECT",
          "UNIX-CONNECT",
          "WS",
          "WSS");

  @TempDir Path folder;

  /** Right addresses, by the names of their relays, which listen on a socket of that name. */
  private final Map<String, String> targets = new TreeMap<>();

  /** Left addresses, by the names of their relays, which send back what they get. */
  private final Map<String, String> sources = new TreeMap<>();

  private static boolean isSource(AddressDescriptor kind) {
    return kind.keyword().matches(".*-(LISTEN|RECV|RECVFROM|SERVER)|ACCEPT-FD");
  }

  private void generate() {
    Map<String, String> examples = new TreeMap<>();
    Set<String> left = new TreeSet<>();
    for (AddressType type : Catalog.load().types()) {
      AddressDescriptor kind = type.descriptor();
      if (kind.unavailableBecause() == null) {
        examples.put(kind.keyword(), kind.example().replaceAll("/(run|tmp|var/log)/", "./"));
        if (isSource(kind)) {
          left.add(kind.keyword());
        }
      }
    }
    int port = 10_000;
    for (String keyword : left) {
      String example = examples.get(keyword);
      boolean isRaw = keyword.startsWith("IP");
      sources.put(
          keyword,
          isRaw ? example : named(PORT.matcher(example).replaceFirst(":" + port++), keyword));
    }
    examples.keySet().removeAll(left);
    examples.forEach(
        (keyword, example) -> {
          String trust = keyword.equals("WSS") ? ",cafile=ca.pem" : "";
          String source = sources.get(keyword.replaceFirst("-CONNECT$|-CLIENT$", "") + "-LISTEN");
          java.util.regex.Matcher at = PORT.matcher(source == null ? "" : source);
          String host = keyword.contains("6") ? "[::1]" : "127.0.0.1";
          targets.put(
              keyword,
              at.find()
                  ? PEER.matcher(example).replaceFirst(":" + host + ":" + at.group(1)) + trust
                  : named(example, keyword.replaceFirst("-\\w+$", "-LISTEN")));
          if (source != null) {
            targets.put("broken-" + keyword, example); // nobody is there
          }
        });
  }

  /** The address with a UNIX name that is the relay's own. */
  private static String named(String example, String keyword) {
    return example.replaceFirst("(?<=:)(\\./)?app(?=$|,|\\.sock)", "$1" + keyword);
  }

  private String file() {
    List<String> lines = new ArrayList<>();
    targets.forEach(
        (name, address) ->
            lines.add(
                line(
                    name,
                    name.equals("TARGET") ? "SOCKS-SERVER:9999,fork" : listen(name),
                    address)));
    sources.forEach(
        (name, address) -> {
          String right = name.endsWith("-SERVER") && !name.contains("DTLS") ? "TARGET" : "PIPE";
          if (name.startsWith("IP")) { // an answer would come in again, for ever
            right = "OPEN:/dev/null\", options = \"-u";
          }
          lines.add(line(name, address, right));
          lines.add(line("broken-" + name, address, right)); // the place is taken
        });
    lines.add(line("healthy", listen("healthy"), "PIPE"));
    return lines.stream()
        .collect(
            Collectors.joining(
                "", "sluice { defaults { connect-timeout = 5s, drain = 2s }\nrelays {\n", "} }\n"));
  }

  private static String listen(String name) {
    return "UNIX-LISTEN:" + name + ".of,fork";
  }

  private static String line(String name, String left, String right) {
    return "\"%s\" { left = \"%s\", right = \"%s\" }\n"
        .formatted(name, quoted(left), right.contains("options") ? right : quoted(right));
  }

  private static String quoted(String address) {
    return address.replace("\\", "\\\\").replace("\"", "\\\"");
  }

  private Outcome verb(String... words) {
    List<String> all = new ArrayList<>(List.of("fleet"));
    all.addAll(List.of(words));
    return Tool.SLUICE
        .command(all.toArray(String[]::new))
        .in(folder)
        .env("SLUICE_FLEET_SOCKET", folder.resolve("s").toString())
        .run();
  }

  /** Whether a byte comes back through a relay; what has no answer ends with the fleet. */
  private boolean echoes(String name) {
    try (SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      client.connect(UnixDomainSocketAddress.of(folder.resolve(name + ".of")));
      client.write(ByteBuffer.wrap(new byte[] {'x'}));
      ByteBuffer answer = ByteBuffer.allocate(1);
      return client.read(answer) == 1 && answer.get(0) == 'x';
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void aFleetOfEveryKindStartsServesAndDrainsWhateverIsBroken() throws Exception {
    new TlsKeys(folder).selfSigned("ca", "rsa:2048");
    Files.copy(folder.resolve("ca.crt"), folder.resolve("ca.pem"));
    Files.writeString(
        folder.resolve("server.pem"),
        TlsKeys.read(folder.resolve("ca.key")) + TlsKeys.read(folder.resolve("ca.crt")));
    generate();
    Files.writeString(folder.resolve("fleet.conf"), file());
    Outcome check = verb("check", "fleet.conf");
    assertEquals(0, check.status(), check.stderr());
    ExecutorService clients = Executors.newCachedThreadPool();
    try (NetworkNamespace network = new NetworkNamespace()) {
      Path log = folder.resolve("log");
      Process fleet =
          new ProcessBuilder(
                  "ip",
                  "netns",
                  "exec",
                  network.name(),
                  Tool.ROOT.resolve("bin/sluice").toString(),
                  "fleet",
                  "run",
                  "--socket",
                  "s",
                  "fleet.conf")
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      try {
        Await.until(() -> echoes("healthy"), () -> TlsKeys.read(log));
        Await.until(
            () -> !verb("status").stdout().matches("(?s).* (starting|waiting) .*"),
            () -> verb("status").stdout());
        Set<String> served = java.util.concurrent.ConcurrentHashMap.newKeySet();
        for (String name : targets.keySet()) {
          clients.execute(
              () -> {
                if (echoes(name)) {
                  served.add(name);
                }
              });
        }
        Await.until(
            () -> served.containsAll(SERVE),
            () -> "serve: " + new TreeSet<>(served) + "\n" + TlsKeys.read(log));
        assertTrue(echoes("healthy"));
        String status = verb("status").stdout();
        for (String name : List.of("TCP-LISTEN", "TCP6-LISTEN", "UNIX-LISTEN", "OPENSSL-LISTEN")) {
          String one = "(?s).*\\n(broken-)?" + name; // whichever was first has the place
          assertTrue(status.matches(one + " +running .*"), status);
          assertTrue(status.matches(one + " +retrying [^\\n]*in use by sluice.*"), status);
        }
        assertFalse(TlsKeys.read(log).contains("\n\tat "), () -> TlsKeys.read(log));
        verb("drain", "*");
        fleet.destroy();
        assertTrue(
            fleet.waitFor(Await.LIMIT.toMillis(), TimeUnit.MILLISECONDS), () -> TlsKeys.read(log));
        assertEquals(0, fleet.exitValue(), () -> TlsKeys.read(log));
      } finally {
        fleet.destroyForcibly().onExit().join();
      }
    } finally {
      clients.shutdownNow();
    }
  }
}
