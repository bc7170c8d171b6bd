package dev.sluice.endpoint;

import java.net.SocketAddress;
import java.util.Optional;

/**
 * An address that gives a channel for each peer that comes.
 *
 * <p>Peers are taken only while the {@link Admission} has room: permit before accept. A listener
 * that found no room watches nothing until {@link #resume()}; the peers wait in the kernel's
 * backlog.
 */
public non-sealed interface Listener extends Opened, AutoCloseable {
  /** The room for one more session. Thread-safe. */
  interface Admission {
    /** Takes a place, or says that there is none. */
    boolean tryEnter();

    /**
     * A place led to a connection with that descriptor; the kernel gives the lowest number that is
     * free, so it tells how many are used.
     */
    void accepted(int descriptor);

    /** Gives a place back that led to no session. */
    void leave();
  }

  /** Receives the peers. Called on a poller's thread; must not block. */
  interface Handler {
    /**
     * A peer came and was let in.
     *
     * @param channel the connection with it
     * @param announcement logs who came; to be run before anything else is said of the connection
     */
    void connected(Channel channel, Runnable announcement);

    /** The listener can't go on. */
    void failed(Throwable cause);

    /** No peer came within the accept timeout. */
    void timedOut();
  }

  /** Where it listens, as log lines show it. */
  String localAddress();

  /** Where it listens, if that is an Internet address or a UNIX path. */
  default Optional<SocketAddress> boundAddress() {
    return Optional.empty();
  }

  /** What a log line says while it waits for peers. */
  default String announcement() {
    return "listening on " + localAddress();
  }

  /** Starts to take peers. */
  void start(Admission admission, Handler handler);

  /** Looks for peers again, after room was made. Any thread. */
  void resume();

  /** Takes no more peers, closes the descriptor, and removes what must be removed. */
  @Override
  void close();

  /**
   * Closes, and then runs {@code whenClosed}: all peers that were let in have been told of by then.
   */
  default void close(Runnable whenClosed) {
    close();
    whenClosed.run();
  }
}
