package dev.sluice.relay;

import dev.sluice.endpoint.Channel;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.log.RelayLog;
import dev.sluice.os.NativeError;
import dev.sluice.transfer.TransferDirection;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The channels of a session, and how they are closed. */
final class SessionChannels {
  private Channel left;
  private @Nullable Channel right;

  /** What was to get data that broke off: its peer must not take what it has for all. */
  private @Nullable Channel cutOff;

  private boolean bothCutOff;

  /** What has reset its connection: nothing that was written can arrive any more. */
  private @Nullable Channel gone;

  SessionChannels(Channel left) {
    this.left = left;
  }

  /** The left channel has been greeted, and is used so from now on. */
  void greeted(Channel channel) {
    left = channel;
  }

  /** The right address is open, and closed with the session from now on. */
  void opened(Channel channel) {
    right = channel;
  }

  Channel left() {
    return left;
  }

  /** The right channel, once it is open. */
  Channel right() {
    return Objects.requireNonNull(right);
  }

  /** What a direction writes to. */
  Channel destination(TransferDirection direction) {
    return direction == TransferDirection.LEFT_TO_RIGHT ? right() : left;
  }

  /** What a direction reads from. */
  Channel source(TransferDirection direction) {
    return destination(direction.opposite());
  }

  /** The direction that reads from a channel. */
  TransferDirection outOf(Channel channel) {
    return channel == left ? TransferDirection.LEFT_TO_RIGHT : TransferDirection.RIGHT_TO_LEFT;
  }

  /** The endpoints of both sides; a stream has none. */
  List<Endpoint> parts() {
    return Stream.of(left, right()).flatMap(side -> parts(side).stream()).toList();
  }

  static List<Endpoint> parts(Channel channel) {
    return channel instanceof Endpoint endpoint ? endpoint.parts() : List.of();
  }

  /** The data for the destination of that direction broke off. */
  void cutOff(TransferDirection direction) {
    cutOff = destination(direction);
  }

  /** Both connections are to be reset. */
  void cutOffBoth() {
    bothCutOff = true;
  }

  /** The source of that direction, if it is a TCP peer, has reset its connection. */
  void reset(TransferDirection direction) {
    if (source(direction) instanceof Endpoint endpoint && endpoint.isTcp()) {
      gone = endpoint;
    }
  }

  boolean isGone(Channel channel) {
    return channel == gone;
  }

  boolean isCutOff(Channel channel) {
    return bothCutOff || channel == cutOff;
  }

  /**
   * Closes what is open.
   *
   * @param failed whether an error ended the session
   * @return why the session has failed after all; null when nothing speaks for that
   */
  @Nullable NativeError close(boolean failed, RelayLog log) {
    NativeError ofLeft = close(left, failed, log);
    NativeError ofRight = right == null ? null : close(right, failed, log);
    return ofLeft == null ? ofRight : ofLeft;
  }

  private @Nullable NativeError close(Channel channel, boolean failed, RelayLog log) {
    try {
      if (isCutOff(channel)) {
        channel.abort();
      } else if (failed) {
        channel.abandon();
      } else {
        channel.close();
      }
    } catch (NativeError e) {
      log.error(e.getMessage());
      return e;
    } catch (RuntimeException e) {
      log.error("closing failed: " + e);
    }
    return null;
  }
}
