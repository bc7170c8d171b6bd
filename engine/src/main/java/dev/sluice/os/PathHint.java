package dev.sluice.os;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** What to check when a path can't be used: which process has it open, and who owns it. */
public final class PathHint {
  private PathHint() {}

  /** Of an entry where a new UNIX socket is to be; empty when there is nothing to say. */
  public static String inTheWay(String path) {
    try {
      Set<String> sockets = SocketHolders.unix(path);
      if (!sockets.isEmpty()) {
        return SocketHolders.text(sockets);
      }
      FileStatus status = FileCalls.stat(path);
      if (status == null) {
        return "";
      }
      return status.isSocket()
          ? "nobody listens there any more; option unlink-early removes it"
          : "it is a " + status.kind();
    } catch (IOException | RuntimeException e) {
      return ""; // no /proc, or not for us to see
    }
  }

  /** Of a path that may not be used: whose it is, or the nearest folder above that is there. */
  static String denied(String path) {
    try {
      Path nearest = Path.of(path).toAbsolutePath();
      while (nearest != null && !Files.exists(nearest)) {
        nearest = nearest.getParent();
      }
      if (nearest == null) {
        return "";
      }
      PosixFileAttributes facts = Files.readAttributes(nearest, PosixFileAttributes.class);
      String owners =
          ScopedThread.outside(() -> facts.owner().getName() + ":" + facts.group().getName());
      String mode = PosixFilePermissions.toString(facts.permissions());
      return nearest + " is of " + owners + ", " + mode;
    } catch (IOException | RuntimeException e) {
      return "";
    }
  }
}
