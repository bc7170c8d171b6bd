package dev.sluice.relay;

import dev.sluice.catalog.OpenSettings;
import dev.sluice.endpoint.Direction;
import dev.sluice.fault.Faults;
import dev.sluice.option.Options;
import dev.sluice.option.RelayOptions;
import dev.sluice.option.RestartPolicy;
import dev.sluice.pace.Bandwidth;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * How a relay behaves, apart from its addresses: the options of the command line itself.
 *
 * @param open what concerns opening addresses
 * @param halfCloseTimeout how long the other direction may stay silent after one has ended (-t)
 * @param inactivityTimeout how long both may stay silent (-T)
 * @param leftToRight whether bytes go that way
 * @param rightToLeft whether bytes go that way
 * @param sloppy whether errors end nothing (-s)
 * @param exactBlocks whether the block size was asked for, or is counted
 * @param dumps what to show of the traffic
 * @param statistics whether each session reports its counters at its end
 * @param describeDescriptors whether to describe the descriptors before the transfer (-D)
 * @param transferPause how long each session waits before its transfer, so that a debugger can be
 *     attached
 * @param onTransfer told, on the session's thread, when a session begins to move bytes; what it is
 *     given says how far, and is to be asked at once, if at all: it costs system calls
 * @param restart whether the relay begins again after its end; option restart of the left address
 *     goes before it
 * @param faults what its sessions suffer on purpose, besides what the addresses say
 * @param bandwidth how fast the data of its sessions may move
 */
public record RelaySettings(
    OpenSettings open,
    Duration halfCloseTimeout,
    Optional<Duration> inactivityTimeout,
    boolean leftToRight,
    boolean rightToLeft,
    boolean sloppy,
    boolean exactBlocks,
    Dumps dumps,
    boolean statistics,
    boolean describeDescriptors,
    Duration transferPause,
    Consumer<Supplier<TransferStart>> onTransfer,
    RestartPolicy restart,
    Faults faults,
    Bandwidth bandwidth) {
  /**
   * Which dumps of the traffic are made.
   *
   * @param text characters (-v)
   * @param hex hexadecimal digits (-x)
   * @param target where dumps go; each is one write
   * @param leftFile name pattern for raw bytes from left to right (-r)
   * @param rightFile name pattern for raw bytes from right to left (-R)
   */
  public record Dumps(
      boolean text,
      boolean hex,
      OutputStream target,
      Optional<String> leftFile,
      Optional<String> rightFile) {
    public static final Dumps NONE =
        new Dumps(
            false, false, OutputStream.nullOutputStream(), Optional.empty(), Optional.empty());
  }

  /** Whether a relay begins again whose left address has these options. */
  public RestartPolicy restart(Options ofLeft) {
    return ofLeft.get(RelayOptions.RESTART, restart);
  }

  /** The halves of the left address that are needed. */
  Direction leftDirection() {
    return direction(leftToRight, rightToLeft);
  }

  /** The halves of the right address that are needed. */
  Direction rightDirection() {
    return direction(rightToLeft, leftToRight);
  }

  private static Direction direction(boolean isRead, boolean isWritten) {
    return isRead && isWritten ? Direction.BOTH : isRead ? Direction.READ : Direction.WRITE;
  }

  /** The settings of a command line without options. */
  public static final RelaySettings DEFAULT = new Builder().build();

  /** A builder that begins with these settings. */
  public Builder toBuilder() {
    Builder builder = new Builder();
    builder.open = open;
    builder.halfCloseTimeout = halfCloseTimeout;
    builder.inactivityTimeout = inactivityTimeout;
    builder.leftToRight = leftToRight;
    builder.rightToLeft = rightToLeft;
    builder.sloppy = sloppy;
    builder.exactBlocks = exactBlocks;
    builder.dumps = dumps;
    builder.statistics = statistics;
    builder.describeDescriptors = describeDescriptors;
    builder.transferPause = transferPause;
    builder.onTransfer = onTransfer;
    builder.restart = restart;
    builder.faults = faults;
    builder.bandwidth = bandwidth;
    return builder;
  }

  /** Builds settings; begins with {@link #DEFAULT}. Each setter is named after its component. */
  public static final class Builder {
    private OpenSettings open = OpenSettings.DEFAULT;
    private Duration halfCloseTimeout = Duration.ofMillis(500);
    private Optional<Duration> inactivityTimeout = Optional.empty();
    private boolean leftToRight = true;
    private boolean rightToLeft = true;
    private boolean sloppy;
    private boolean exactBlocks;
    private Dumps dumps = Dumps.NONE;
    private boolean statistics;
    private boolean describeDescriptors;
    private Duration transferPause = Duration.ZERO;
    private Consumer<Supplier<TransferStart>> onTransfer = start -> {};
    private RestartPolicy restart = RestartPolicy.never();
    private Faults faults = Faults.NONE;
    private Bandwidth bandwidth = Bandwidth.UNLIMITED;

    private Builder() {}

    public Builder open(OpenSettings value) {
      open = value;
      return this;
    }

    public Builder halfCloseTimeout(Duration value) {
      halfCloseTimeout = value;
      return this;
    }

    public Builder inactivityTimeout(Optional<Duration> value) {
      inactivityTimeout = value;
      return this;
    }

    public Builder leftToRight(boolean value) {
      leftToRight = value;
      return this;
    }

    public Builder rightToLeft(boolean value) {
      rightToLeft = value;
      return this;
    }

    public Builder sloppy(boolean value) {
      sloppy = value;
      return this;
    }

    public Builder exactBlocks(boolean value) {
      exactBlocks = value;
      return this;
    }

    public Builder dumps(Dumps value) {
      dumps = value;
      return this;
    }

    public Builder statistics(boolean value) {
      statistics = value;
      return this;
    }

    public Builder describeDescriptors(boolean value) {
      describeDescriptors = value;
      return this;
    }

    public Builder transferPause(Duration value) {
      transferPause = value;
      return this;
    }

    public Builder onTransfer(Consumer<Supplier<TransferStart>> value) {
      onTransfer = value;
      return this;
    }

    public Builder restart(RestartPolicy value) {
      restart = value;
      return this;
    }

    public Builder faults(Faults value) {
      faults = value;
      return this;
    }

    public Builder bandwidth(Bandwidth value) {
      bandwidth = value;
      return this;
    }

    public RelaySettings build() {
      return new RelaySettings(
          open,
          halfCloseTimeout,
          inactivityTimeout,
          leftToRight,
          rightToLeft,
          sloppy,
          exactBlocks,
          dumps,
          statistics,
          describeDescriptors,
          transferPause,
          onTransfer,
          restart,
          faults,
          bandwidth);
    }
  }
}
