package dev.sluice.addresses;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import com.typesafe.config.ConfigFactory;
import dev.sluice.addresses.KindParties.Kind;
import dev.sluice.addresses.KindParties.Party;
import dev.sluice.relay.Outcome;
import dev.sluice.relay.Relay;
import dev.sluice.relay.RelayEvent;
import dev.sluice.relay.RelayHandle;
import dev.sluice.relay.RelaySettings;
import dev.sluice.relay.RelaySystem;
import dev.sluice.testkit.Peer;
import dev.sluice.testkit.Plans;
import dev.sluice.testkit.RelayExtension;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each kind of channel against each other one, in both roles, under every plan and on either
 * poller: the same bytes, ends, counts, limits of time and status.
 */
@Tag("slow")
@Timeout(120)
class KindMatrixTest {
  private static final int PIECES = 20;
  private static final int LARGEST_PIECE = 1000;

  @TempDir private static Path folder;

  private static final Map<String, ActorSystem<Void>> SYSTEMS =
      Map.of("epoll", system("epoll"), "selector", system("selector"));

  private static ActorSystem<Void> system(String poller) {
    return ActorSystem.create(
        Behaviors.empty(),
        poller,
        ConfigFactory.parseMap(Map.of("sluice.poller", poller)).withFallback(RelaySystem.config()));
  }

  @AfterAll
  static void end() {
    SYSTEMS.values().forEach(ActorSystem::terminate);
  }

  /** How a conversation goes. */
  private enum Story {
    /**
     * Both ways, then each peer that can ends its output; where one can't, the relay is stopped.
     */
    WHOLE(Duration.ofMinutes(5), Optional.empty()),
    /** One peer ends, the other one stays silent: the session ends by -t. */
    HALF_CLOSED(Duration.ofMillis(50), Optional.empty()),
    /** All stay silent: the session ends by -T. */
    SILENT(Duration.ofMinutes(5), Optional.of(Duration.ofMillis(200)));

    private final Duration halfCloseTimeout;
    private final Optional<Duration> inactivityTimeout;

    Story(Duration halfCloseTimeout, Optional<Duration> inactivityTimeout) {
      this.halfCloseTimeout = halfCloseTimeout;
      this.inactivityTimeout = inactivityTimeout;
    }

    Map<String, RelaySettings> plans() {
      return Plans.of(
          RelaySettings.DEFAULT.toBuilder()
              .halfCloseTimeout(halfCloseTimeout)
              .inactivityTimeout(inactivityTimeout)
              .build());
    }
  }

  @TestFactory
  List<DynamicTest> everyPair() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Kind left : Kind.values()) {
      for (Kind right : Kind.values()) {
        tests.add(test(Story.WHOLE, left, right));
        boolean isTimed = !left.isReadAtOnce() && !right.isReadAtOnce(); // a file ends at once
        if (isTimed && (left == Kind.TCP || right == Kind.TCP)) {
          tests.add(test(Story.SILENT, left, right));
          if (left.endsInput()) {
            tests.add(test(Story.HALF_CLOSED, left, right));
          }
        }
      }
    }
    return tests;
  }

  private static DynamicTest test(Story story, Kind left, Kind right) {
    return dynamicTest(left + " and " + right + ", " + story, () -> compare(story, left, right));
  }

  private static void compare(Story story, Kind left, Kind right) throws Exception {
    Map<String, String> told = new LinkedHashMap<>();
    for (Map.Entry<String, RelaySettings> plan : story.plans().entrySet()) {
      for (Map.Entry<String, ActorSystem<Void>> system : SYSTEMS.entrySet()) {
        String how = plan.getKey() + " on " + system.getKey();
        try {
          told.put(how, play(story, left, right, plan.getValue(), system.getValue()));
        } catch (AssertionError | RuntimeException e) {
          throw new AssertionError(
              left + ", " + right + ", " + story + ", " + how + ": " + e.getMessage(), e);
        }
      }
    }
    String first = told.values().iterator().next();
    told.forEach((how, result) -> assertEquals(first, result, () -> how + " of " + told));
  }

  /** Plays it once; what was seen is asserted, and how it ended comes back. */
  private static String play(
      Story story, Kind leftKind, Kind rightKind, RelaySettings settings, ActorSystem<?> system)
      throws Exception {
    KindParties parties = new KindParties(system, AddressFixtures.newFolder(folder));
    try (Party left = parties.make(leftKind, "left");
        Party right = parties.make(rightKind, "right")) {
      return new Conversation(left, right, story).run(settings, system);
    }
  }

  /** One relay between two peers. */
  private static final class Conversation {
    private final Party left;
    private final Party right;
    private final Story story;
    private final List<byte[]> outward = pieces(1);
    private final List<byte[]> homeward = pieces(2);

    Conversation(Party left, Party right, Story story) {
      this.left = left;
      this.right = right;
      this.story = story;
    }

    String run(RelaySettings settings, ActorSystem<?> system) throws Exception {
      sendEarly(left, outward);
      sendEarly(right, homeward);
      CompletableFuture<Void> started = new CompletableFuture<>();
      CompletableFuture<RelayEvent.SessionEnded> ended = new CompletableFuture<>();
      RelayHandle relay =
          Relay.between(left.side(), right.side())
              .with(settings)
              .watchedBy(event -> watch(event, started, ended))
              .start(system);
      RelayExtension.await(started);
      try (Peer leftPeer = left.meeting().get();
          Peer rightPeer = right.meeting().get()) {
        talk(leftPeer, rightPeer);
        boolean endsByItself = end(leftPeer, rightPeer);
        Outcome outcome = RelayExtension.await(endsByItself ? relay.ended() : relay.stop());
        RelayEvent.SessionEnded session = RelayExtension.await(ended);
        assertEquals(bytes(outward), session.leftToRight(), "counted from left to right");
        assertEquals(bytes(homeward), session.rightToLeft(), "counted from right to left");
        return outcome.toString();
      } finally {
        RelayExtension.await(relay.stop());
      }
    }

    private static AssertionError failed(Outcome outcome) {
      return new AssertionError("the relay ended before its session began: " + outcome);
    }

    private static void watch(
        RelayEvent event,
        CompletableFuture<Void> started,
        CompletableFuture<RelayEvent.SessionEnded> ended) {
      if (event instanceof RelayEvent.SessionStarted) {
        started.complete(null);
      } else if (event instanceof RelayEvent.SessionEnded end) {
        ended.complete(end);
      } else if (event instanceof RelayEvent.Ended end) {
        started.completeExceptionally(failed(end.outcome())); // events are told in their order
      }
    }

    private void sendEarly(Party party, List<byte[]> pieces) {
      if (party.kind().isReadAtOnce()) {
        try (Peer peer = party.meeting().get()) {
          pieces.forEach(peer::send);
        }
      }
    }

    private void talk(Peer leftPeer, Peer rightPeer) {
      say(left, leftPeer, rightPeer, outward);
      say(right, rightPeer, leftPeer, homeward);
    }

    /** A piece at a time: datagrams have nowhere to wait. */
    private static void say(Party from, Peer sender, Peer receiver, List<byte[]> pieces) {
      if (from.kind().isReadAtOnce()) {
        assertArrayEquals(joined(pieces), receiver.receive((int) bytes(pieces)));
        return;
      }
      for (byte[] piece : pieces) {
        sender.send(piece);
        assertArrayEquals(piece, receiver.receive(piece.length));
      }
    }

    /** Whether the relay ends without being stopped. */
    private boolean end(Peer leftPeer, Peer rightPeer) {
      return switch (story) {
        case WHOLE -> {
          boolean leftEnds = endOutput(left, leftPeer, right, rightPeer);
          boolean rightEnds = endOutput(right, rightPeer, left, leftPeer);
          yield leftEnds && rightEnds;
        }
        case HALF_CLOSED -> endOutput(left, leftPeer, right, rightPeer);
        case SILENT -> true;
      };
    }

    private static boolean endOutput(Party party, Peer peer, Party other, Peer otherPeer) {
      if (!party.kind().endsInput()) {
        return false;
      }
      if (!party.kind().isReadAtOnce()) {
        peer.endOutput();
      }
      if (other.kind().tellsEnd()) {
        otherPeer.receiveEnd();
      }
      return true;
    }
  }

  private static List<byte[]> pieces(long seed) {
    Random random = new Random(seed);
    List<byte[]> pieces = new ArrayList<>();
    for (int i = 0; i < PIECES; i++) {
      byte[] piece = new byte[1 + random.nextInt(LARGEST_PIECE)];
      random.nextBytes(piece);
      pieces.add(piece);
    }
    return pieces;
  }

  private static byte[] joined(List<byte[]> pieces) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    pieces.forEach(all::writeBytes);
    return all.toByteArray();
  }

  private static long bytes(List<byte[]> pieces) {
    return pieces.stream().mapToLong(piece -> piece.length).sum();
  }
}
