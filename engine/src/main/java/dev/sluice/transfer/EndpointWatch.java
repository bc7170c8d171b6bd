package dev.sluice.transfer;

import dev.sluice.endpoint.Endpoint;
import dev.sluice.endpoint.FdReader;
import dev.sluice.endpoint.FdWriter;
import dev.sluice.os.Fd;
import dev.sluice.os.Poller;
import org.jspecify.annotations.Nullable;

/**
 * The registrations of an endpoint's descriptors with a poller: one for a descriptor that goes both
 * ways, else one for each half.
 */
final class EndpointWatch {
  private Poller.@Nullable Registration first;
  private Poller.@Nullable Registration second;

  /**
   * Starts to watch.
   *
   * @param incoming the transfer that reads the endpoint, if any
   * @param outgoing the transfer that writes it, if any
   */
  EndpointWatch(
      Poller poller,
      Endpoint endpoint,
      @Nullable PolledTransfer incoming,
      @Nullable PolledTransfer outgoing) {
    FdReader reader = incoming == null ? null : endpoint.reader();
    FdWriter writer = outgoing == null ? null : endpoint.writer();
    if (reader != null && writer != null && reader.fd() == writer.fd()) {
      first = poller.register(reader.fd().number(), events -> tell(events, incoming, outgoing));
      tellOfWatch(outgoing, first);
      return;
    }
    if (reader != null) {
      first = poller.register(reader.fd().number(), events -> tell(events, incoming, null));
    }
    if (writer != null) {
      second = poller.register(writer.fd().number(), events -> tell(events, null, outgoing));
      tellOfWatch(outgoing, second);
    }
  }

  private static void tellOfWatch(
      @Nullable PolledTransfer outgoing, Poller.Registration registration) {
    if (outgoing != null) {
      outgoing.destinationWatched(registration);
    }
  }

  private static void tell(
      int events, @Nullable PolledTransfer incoming, @Nullable PolledTransfer outgoing) {
    if (incoming != null && (events & Poller.READABLE) != 0) {
      incoming.sourceReady(events);
    }
    if (outgoing != null && (events & Poller.WRITABLE) != 0) {
      outgoing.destinationReady();
    }
  }

  /**
   * Ends the reports; a descriptor that its endpoint closes right after, and its file with it, is
   * left to the kernel.
   */
  void close(Endpoint endpoint) {
    FdReader reader = endpoint.reader();
    FdWriter writer = endpoint.writer();
    if (first != null) {
      Fd fd = reader != null ? reader.fd() : writer != null ? writer.fd() : null;
      end(first, fd != null && goesNow(fd, endpoint));
      first = null;
    }
    if (second != null) {
      end(second, writer != null && goesNow(writer.fd(), endpoint));
      second = null;
    }
  }

  private static boolean goesNow(Fd fd, Endpoint endpoint) {
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
