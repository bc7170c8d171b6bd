package dev.sluice.fleet.service;

import static dev.sluice.os.SocketCalls.SOCK_DGRAM;

import dev.sluice.os.Fd;
import dev.sluice.os.NativeBuffer;
import dev.sluice.os.NativeError;
import dev.sluice.os.SocketAddressBytes;
import dev.sluice.os.SocketCalls;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tells systemd how the service is; see sd_notify(3). Without a service manager it says nothing.
 * Thread-safe; may block for a moment.
 */
public final class ServiceManager {
  private static final int LONGEST_STATUS = 500;

  private final @Nullable String socket;
  private final Optional<Duration> watchdog;
  private @Nullable String lastStatus;

  private ServiceManager(@Nullable String socket, Optional<Duration> watchdog) {
    this.socket = socket;
    this.watchdog = watchdog;
  }

  /** The one that the environment names. */
  public static ServiceManager of(Map<String, String> environment, long pid) {
    String socket = environment.get("NOTIFY_SOCKET");
    boolean isPlace = socket != null && (socket.startsWith("/") || socket.startsWith("@"));
    String micros = environment.getOrDefault("WATCHDOG_USEC", "");
    String watched = environment.getOrDefault("WATCHDOG_PID", String.valueOf(pid));
    return new ServiceManager(
        isPlace ? socket : null,
        micros.matches("[1-9]\\d{0,15}") && watched.equals(String.valueOf(pid))
            ? Optional.of(Duration.ofNanos(Long.parseLong(micros) * 1000))
            : Optional.empty());
  }

  /** Whether somebody listens. */
  public boolean isThere() {
    return socket != null;
  }

  /** Within which time {@link #alive} must be called each time; empty when nobody minds. */
  public Optional<Duration> watchdog() {
    return socket == null ? Optional.empty() : watchdog;
  }

  /** The service has started, or has what was changed. */
  public void ready() {
    tell("READY=1");
  }

  /** The service changes what it does; {@link #ready} follows. */
  public void reloading() {
    tell("RELOADING=1\nMONOTONIC_USEC=" + System.nanoTime() / 1000);
  }

  /** The service ends. */
  public void stopping() {
    tell("STOPPING=1");
  }

  /** The service answers. */
  public void alive() {
    tell("WATCHDOG=1");
  }

  /** One line for {@code systemctl status}; the same one is told once. */
  public void status(String line) {
    String shown = line.replaceAll("\\p{Cntrl}", " ");
    shown = shown.substring(0, Math.min(LONGEST_STATUS, shown.length()));
    synchronized (this) {
      if (shown.equals(lastStatus)) {
        return;
      }
      lastStatus = shown;
    }
    tell("STATUS=" + shown);
  }

  private void tell(String text) {
    String place = socket;
    if (place == null) {
      return;
    }
    boolean isAbstract = place.startsWith("@");
    try {
      Fd fd = SocketCalls.socket(SocketAddressBytes.AF_UNIX, SOCK_DGRAM, 0);
      try {
        SocketAddressBytes address =
            SocketAddressBytes.ofUnix(isAbstract ? place.substring(1) : place, isAbstract, true);
        NativeBuffer buffer = NativeBuffer.of(text.getBytes(StandardCharsets.UTF_8));
        if (SocketCalls.connect(fd.number(), address) == 0) {
          SocketCalls.send(fd.number(), buffer.address(), buffer.capacity());
        }
      } finally {
        fd.close();
      }
    } catch (NativeError e) {
      return; // a manager that does not listen misses nothing that it needs
    }
  }
}
