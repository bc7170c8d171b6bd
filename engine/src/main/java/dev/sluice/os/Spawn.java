package dev.sluice.os;

import java.util.ArrayList;
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
  private @Nullable String terminal;

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

  /**
   * The program gets our descriptor {@code ours} as its descriptor {@code theirs}. Later maps see
   * the result of earlier ones.
   */
  public Spawn map(int ours, int theirs) {
    duplications.add(new int[] {ours, theirs});
    return this;
  }

  /** The program leads a new session. */
  public Spawn newSession() {
    flags |= SETSID;
    return this;
  }

  /** The program joins the process group of that number, or leads a new one for 0 and 1. */
  public Spawn processGroup(int number) {
    flags |= SETPGROUP;
    processGroup = number == 1 ? 0 : number;
    return this;
  }

  /**
   * The program opens this terminal as its descriptor 0 at start; in a new session it becomes the
   * controlling one.
   */
  public Spawn openTerminal(String path) {
    terminal = path;
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
    LibC.posix("posix_spawn_file_actions_init", actions.address());
    LibC.posix("posix_spawnattr_init", attributes.address());
    try {
      return start(file, actions, attributes);
    } finally {
      LibC.posix("posix_spawn_file_actions_destroy", actions.address());
      LibC.posix("posix_spawnattr_destroy", attributes.address());
    }
  }

  private int start(String file, NativeBuffer actions, NativeBuffer attributes) {
    NativeBuffer signals = NativeBuffer.allocate(128);
    LibC.posix("posix_spawnattr_setsigmask", attributes.address(), signals.address());
    signals.putLong(0, ~0L);
    LibC.posix("posix_spawnattr_setsigdefault", attributes.address(), signals.address());
    LibC.posix("posix_spawnattr_setflags", attributes.address(), flags);
    LibC.posix("posix_spawnattr_setpgroup", attributes.address(), processGroup);
    if (terminal != null) {
      NativeBuffer name = NativeBuffer.ofCString(terminal);
      LibC.posix(
          "posix_spawn_file_actions_addopen",
          actions.address(),
          0,
          name.address(),
          OpenFlags.RDWR,
          0);
      java.lang.ref.Reference.reachabilityFence(name);
    }
    for (int[] pair : duplications) {
      LibC.posix("posix_spawn_file_actions_adddup2", actions.address(), pair[0], pair[1]);
    }
    closeOthers(actions);
    NativeBuffer argv = NativeBuffer.ofCStrings(arguments);
    NativeBuffer envp =
        NativeBuffer.ofCStrings(
            environment.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList());
    NativeBuffer pid = NativeBuffer.allocate(4);
    int failure = Errno.ENOENT;
    for (String candidate : candidates(file)) {
      int denied = file.indexOf('/') >= 0 ? 0 : -LibC.accessExecutable(candidate);
      if (denied != 0) {
        failure = denied == Errno.EACCES ? denied : failure;
        continue;
      }
      NativeBuffer path = NativeBuffer.ofCString(candidate);
      int error =
          LibC.posix(
              "posix_spawn",
              pid.address(),
              path.address(),
              actions.address(),
              attributes.address(),
              argv.address(),
              envp.address());
      if (error == 0) {
        java.lang.ref.Reference.reachabilityFence(argv);
        java.lang.ref.Reference.reachabilityFence(envp);
        return pid.getInt(0);
      }
      if (error != Errno.ENOENT && failure != Errno.EACCES) {
        failure = error;
      }
      java.lang.ref.Reference.reachabilityFence(path);
    }
    throw new NativeError(describe(file), failure);
  }

  /**
   * Closes what the program must not have: all but what was mapped, and what we were given
   * ourselves.
   */
  private void closeOthers(NativeBuffer actions) {
    NavigableSet<Integer> kept = InheritedDescriptors.named();
    duplications.forEach(pair -> kept.add(pair[1]));
    int highest = kept.isEmpty() ? 2 : Math.max(2, kept.last());
    for (int fd = 3; fd < highest; fd++) {
      if (!kept.contains(fd)) {
        LibC.posix("posix_spawn_file_actions_addclose", actions.address(), fd);
      }
    }
    if (LibC.has("posix_spawn_file_actions_addclosefrom_np")) {
      LibC.posix("posix_spawn_file_actions_addclosefrom_np", actions.address(), highest + 1);
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
