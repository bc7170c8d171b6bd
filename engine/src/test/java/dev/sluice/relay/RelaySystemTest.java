package dev.sluice.relay;

import static org.junit.jupiter.api.Assertions.assertSame;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.javadsl.Behaviors;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of an Error in an actor: the process's handler hears of it, and the JVM lives. */
class RelaySystemTest {
  @ParameterizedTest
  @ValueSource(strings = {"akka.actor.default-dispatcher", "akka.actor.internal-dispatcher"})
  void anErrorGoesToTheHandlerOfTheProcess(String dispatcher) throws Exception {
    CompletableFuture<Throwable> told = new CompletableFuture<>();
    Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
    Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> told.complete(failure));
    ActorSystem<Void> system = RelaySystem.create("error");
    try {
      OutOfMemoryError thrown = new OutOfMemoryError("on purpose");
      system.systemActorOf(throwing(thrown), "thrower", DispatcherSelector.fromConfig(dispatcher));
      assertSame(thrown, told.get(20, TimeUnit.SECONDS));
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(before);
      system.terminate();
    }
  }

  private static Behavior<String> throwing(Error error) {
    return Behaviors.setup(
        context -> {
          throw error;
        });
  }
}
