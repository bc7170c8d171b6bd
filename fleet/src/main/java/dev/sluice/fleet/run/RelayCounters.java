package dev.sluice.fleet.run;

import dev.sluice.fleet.model.FleetSnapshot;
import dev.sluice.fleet.run.FleetStatus.Sums;
import dev.sluice.fleet.run.FleetStatus.Upstream;
import dev.sluice.relay.RelayEvent;
import dev.sluice.relay.TransferStart;
import dev.sluice.transfer.Transfer;
import dev.sluice.transfer.TransferDirection;
import dev.sluice.transfer.Transfers;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a relay has done under its name, through all its changes. Written by the threads of its
 * sessions, read by whoever asks. Thread-safe.
 */
final class RelayCounters {
  /** A session that is alive. */
  static final class Session {
    final long number;
    final Instant since = Instant.now();
    private final long began = System.nanoTime();

    private volatile String peer = "";
    private volatile @Nullable Transfers transfers;

    Session(long number) {
      this.number = number;
    }

    /** Who connected; empty where that is not known. */
    String peer() {
      return peer;
    }

    /** Whether it is older than that, whatever was done to the clock. */
    boolean isOlderThan(Duration time) {
      return System.nanoTime() - began > time.toNanos();
    }

    /** Whether both addresses are open. */
    boolean isConnected() {
      return transfers != null;
    }

    /** How its bytes move; null before they do. */
    @Nullable String plan() {
      Transfers some = transfers;
      return some == null || some.all().isEmpty() ? null : some.all().get(0).plan();
    }

    /** Whether its bytes move as a stream, in which faults can change; or do not move yet. */
    boolean followsFaults() {
      String plan = plan();
      return plan == null || plan.equals("stream");
    }

    long bytes(TransferDirection direction) {
      Transfers some = transfers;
      Transfer transfer = some == null ? null : some.of(direction);
      return transfer == null ? 0 : transfer.bytes();
    }
  }

  private final Map<Long, Session> sessions = new ConcurrentHashMap<>(2);
  private long started;
  private long failed;
  private long connectFailures;
  private long leftToRight;
  private long rightToLeft;
  private long restarts;
  private Upstream upstream = Upstream.UNKNOWN;
  private @Nullable String lastError;
  private @Nullable Instant lastErrorAt;

  /** A session begins; told before it can do anything. */
  Session begin(long number) {
    Session session = new Session(number);
    sessions.put(number, session);
    synchronized (this) {
      started++;
    }
    return session;
  }

  /** Goes on from what was counted before the process began again. */
  synchronized void restore(FleetSnapshot.Relay before) {
    started += before.started();
    failed += before.failed();
    connectFailures += before.connectFailures();
    leftToRight += before.leftToRight();
    rightToLeft += before.rightToLeft();
    restarts += before.restarts();
  }

  void happened(RelayEvent event) {
    if (event instanceof RelayEvent.SessionStarted begun) {
      Session session = sessions.get(begun.session());
      if (session != null) {
        session.peer = begun.peer().map(RelayCounters::text).orElse("");
      }
    } else if (event instanceof RelayEvent.SessionEnded over) {
      Session session = sessions.remove(over.session());
      boolean neverConnected = session != null && !session.isConnected();
      synchronized (this) {
        leftToRight += over.leftToRight();
        rightToLeft += over.rightToLeft();
        failed += over.outcome().error() ? 1 : 0;
        connectFailures += neverConnected && over.outcome().status() != 0 ? 1 : 0;
      }
    }
  }

  /** An address without the slash that Java puts before numbers. */
  static String text(SocketAddress address) {
    if (address instanceof InetSocketAddress internet && internet.getAddress() != null) {
      String host = internet.getAddress().getHostAddress();
      return (host.contains(":") ? "[" + host + "]" : host) + ":" + internet.getPort();
    }
    return address.toString();
  }

  /** Both addresses of a session are open; on the session's thread. */
  void connected(Session session, Supplier<TransferStart> start) {
    session.transfers = start.get().transfers();
    synchronized (this) {
      upstream = Upstream.OK;
    }
  }

  /** A line of the relay, or of one of its sessions, that tells of something wrong. */
  void heard(long number, String text, boolean isError) {
    Session session = sessions.get(number);
    synchronized (this) {
      if (isError) {
        lastError = text;
        lastErrorAt = Instant.now();
        if (session != null && !session.isConnected()) {
          upstream = Upstream.FAILING;
        }
      }
    }
  }

  synchronized void restarted() {
    restarts++;
  }

  /** The next session goes elsewhere, so nothing is known of it. */
  synchronized void forgetUpstream() {
    upstream = Upstream.UNKNOWN;
  }

  Collection<Session> sessions() {
    return List.copyOf(sessions.values());
  }

  int active() {
    return sessions.size();
  }

  Sums sums() {
    long toRight = 0;
    long toLeft = 0;
    for (Session session : sessions.values()) {
      toRight += session.bytes(TransferDirection.LEFT_TO_RIGHT);
      toLeft += session.bytes(TransferDirection.RIGHT_TO_LEFT);
    }
    synchronized (this) {
      return new Sums(
          sessions.size(),
          started,
          failed,
          connectFailures,
          leftToRight + toRight,
          rightToLeft + toLeft,
          restarts,
          upstream,
          lastError,
          lastErrorAt);
    }
  }
}
