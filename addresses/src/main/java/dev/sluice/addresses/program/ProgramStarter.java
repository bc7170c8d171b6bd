package dev.sluice.addresses.program;

import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.OpenFailure;
import dev.sluice.catalog.ProcessScope;
import dev.sluice.endpoint.Direction;
import dev.sluice.endpoint.Endpoint;
import dev.sluice.endpoint.FdReader;
import dev.sluice.endpoint.FdWriter;
import dev.sluice.endpoint.Handover;
import dev.sluice.endpoint.Opened;
import dev.sluice.log.RelayLog;
import dev.sluice.option.Option;
import dev.sluice.option.Options;
import dev.sluice.option.ProcessOptions;
import dev.sluice.option.ProgramOptions;
import dev.sluice.option.TermiosOptions;
import dev.sluice.os.ChildProcess;
import dev.sluice.os.Fd;
import dev.sluice.os.ForwardedSignals;
import dev.sluice.os.ProcessFacts;
import dev.sluice.os.Spawn;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Starts the program of an address and joins it to the relay by a {@link ProgramChannel}, or, with
 * option {@code nofork}, gives it the descriptors of the other address.
 *
 * <p>Only the descriptors of directions in use are replaced; the program keeps our others. It runs
 * in the address's {@link ProcessScope}.
 */
public final class ProgramStarter {
  private static final Map<Option<Boolean>, Integer> FORWARDS =
      Map.of(ProgramOptions.SIGHUP, 1, ProgramOptions.SIGINT, 2, ProgramOptions.SIGQUIT, 3);

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

  /** A program with all that it needs to be started. */
  private record Prepared<C>(Spawn spawn, C channel) {}

  /** Starts it, off the caller's thread. */
  public CompletionStage<Opened> start(Program program) {
    if (options.isOn(ProgramOptions.NOFORK)) {
      Handover handover = (other, replace) -> handOver(program, other, replace);
      return CompletableFuture.completedStage(handover);
    }
    AtomicReference<ProgramChannel> opened = new AtomicReference<>();
    return context
        .scope()
        .<Prepared<ProgramChannel>, Opened>supplyForProgram(
            () -> {
              checkDescriptorOptions();
              ProgramChannel channel = ProgramChannel.open(context);
              opened.set(channel);
              Spawn spawn = spawn(program);
              channel.mapInto(spawn, direction, options);
              pauseForDebugger();
              return new Prepared<>(spawn, channel);
            },
            prepared -> start(program, prepared),
            context.blockingIo())
        .whenComplete(
            (endpoint, failure) -> {
              ProgramChannel channel = opened.get();
              if (failure != null && channel != null) {
                channel.close();
              }
            });
  }

  /** Waits before the fork, since posix_spawn(3) gives no place between it and the program. */
  private void pauseForDebugger() {
    try {
      Thread.sleep(context.settings().forkPause().toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Endpoint start(Program program, Prepared<ProgramChannel> prepared) {
    ChildProcess child = run(program, prepared.spawn());
    prepared.channel().closeTheirs();
    log.notice("forked off child process %d", child.pid());
    // socat says it twice: where it forks, and where it starts a program
    log.notice("forked off child process %d", child.pid());
    return prepared.channel().endpoint(direction).child(child);
  }

  private ChildProcess run(Program program, Spawn spawn) {
    announce(program);
    ChildProcess child =
        ChildProcess.watch(
            spawn.start(program.file()), context.poller(), exit -> judge(exit, program));
    FORWARDS.forEach(
        (option, signal) -> {
          if (options.isOn(option)) {
            ForwardedSignals.add(signal, child);
          }
        });
    return child;
  }

  private void announce(Program program) {
    if (program.announced()) {
      log.notice("execvp'ing \"%s\"", program.file());
    }
  }

  /**
   * How the end of a program counts. Behind system(3) there is a shell, and of a shell that a
   * signal ended only the exit status counts, which is 0 then.
   */
  private ChildProcess.Exit judge(ChildProcess.Exit exit, Program program) {
    if (!exit.isFailure() || program.failureReport().isEmpty()) {
      return exit;
    }
    log.warning(program.failureReport().get() + " returned with status " + exit.waitStatus());
    return exit.signalled() ? ChildProcess.Exit.SUCCESS : exit;
  }

  private void checkDescriptorOptions() {
    if (direction == Direction.READ && options.has(ProgramOptions.FDIN)) {
      throw OpenFailure.lasting("_xioopen_foxec(): option fdin is useless in read-only mode");
    }
    if (direction == Direction.WRITE && options.has(ProgramOptions.FDOUT)) {
      throw OpenFailure.lasting("_xioopen_foxec(): option fdout is useless in write-only mode");
    }
  }

  private Spawn spawn(Program program) {
    Map<String, String> environment = new LinkedHashMap<>(context.environment().get());
    environment.putAll(context.scope().userVariables());
    environment.putAll(program.variables());
    options.find(ProgramOptions.PATH).ifPresent(path -> environment.put("PATH", path));
    Spawn spawn = new Spawn(program.arguments(), environment);
    if (options.isOn(ProcessOptions.SETSID)) {
      spawn.newSession();
    } else if (options.isOn(TermiosOptions.CTTY)) {
      log.warning("ioctl(0, TIOCSCTTY, NULL): Operation not permitted; needs option setsid");
    }
    options.find(ProgramOptions.SETPGID).ifPresent(group -> join(group, spawn));
    return spawn;
  }

  /** A session's leader stays in its group, and nobody gets into another session's. */
  private void join(int group, Spawn spawn) {
    boolean possible =
        !options.isOn(ProcessOptions.SETSID) && (group == 0 || ProcessFacts.mayJoin(group));
    if (possible) {
      spawn.processGroup(group);
    } else {
      String reason = group < 0 ? "Invalid argument" : "Operation not permitted";
      log.warning("setpgid(0, " + group + "): " + reason);
    }
  }

  /**
   * Gives a program the other address's descriptors. Only {@code SYSTEM} stays behind to tell how
   * its shell ended.
   */
  private CompletionStage<ChildProcess> handOver(Program program, Endpoint other, boolean replace) {
    return context
        .scope()
        .supplyForProgram(
            () -> {
              checkDescriptorOptions();
              Spawn spawn = spawn(program);
              Fd in = Optional.ofNullable(other.reader()).map(FdReader::fd).orElse(null);
              Fd out = Optional.ofNullable(other.writer()).map(FdWriter::fd).orElse(null);
              if (other.isPollable()) {
                Optional.ofNullable(in).ifPresent(fd -> fd.setNonBlocking(false));
                Optional.ofNullable(out).ifPresent(fd -> fd.setNonBlocking(false));
              }
              ProgramChannel.map(spawn, direction, options, in, out);
              return spawn;
            },
            spawn -> {
              if (replace && program.failureReport().isEmpty()) {
                announce(program);
                RelayLog.flush();
                spawn.replaceProcess(program.file());
              }
              return run(program, spawn);
            },
            context.blockingIo());
  }
}
