package dev.sluice.catalog;

import dev.sluice.endpoint.Direction;
import dev.sluice.log.RelayLog;
import dev.sluice.option.Option;
import dev.sluice.option.OptionValue;
import dev.sluice.option.Options;
import dev.sluice.option.Phase;
import dev.sluice.option.ProcessOptions;
import dev.sluice.option.TermiosOptions;
import dev.sluice.os.Accounts;
import dev.sluice.os.Fd;
import dev.sluice.os.FileCalls;
import dev.sluice.os.NativeError;
import dev.sluice.os.OpenFlags;
import dev.sluice.os.ProcessCalls;
import dev.sluice.os.ScopedThread;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The process options of one address: work done in this scope has its directory, mask, root,
 * network namespace and credentials, while the rest of the process keeps its own (see {@link
 * ScopedThread}).
 *
 * <p>Before opening, in this order: what an address opened before has left of its root and user
 * (see {@link #within}), netns, chdir, umask, then chroot-early, setgid-early, setuid-early and
 * substuser-early as written. A program has these, and then chroot, substuser-delayed, and setgid,
 * setuid and substuser as written. Names of users and groups are looked up first, outside the
 * scope. What fails comes out as {@link NativeError} or {@link Accounts.Unknown}. Immutable.
 */
public final class ProcessScope {
  private static final String NETWORK_NAMESPACES = "/run/netns/";

  /** The process as it is. */
  public static final ProcessScope NONE = new ProcessScope(Options.none(), null);

  private final Options options;
  private final boolean early;
  private final boolean lasts;
  private final @Nullable ProcessScope outer;

  private ProcessScope(Options options, @Nullable ProcessScope outer) {
    this.options = options;
    this.outer = outer;
    this.early =
        hasOne(options, ProcessOptions.NETNS, ProcessOptions.CHDIR, ProcessOptions.UMASK)
            || hasEarly(options);
    this.lasts =
        outer != null
            || hasEarly(options)
            || hasOne(
                options,
                ProcessOptions.CHROOT,
                ProcessOptions.SUBSTUSER_DELAYED,
                ProcessOptions.SETGID,
                ProcessOptions.SETUID,
                ProcessOptions.SUBSTUSER);
  }

  private static boolean hasEarly(Options options) {
    return hasOne(
        options,
        ProcessOptions.CHROOT_EARLY,
        ProcessOptions.SETGID_EARLY,
        ProcessOptions.SETUID_EARLY,
        ProcessOptions.SUBSTUSER_EARLY);
  }

  private static boolean hasOne(Options options, Option<?>... wanted) {
    for (Option<?> option : wanted) {
      if (options.has(option)) {
        return true;
      }
    }
    return false;
  }

  /** The scope that an address's options describe. */
  public static ProcessScope of(Options options) {
    return options.inOrder().isEmpty() ? NONE : new ProcessScope(options, null);
  }

  /**
   * What the options of an open side have made of its session, for all that is opened after it. Of
   * a dual side both halves count, the second within the first.
   *
   * @param direction the halves that were opened
   */
  public static ProcessScope after(AddressPair side, Direction direction) {
    ProcessScope first = of(side.first().options());
    if (side.second() == null) {
      return first;
    }
    ProcessScope second = of(side.second().options());
    return switch (direction) {
      case READ -> first;
      case WRITE -> second;
      case BOTH -> second.within(first);
    };
  }

  /**
   * The same within what an address that was opened before has made of the session: its root, user
   * and groups, whether its options are early or late, hold for all that is opened after it. So
   * does {@code su=nobody} on a listening address. Its directory, mask and network namespace do
   * not.
   */
  public ProcessScope within(ProcessScope session) {
    return session.lasts ? new ProcessScope(options, session) : this;
  }

  /**
   * Warns of what is experimental in these options, unless the user knows; to be called once for
   * each opening.
   */
  public static void announce(Options options, RelayLog log, boolean experimental) {
    if (!experimental && options.has(ProcessOptions.NETNS)) {
      log.warning("option \"netns\" is experimental");
    }
  }

  /** Whether opening needs nothing of its own. */
  public boolean isPlain() {
    return !early && outer == null;
  }

  /** Runs what opens the address, which may block; an exception completes the stage as it is. */
  public <T> CompletionStage<T> supply(Callable<T> work, Executor blockingIo) {
    return supply(work, blockingIo, this::openingSteps);
  }

  /**
   * Runs what takes the address's lock, which may block: in the address's directory and under its
   * mask, before its early options have changed root and user. An exception completes the stage as
   * it is.
   */
  public <T> CompletionStage<T> supplyForLock(Callable<T> work, Executor blockingIo) {
    return supply(work, blockingIo, this::surroundings);
  }

  /** What starts a program, once what it needs has been prepared. */
  @FunctionalInterface
  public interface Start<C, T> {
    T from(C prepared) throws Exception;
  }

  /**
   * Starts the address's program, which may block: {@code prepare} runs under what holds for
   * opening the address, {@code start} also under what holds for its program alone. An exception
   * completes the stage as it is.
   */
  public <C, T> CompletionStage<T> supplyForProgram(
      Callable<C> prepare, Start<C, T> start, Executor blockingIo) {
    return supply(
        () -> {
          List<Step> late = new ArrayList<>();
          addLateSteps(late);
          return call(
              openingSteps(),
              () -> {
                C prepared = prepare.call();
                return call(late, () -> start.from(prepared));
              });
        },
        blockingIo,
        List::of);
  }

  /**
   * The variables that substuser and its like add for a program, those of an address opened before
   * when this one has none; blocks while the user is looked up.
   */
  public Map<String, String> userVariables() {
    for (Option<String> option :
        List.of(
            ProcessOptions.SUBSTUSER,
            ProcessOptions.SUBSTUSER_DELAYED,
            ProcessOptions.SUBSTUSER_EARLY)) {
      String name = last(option);
      if (name != null) {
        Accounts.User user = Accounts.user(name);
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("USER", user.name());
        variables.put("LOGNAME", user.name());
        variables.put("HOME", user.home());
        variables.put("SHELL", user.shell());
        return variables;
      }
    }
    return outer == null ? Map.of() : outer.userVariables();
  }

  private @Nullable String last(Option<String> option) {
    String found = null;
    for (OptionValue<?> given : options.inOrder()) {
      found = given.option() == option ? (String) given.value() : found;
    }
    return found;
  }

  private static <T> CompletionStage<T> supply(
      Callable<T> work, Executor blockingIo, Supplier<List<Step>> steps) {
    CompletableFuture<T> result = new CompletableFuture<>();
    try {
      blockingIo.execute(
          () -> {
            try {
              result.complete(call(steps.get(), work));
            } catch (Throwable e) {
              result.completeExceptionally(e);
            }
          });
    } catch (RejectedExecutionException e) {
      result.completeExceptionally(e);
    }
    return result;
  }

  /** A change of the thread. What is before a change of root holds for look-ups too. */
  private record Step(Runnable change, boolean ofRoot) {
    Step(Runnable change) {
      this(change, false);
    }
  }

  private static <T> T call(List<Step> steps, Callable<T> work) throws Exception {
    List<Step> before = steps.stream().takeWhile(step -> !step.ofRoot()).toList();
    List<Step> inside = steps.subList(before.size(), steps.size());
    Callable<T> inner =
        inside.isEmpty()
            ? work
            : () -> unwrapped(() -> ScopedThread.callInOtherRoot(() -> after(inside, work)));
    return before.isEmpty()
        ? inner.call()
        : unwrapped(() -> ScopedThread.call(() -> after(before, inner)));
  }

  private static <T> T after(List<Step> steps, Callable<T> work) throws Exception {
    steps.forEach(step -> step.change().run());
    return work.call();
  }

  private static <T> T unwrapped(Callable<T> call) throws Exception {
    try {
      return call.call();
    } catch (CompletionException e) {
      if (e.getCause() instanceof Exception cause) {
        throw cause;
      } else if (e.getCause() instanceof Error cause) {
        throw cause;
      }
      throw e;
    }
  }

  private List<Step> openingSteps() {
    List<Step> steps = surroundings();
    options.of(Phase.EARLY).forEach(given -> addStep(steps, given));
    return steps;
  }

  private List<Step> surroundings() {
    List<Step> steps = new ArrayList<>();
    if (outer != null) {
      outer.addLastingSteps(steps);
    }
    options
        .find(ProcessOptions.NETNS)
        .ifPresent(name -> steps.add(new Step(() -> enterNetwork(name))));
    options
        .find(ProcessOptions.CHDIR)
        .ifPresent(path -> steps.add(new Step(() -> ProcessCalls.chdir(path))));
    options
        .find(ProcessOptions.UMASK)
        .ifPresent(mask -> steps.add(new Step(() -> ProcessCalls.umask(mask))));
    return steps;
  }

  private void addLastingSteps(List<Step> steps) {
    if (outer != null) {
      outer.addLastingSteps(steps);
    }
    options.of(Phase.EARLY).forEach(given -> addStep(steps, given));
    addLateSteps(steps);
  }

  private void addLateSteps(List<Step> steps) {
    options.of(Phase.LATE).forEach(given -> addStep(steps, given));
    options
        .find(ProcessOptions.SUBSTUSER_DELAYED)
        .ifPresent(name -> steps.add(new Step(become(name))));
    options.of(Phase.LATE2).forEach(given -> addStep(steps, given));
  }

  private void addStep(List<Step> steps, OptionValue<?> given) {
    Option<?> option = given.option();
    if (!(given.value() instanceof String value)) {
      return;
    }
    if (option == ProcessOptions.CHROOT || option == ProcessOptions.CHROOT_EARLY) {
      readTimeZones();
      steps.add(new Step(() -> changeRoot(value), true));
    } else if (option == ProcessOptions.SETGID || option == ProcessOptions.SETGID_EARLY) {
      int gid = Accounts.gid(value);
      steps.add(new Step(() -> ScopedThread.setGroup(gid)));
    } else if (option == ProcessOptions.SETUID || option == ProcessOptions.SETUID_EARLY) {
      int uid = Accounts.uid(value);
      steps.add(new Step(userChange(uid)));
    } else if (option == ProcessOptions.SUBSTUSER || option == ProcessOptions.SUBSTUSER_EARLY) {
      steps.add(new Step(become(value)));
    }
  }

  private Runnable become(String nameOrNumber) {
    Accounts.User user = Accounts.user(nameOrNumber);
    int[] groups = Accounts.groups(user);
    Runnable userChange = userChange(user.uid());
    return () -> {
      try {
        ScopedThread.setGroups(groups);
      } catch (NativeError e) {
        throw new NativeError("initgroups(" + user.name() + ", " + user.gid() + ")", e.errno());
      }
      ScopedThread.setGroup(user.gid());
      userChange.run();
    };
  }

  /** A program that is to have a terminal of ours for its own must still be able to open it. */
  private Runnable userChange(int uid) {
    return options.isOn(TermiosOptions.CTTY)
        ? () -> ScopedThread.setUserOfProgram(uid)
        : () -> ScopedThread.setUser(uid);
  }

  /** The JVM reads them from a file of its own once, which is not there in another root. */
  private static void readTimeZones() {
    Objects.requireNonNull(ZoneId.systemDefault().getRules());
  }

  private static void changeRoot(String path) {
    ProcessCalls.chroot(path);
    ProcessCalls.chdir("/");
  }

  private static void enterNetwork(String name) {
    String path = NETWORK_NAMESPACES + name;
    Fd namespace;
    try {
      namespace = FileCalls.open(path, OpenFlags.RDONLY, 0);
    } catch (NativeError e) {
      throw new NativeError("open(" + path + ", O_RDONLY|O_CLOEXEC)", e.errno());
    }
    try {
      ScopedThread.enterNetwork(namespace.number());
    } finally {
      namespace.close();
    }
  }
}
