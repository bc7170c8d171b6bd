package dev.sluice.fleet.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import dev.sluice.catalog.Catalog;
import dev.sluice.fleet.file.FleetReader;
import dev.sluice.fleet.file.RelayOptions;
import dev.sluice.fleet.file.RelayReader;
import dev.sluice.fleet.model.Fleet;
import dev.sluice.fleet.pool.PoolStatus;
import dev.sluice.fleet.pool.Pools;
import dev.sluice.relay.RelaySettings;
import dev.sluice.relay.RelaySystem;
import dev.sluice.testkit.Service;
import dev.sluice.testkit.TestServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Checks of members against real servers. */
@Timeout(120)
class MemberCheckTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir Path folder;

  private final ActorTestKit kit = ActorTestKit.create(RelaySystem.config());
  private final Pools pools = new Pools((pool, text) -> {});
  private final RelayReader reader =
      RelayReader.of(
          Catalog.load(),
          (words, problem) -> new RelayOptions.Said(RelaySettings.DEFAULT, true),
          pools);
  private final PoolKeeper keeper = new PoolKeeper(kit.system(), pools, reader);

  @AfterEach
  void end() {
    keeper.end();
    kit.shutdownTestKit();
  }

  private void keep(String pool) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("fleet.conf"), "sluice { relays {}, pools.p { " + pool + " } }");
    FleetReader.Result read = new FleetReader(reader, Map.of()).read(file);
    Fleet fleet = read.fleet().orElseThrow(() -> new AssertionError(read.problems()));
    keeper.apply(fleet.pools(), fleet.pools().keySet(), fleet.secrets());
  }

  private PoolStatus status() {
    return Objects.requireNonNull(pools.find("p")).status();
  }

  private PoolStatus.MemberStatus await(Predicate<PoolStatus.MemberStatus> wanted) {
    TestProbe<Void> probe = kit.createTestProbe();
    return probe.awaitAssert(
        PATIENCE,
        () -> {
          PoolStatus now = status();
          assertTrue(wanted.test(now.members().get(0)), now::toString);
          return now.members().get(0);
        });
  }

  private static boolean isUp(PoolStatus.MemberStatus member) {
    return member.state() == PoolStatus.State.UP;
  }

  private static boolean isDown(PoolStatus.MemberStatus member) {
    return member.state() == PoolStatus.State.DOWN;
  }

  private static Service answering(String text) {
    return connection -> {
      connection.getInputStream().readNBytes(4);
      connection.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
      connection.getInputStream().readAllBytes();
    };
  }

  private static String member(TestServer server) {
    return "members = [\"" + server.address() + "\"], ";
  }

  @Test
  void aServerThatListensIsUpAndOneThatDoesNotIsDownWithItsReason() throws Exception {
    int port;
    try (TestServer server = TestServer.serving(connection -> {})) {
      port = server.port();
      keep(member(server) + "check { every = 100ms, fall = 2 }");
      assertTrue(await(MemberCheckTest::isUp).checkTook().isPresent());
    }
    assertTrue(await(MemberCheckTest::isDown).reason().contains("Connection refused"));
    try (TestServer server = TestServer.serving(port, connection -> {})) {
      await(MemberCheckTest::isUp);
      assertTrue(server.accepted() >= 2);
    }
  }

  @Test
  void whatIsSentMustBeAnswered() throws Exception {
    try (TestServer server = TestServer.serving(answering("+PONG\r\n"))) {
      String pool = member(server) + "check { every = 100ms, send = \"PING\\r\\n\", expect = ";
      keep(pool + "\"+PONG\" }");
      await(MemberCheckTest::isUp);
      keep(pool + "\"+LOADED\", timeout = 300ms, fall = 1 }");
      assertEquals("no answer within 300ms", await(MemberCheckTest::isDown).reason());
    }
    try (TestServer server =
        TestServer.serving(
            connection -> {
              byte[] much = new byte[8192];
              while (true) {
                connection.getOutputStream().write(much);
              }
            })) {
      keep(member(server) + "check { every = 100ms, expect = ok, timeout = 20s, fall = 1 }");
      assertEquals("did not answer \"ok\"", await(MemberCheckTest::isDown).reason());
    }
    try (TestServer server = TestServer.serving(connection -> {})) {
      keep(member(server) + "check { every = 100ms, expect = ok, timeout = 20s, fall = 1 }");
      assertEquals("did not answer \"ok\"", await(MemberCheckTest::isDown).reason());
    }
  }

  @Test
  void aProgramOrAnotherPortCanBeTheCheck() throws Exception {
    Path file = Files.writeString(folder.resolve("state"), "fine");
    try (TestServer server = TestServer.serving(connection -> {});
        TestServer health = TestServer.serving(answering("healthy"))) {
      keep(
          member(server)
              + "check { every = 100ms, fall = 1, address = \"SYSTEM:cat "
              + file
              + "\", expect = fine }");
      await(MemberCheckTest::isUp);
      Files.writeString(file, "broken");
      await(MemberCheckTest::isDown);
      keep(
          member(server)
              + "check { every = 100ms, address = \"TCP:{host}:"
              + health.port()
              + "\", send = \"ask\\n\", expect = healthy }");
      await(MemberCheckTest::isUp);
    }
  }

  @Test
  void aServerWithoutTlsFailsTheTlsCheck() throws Exception {
    try (TestServer server = TestServer.serving(answering("no TLS at all\r\n"))) {
      keep(member(server) + "check { every = 100ms, fall = 1, tls = on, timeout = 20s }");
      String reason = await(MemberCheckTest::isDown).reason();
      assertTrue(reason.toLowerCase(java.util.Locale.ROOT).contains("ssl"), reason);
    }
  }

  @Test
  void eachAddressOfANameIsAMember() throws Exception {
    try (ServerSocket four =
        new ServerSocket(0, 5, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
      keep(
          "members = [{ name = all, address = \"TCP:localhost:"
              + four.getLocalPort()
              + "\", each-address = on }], check { every = 100ms, fall = 1 }");
      TestProbe<Void> probe = kit.createTestProbe();
      probe.awaitAssert(
          PATIENCE,
          () -> {
            PoolStatus now = status();
            assertTrue(
                now.members().stream()
                    .anyMatch(one -> one.name().equals("all/127.0.0.1") && isUp(one)),
                now::toString);
            return null;
          });
    }
    await(MemberCheckTest::isDown);
  }
}
