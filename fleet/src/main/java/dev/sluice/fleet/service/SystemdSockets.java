package dev.sluice.fleet.service;

import dev.sluice.os.InheritedDescriptors;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The listening sockets that systemd has handed over, by their names; see sd_listen_fds(3) and
 * {@code FileDescriptorName=} in systemd.socket(5).
 */
public final class SystemdSockets {
  private static final int FIRST = 3;

  private final Map<String, Integer> byName = new HashMap<>();

  private SystemdSockets() {}

  /**
   * Reads what the environment says.
   *
   * @param pid of this process; sockets of another one are not ours
   */
  public static SystemdSockets of(Map<String, String> environment, long pid) {
    SystemdSockets sockets = new SystemdSockets();
    if (!String.valueOf(pid).equals(environment.get("LISTEN_PID"))) {
      return sockets;
    }
    int count = number(environment.get("LISTEN_FDS")).orElse(0);
    String[] names = environment.getOrDefault("LISTEN_FDNAMES", "").split(":", -1);
    for (int i = 0; i < count; i++) {
      String name = i < names.length ? names[i] : "";
      sockets.byName.putIfAbsent(name, FIRST + i);
      sockets.byName.putIfAbsent(String.valueOf(i + 1), FIRST + i);
    }
    return sockets;
  }

  /** Has them stay open: a relay that is stopped may start again. */
  public SystemdSockets kept() {
    byName.values().stream()
        .distinct()
        .filter(InheritedDescriptors::contains)
        .forEach(InheritedDescriptors::keep);
    return this;
  }

  private static OptionalInt number(@org.jspecify.annotations.Nullable String text) {
    return text != null && text.matches("\\d{1,4}")
        ? OptionalInt.of(Integer.parseInt(text))
        : OptionalInt.empty();
  }

  /** The descriptor of a socket, by its name or by its number from 1. */
  public Optional<Integer> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }
}
