package dev.sluice.catalog;

import dev.sluice.endpoint.Channel;
import dev.sluice.endpoint.Direction;
import dev.sluice.endpoint.Opened;
import dev.sluice.log.RelayLog;
import dev.sluice.option.Options;
import dev.sluice.os.Poller;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Everything that an address type needs to open one address.
 *
 * @param address what to open
 * @param direction which halves are needed
 * @param settings what the command line says
 * @param log in whose name to speak
 * @param poller the poller that serves this session's descriptors
 * @param blockingIo runs what may block for some time
 * @param waiting runs what may wait for as long as somebody lets it
 * @param environment all variables for a program started now
 * @param session what the options of an address opened before have made of the session
 * @param attempt how many attempts were made before
 * @param lastAttempt whether a failure would be final; otherwise another attempt follows, and
 *     failures are less loud
 * @param left the address opened before, which this one is to be joined with; null when there is
 *     none
 * @param turn the session's place among those that connect at the same time
 * @param abandoned done once nobody wants the result any more
 * @param others opens other addresses in the place of this one
 */
public record OpenContext(
    Address address,
    Direction direction,
    OpenSettings settings,
    RelayLog log,
    Poller poller,
    Executor blockingIo,
    Executor waiting,
    Supplier<Map<String, String>> environment,
    ProcessScope session,
    int attempt,
    boolean lastAttempt,
    @Nullable Channel left,
    Turn turn,
    CompletableFuture<?> abandoned,
    Others others) {
  /** Opens another address in place of this one. */
  @FunctionalInterface
  public interface Others {
    /** No other address can be opened here. */
    Others NONE =
        (address, direction) ->
            CompletableFuture.failedStage(OpenFailure.lasting("opens itself alone"));

    /**
     * Opens it once, with its lock file and data options; what goes wrong is no error yet. A
     * listener without option fork gives its first peer.
     *
     * @param direction the halves that are needed
     */
    CompletionStage<? extends Opened> open(Address address, Direction direction);
  }

  public Options options() {
    return address.options();
  }

  public String parameter(int index) {
    return address.parameter(index);
  }

  /** Runs a blocking call on another thread, under the address's own process options. */
  public <T extends Opened> CompletionStage<T> blocking(Callable<T> work) {
    return scope().supply(work, blockingIo);
  }

  /** As {@link #blocking}, for what may wait for ever, as opening a named pipe does. */
  public <T extends Opened> CompletionStage<T> waitingFor(Callable<T> work) {
    return scope().supply(work, waiting);
  }

  /** As {@link #blocking}, for what is needed before the address can be opened. */
  public <T> CompletionStage<T> preparing(Callable<T> work) {
    return scope().supply(work, blockingIo);
  }

  /** The process options that opening is under. */
  public ProcessScope scope() {
    return ProcessScope.of(options()).within(session);
  }
}
