package dev.sluice.connector.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.stream.javadsl.Flow;
import akka.stream.javadsl.Sink;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import dev.sluice.endpoint.Boundary;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class MessagesTest {
  private static final ActorTestKit KIT = ActorTestKit.create();

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  private static <T> List<String> run(List<T> in, Flow<T, ByteString, ?> flow)
      throws ExecutionException {
    try {
      return Source.from(in)
          .via(flow)
          .map(ByteString::utf8String)
          .runWith(Sink.seq(), KIT.system())
          .toCompletableFuture()
          .get(30, TimeUnit.SECONDS);
    } catch (InterruptedException | java.util.concurrent.TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  private static ByteString bytes(String latin1) {
    return ByteString.fromArray(latin1.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
  }

  @Test
  void aCharacterThatIsCutGoesIntoTheNextText() throws Exception {
    assertEquals(
        List.of("a", "€b", "c", "\uFFFD"),
        run(
            List.of(bytes("a\u00e2\u0082"), bytes("\u00acb"), bytes("c\u00e2")),
            Messages.toSend(true)));
  }

  @Test
  void messagesStayWholeForASideThatKeepsBoundaries() throws Exception {
    List<Received> received =
        List.of(
            new Received(bytes("one"), new int[] {3}),
            new Received(bytes("twothr"), new int[] {3}),
            new Received(bytes("eefour"), new int[] {2, 2, 6}));
    assertEquals(
        List.of("one", "two", "three", "", "four"),
        run(received, Messages.received(Boundary.DATAGRAM, 5)));
    assertEquals(
        List.of("one", "twothr", "eefour"), run(received, Messages.received(Boundary.STREAM, 1)));
    assertThrows(
        ExecutionException.class, () -> run(received, Messages.received(Boundary.DATAGRAM, 4)));
  }
}
