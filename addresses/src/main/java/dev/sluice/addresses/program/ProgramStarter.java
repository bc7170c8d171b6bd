package dev.sluice.addresses.program;

import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.OpenFailure;
import dev.sluice.catalog.ProcessScope;
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
import dev.sluice.option.SocketOptions;
import dev.sluice.os.ChildProcess;
import dev.sluice.os.Fd;
import dev.sluice.os.LibC;
import dev.sluice.os.NativeError;
import dev.sluice.os.SocketAddressBytes;
import dev.sluice.os.Spawn;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Starts the program of an address and joins it to the relay by a socket pair or by pipes.
 *
 * <p>Only the descriptors of directions in use are replaced; the program keeps our others. It runs
 * in the address's {@link ProcessScope}.
 */
public final class ProgramStarter {
  private final OpenContext context;
  private final Options options;
  private final RelayLog log;
  private final Direction direction;

  public ProgramStarter(OpenContext context) {
    this.context = context;
    this.options = context.options();
    this.log = context.log();
    this.direction = context.direction();
  }

  /**
   * A program to run.
   *
   * @param file path, or name to look up in {@code PATH}
   * @param arguments its argv, its own name first
   * @param variables added to its environment
   * @param announced whether the log tells that it is executed
   * @param failureReport how a warning names it when it fails, if one is wanted
   */
  public record Program(
      String file,
      List<String> arguments,
      Map<String, String> variables,
      boolean announced,
      Optional<String> failureReport) {}

  /** Starts it, off the caller's thread. */
  public CompletionStage<Endpoint> start(Program program) {
    return context.blockingForProgram(() -> startNow(program));
  }

  private Endpoint startNow(Program program) {
    checkDescriptorOptions();
    boolean pipes = options.isOn(ProgramOptions.PIPES);
    log.notice("forking off child, using %s for %s", pipes ? "pipes" : "socket", direction.words());
    Channel channel = pipes ? Channel.pipes(direction) : Channel.socketPair(options);
    try {
      channel.applyOptions(options, log);
      int pid = spawn(program, channel);
      channel.closeTheirs();
      ChildProcess child =
          ChildProcess.watch(pid, context.poller(), exit -> reportFailure(exit, program));
      log.notice("forked off child process %d", pid);
      log.notice("forked off child process %d", pid);
      return channel.endpoint(direction).child(child);
    } catch (RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private void reportFailure(ChildProcess.Exit exit, Program program) {
    if (exit.isFailure()) {
      program
          .failureReport()
          .ifPresent(name -> log.warning(name + " returned with status " + exit.waitStatus()));
    }
  }

  private void checkDescriptorOptions() {
    if (direction == Direction.READ && options.has(ProgramOptions.FDIN)) {
      throw OpenFailure.lasting("_xioopen_foxec(): option fdin is useless in read-only mode");
    }
    if (direction == Direction.WRITE && options.has(ProgramOptions.FDOUT)) {
      throw OpenFailure.lasting("_xioopen_foxec(): option fdout is useless in write-only mode");
    }
  }

  private int spawn(Program program, Channel channel) {
    Map<String, String> environment = new LinkedHashMap<>(context.environment().get());
    environment.putAll(ProcessScope.of(options).userVariables());
    environment.putAll(program.variables());
    options.find(ProgramOptions.PATH).ifPresent(path -> environment.put("PATH", path));
    Spawn spawn = new Spawn(program.arguments(), environment);
    channel.mapInto(spawn, direction, options);
    if (options.isOn(ProcessOptions.SETSID)) {
      spawn.newSession();
    }
    options.find(ProgramOptions.SETPGID).ifPresent(spawn::processGroup);
    if (program.announced()) {
      log.notice("execvp'ing \"%s\"", program.file());
    }
    return spawn.start(program.file());
  }

  /** The two ends of the way to a program: ours, and what it gets. */
  private record Channel(
      @Nullable Fd ourRead,
      @Nullable Fd ourWrite,
      @Nullable Fd theirIn,
      @Nullable Fd theirOut,
      boolean isSocket) {
    static Channel socketPair(Options options) {
      int type = options.get(SocketOptions.SO_TYPE, LibC.SOCK_STREAM);
      Fd[] pair =
          LibC.socketpair(
              SocketAddressBytes.AF_UNIX, type, options.get(SocketOptions.SO_PROTOCOL, 0));
      return new Channel(pair[0], pair[0], pair[1], pair[1], true);
    }

    static Channel pipes(Direction direction) {
      Fd[] toUs = direction.reads() ? LibC.pipe(0) : new Fd[2];
      try {
        Fd[] toThem = direction.writes() ? LibC.pipe(0) : new Fd[2];
        return new Channel(toUs[0], toThem[1], toThem[0], toUs[1], false);
      } catch (NativeError e) {
        if (direction.reads()) {
          toUs[0].close();
          toUs[1].close();
        }
        throw e;
      }
    }

    void applyOptions(Options options, RelayLog log) {
      for (Fd fd : ours()) {
        for (Phase phase : new Phase[] {Phase.PASTSOCKET, Phase.FD, Phase.CONNECTED}) {
          OptionApplier.apply(phase, fd, options, log);
        }
      }
    }

    private List<Fd> ours() {
      List<Fd> ours = new ArrayList<>(2);
      if (ourRead != null) {
        ours.add(ourRead);
      }
      if (ourWrite != null && ourWrite != ourRead) {
        ours.add(ourWrite);
      }
      return ours;
    }

    void mapInto(Spawn spawn, Direction direction, Options options) {
      int in = options.get(ProgramOptions.FDIN, 0);
      int out = options.get(ProgramOptions.FDOUT, 1);
      if (direction.writes() && theirIn != null) {
        spawn.map(theirIn.number(), in);
      }
      if (direction.reads() && theirOut != null) {
        spawn.map(theirOut.number(), out);
        if (options.isOn(ProgramOptions.STDERR)) {
          spawn.map(theirOut.number(), 2);
        }
      }
    }

    void closeTheirs() {
      if (theirIn != null) {
        theirIn.close();
      }
      if (theirOut != null) {
        theirOut.close();
      }
    }

    void close() {
      closeTheirs();
      ours().forEach(Fd::close);
    }

    Endpoint endpoint(Direction direction) {
      FdReader reader = ourRead == null ? null : FdReader.of(ourRead);
      FdWriter writer = ourWrite == null ? null : FdWriter.of(ourWrite);
      Endpoint endpoint =
          switch (direction) {
            case READ -> Endpoint.reading(java.util.Objects.requireNonNull(reader));
            case WRITE -> Endpoint.writing(java.util.Objects.requireNonNull(writer));
            case BOTH ->
                Endpoint.duplex(
                    java.util.Objects.requireNonNull(reader),
                    java.util.Objects.requireNonNull(writer));
          };
      endpoint.pollable();
      return isSocket
          ? endpoint.socket().halfClose(HalfClose.SHUTDOWN)
          : endpoint.halfClose(HalfClose.CLOSE);
    }
  }
}
