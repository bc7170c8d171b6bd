package dev.sluice.transfer;

import dev.sluice.endpoint.Endpoint;
import dev.sluice.endpoint.FdReader;
import dev.sluice.endpoint.FdWriter;
import dev.sluice.os.Fd;
import dev.sluice.os.Poller;
import org.jspecify.annotations.Nullable;

/**
 * An endpoint that a poller watches, with the transfers that read and write it. One registration
 * serves a descriptor that goes both ways; else each half has one. Used on the poller's thread.
 */
final class EndpointWatch implements Poller.Handler {
  private final Endpoint endpoint;
  private final Poller poller;
  private final @Nullable PolledTransfer incoming;
  private final @Nullable PolledTransfer outgoing;
  private Poller.@Nullable Registration first;
  private Poller.@Nullable Registration second;

  /**
   * Sets up; nothing is watched yet.
   *
   * @param incoming the transfer that reads the endpoint, if any
   * @param outgoing the transfer that writes it, if any
   */
  EndpointWatch(
      Endpoint endpoint,
      Poller poller,
      @Nullable PolledTransfer incoming,
      @Nullable PolledTransfer outgoing) {
    this.endpoint = endpoint;
    this.poller = poller;
    this.incoming = incoming;
    this.outgoing = outgoing;
    if (incoming != null && endpoint.reader() != null) {
      endpoint
          .reader()
          .whenBuffered(() -> poller.execute(() -> incoming.sourceReady(Poller.READABLE)));
    }
  }

  Poller poller() {
    return poller;
  }

  /** The transfer that reads the endpoint, if any. */
  @Nullable PolledTransfer incoming() {
    return incoming;
  }

  /** Whether {@link #start} has run, and found something to watch. */
  boolean isStarted() {
    return first != null || second != null;
  }

  /** Starts to watch. */
  void start() {
    FdReader reader = incoming == null ? null : endpoint.reader();
    FdWriter writer = outgoing == null ? null : endpoint.writer();
    if (reader != null && writer != null && reader.fd() == writer.fd()) {
      first = poller.register(reader.fd().number(), this);
      tellOfWatch(first);
      return;
    }
    if (reader != null) {
      first = poller.register(reader.fd().number(), this::tellIncoming);
    }
    if (writer != null) {
      second = poller.register(writer.fd().number(), this::tellOutgoing);
      tellOfWatch(second);
    }
  }

  private void tellOfWatch(Poller.Registration registration) {
    if (outgoing != null) {
      outgoing.destinationWatched(registration);
    }
  }

  @Override
  public void ready(int events) {
    tellIncoming(events);
    tellOutgoing(events);
  }

  private void tellIncoming(int events) {
    if (incoming != null && (events & Poller.READABLE) != 0) {
      incoming.sourceReady(events);
    }
  }

  private void tellOutgoing(int events) {
    if (outgoing != null && (events & Poller.WRITABLE) != 0) {
      outgoing.destinationReady();
    }
  }

  /** Begins to read. */
  void begin() {
    if (incoming != null) {
      incoming.run();
    }
  }

  /**
   * Ends the reports and stops reading; a descriptor that its endpoint closes right after, and its
   * file with it, is left to the kernel.
   */
  void end() {
    FdReader reader = endpoint.reader();
    FdWriter writer = endpoint.writer();
    if (first != null) {
      Fd fd = reader != null ? reader.fd() : writer != null ? writer.fd() : null;
      end(first, fd != null && goesNow(fd));
      first = null;
    }
    if (second != null) {
      end(second, writer != null && goesNow(writer.fd()));
      second = null;
    }
    if (incoming != null) {
      incoming.stop();
    }
  }

  private boolean goesNow(Fd fd) {
    return !endpoint.isShared() && fd.isOwned() && !fd.isDuplicate();
  }

  private static void end(Poller.Registration registration, boolean descriptorCloses) {
    if (descriptorCloses) {
      registration.abandon();
    } else {
      registration.close();
    }
  }
}
