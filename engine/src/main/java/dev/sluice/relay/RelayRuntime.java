package dev.sluice.relay;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.DispatcherSelector;
import akka.stream.Materializer;
import dev.sluice.catalog.OpenSettings;
import dev.sluice.os.EpollPoller;
import dev.sluice.os.LibC;
import dev.sluice.os.PipePool;
import dev.sluice.os.Poller;
import dev.sluice.os.SelectorPoller;
import dev.sluice.transfer.PollerMemory;
import dev.sluice.transfer.TransferPlan;
import dev.sluice.transfer.TransferRuntime;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What all relays of a process share: pollers, threads that may block, pipes, and the numbers of
 * sessions. Pollers start when they are first asked for. Thread-safe.
 */
public final class RelayRuntime implements AutoCloseable {
  private static final int PIPE_SIZE = 1 << 20;
  private static final int IDLE_PIPES = 8;
  private static final String BLOCKING_IO = "sluice.blocking-io";

  private static final Map<ActorSystem<?>, RelayRuntime> SHARED = new ConcurrentHashMap<>();

  private final ActorSystem<?> system;
  private final int blockSize;
  private final @Nullable SessionPoller[] pollers;
  private final AtomicInteger nextPoller = new AtomicInteger();
  private final AtomicLong nextSession = new AtomicLong(ProcessHandle.current().pid());
  private final PipePool pipes = new PipePool(PIPE_SIZE, IDLE_PIPES);
  private final Executor blockingIo;
  private volatile boolean ownProcess;

  /**
   * Makes a runtime on an actor system.
   *
   * @param blockSize the largest block that is asked for, in bytes
   * @param pollerCount threads that watch descriptors
   */
  public RelayRuntime(ActorSystem<?> system, int blockSize, int pollerCount) {
    this.system = system;
    this.blockSize = TransferPlan.largestBlock(blockSize);
    this.pollers = new SessionPoller[pollerCount];
    Executor threads =
        system.settings().config().hasPath(BLOCKING_IO)
            ? system.dispatchers().lookup(DispatcherSelector.fromConfig(BLOCKING_IO))
            : Executors.newCachedThreadPool(RelayRuntime::blockingThread);
    this.blockingIo = work -> execute(threads, work);
  }

  /**
   * The runtime that relays of an actor system share, made when it is first asked for; closed with
   * the system.
   */
  public static RelayRuntime of(ActorSystem<?> system) {
    return SHARED.computeIfAbsent(
        system,
        key -> {
          RelayRuntime runtime =
              new RelayRuntime(
                  key,
                  OpenSettings.DEFAULT.blockSize(),
                  Runtime.getRuntime().availableProcessors());
          key.getWhenTerminated()
              .whenComplete(
                  (done, failure) -> {
                    SHARED.remove(key);
                    runtime.close();
                  });
          return runtime;
        });
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

  private static Poller startPoller(String name) {
    return System.getProperty("sluice.poller", "epoll").equals("selector")
        ? SelectorPoller.start(name)
        : EpollPoller.start(name);
  }

  /**
   * A host that gives no more threads refuses the work of one session, as a full pool would; it
   * does not end the thread that asked.
   */
  private static void execute(Executor threads, Runnable work) {
    try {
      threads.execute(work);
    } catch (OutOfMemoryError e) {
      throw new RejectedExecutionException("no thread can be started", e);
    }
  }

  private static Thread blockingThread(Runnable work) {
    Thread thread = new Thread(work, "sluice-blocking-io");
    thread.setDaemon(true);
    return thread;
  }

  /**
   * The process is there for one relay, so it may become the program that takes the relay's place.
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

  Executor blockingIo() {
    return blockingIo;
  }

  /** What the transfers of a session on {@code poller} run on. */
  TransferRuntime transferRuntime(SessionPoller poller) {
    return new TransferRuntime(
        poller.memory(),
        () -> poller((poller.index() + 1) % pollers.length).memory(),
        blockingIo,
        pipes,
        () -> Materializer.matFromSystem(system.classicSystem()));
  }

  /** Descriptors that the process may have open. */
  int descriptorLimit() {
    return LibC.descriptorLimit();
  }

  @Override
  public synchronized void close() {
    for (SessionPoller poller : pollers) {
      if (poller != null) {
        poller.poller().close();
      }
    }
    pipes.close();
  }
}
