package dev.sluice.os;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A limited number of threads, and a queue for the tasks that find none free. Threads start as they
 * are needed, and end after a minute without work.
 *
 * <p>A task is not refused because the queue is long: its session has been accepted already. Who
 * accepts sessions asks {@link #isFull} before, and comes back {@link #whenRoom}. So the queue has
 * at most a task for each session that was accepted while it was not full. When the host gives no
 * more threads, those that are there do the work; only a pool without any thread refuses a task.
 * Thread-safe.
 */
public final class BoundedThreads implements Executor, AutoCloseable {
  private final Handover queue = new Handover();
  private final ThreadPoolExecutor pool;
  private final int longest;
  private final AtomicInteger waiting = new AtomicInteger();
  private final Queue<Runnable> heldBack = new ConcurrentLinkedQueue<>();

  /** Hands a task to a thread that has nothing to do, if there is one. */
  private static final class Handover extends LinkedTransferQueue<Runnable> {
    private static final long serialVersionUID = 1;

    @Override
    public boolean offer(Runnable task) {
      return tryTransfer(task);
    }

    void enqueue(Runnable task) {
      super.offer(task);
    }
  }

  /**
   * Makes the threads, which are daemons.
   *
   * @param name of the threads, before a number
   * @param kept threads that do not end
   * @param most threads at the same time
   * @param longest tasks that wait before the queue counts as full
   */
  public BoundedThreads(String name, int kept, int most, int longest) {
    this.longest = longest;
    AtomicInteger number = new AtomicInteger();
    pool =
        new ThreadPoolExecutor(
            kept,
            most,
            1,
            TimeUnit.MINUTES,
            queue,
            task -> {
              Thread thread = new Thread(task, name + "-" + number.getAndIncrement());
              thread.setDaemon(true);
              return thread;
            },
            (task, all) -> enqueue(task));
  }

  /** Starts those threads that do not end. */
  public BoundedThreads started() {
    pool.prestartAllCoreThreads();
    return this;
  }

  @Override
  public void execute(Runnable task) {
    try {
      pool.execute(task);
    } catch (OutOfMemoryError e) {
      if (pool.getPoolSize() == 0) {
        throw new RejectedExecutionException("no thread can be started", e);
      }
      enqueue(task);
    }
  }

  private void enqueue(Runnable task) {
    if (pool.isShutdown()) {
      throw new RejectedExecutionException("the threads have ended");
    }
    waiting.incrementAndGet();
    queue.enqueue(
        () -> {
          if (waiting.decrementAndGet() <= longest / 2) {
            letIn();
          }
          task.run();
        });
  }

  /** Whether so many tasks wait that nobody should bring more. */
  public boolean isFull() {
    return waiting.get() >= longest;
  }

  /** Runs an action once, from any thread, when half of a full queue is done. */
  public void whenRoom(Runnable action) {
    heldBack.add(action);
    if (waiting.get() <= longest / 2) {
      letIn();
    }
  }

  private void letIn() {
    Runnable action;
    while ((action = heldBack.poll()) != null) {
      action.run();
    }
  }

  /** Takes no more tasks. */
  @Override
  public void close() {
    pool.shutdown();
  }
}
