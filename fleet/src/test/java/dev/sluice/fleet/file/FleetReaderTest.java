package dev.sluice.fleet.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.catalog.Catalog;
import dev.sluice.fleet.model.Fleet;
import dev.sluice.fleet.model.OnChange;
import dev.sluice.fleet.model.RelayDefinition;
import dev.sluice.fleet.model.Retry;
import dev.sluice.fleet.pool.Pools;
import dev.sluice.option.RelayOptions;
import dev.sluice.relay.RelaySettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a file means, and what is said of a wrong one, with the line. */
class FleetReaderTest {
  private static final Catalog CATALOG = Catalog.load();

  @TempDir Path folder;

  private static final RelayReader RELAYS =
      RelayReader.of(
          CATALOG,
          (words, problem) -> {
            if (words.contains("--bad")) {
              problem.accept("unknown option \"--bad\"");
              return null;
            }
            return new dev.sluice.fleet.file.RelayOptions.Said(RelaySettings.DEFAULT, true);
          },
          new Pools((pool, text) -> {}));

  private FleetReader.Result read(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.writeString(file, text);
    return read(file);
  }

  private static FleetReader.Result read(Path path) {
    return new FleetReader(RELAYS, Map.of("DB_PASSWORD", "s3:cret")).read(path);
  }

  private Fleet fleet(String text) throws IOException {
    FleetReader.Result result = read("fleet.conf", text);
    return result.fleet().orElseThrow(() -> new AssertionError(result.problems()));
  }

  private static RelayDefinition relay(Fleet fleet, String name) {
    return Objects.requireNonNull(fleet.relays().get(name), name);
  }

  private static RelayReader.Understood understood(Fleet fleet, String name) {
    return Objects.requireNonNull(
        RELAYS.read(
            relay(fleet, name),
            fleet.secrets(),
            problem -> {
              throw new AssertionError(problem);
            }));
  }

  @Test
  void whatARelaySaysGoesBeforeItsGroupAndTheGroupBeforeTheDefaults() throws IOException {
    Fleet fleet =
        fleet(
            """
            sluice {
              defaults { max-sessions = 5, drain = 1m, on-change = "drain 10s" }
              groups.edge { max-sessions = 7, drain = 2m, labels { tier = front } }
              relays {
                own   { left = "TCP-LISTEN:1,fork", right = "TCP:a:1", group = edge, drain = 3m }
                group { left = "TCP-LISTEN:2,fork", right = "TCP:a:1", group = edge }
                none  { left = "TCP-LISTEN:3,fork", right = "TCP:a:1" }
              }
            }
            """);
    assertEquals(Duration.ofMinutes(3), relay(fleet, "own").drain());
    assertEquals(Duration.ofMinutes(2), relay(fleet, "group").drain());
    assertEquals(Duration.ofMinutes(1), relay(fleet, "none").drain());
    assertEquals(7, relay(fleet, "own").maxSessions());
    assertEquals(5, relay(fleet, "none").maxSessions());
    assertEquals(Map.of("tier", "front"), relay(fleet, "own").labels());
    assertEquals(new OnChange.Drain(Duration.ofSeconds(10)), relay(fleet, "none").onChange());
    assertEquals(Retry.DEFAULT, relay(fleet, "none").retry());
    assertEquals(List.of("own", "group", "none"), List.copyOf(fleet.relays().keySet()));
  }

  @Test
  void portsAndItemsMakeOneRelayEach() throws IOException {
    Fleet fleet =
        fleet(
            """
            sluice.relays {
              games { ports = "5000-5002,6000", left = "UDP-LISTEN:{port},fork",
                      right = "UDP:10.0.0.9:{port}", options = "-T 60" }
              hosts { for = [a, b], left = "UNIX-LISTEN:{item}.sock,fork", right = "TCP:{item}:80" }
            }
            """);
    assertEquals(
        List.of("games-5000", "games-5001", "games-5002", "games-6000", "hosts-a", "hosts-b"),
        List.copyOf(fleet.relays().keySet()));
    assertEquals("UDP:10.0.0.9:5001", relay(fleet, "games-5001").right());
    assertEquals(List.of("-T", "60"), relay(fleet, "games-5001").options());
    assertEquals("TCP:b:80", relay(fleet, "hosts-b").right());
  }

  @Test
  void thePlainFormSaysTheSame() throws IOException {
    FleetReader.Result plain =
        read(
            "many.relays",
            """
            # written by a program
            web TCP-LISTEN:8080,fork TCP:10.0.0.1:80 group=edge drain=1m

            run "TCP-LISTEN:7000,fork" "EXEC:'wc -c'" "options=-T 60"
            """);
    Fleet same =
        fleet(
            """
            sluice.relays {
              web { left = "TCP-LISTEN:8080,fork", right = "TCP:10.0.0.1:80", group = edge, drain = 1m }
              run { left = "TCP-LISTEN:7000,fork", right = "EXEC:'wc -c'", options = "-T 60" }
            }
            """);
    Fleet read = plain.fleet().orElseThrow(() -> new AssertionError(plain.problems()));
    assertEquals(same.relays().keySet(), read.relays().keySet());
    for (String name : same.relays().keySet()) {
      assertTrue(relay(same, name).saysAs(relay(read, name)), name);
    }
    assertEquals(folder.resolve("many.relays") + ":4", relay(read, "run").origin().toString());
  }

  @Test
  void aFolderIsReadInOrderAndIncludesAreFollowed() throws IOException {
    Files.createDirectory(folder.resolve("conf.d"));
    Files.createDirectory(folder.resolve("parts"));
    Files.writeString(
        folder.resolve("conf.d/10-first.conf"), "sluice { include \"../parts/more.conf\" }");
    Files.writeString(
        folder.resolve("parts/more.conf"),
        "relays.one { left = \"TCP-LISTEN:1,fork\", right = \"TCP:a:1\" }");
    Files.writeString(folder.resolve("conf.d/20-second.relays"), "two TCP-LISTEN:2,fork TCP:a:2\n");
    Files.writeString(folder.resolve("conf.d/README"), "not a fleet file");
    FleetReader.Result result = read(folder.resolve("conf.d"));
    assertEquals(List.of(), result.problems());
    assertEquals(
        List.of("one", "two"), List.copyOf(result.fleet().orElseThrow().relays().keySet()));
  }

  @Test
  void secretsAreInAddressesOnlyWhereTheyAreUsed() throws IOException {
    Files.writeString(folder.resolve("token"), "to,ken\n");
    Fleet fleet =
        fleet(
            "sluice { secrets { db { env = DB_PASSWORD }, t { file = \""
                + folder.resolve("token")
                + "\" } }\n"
                + "relays.p { left = \"TCP-LISTEN:1,fork\", right ="
                + " \"PROXY:a:b:1,proxyauth=u\\\\:{secret:db}{secret:t}\" } }");
    assertEquals(
        "[u:s3:cretto,ken]",
        understood(fleet, "p").right().first().spec().options().stream()
            .map(option -> String.valueOf(option.value()))
            .toList()
            .toString());
    assertFalse(fleet.toString().contains("s3"), fleet.toString());
    assertEquals("at {secret:db}!", fleet.secrets().hide("at s3:cret!"));
  }

  @Test
  void limitsThatAreDefaultsDoNotGoBeforeOptionsOfTheAddress() throws IOException {
    Fleet fleet =
        fleet(
            """
            sluice { defaults.connect-timeout = 1500ms, relays {
              a { left = "TCP-LISTEN:1,fork", right = "TCP:a:1" }
              b { left = "TCP-LISTEN:1,fork", right = "TCP:a:1,connect-timeout=3,keepalive=0" }
              c { left = "PIPE", right = "EXEC:cat" }
            } }
            """);
    assertEquals(
        List.of(
            "so-keepalive",
            "tcp-keepidle=60",
            "tcp-keepintvl=15",
            "tcp-keepcnt=4",
            "setsockopt-socket=6:18:i120000",
            "connect-timeout=1.500000000"),
        understood(fleet, "a").right().first().options().inOrder().stream()
            .map(value -> value.text())
            .toList());
    assertEquals(
        List.of(
            "connect-timeout=3",
            "keepalive=0",
            "tcp-keepidle=60",
            "tcp-keepintvl=15",
            "tcp-keepcnt=4",
            "setsockopt-socket=6:18:i120000"),
        understood(fleet, "b").right().first().options().inOrder().stream()
            .map(value -> value.text())
            .toList());
    assertTrue(understood(fleet, "a").left().first().options().isOn(RelayOptions.FORK));
    assertEquals(0, understood(fleet, "c").right().first().options().inOrder().size());
  }

  static Stream<Arguments> wrong() {
    String ok = "left = \"TCP-LISTEN:1,fork\", right = \"TCP:a:1\"";
    return Stream.of(
        Arguments.of("sluice { relays { a { " + ok, 1, "Expecting"),
        Arguments.of("\nsluice { relays { a { left = TCP-LISTEN:1 } } }", 2, "Expecting"),
        Arguments.of("relays {}", 1, "unknown key \"relays\"; hint: known are sluice"),
        Arguments.of("sluice {\n relay {} }", 2, "unknown key \"relay\"; hint: known are admin"),
        Arguments.of("sluice.relays { a { " + ok + "\n lefft = x } }", 2, "unknown key \"lefft\""),
        Arguments.of("sluice.relays {\n a { left = \"PIPE\" } }", 2, "relay a: has no right"),
        Arguments.of(
            "sluice.relays.a { left = \"PIPE\"\n right = \"TCQ:a:1\" }",
            2,
            "right \"TCQ:a:1\": unknown device/address \"TCQ\"; hint: did you mean \"TCP\"?"),
        Arguments.of(
            "sluice.relays.a { left = \"TCP-LISTEN:1,frok\"\n right = \"TCP:a:1\" }",
            1,
            "unknown option \"frok\"; hint: did you mean \"fork\"?"),
        Arguments.of(
            "sluice.relays.a { left = \"PIPE\"\n right = \"TARGET\" }", 1, "TARGET: is the right"),
        Arguments.of("sluice.relays.a { " + ok + "\n options = \"--bad\" }", 2, "unknown option"),
        Arguments.of("sluice.relays.a { " + ok + "\n drain = 30 }", 2, "time with its unit"),
        Arguments.of("sluice.relays.a { " + ok + "\n max-sessions = many }", 2, "whole number"),
        Arguments.of(
            "sluice.relays.a { " + ok + "\n limits { bytes-per-second = 1T } }",
            2,
            "relay a: limits: bytes-per-second \"1T\" is not a size"),
        Arguments.of("sluice.relays.a { " + ok + "\n enabled = maybe }", 2, "is not on or off"),
        Arguments.of("sluice.relays.a { " + ok + "\n on-change = drop }", 2, "is not keep, drain"),
        Arguments.of("sluice.relays.a { " + ok + "\n retry = fast }", 2, "a section in braces"),
        Arguments.of("sluice.relays.a { " + ok + "\n retry { evry = 1s } }", 2, "key \"evry\""),
        Arguments.of("sluice.relays.a { " + ok + "\n retry { interval = 1ms } }", 2, "10ms"),
        Arguments.of("sluice.relays.a { " + ok + "\n retry { when = if } }", 2, "on-failure or"),
        Arguments.of("sluice.relays.a { " + ok + "\n ports = \"0-5\" }", 2, "no range of ports"),
        Arguments.of("sluice.relays.a { " + ok + "\n ports = \"9-5\" }", 2, "no range of ports"),
        Arguments.of("sluice.relays.a { " + ok + "\n for = [x, x] }", 2, "has \"x\" twice"),
        Arguments.of("sluice.relays.a { " + ok + "\n for = [\"x/y\"] }", 2, "part of a relay's"),
        Arguments.of("sluice.relays.a { " + ok + "\n for = [] }", 2, "for is empty"),
        Arguments.of("sluice.relays.a { " + ok + ", for = [x]\n ports = 1 }", 1, "both ports and"),
        Arguments.of(
            "sluice.relays.a { left = \"TCP-LISTEN:{port}\", right = \"PIPE\" }",
            1,
            "nothing fills {port}; hint: ports ="),
        Arguments.of("sluice.relays { \"a b\" { " + ok + " } }", 1, "a name that can't be used"),
        Arguments.of(
            "sluice.relays { a { " + ok + ", for = [b] }\n a-b { " + ok + " } }",
            2,
            "relay a-b is there already, at"),
        Arguments.of("sluice.defaults {\n left = \"PIPE\" }", 2, "defaults: unknown key \"left\""),
        Arguments.of("sluice.groups.g {\n drain = soon }", 2, "group g: drain \"soon\""),
        Arguments.of("sluice.secrets {\n s { env = NOT_THERE } }", 2, "no variable NOT_THERE"),
        Arguments.of("sluice.secrets {\n s { file = \"/none\" } }", 2, "can't read /none"),
        Arguments.of("sluice.secrets {\n s { } }", 2, "needs either file or env"),
        Arguments.of(
            "sluice.relays.a { left = \"PIPE\"\n right = \"TCP:{secret:x}:1\" }",
            2,
            "there is no secret x"),
        Arguments.of("sluice.admin {\n mode = 99 }", 2, "three octal digits"),
        Arguments.of("sluice.admin {\n others = all }", 2, "is not none, read, operate"),
        Arguments.of("sluice.admin {\n port = x }", 2, "unknown key \"port\""),
        Arguments.of("sluice.x = ${nothing}", 1, "nothing"),
        Arguments.of("include \"no.conf\"\nsluice {}", 0, "include \"no.conf\": no such file"));
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void saysWhatIsWrongAndWhere(String text, int line, String message) throws IOException {
    FleetReader.Result result = read("fleet.conf", text);
    assertEquals(Optional.empty(), result.fleet());
    String place = folder.resolve("fleet.conf") + (line == 0 ? ": " : ":" + line + ": ");
    List<String> all = result.problems().stream().map(Object::toString).toList();
    assertTrue(
        all.stream().anyMatch(one -> one.startsWith(place) && one.contains(message)),
        () -> place + "..." + message + " is not in\n" + String.join("\n", all));
  }

  @Test
  void everyProblemIsReportedAtOnce() throws IOException {
    FleetReader.Result result =
        read(
            "fleet.conf",
            """
            sluice.relays {
              a { left = "TCP-LISTEN:1,frok", right = "TCQ:a:1" }
              b { left = "PIPE", right = "PIPE", drain = 1 }
            }
            """);
    assertEquals(
        List.of(2, 2, 3), result.problems().stream().map(one -> one.origin().line()).toList());
  }

  @Test
  void whatIsExportedReadsAsTheSame() throws IOException {
    Fleet fleet =
        fleet(
            """
            sluice {
              defaults { connect-timeout = 2s, retry { when = on-failure, interval = 20ms } }
              relays {
                a { left = "TCP-LISTEN:1,fork", right = "EXEC:\\"wc -c\\"", options = [-T, "5"], group = g }
                "b.1" { ports = "7-8", left = "UDP-LISTEN:{port},fork", right = "PIPE", keepalive = off,
                  enabled = off, max-sessions = 3, limits { sessions-per-client = 2, idle = 5m, total = 1d,
                  bytes-per-second = 1.5M, relay-bytes-per-second = 2GiB }, on-change = "drain 5s", drain = 90s, labels { x = "y z" } }
              }
            }
            """);
    Fleet again = fleet(Export.hocon(fleet));
    assertEquals(fleet.relays().keySet(), again.relays().keySet());
    for (String name : fleet.relays().keySet()) {
      assertTrue(relay(fleet, name).saysAs(relay(again, name)), () -> Export.hocon(fleet));
    }
  }

  @Test
  void oneRelayInJson() {
    FleetReader reader = new FleetReader(RELAYS, Map.of());
    FleetReader.Result one =
        reader.readOne(
            "web", "{\"left\":\"TCP-LISTEN:1,fork\",\"right\":\"TCP:a:1\"}", Fleet.EMPTY);
    assertEquals(List.of(), one.problems());
    assertEquals("TCP:a:1", relay(one.fleet().orElseThrow(), "web").right());
    for (String wrong :
        List.of("{", "[]", "{\"left\":\"PIPE\"}", "include \"/etc/passwd\"", "{\"x\":1}")) {
      assertTrue(reader.readOne("web", wrong, Fleet.EMPTY).fleet().isEmpty(), wrong);
    }
  }

  static Stream<Arguments> wrongLines() {
    return Stream.of(
        Arguments.of("\nweb TCP-LISTEN:1", 2, "this one has 2 words"),
        Arguments.of("web TCP-LISTEN:1 TCP:a:1 group", 1, "\"group\" is not KEY=VALUE"),
        Arguments.of("web TCP-LISTEN:1 TCP:a:1 grup=x", 1, "unknown key \"grup\""),
        Arguments.of("web \"TCP-LISTEN:1 TCP:a:1", 1, "a quote is opened"),
        Arguments.of("a PIPE PIPE\na PIPE PIPE", 2, "relay a is there already, at"),
        Arguments.of("a PIPE\tTCQ:b", 1, "did you mean \"TCP\"?"));
  }

  @ParameterizedTest
  @MethodSource("wrongLines")
  void saysWhatIsWrongWithALine(String text, int line, String message) throws IOException {
    FleetReader.Result result = read("some.relays", text);
    String place = folder.resolve("some.relays") + ":" + line + ": ";
    assertTrue(
        result.problems().stream()
            .map(Object::toString)
            .anyMatch(one -> one.startsWith(place) && one.contains(message)),
        () -> place + message + " is not in " + result.problems());
  }

  @Test
  void filesThatCannotBeReadAreProblems() throws IOException {
    assertTrue(read(folder.resolve("none.conf")).problems().toString().contains("no such file"));
    assertTrue(read(folder).problems().toString().contains("has no file *.conf or *.relays"));
    Files.write(folder.resolve("x.relays"), new byte[] {(byte) 0xff, 'a'});
    assertTrue(read(folder.resolve("x.relays")).problems().toString().contains("UTF-8"));
    Files.writeString(folder.resolve("loop.conf"), "include \"loop.conf\"");
    assertTrue(
        read(folder.resolve("loop.conf")).problems().toString().contains("cycle"),
        () -> read(folder.resolve("loop.conf")).problems().toString());
  }
}
