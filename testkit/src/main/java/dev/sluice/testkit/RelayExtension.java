package dev.sluice.testkit;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorSystem;
import akka.stream.javadsl.Keep;
import akka.stream.testkit.TestPublisher;
import akka.stream.testkit.TestSubscriber;
import akka.stream.testkit.javadsl.TestSink;
import akka.stream.testkit.javadsl.TestSource;
import akka.util.ByteString;
import dev.sluice.relay.Connectors;
import dev.sluice.relay.Relay;
import dev.sluice.relay.RelayEvent;
import dev.sluice.relay.RelayHandle;
import dev.sluice.relay.RelaySystem;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Gives tests relays to play with, and probes for what they do.
 *
 * <pre>{@code
 * @RegisterExtension final RelayExtension relays = new RelayExtension();
 *
 * @Test
 * void echoes() {
 *   RelayHandle relay = relays.start("TCP-LISTEN:0,bind=127.0.0.1,fork", "PIPE");
 *   TestProbe<RelayEvent> events = relays.events(relay);
 *   try (Socket client = relays.connect(relay)) { ... }
 *   events.expectMessageClass(RelayEvent.SessionStarted.class);
 * }
 * }</pre>
 *
 * <p>The tests of a class share one actor system; relays are stopped after each test.
 */
public final class RelayExtension implements BeforeEachCallback, AfterEachCallback {
  /** How long anything may take before a test is given up. */
  public static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(RelayExtension.class);

  private final Map<RelayHandle, TestProbe<RelayEvent>> started = new HashMap<>();
  private @Nullable Kit kit;

  /** The shared actor system, ended by JUnit when the class is done. */
  private record Kit(ActorTestKit testKit) implements AutoCloseable {
    @Override
    public void close() {
      testKit.shutdownTestKit();
    }
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    ExtensionContext shared = context.getParent().orElse(context);
    kit =
        shared
            .getStore(NAMESPACE)
            .getOrComputeIfAbsent(Kit.class, type -> new Kit(newTestKit()), Kit.class);
  }

  private static ActorTestKit newTestKit() {
    return ActorTestKit.create("relays", RelaySystem.config());
  }

  @Override
  public void afterEach(ExtensionContext context) {
    for (RelayHandle relay : started.keySet()) {
      await(relay.stop());
    }
    started.clear();
  }

  /** The kit behind the relays, for tests of your own actors. */
  public ActorTestKit testKit() {
    return Objects.requireNonNull(kit, "used outside a test").testKit();
  }

  public ActorSystem<Void> system() {
    return testKit().system();
  }

  /** Starts a relay between two addresses, in the language of the command line. */
  public RelayHandle start(String left, String right) {
    return start(Relay.between(left, right));
  }

  public RelayHandle start(Relay relay) {
    TestProbe<RelayEvent> probe = testKit().createTestProbe(RelayEvent.class);
    RelayHandle handle = relay.watchedBy(event -> probe.ref().tell(event)).start(system());
    started.put(handle, probe);
    return handle;
  }

  /** What a relay that was started here does, from the first event on. */
  public TestProbe<RelayEvent> events(RelayHandle relay) {
    return Objects.requireNonNull(started.get(relay), "not started here");
  }

  /** The port that a relay with a TCP listener listens on. */
  public int port(RelayHandle relay) {
    return ((InetSocketAddress) await(relay.boundAddress())).getPort();
  }

  /** Connects to a relay with a forking TCP listener. */
  public TestClient connect(RelayHandle relay) {
    return TestClient.connect(port(relay));
  }

  /** Addresses as connectors, in the tests' actor system. */
  public Connectors connectors() {
    return Connectors.of(system());
  }

  /** What is read from an address, on demand. */
  public TestSubscriber.Probe<ByteString> reading(String address) {
    return connectors()
        .source(address)
        .toMat(TestSink.create(system()), Keep.right())
        .run(system());
  }

  /** Writes to an address, as fast as it asks for more. */
  public TestPublisher.Probe<ByteString> writing(String address) {
    return TestSource.<ByteString>create(system())
        .toMat(connectors().sink(address), Keep.left())
        .run(system());
  }

  /** Waits for a stage; its failure is thrown as it is, if unchecked. */
  public static <T> T await(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new AssertionError(e.getCause());
    } catch (TimeoutException e) {
      throw new AssertionError("waited in vain", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
