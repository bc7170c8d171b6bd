package dev.sluice.os;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * {@link Poller} over epoll(7), edge-triggered.
 *
 * <p>Waiting and reporting allocate nothing. A registration is known to the kernel by slot and
 * generation, so that an event which was fetched before its descriptor went away finds nobody.
 */
public final class EpollPoller implements Poller, Runnable {
  private static final int EPOLLIN = 1;
  private static final int EPOLLPRI = 2;
  private static final int EPOLLOUT = 4;
  private static final int EPOLLERR = 8;
  private static final int EPOLLHUP = 16;
  private static final int EPOLLRDHUP = 0x2000;
  private static final int EPOLLET = 1 << 31;
  private static final int INPUT = EPOLLIN | EPOLLPRI | EPOLLRDHUP | EPOLLET;
  private static final int ADD = 1;
  private static final int DEL = 2;
  private static final int MOD = 3;
  private static final int BATCH = 256;

  /** Rounds of looks between two reports of the kernel's on all descriptors. */
  private static final int ROUNDS = 16;

  /** struct epoll_event is packed on x86-64 alone. */
  private static final boolean PACKED = Machine.IS_X86_64;

  private static final int EVENT_SIZE = PACKED ? 12 : 16;
  private static final int DATA_OFFSET = PACKED ? 4 : 8;

  /** Errors of epoll_wait(2) that no later call is without. */
  private static final Set<Integer> LASTING = Set.of(Errno.EBADF, Errno.EINVAL, Errno.EFAULT);

  /** Until the kernel is asked again after any other error. */
  private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(10);

  private final Fd epoll = ReadinessCalls.epollCreate();
  private final Wakeup wakeup = new Wakeup();
  private final NativeBuffer events = NativeBuffer.allocate(BATCH * EVENT_SIZE);
  private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean awake = new AtomicBoolean();
  private final Thread thread;
  private volatile boolean closed;
  private final CpuPlacement placement = new CpuPlacement();
  private final Anticipation anticipation = new Anticipation();
  private List<Runnable> looks = new ArrayList<>();
  private List<Runnable> underWay = new ArrayList<>();

  /** A wait of so many nanoseconds shows that there was nothing to do. */
  private static final long PAUSE_AT_LEAST = 5_000;

  /** A poller that has not paused for so many nanoseconds is busy. */
  private static final long BUSY_AFTER = 2_000_000;

  private final Object slotLock = new Object();
  private final ArrayDeque<Integer> freeSlots = new ArrayDeque<>();
  private volatile @Nullable Slot[] slots = new Slot[64];
  private int slotCount = 1;

  /** When it last had nothing to do, by {@link System#nanoTime}. */
  private volatile long lastPause = System.nanoTime();

  private final class Slot implements Registration {
    private final int index;
    private final int generation;
    private final int fd;
    private final Handler handler;
    private boolean open = true;

    private Slot(int index, int generation, int fd, Handler handler) {
      this.index = index;
      this.generation = generation;
      this.fd = fd;
      this.handler = handler;
    }

    private long data() {
      return ((long) generation << 32) | index;
    }

    @Override
    public void awaitRoom() {
      change(INPUT | EPOLLOUT);
    }

    /** Before the handler hears of it, which may ask again. */
    private void foundRoom() {
      change(INPUT);
    }

    private void change(int interest) {
      synchronized (slotLock) {
        if (open) {
          control(MOD, fd, interest, data());
        }
      }
    }

    @Override
    public void close() {
      if (free()) {
        ReadinessCalls.epollCtl(epoll.number(), DEL, fd, null);
      }
    }

    @Override
    public void abandon() {
      free();
    }

    private boolean free() {
      synchronized (slotLock) {
        if (!open) {
          return false;
        }
        open = false;
        slots[index] = null;
        freeSlots.add(index);
        return true;
      }
    }
  }

  private EpollPoller(String name) {
    thread = new Thread(this, name);
    thread.setDaemon(true);
    add(wakeup.fd(), 0);
  }

  /** Starts a poller on a daemon thread of that name. */
  public static EpollPoller start(String name) {
    EpollPoller poller = new EpollPoller(name);
    poller.thread.start();
    return poller;
  }

  private void add(int fd, long data) {
    int result = control(ADD, fd, INPUT, data);
    if (result < 0) {
      throw new NativeError("epoll_ctl(" + epoll + ", " + ADD + ", " + fd + ")", -result);
    }
  }

  private int control(int operation, int fd, int interest, long data) {
    NativeBuffer event = NativeCalls.scratch();
    event.putInt(0, interest);
    event.putLong(DATA_OFFSET, data);
    return ReadinessCalls.epollCtl(epoll.number(), operation, fd, event);
  }

  private int generations;

  @Override
  public Registration register(int fd, Handler handler) {
    Slot slot;
    synchronized (slotLock) {
      Integer free = freeSlots.poll();
      int index = free != null ? free : slotCount++;
      if (index >= slots.length) {
        slots = java.util.Arrays.copyOf(slots, slots.length * 2);
      }
      slot = new Slot(index, ++generations, fd, handler);
      slots[index] = slot;
    }
    try {
      add(fd, slot.data());
    } catch (NativeError e) {
      slot.close();
      throw e;
    }
    return slot;
  }

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
    if (!isCurrent() && awake.compareAndSet(false, true)) {
      wakeup.signal();
    }
  }

  @Override
  public void lookAgain(Runnable look) {
    looks.add(look);
  }

  @Override
  public void expectSoon() {
    anticipation.expect();
  }

  @Override
  public boolean isCurrent() {
    return Thread.currentThread() == thread;
  }

  @Override
  public boolean isBusy() {
    return System.nanoTime() - lastPause > BUSY_AFTER;
  }

  @Override
  public void run() {
    List<Runnable> batch = new ArrayList<>();
    try {
      while (!closed) {
        awake.set(false);
        tellHandlers(tasks.isEmpty() ? placement.sleepMillis() : 0);
        runTasks(batch);
        for (int round = 1; !closed && !looks.isEmpty(); round++) {
          letOthersRun();
          runLooks();
          if (round % ROUNDS == 0) {
            placement.busy();
            tellHandlers(0);
          }
          runTasks(batch);
        }
      }
    } catch (Throwable e) {
      report(new PollerLost(e));
    } finally {
      epoll.close();
      wakeup.close();
    }
  }

  /** Tells the handlers what the kernel has to tell, after waiting for that long. */
  private void tellHandlers(int timeout) {
    int n = timeout == 0 ? fetch(0) : sleep(timeout);
    awake.set(true);
    for (int i = 0; i < n; i++) {
      dispatch(events.getInt(i * EVENT_SIZE), events.getLong(i * EVENT_SIZE + DATA_OFFSET));
    }
  }

  /** As {@link #fetch}, and notes whether there was nothing to do. */
  private int sleep(int timeout) {
    long start = System.nanoTime();
    int n = anticipation.takeExpectation() ? expected(timeout) : fetch(timeout);
    long end = System.nanoTime();
    if (end - start > PAUSE_AT_LEAST) {
      lastPause = end;
    }
    return n;
  }

  private int fetch(int timeout) {
    try {
      return ReadinessCalls.epollWait(epoll.number(), events, BATCH, timeout);
    } catch (NativeError e) {
      if (LASTING.contains(e.errno())) {
        throw e;
      }
      LockSupport.parkNanos(PAUSE); // the host is short of something, and may not be later
      return 0;
    }
  }

  /** As {@link #fetch}, of what is likely to come at once. */
  private int expected(int timeout) {
    long start = System.nanoTime();
    int n = 0;
    if (anticipation.isWorthLooking()) {
      do {
        n = fetch(0);
        if (n == 0) {
          letOthersRun();
        }
      } while (n == 0 && System.nanoTime() - start < Anticipation.PATIENCE);
    }
    if (n == 0) {
      n = fetch(timeout);
    }
    anticipation.waited(System.nanoTime() - start);
    return n;
  }

  @SuppressWarnings("ThreadPriorityCheck") // a hint is all that is wanted of a yield
  private static void letOthersRun() {
    Thread.yield();
  }

  private void runLooks() {
    List<Runnable> now = looks;
    looks = underWay;
    underWay = now;
    for (int i = 0; i < now.size(); i++) {
      run(now.get(i));
    }
    now.clear();
  }

  private void dispatch(int kernelEvents, long data) {
    int index = (int) data;
    if (index == 0) {
      wakeup.drain();
      return;
    }
    Slot slot = slots[index];
    if (slot == null || slot.generation != (int) (data >>> 32)) {
      return;
    }
    if ((kernelEvents & EPOLLOUT) != 0) {
      slot.foundRoom();
    }
    int ready = 0;
    if ((kernelEvents & (EPOLLIN | EPOLLPRI | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0) {
      ready |= READABLE;
    }
    if ((kernelEvents & (EPOLLOUT | EPOLLHUP | EPOLLERR)) != 0) {
      ready |= WRITABLE;
    }
    if ((kernelEvents & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0) {
      ready |= HANGUP;
    }
    if ((kernelEvents & EPOLLPRI) != 0) {
      ready |= URGENT;
    }
    guarded(slot.handler, ready);
  }

  private static void guarded(Handler handler, int ready) {
    try {
      handler.ready(ready);
    } catch (Throwable e) {
      report(e);
    }
  }

  /**
   * What a handler or a task throws concerns its session alone: the thread goes on. Whether the
   * process can go on after an Error is for the handler of uncaught exceptions to say.
   */
  private static void report(Throwable e) {
    Thread thread = Thread.currentThread();
    thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
  }

  /**
   * Runs what is queued now; what a task queues runs after the next look at the descriptors, so
   * that nobody starves.
   */
  private void runTasks(List<Runnable> batch) {
    Runnable task;
    while ((task = tasks.poll()) != null) {
      batch.add(task);
    }
    if (!batch.isEmpty()) {
      placement.comeBack(); // tasks start threads and processes
    }
    for (int i = 0; i < batch.size(); i++) {
      run(batch.get(i));
    }
    batch.clear();
  }

  private static void run(Runnable task) {
    try {
      task.run();
    } catch (Throwable e) {
      report(e);
    }
  }

  @Override
  public void close() {
    closed = true;
    wakeup.signal();
  }
}
