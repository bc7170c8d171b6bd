package dev.sluice.os;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.spi.AbstractSelector;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import jnr.enxio.channels.NativeSelectorProvider;
import org.jspecify.annotations.Nullable;

/**
 * {@link Poller} over jnr-enxio's selector, which is poll(2) or kqueue(2), for systems without
 * epoll.
 *
 * <p>The selector knows levels, not edges. What was reported is no longer waited for until it has
 * been seen unready; then the wait begins anew. From here it can't be told whether a handler left
 * something unread, or read all it found and more came at once. So what stays readable is reported
 * again: a few times at once, then after pauses that double, up to 8 milliseconds. Whatever else
 * happens on the poller, and a change in the number of bytes that wait, starts that series afresh.
 * A handler is thus told all that {@link EpollPoller} would tell it, some of it more than once.
 *
 * <p>A wake-up costs time in proportion to the number of descriptors. The selector's own pipe is
 * not close-on-exec, so programs started by the relay inherit it.
 */
public final class SelectorPoller implements Poller, Runnable {
  private static final int PROMPT_REPEATS = 3;
  private static final int LONGEST_PAUSE = 3; // doublings of a millisecond

  private static final long FIONREAD = 0x541B;

  private final AbstractSelector selector;
  private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean awake = new AtomicBoolean();
  private final Thread thread;
  private volatile boolean closed;

  // of the poller's thread
  private final List<Watched> reported = new ArrayList<>();
  private final PollStates states = new PollStates();

  private SelectorPoller(String name) throws IOException {
    selector = NativeSelectorProvider.getInstance().openSelector();
    thread = new Thread(this, name);
    thread.setDaemon(true);
  }

  /** Starts a poller on a daemon thread of that name. */
  public static SelectorPoller start(String name) {
    try {
      SelectorPoller poller = new SelectorPoller(name);
      poller.thread.start();
      return poller;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A registration. All fields but {@code ended} belong to the poller's thread. */
  private final class Watched implements Registration {
    private final int fd;
    private final Handler handler;
    private volatile boolean ended;
    private @Nullable SelectionKey key;

    /** Input was reported, and has not been seen to be missing since. */
    private boolean told;

    private boolean awaitsRoom;

    private int repeats;
    private int waitingBefore;
    private long due;

    private Watched(int fd, Handler handler) {
      this.fd = fd;
      this.handler = handler;
    }

    @Override
    public void close() {
      ended = true;
      onThread(this::forget);
    }

    private void forget() {
      leaveSelector();
      told = false;
      awaitsRoom = false;
    }

    @Override
    public void awaitRoom() {
      onThread(this::askForRoom);
    }

    private void askForRoom() {
      if (!ended) {
        awaitsRoom = true;
        await();
      }
    }

    private void leaveSelector() {
      if (key != null) {
        key.cancel();
        key = null;
      }
    }

    /** Waits for input that was not reported, and for room that was asked for. */
    private void await() {
      int interest = (told ? 0 : SelectionKey.OP_READ) | (awaitsRoom ? SelectionKey.OP_WRITE : 0);
      if (interest == 0) {
        leaveSelector(); // a hang-up would wake the selector even so
      } else if (key != null) {
        key.interestOps(interest);
      } else if (!ended) {
        try {
          key = new SelectorChannel(fd).register(selector, interest, this);
        } catch (ClosedChannelException e) {
          throw new IllegalStateException(e);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }

    private void report(int events) {
      int news = events & ((told ? 0 : READABLE) | (awaitsRoom ? WRITABLE : 0));
      if (news == 0) {
        return;
      }
      if ((news & READABLE) != 0) {
        told = true;
        reported.add(this);
      }
      if ((news & WRITABLE) != 0) {
        awaitsRoom = false;
      }
      await();
      tell(news | (events & HANGUP));
    }

    private void tell(int events) {
      if (ended) {
        return;
      }
      try {
        handler.ready(events);
      } catch (Throwable e) {
        uncaught(e);
      }
    }

    /** Input that was reported and is missing now is waited for again. */
    private void rearm(int ready) {
      if (told && (ready & READABLE) == 0) {
        told = false;
        repeats = 0;
        await();
      }
    }

    /** Reports once more what can still be read, when it is time; whether it did. */
    private boolean repeat(int ready, boolean afresh, long now) {
      if (ended || !told) {
        return false;
      }
      int waiting = bytesWaiting();
      if (afresh || waiting != waitingBefore) {
        waitingBefore = waiting;
        repeats = 0;
        due = now;
      }
      if (now - due < 0) {
        return false;
      }
      due = now + pause();
      repeats++;
      tell(ready & (READABLE | HANGUP));
      return true;
    }

    private int bytesWaiting() {
      NativeBuffer count = NativeCalls.scratch();
      return LibC.ioctl(fd, FIONREAD, count) < 0 ? 0 : count.getInt(0);
    }

    private long pause() {
      if (repeats < PROMPT_REPEATS) {
        return 0;
      }
      return TimeUnit.MILLISECONDS.toNanos(1L << Math.min(repeats - PROMPT_REPEATS, LONGEST_PAUSE));
    }
  }

  private static void uncaught(Throwable e) {
    Thread current = Thread.currentThread();
    current.getUncaughtExceptionHandler().uncaughtException(current, e);
  }

  @Override
  public Registration register(int fd, Handler handler) {
    FileStatus status = FileCalls.fstat(fd);
    if (status.isRegular() || status.isDirectory()) {
      throw new NativeError("poll(" + fd + ")", Errno.EPERM);
    }
    Watched watched = new Watched(fd, handler);
    onThread(watched::await);
    return watched;
  }

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
    if (!isCurrent() && awake.compareAndSet(false, true)) {
      selector.wakeup();
    }
  }

  @Override
  public boolean isCurrent() {
    return Thread.currentThread() == thread;
  }

  @Override
  public void run() {
    List<Runnable> batch = new ArrayList<>();
    List<Watched> ready = new ArrayList<>();
    try {
      while (!closed) {
        awake.set(false);
        select();
        awake.set(true);
        boolean busy = reportSelected(ready);
        busy |= runTasks(batch);
        review(busy);
      }
    } catch (Throwable e) {
      uncaught(new PollerLost(e));
    } finally {
      closeSelector();
    }
  }

  private void closeSelector() {
    try {
      selector.close();
    } catch (IOException e) {
      uncaught(e);
    }
  }

  private void select() throws IOException {
    if (!tasks.isEmpty()) {
      selector.selectNow();
      return;
    }
    long nanos = Long.MAX_VALUE;
    long now = System.nanoTime();
    for (Watched watched : reported) {
      nanos = Math.min(nanos, watched.due - now);
    }
    if (nanos <= 0) {
      selector.selectNow();
    } else if (nanos == Long.MAX_VALUE) {
      selector.select();
    } else {
      selector.select(Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos)));
    }
  }

  /** Reports what the selector found; whether it found anything. */
  private boolean reportSelected(List<Watched> ready) {
    for (SelectionKey key : selector.selectedKeys()) {
      Watched watched = (Watched) key.attachment();
      if (watched.key == key) {
        ready.add(watched);
      }
    }
    selector.selectedKeys().clear();
    if (ready.isEmpty()) {
      return false;
    }
    int[] events = states.of(ready.size(), i -> ready.get(i).fd);
    for (int i = 0; i < events.length; i++) {
      Watched watched = ready.get(i);
      if (watched.key == null || watched.ended) {
        continue;
      }
      if ((events[i] & ReadinessCalls.POLLNVAL) != 0) {
        watched.forget(); // closed before its registration was
      } else {
        watched.report(PollStates.readiness(events[i]));
      }
    }
    ready.clear();
    return true;
  }

  /**
   * Looks again at what was reported.
   *
   * @param afresh whether a handler or task ran since the last look
   */
  private void review(boolean afresh) {
    reported.removeIf(watched -> !watched.told);
    if (reported.isEmpty()) {
      return;
    }
    List<Watched> those = List.copyOf(reported);
    int[] ready = look(those);
    long now = System.nanoTime();
    boolean repeated = false;
    for (int i = 0; i < ready.length; i++) {
      repeated |= those.get(i).repeat(ready[i], afresh, now);
    }
    if (repeated) {
      look(those);
    }
    reported.removeIf(watched -> !watched.told);
  }

  /** What is ready of each; what is not is waited for again. */
  private int[] look(List<Watched> those) {
    int[] states = this.states.of(those.size(), i -> those.get(i).fd);
    for (int i = 0; i < states.length; i++) {
      Watched watched = those.get(i);
      if (watched.ended || (states[i] & ReadinessCalls.POLLNVAL) != 0) {
        watched.forget(); // the descriptor may be closed, or another one by now
      } else {
        states[i] = PollStates.readiness(states[i]);
        watched.rearm(states[i]);
      }
    }
    return states;
  }

  /** Runs what is queued now, and says whether there was anything. */
  private boolean runTasks(List<Runnable> batch) {
    Runnable task;
    while ((task = tasks.poll()) != null) {
      batch.add(task);
    }
    boolean any = !batch.isEmpty();
    for (int i = 0; i < batch.size(); i++) {
      try {
        batch.get(i).run();
      } catch (Throwable e) {
        uncaught(e);
      }
    }
    batch.clear();
    return any;
  }

  @Override
  public void close() {
    closed = true;
    selector.wakeup();
  }
}
