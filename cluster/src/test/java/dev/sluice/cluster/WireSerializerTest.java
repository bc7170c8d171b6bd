package dev.sluice.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import akka.actor.ExtendedActorSystem;
import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.javadsl.Adapter;
import java.io.NotSerializableException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Messages come back as they were; anything else is refused. */
class WireSerializerTest {
  private static final ActorTestKit KIT = ActorTestKit.create();
  private static final WireSerializer SERIALIZER =
      new WireSerializer((ExtendedActorSystem) Adapter.toClassic(KIT.system()));

  @AfterAll
  static void end() {
    KIT.shutdownTestKit();
  }

  static Stream<Wire> messages() {
    NodeId one = new NodeId("10.0.0.1:7355", 5);
    NodeId two = new NodeId("[fe80::1]:7355", -9);
    Wire.Document document = new Wire.Document(3, "10.0.0.1:7355", 99, "{\"relays\":{\"ü\":{}}}");
    TestProbe<Wire.Answer> answers = KIT.createTestProbe();
    TestProbe<Wire.States> states = KIT.createTestProbe();
    return Stream.of(
        new Wire.Report(
            one,
            7,
            Map.of(two, 4L),
            Set.of("a"),
            Set.of("b", "c"),
            Map.of("d", 4711),
            Set.of(two),
            true,
            false,
            3),
        new Wire.Beat(one, 7, Map.of(two, 4L)),
        new Wire.Resend(two),
        new Wire.Order(List.of("drain"), answers.ref()),
        new Wire.Answer(false, "no", 2),
        new Wire.AskStates(states.ref()),
        new Wire.States(one, Map.of("a", "running")),
        document,
        new Wire.Moves(2, new TreeMap<>(Map.of("a", "10.0.0.1:7355"))),
        new Wire.Publish(document, 2, answers.ref()),
        new Wire.Propose(document),
        new Wire.Move("a", null, answers.ref()),
        new Wire.Move("a", "10.0.0.1:7355", answers.ref()));
  }

  @ParameterizedTest
  @MethodSource("messages")
  void aMessageComesBackAsItWas(Wire message) throws NotSerializableException {
    byte[] bytes = SERIALIZER.toBinary(message);
    assertEquals(message, SERIALIZER.fromBinary(bytes, SERIALIZER.manifest(message)));
  }

  @ParameterizedTest
  @MethodSource("messages")
  void whatIsCutOffOrOfAnotherVersionIsRefused(Wire message) {
    byte[] bytes = SERIALIZER.toBinary(message);
    String manifest = SERIALIZER.manifest(message);
    byte[] shorter = java.util.Arrays.copyOf(bytes, bytes.length - 1);
    assertThrows(NotSerializableException.class, () -> SERIALIZER.fromBinary(shorter, manifest));
    bytes[0] = 9;
    assertThrows(NotSerializableException.class, () -> SERIALIZER.fromBinary(bytes, manifest));
    assertThrows(NotSerializableException.class, () -> SERIALIZER.fromBinary(bytes, "Else"));
  }

  /** Counts in random bytes must neither take memory nor time. */
  @Test
  void randomBytesAreRefused() {
    Random random = new Random(1);
    for (int i = 0; i < 2000; i++) {
      byte[] bytes = new byte[60];
      random.nextBytes(bytes);
      bytes[0] = 1;
      for (String manifest : List.of("Report", "States", "Document", "Publish")) {
        try {
          SERIALIZER.fromBinary(bytes, manifest);
        } catch (NotSerializableException e) {
          assertEquals(NotSerializableException.class, e.getClass());
        }
      }
    }
  }
}
