package dev.sluice.os;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import org.jspecify.annotations.Nullable;

/**
 * Starts a program with posix_spawn(3): exact descriptors, exact environment, no shell and no
 * helper between.
 *
 * <p>The program inherits what the calling thread has (directory, root, credentials: see {@link
 * ScopedThread}), an empty signal mask and default signal actions. Of our descriptors it gets those
 * that were mapped and those that are not close-on-exec.
 */
public final class Spawn {
  private static final int SETPGROUP = 0x02;
  private static final int SETSIGDEF = 0x04;
  private static final int SETSIGMASK = 0x08;
  private static final int SETSID = 0x80;

  /** Larger than the C library's own structures on any Linux. */
  private static final int STRUCTURE_SIZE = 512;

  private final List<String> arguments;
  private final Map<String, String> environment;
  private final List<int[]> duplications = new ArrayList<>();
  private int flags = SETSIGDEF | SETSIGMASK;
  private int processGroup;
  private @Nullable PseudoTerminal terminal;

  /**
   * Describes a program to start.
   *
   * @param arguments the program's argv, its own name first
   * @param environment all its variables
   */
  public Spawn(List<String> arguments, Map<String, String> environment) {
    this.arguments = List.copyOf(arguments);
    this.environment = Map.copyOf(environment);
  }

  /** The program gets our descriptor {@code ours} as its descriptor {@code theirs}. */
  public Spawn map(int ours, int theirs) {
    duplications.add(new int[] {ours, theirs});
    return this;
  }

  /** The program leads a new session. */
  public Spawn newSession() {
    flags |= SETSID;
    return this;
  }

  /**
   * The program joins the process group of that number, or leads a new one for 0. See {@link
   * ProcessFacts#mayJoin}: with any other number it is not started.
   */
  public Spawn processGroup(int number) {
    flags |= SETPGROUP;
    processGroup = number;
    return this;
  }

  /** The terminal becomes the controlling one of the program; needs a new session. */
  public Spawn controllingTerminal(PseudoTerminal pty) {
    terminal = pty;
    return this;
  }

  /**
   * Starts {@code file}, looked up in {@code PATH} of the environment given unless it holds a
   * slash.
   *
   * @return the process id
   */
  public int start(String file) {
    NativeBuffer actions = NativeBuffer.allocate(STRUCTURE_SIZE);
    NativeBuffer attributes = NativeBuffer.allocate(STRUCTURE_SIZE);
    NativeCalls.posix("posix_spawn_file_actions_init", actions);
    NativeCalls.posix("posix_spawnattr_init", attributes);
    try {
      return Orphans.start(() -> start(file, actions, attributes));
    } finally {
      NativeCalls.posix("posix_spawn_file_actions_destroy", actions);
      NativeCalls.posix("posix_spawnattr_destroy", attributes);
    }
  }

  private int start(String file, NativeBuffer actions, NativeBuffer attributes) {
    NativeBuffer signals = NativeBuffer.allocate(128);
    NativeCalls.posix("posix_spawnattr_setsigmask", attributes, signals);
    signals.putLong(0, ~0L);
    NativeCalls.posix("posix_spawnattr_setsigdefault", attributes, signals);
    NativeCalls.posix("posix_spawnattr_setflags", attributes, flags);
    NativeCalls.posix("posix_spawnattr_setpgroup", attributes, processGroup);
    List<Fd> places = new ArrayList<>();
    try {
      keepApart(places);
      if (terminal != null) {
        takeTerminal(actions, terminal, places);
      }
      for (int[] pair : duplications) {
        NativeCalls.posix("posix_spawn_file_actions_adddup2", actions, pair[0], pair[1]);
      }
      closeOthers(actions);
      NativeBuffer pid = NativeBuffer.allocate(4);
      launch(
          file,
          (path, argv, envp) ->
              NativeCalls.posix("posix_spawn", pid, path, actions, attributes, argv, envp));
      return pid.getInt(0);
    } finally {
      places.forEach(Fd::close);
    }
  }

  /**
   * Has the program open the terminal once more, which, as the leader of a session without one,
   * makes it the controlling one. It is opened from its own directory, since the program may be
   * under another root by then.
   */
  private static void takeTerminal(NativeBuffer actions, PseudoTerminal pty, List<Fd> places) {
    int slash = pty.name().lastIndexOf('/');
    Fd here = FileCalls.open(".", OpenFlags.PATH | OpenFlags.DIRECTORY, 0);
    places.add(here);
    String call = "posix_spawn_file_actions_addfchdir_np";
    NativeBuffer name = NativeBuffer.ofCString(pty.name().substring(slash + 1));
    NativeCalls.posix(call, actions, pty.directory().number());
    NativeCalls.posix(
        "posix_spawn_file_actions_addopen", actions, pty.slave().number(), name, OpenFlags.RDWR, 0);
    NativeCalls.posix(call, actions, here.number());
  }

  /** A system call that starts a program; 0 or its error number. */
  private interface Launch {
    int of(NativeBuffer path, NativeBuffer argv, NativeBuffer envp);
  }

  private void launch(String file, Launch call) {
    NativeBuffer argv = NativeBuffer.ofCStrings(arguments);
    NativeBuffer envp =
        NativeBuffer.ofCStrings(
            environment.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList());
    int failure = Errno.ENOENT;
    for (String candidate : candidates(file)) {
      int denied = -FileCalls.accessExecutable(candidate);
      if (denied != 0) {
        failure = denied == Errno.EACCES || file.indexOf('/') >= 0 ? denied : failure;
        continue;
      }
      NativeBuffer path = NativeBuffer.ofCString(candidate);
      int error = call.of(path, argv, envp);
      if (error == 0) {
        return;
      }
      if (error != Errno.ENOENT && failure != Errno.EACCES) {
        failure = error;
      }
    }
    throw new NativeError(describe(file), failure);
  }

  /**
   * Has this very process become {@code file}, looked up as by {@link #start}: see execve(2). Comes
   * back only to throw. What was mapped is changed in this process first.
   */
  public void replaceProcess(String file) {
    NativeBuffer noSignals = NativeBuffer.allocate(128);
    int[] open = openDescriptors();
    NavigableSet<Integer> kept = kept();
    keepApart(new ArrayList<>());
    if ((flags & SETSID) != 0) {
      LibC.check(ProcessCalls.setsid(), "setsid()");
    }
    if ((flags & SETPGROUP) != 0) {
      LibC.check(NativeCalls.call("setpgid", 0, processGroup), "setpgid(0, " + processGroup + ")");
    }
    launch(
        file,
        (path, argv, envp) -> {
          for (int fd : open) {
            LibC.fcntl(fd, LibC.F_SETFD, fd > 2 && !kept.contains(fd) ? 1 : 0);
          }
          for (int[] pair : duplications) {
            ProcessCalls.duplicate(pair[0], pair[1]);
            LibC.fcntl(pair[1], LibC.F_SETFD, 0);
          }
          ProcessCalls.resetSignal(13 /* SIGPIPE */, false);
          NativeCalls.posix("pthread_sigmask", 2 /* SIG_SETMASK */, noSignals, null);
          return -NativeCalls.call("execve", path, argv, envp);
        });
  }

  /**
   * Descriptors whose numbers the program gets for others are duplicated to higher ones first, so
   * that all maps can be made one after the other.
   */
  private void keepApart(List<Fd> places) {
    int highest = duplications.stream().mapToInt(pair -> pair[1]).max().orElse(0);
    for (int[] pair : duplications) {
      int ours = pair[0];
      if (ours <= highest && duplications.stream().anyMatch(p -> p[1] == ours && p != pair)) {
        Fd apart = Fd.borrowed(ours).duplicate(highest + 1);
        places.add(apart);
        pair[0] = apart.number();
      }
    }
  }

  private static int[] openDescriptors() {
    String[] names = new java.io.File("/proc/self/fd").list();
    return names == null ? new int[0] : Arrays.stream(names).mapToInt(Integer::parseInt).toArray();
  }

  private NavigableSet<Integer> kept() {
    NavigableSet<Integer> kept = InheritedDescriptors.named();
    duplications.forEach(pair -> kept.add(pair[1]));
    return kept;
  }

  /**
   * Closes what the program must not have: all but what was mapped, and what we were given
   * ourselves.
   */
  private void closeOthers(NativeBuffer actions) {
    NavigableSet<Integer> kept = kept();
    int highest = kept.isEmpty() ? 2 : Math.max(2, kept.last());
    for (int fd = 3; fd < highest; fd++) {
      if (!kept.contains(fd)) {
        NativeCalls.posix("posix_spawn_file_actions_addclose", actions, fd);
      }
    }
    if (NativeCalls.has("posix_spawn_file_actions_addclosefrom_np")) {
      NativeCalls.posix("posix_spawn_file_actions_addclosefrom_np", actions, highest + 1);
    }
  }

  private List<String> candidates(String file) {
    if (file.indexOf('/') >= 0 || file.isEmpty()) {
      return List.of(file);
    }
    List<String> paths = new ArrayList<>();
    for (String directory : environment.getOrDefault("PATH", "/bin:/usr/bin").split(":", -1)) {
      paths.add((directory.isEmpty() ? "." : directory) + "/" + file);
    }
    return paths;
  }

  /** The call as log lines show it: the file and at most three arguments. */
  private String describe(String file) {
    StringBuilder text = new StringBuilder("execvp(\"").append(file).append('"');
    for (int i = 0; i < Math.min(3, arguments.size()); i++) {
      text.append(", \"").append(arguments.get(i)).append('"');
    }
    return text.append(arguments.size() > 3 ? ", ...)" : ")").toString();
  }
}
