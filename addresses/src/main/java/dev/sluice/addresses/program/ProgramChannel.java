package dev.sluice.addresses.program;

import dev.sluice.addresses.terminal.AddressPty;
import dev.sluice.catalog.OpenContext;
import dev.sluice.endpoint.Direction;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.endpoint.FdReader;
import dev.sluice.endpoint.FdWriter;
import dev.sluice.endpoint.HalfClose;
import dev.sluice.log.RelayLog;
import dev.sluice.option.OptionApplier;
import dev.sluice.option.Options;
import dev.sluice.option.Phase;
import dev.sluice.option.ProcessOptions;
import dev.sluice.option.ProgramOptions;
import dev.sluice.option.PtyOptions;
import dev.sluice.option.SocketOptions;
import dev.sluice.option.TermiosOptions;
import dev.sluice.os.Fd;
import dev.sluice.os.LibC;
import dev.sluice.os.NativeError;
import dev.sluice.os.SocketAddressBytes;
import dev.sluice.os.SocketCalls;
import dev.sluice.os.Spawn;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The way to a program: our end, and what it gets. */
abstract class ProgramChannel implements AutoCloseable {
  /** Makes the channel that the options ask for, with its options applied; blocks. */
  static ProgramChannel open(OpenContext context) {
    Options options = context.options();
    boolean pty =
        options.isOn(ProgramOptions.PTY)
            || options.isOn(PtyOptions.OPENPTY)
            || options.isOn(PtyOptions.PTMX);
    boolean pipes = options.isOn(ProgramOptions.PIPES);
    RelayLog log = context.log();
    if (pty && pipes) {
      log.warning(
          "_xioopen_foxec(): options \"pipes\" and \"pty\" must not be specified together; ignoring"
              + " \"pipes\"");
    }
    String kind = pty ? "pty" : pipes ? "pipes" : "socket";
    log.notice("forking off child, using %s for %s", kind, context.direction().words());
    if (pty) {
      return new Terminal(AddressPty.open(context), options);
    }
    Pair pair = pipes ? Pair.pipes(context.direction()) : Pair.sockets(options);
    try {
      pair.applyOptions(options, log);
    } catch (RuntimeException e) {
      pair.close();
      throw e;
    }
    return pair;
  }

  /** What the program reads; null for the stream that it has anyway. */
  abstract @Nullable Fd theirIn();

  /** What it writes. */
  abstract @Nullable Fd theirOut();

  /** Gives the program its end, of the directions that are in use. */
  void mapInto(Spawn spawn, Direction direction, Options options) {
    map(spawn, direction, options, theirIn(), theirOut());
  }

  static void map(
      Spawn spawn, Direction direction, Options options, @Nullable Fd in, @Nullable Fd out) {
    if (direction.writes() && in != null) {
      spawn.map(in.number(), options.get(ProgramOptions.FDIN, 0));
    }
    if (direction.reads() && out != null) {
      spawn.map(out.number(), options.get(ProgramOptions.FDOUT, 1));
      if (options.isOn(ProgramOptions.STDERR)) {
        spawn.map(out.number(), 2);
      }
    }
  }

  /** Once the program has its end, ours of it is closed. */
  abstract void closeTheirs();

  abstract Endpoint endpoint(Direction direction);

  @Override
  public abstract void close();

  /** A pseudo terminal: the program gets the slave. */
  private static final class Terminal extends ProgramChannel {
    private final AddressPty made;
    private final Options options;

    Terminal(AddressPty made, Options options) {
      this.made = made;
      this.options = options;
    }

    @Override
    Fd theirIn() {
      return made.pty().slave();
    }

    @Override
    Fd theirOut() {
      return made.pty().slave();
    }

    @Override
    void mapInto(Spawn spawn, Direction direction, Options ignored) {
      super.mapInto(spawn, direction, options);
      if (options.isOn(TermiosOptions.CTTY) && options.isOn(ProcessOptions.SETSID)) {
        spawn.controllingTerminal(made.pty());
      }
    }

    @Override
    void closeTheirs() {
      made.pty().closeSlave();
    }

    @Override
    Endpoint endpoint(Direction direction) {
      return made.endpoint();
    }

    @Override
    public void close() {
      made.close();
    }
  }

  /** A pair of sockets, or a pipe for each direction. */
  private static final class Pair extends ProgramChannel {
    private final @Nullable Fd ourRead;
    private final @Nullable Fd ourWrite;
    private final @Nullable Fd theirIn;
    private final @Nullable Fd theirOut;
    private final boolean isSocket;

    private Pair(
        @Nullable Fd ourRead,
        @Nullable Fd ourWrite,
        @Nullable Fd theirIn,
        @Nullable Fd theirOut,
        boolean isSocket) {
      this.ourRead = ourRead;
      this.ourWrite = ourWrite;
      this.theirIn = theirIn;
      this.theirOut = theirOut;
      this.isSocket = isSocket;
    }

    static Pair sockets(Options options) {
      int type = options.get(SocketOptions.SO_TYPE, SocketCalls.SOCK_STREAM);
      Fd[] pair =
          SocketCalls.socketpair(
              SocketAddressBytes.AF_UNIX, type, options.get(SocketOptions.SO_PROTOCOL, 0));
      return new Pair(pair[0], pair[0], pair[1], pair[1], true);
    }

    static Pair pipes(Direction direction) {
      Fd[] toUs = direction.reads() ? LibC.pipe(0) : new Fd[2];
      try {
        Fd[] toThem = direction.writes() ? LibC.pipe(0) : new Fd[2];
        return new Pair(toUs[0], toThem[1], toThem[0], toUs[1], false);
      } catch (NativeError e) {
        if (direction.reads()) {
          toUs[0].close();
          toUs[1].close();
        }
        throw e;
      }
    }

    void applyOptions(Options options, RelayLog log) {
      present(ourRead, ourWrite)
          .forEach(
              fd -> {
                for (Phase phase : new Phase[] {Phase.PASTSOCKET, Phase.FD, Phase.CONNECTED}) {
                  OptionApplier.apply(phase, fd, options, log);
                }
              });
    }

    private static Stream<Fd> present(@Nullable Fd first, @Nullable Fd second) {
      return Stream.of(first, second).filter(Objects::nonNull).map(fd -> fd).distinct();
    }

    @Override
    @Nullable Fd theirIn() {
      return theirIn;
    }

    @Override
    @Nullable Fd theirOut() {
      return theirOut;
    }

    @Override
    void closeTheirs() {
      present(theirIn, theirOut).forEach(Fd::close);
    }

    @Override
    public void close() {
      closeTheirs();
      present(ourRead, ourWrite).forEach(Fd::close);
    }

    @Override
    Endpoint endpoint(Direction direction) {
      Endpoint halves =
          switch (direction) {
            case READ -> Endpoint.reading(FdReader.of(Objects.requireNonNull(ourRead)));
            case WRITE -> Endpoint.writing(FdWriter.of(Objects.requireNonNull(ourWrite)));
            case BOTH ->
                Endpoint.duplex(
                    FdReader.of(Objects.requireNonNull(ourRead)),
                    FdWriter.of(Objects.requireNonNull(ourWrite)));
          };
      Endpoint endpoint = halves.pollable();
      return isSocket
          ? endpoint.socket().halfClose(HalfClose.SHUTDOWN)
          : endpoint.halfClose(HalfClose.CLOSE);
    }
  }
}
