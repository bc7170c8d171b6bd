package dev.sluice.relay;

import dev.sluice.catalog.AddressType;
import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.OpenFailure;
import dev.sluice.catalog.ProcessScope;
import dev.sluice.endpoint.Channel;
import dev.sluice.endpoint.Handover;
import dev.sluice.endpoint.Listener;
import dev.sluice.endpoint.Opened;
import dev.sluice.fault.Fault;
import dev.sluice.fault.Faults;
import dev.sluice.fault.SessionFaults;
import dev.sluice.option.DataTransferOptions;
import dev.sluice.option.OptionGroup;
import dev.sluice.option.Options;
import dev.sluice.option.ProcessOptions;
import dev.sluice.option.RelayOptions;
import dev.sluice.os.Errno;
import dev.sluice.os.ProcessCalls;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Opens an address once: takes its lock file, opens, accepts a peer where that is asked for, and
 * applies what the options say about data. A failure gives the lock back.
 *
 * <p>Each step follows the one before at once if nothing has to be waited for, as with most
 * connections.
 */
final class OpenAttempt {
  private final AddressOpener opener;
  private final OpenContext context;
  private final Options options;
  private final CompletableFuture<Opened> result = new CompletableFuture<>();
  private LockFile lock = LockFile.NONE;

  private OpenAttempt(AddressOpener opener, OpenContext context) {
    this.opener = opener;
    this.context = context;
    this.options = context.options();
  }

  /** Makes one; what it comes to is told on any thread. */
  static CompletionStage<Opened> of(AddressOpener opener, OpenContext context) {
    OpenAttempt attempt = new OpenAttempt(opener, context);
    attempt.begin();
    return attempt.result;
  }

  /** Goes on once a stage is done; a stage or a step that fails ends the attempt. */
  private <T> void then(CompletionStage<? extends T> stage, Consumer<? super T> step) {
    stage.whenComplete(
        (value, failure) -> {
          if (failure != null) {
            fail(failure);
            return;
          }
          try {
            step.accept(value);
          } catch (RuntimeException e) {
            fail(e);
          }
        });
  }

  private void fail(Throwable failure) {
    lock.release();
    result.completeExceptionally(AddressOpener.unwrap(failure));
  }

  private void begin() {
    try {
      then(
          LockFile.held(
              options,
              context.scope(),
              opener.log(),
              opener.runtime().blockingIo(),
              opener.pauses()),
          this::locked);
    } catch (RuntimeException e) {
      fail(e);
    }
  }

  private void locked(LockFile taken) {
    lock = taken;
    if (opener.pauses().isAbandoned()) {
      throw new CancellationException();
    }
    Optional<Fault> refusal = refusal();
    if (refusal.isPresent()) {
      throw AddressOpener.refusedBy(refusal.get());
    }
    then(open(), this::opened);
  }

  /** A fault that refuses what connects; who listens refuses its peers, one by one. */
  private Optional<Fault> refusal() {
    return context.address().type().descriptor().groups().contains(OptionGroup.LISTEN)
        ? Optional.empty()
        : SessionFaults.refusal(
            Faults.NONE, options.all(DataTransferOptions.FAULT), opener.log().session());
  }

  /** Tries the address's own process options first: it may open without running under them. */
  private CompletionStage<? extends Opened> open() {
    AddressType type = context.address().type();
    return ProcessScope.of(options).isPlain()
        ? type.open(context)
        : context.preparing(() -> type).thenCompose(tried -> tried.open(context));
  }

  private void opened(Opened opened) {
    if (opened instanceof Listener listener && !options.isOn(RelayOptions.FORK)) {
      then(firstOf(listener), this::settle);
    } else {
      settle(opened);
    }
  }

  /** Without option fork a listener takes one peer, and closes. */
  private CompletionStage<? extends Opened> firstOf(Listener listener) {
    if (options.has(RelayOptions.MAX_CHILDREN)) {
      listener.close();
      throw OpenFailure.lasting("option max-children not allowed without option fork");
    }
    opener.log().notice("%s", listener.announcement());
    opener
        .progress()
        .accept(new RelayEvent.Listening(listener.localAddress(), listener.boundAddress()));
    return FirstPeer.of(listener, opener.pauses().abandoned())
        .thenCompose(peer -> peer.greet(opener.log()));
  }

  /** It is open, and holds the lock from now on. */
  private void settle(Opened opened) {
    leadSession();
    Opened settled;
    if (opened instanceof Channel channel) {
      Channel ready = DataSetup.apply(channel, options);
      settled = lock == LockFile.NONE ? ready : ready.onClose(lock::release);
    } else if (opened instanceof Listener listener) {
      settled = new ConfiguredListener(listener, options, lock);
    } else {
      settled = releasing((Handover) opened);
    }
    result.complete(settled);
  }

  /** Option setsid of an address that starts no program is for our own process. */
  private void leadSession() {
    if (opener.runtime().isOwnProcess()
        && options.isOn(ProcessOptions.SETSID)
        && !context.address().type().descriptor().groups().contains(OptionGroup.FORK)) {
      int led = ProcessCalls.setsid();
      if (led < 0) {
        opener.log().warning("setsid(): " + Errno.text(-led));
      }
    }
  }

  private Handover releasing(Handover handover) {
    return (other, replace) ->
        handover
            .to(other, replace)
            .whenComplete(
                (program, failure) -> {
                  if (program == null) {
                    lock.release();
                  } else {
                    program.exit().thenRun(lock::release);
                  }
                });
  }
}
