package dev.sluice.relay;

import dev.sluice.endpoint.Listener;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A listener whose peers the test brings; they wait in a backlog until there is room. */
final class ScriptedListener implements Listener {
  private final Deque<SocketPeer> backlog = new ArrayDeque<>();
  private final CountDownLatch started = new CountDownLatch(1);
  private final AtomicInteger resumed = new AtomicInteger();
  private @Nullable Admission admission;
  private @Nullable Handler handler;
  private volatile boolean closed;

  @Override
  public String localAddress() {
    return "the test";
  }

  @Override
  public void start(Admission newAdmission, Handler newHandler) {
    synchronized (this) {
      admission = newAdmission;
      handler = newHandler;
    }
    started.countDown();
    acceptAll();
  }

  /** A peer comes. */
  SocketPeer connect() {
    SocketPeer peer = new SocketPeer();
    connect(List.of(peer));
    return peer;
  }

  /** Peers come from these hosts at once. */
  List<SocketPeer> connectFrom(String... hosts) {
    List<SocketPeer> peers = Stream.of(hosts).map(SocketPeer::new).toList();
    connect(peers);
    return peers;
  }

  private void connect(List<SocketPeer> peers) {
    synchronized (this) {
      backlog.addAll(peers);
    }
    acceptAll();
  }

  void fail(Throwable cause) throws InterruptedException {
    if (!started.await(10, TimeUnit.SECONDS)) {
      throw new AssertionError("was not started");
    }
    Handler to;
    synchronized (this) {
      to = handler;
    }
    if (to != null) {
      to.failed(cause);
    }
  }

  synchronized int waiting() {
    return backlog.size();
  }

  int resumed() {
    return resumed.get();
  }

  boolean isClosed() {
    return closed;
  }

  private synchronized void acceptAll() {
    if (admission == null || handler == null) {
      return;
    }
    while (!closed && !backlog.isEmpty() && admission.tryEnter()) {
      SocketPeer peer = backlog.remove();
      handler.connected(peer.endpoint(), () -> {});
    }
  }

  @Override
  public void resume() {
    resumed.incrementAndGet();
    acceptAll();
  }

  @Override
  public void close() {
    closed = true;
  }
}
