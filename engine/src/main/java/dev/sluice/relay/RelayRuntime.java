package dev.sluice.relay;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.DispatcherSelector;
import akka.actor.typed.Extension;
import akka.actor.typed.ExtensionId;
import akka.stream.Materializer;
import com.typesafe.config.Config;
import dev.sluice.os.BoundedThreads;
import dev.sluice.os.EpollPoller;
import dev.sluice.os.PipePool;
import dev.sluice.os.Poller;
import dev.sluice.os.ProcessCalls;
import dev.sluice.os.SelectorPoller;
import dev.sluice.transfer.PollerMemory;
import dev.sluice.transfer.TransferPlan;
import dev.sluice.transfer.TransferRuntime;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What all relays of an actor system share: pollers, threads that may block, pipes, and the numbers
 * of sessions. It is an extension of Akka's, set up by the part {@code sluice} of the system's
 * configuration (see {@code reference.conf}). Pollers start when they are first asked for.
 * Thread-safe.
 */
public final class RelayRuntime implements AutoCloseable, Extension {
  private static final int PIPE_SIZE = 1 << 20;
  private static final int IDLE_PIPES = 8;

  private final ActorSystem<?> system;
  private final Config config;
  private final int blockSize;
  private final @Nullable SessionPoller[] pollers;
  private final AtomicInteger nextPoller = new AtomicInteger();
  private final AtomicLong nextSession = new AtomicLong(ProcessHandle.current().pid());
  private final PipePool pipes =
      new PipePool(PIPE_SIZE, IDLE_PIPES, Runtime.getRuntime().maxMemory() / 4);
  private final BoundedThreads blockingIo;
  private final ExecutorService waiting =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "waiting");
            thread.setDaemon(true);
            return thread;
          });
  private volatile boolean ownProcess;

  /**
   * Makes a runtime on an actor system.
   *
   * @param blockSize the largest block that is asked for, in bytes
   * @param pollerCount threads that watch descriptors
   */
  public RelayRuntime(ActorSystem<?> system, int blockSize, int pollerCount) {
    this.system = system;
    this.config = system.settings().config().getConfig("sluice");
    this.blockSize = TransferPlan.largestBlock(blockSize);
    this.pollers = new SessionPoller[pollerCount];
    Config blocking = config.getConfig("blocking-io");
    this.blockingIo =
        new BoundedThreads("blocking-io", 0, blocking.getInt("threads"), blocking.getInt("queue"));
  }

  /**
   * The runtime that relays of an actor system share, made when it is first asked for; closed with
   * the system.
   */
  public static RelayRuntime of(ActorSystem<?> system) {
    return system.registerExtension(Id.INSTANCE);
  }

  /** Makes the runtime of an actor system from the system's configuration. */
  private static final class Id extends ExtensionId<RelayRuntime> {
    private static final Id INSTANCE = new Id();

    @Override
    public RelayRuntime createExtension(ActorSystem<?> system) {
      Config config = system.settings().config().getConfig("sluice");
      int threads = config.getInt("poller-threads");
      RelayRuntime runtime =
          new RelayRuntime(
              system,
              config.getInt("block-size"),
              threads > 0 ? threads : Runtime.getRuntime().availableProcessors());
      system.getWhenTerminated().whenComplete((done, failure) -> runtime.close());
      return runtime;
    }
  }

  /** The poller for the next session, in turn. */
  SessionPoller nextPoller() {
    return poller(Math.floorMod(nextPoller.getAndIncrement(), pollers.length));
  }

  private synchronized SessionPoller poller(int index) {
    SessionPoller poller = pollers[index];
    if (poller == null) {
      Poller started = startPoller("poller-" + index);
      poller =
          new SessionPoller(
              index,
              new PollerMemory(started, blockSize),
              DispatcherSelector.fromConfig(PollerDispatcher.register(system, started)));
      pollers[index] = poller;
    }
    return poller;
  }

  private Poller startPoller(String name) {
    String kind = System.getProperty("sluice.poller", config.getString("poller"));
    return switch (kind) {
      case "epoll" -> EpollPoller.start(name);
      case "selector" -> SelectorPoller.start(name);
      default ->
          throw new IllegalArgumentException(
              "sluice.poller is \"" + kind + "\"; it can be epoll or selector");
    };
  }

  /**
   * A host that gives no more threads refuses the work of one session, as a full pool would; it
   * does not end the thread that asked.
   */
  private void executeWaiting(Runnable work) {
    try {
      waiting.execute(work);
    } catch (OutOfMemoryError e) {
      throw new RejectedExecutionException("no thread can be started", e);
    }
  }

  /**
   * Says that the process exists for one relay only, so it may become the program that takes the
   * relay's place.
   */
  public RelayRuntime ownProcess() {
    ownProcess = true;
    return this;
  }

  /** Whether the process is there for the relay alone. */
  boolean isOwnProcess() {
    return ownProcess;
  }

  /** Whether a session of that number may become its program. */
  boolean mayReplaceProcess(long session) {
    return ownProcess && session == ProcessHandle.current().pid();
  }

  /** A number that no other session of this process has, and that looks like a process id. */
  long nextSession() {
    return nextSession.incrementAndGet();
  }

  /** Threads for calls that may block for some time: look-ups, starting programs. */
  BoundedThreads blockingIo() {
    return blockingIo;
  }

  /**
   * Threads for calls that may wait for ever: transfers that can't be polled, opening named pipes.
   * There are as many as there are such calls, at most two for each session.
   */
  Executor waiting() {
    return this::executeWaiting;
  }

  /** The pollers and threads for the transfers of a session on {@code poller}. */
  TransferRuntime transferRuntime(SessionPoller poller) {
    return new TransferRuntime(
        poller.memory(),
        () -> poller((poller.index() + 1) % pollers.length).memory(),
        waiting(),
        pipes,
        () -> Materializer.matFromSystem(system.classicSystem()));
  }

  /** Descriptors that the process may have open. */
  int descriptorLimit() {
    return ProcessCalls.descriptorLimit();
  }

  @Override
  public synchronized void close() {
    for (SessionPoller poller : pollers) {
      if (poller != null) {
        poller.poller().close();
      }
    }
    pipes.close();
    blockingIo.close();
    waiting.shutdown();
  }
}
