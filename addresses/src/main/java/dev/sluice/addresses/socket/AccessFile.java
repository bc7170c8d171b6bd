package dev.sluice.addresses.socket;

import dev.sluice.os.Errno;
import dev.sluice.os.Fd;
import dev.sluice.os.FileCalls;
import dev.sluice.os.LibC;
import dev.sluice.os.NativeBuffer;
import dev.sluice.os.NativeError;
import dev.sluice.os.OpenFlags;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads files that say who is let in. Their names are bytes, as the user gave them. */
final class AccessFile {
  private static final int BLOCK = 8192;

  private AccessFile() {}

  /**
   * A file's content, one character a byte; null when there is no such file. Any other failure is a
   * {@link NativeError}: what cannot be read must not count as empty.
   */
  static @Nullable String read(String path) {
    try (Fd fd = FileCalls.open(path, OpenFlags.RDONLY, 0)) {
      ByteArrayOutputStream content = new ByteArrayOutputStream();
      NativeBuffer block = NativeBuffer.allocate(BLOCK);
      int n = LibC.read(fd.number(), block, 0, BLOCK);
      while (n > 0) {
        content.writeBytes(block.toArray(0, n));
        n = LibC.read(fd.number(), block, 0, BLOCK);
      }
      LibC.check(n, "read(\"" + path + "\")");
      return content.toString(StandardCharsets.ISO_8859_1);
    } catch (NativeError e) {
      if (e.errno() == Errno.ENOENT) {
        return null;
      }
      throw e;
    }
  }
}
