package example;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import akka.stream.javadsl.Flow;
import akka.util.ByteString;
import dev.sluice.relay.Relay;
import dev.sluice.relay.RelayEvent;
import dev.sluice.relay.RelayHandle;
import dev.sluice.relay.Side;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** A server whose service is a stream: it answers in capitals. Connects to itself once. */
public final class Greeter {
  private Greeter() {}

  public static void main(String[] arguments) throws Exception {
    ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "greeter");
    Flow<ByteString, ByteString, ?> capitals =
        Flow.of(ByteString.class)
            .map(some -> ByteString.fromString(some.utf8String().toUpperCase(Locale.ROOT)));
    RelayHandle relay =
        Relay.between(Side.address("TCP-LISTEN:0,bind=127.0.0.1,fork"), Side.flow(capitals))
            .watchedBy(Greeter::tell)
            .start(system);
    InetSocketAddress bound =
        (InetSocketAddress)
            relay.boundAddress().toCompletableFuture().get(20, TimeUnit.SECONDS);
    try (Socket client = new Socket(bound.getAddress(), bound.getPort())) {
      client.getOutputStream().write("hello\n".getBytes(StandardCharsets.US_ASCII));
      client.shutdownOutput();
      byte[] answer = client.getInputStream().readAllBytes();
      System.out.print("answer: " + new String(answer, StandardCharsets.US_ASCII));
    }
    int status = relay.drain().toCompletableFuture().get(20, TimeUnit.SECONDS).status();
    System.out.println("status: " + status);
    system.terminate();
    system.getWhenTerminated().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private static void tell(RelayEvent event) {
    if (event instanceof RelayEvent.SessionEnded session) {
      System.out.println(
          "session: " + session.leftToRight() + " bytes in, " + session.rightToLeft() + " out");
    }
  }
}
