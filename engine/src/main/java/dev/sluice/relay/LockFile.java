package dev.sluice.relay;

import dev.sluice.catalog.OpenFailure;
import dev.sluice.catalog.ProcessScope;
import dev.sluice.log.RelayLog;
import dev.sluice.option.DataTransferOptions;
import dev.sluice.option.Options;
import dev.sluice.os.DirectoryEntry;
import dev.sluice.os.Errno;
import dev.sluice.os.Fd;
import dev.sluice.os.FileCalls;
import dev.sluice.os.LibC;
import dev.sluice.os.NativeBuffer;
import dev.sluice.os.NativeError;
import dev.sluice.os.OpenFlags;
import dev.sluice.os.ProcessCalls;
import dev.sluice.os.Undo;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A lock file that holds our process id while we hold the lock. It is created atomically: written
 * under another name, then linked. The lock is taken whenever the file exists, whatever its
 * content.
 */
public final class LockFile {
  /** No lock: there is nothing to give back. */
  static final LockFile NONE = new LockFile(Undo.NOTHING);

  private static final int RETRY_SECONDS = 1;

  private final Undo removal;

  private LockFile(Undo removal) {
    this.removal = removal;
  }

  /**
   * The lock that an address's options ask for, once it is held.
   *
   * @param scope the address's process options
   * @param blockingIo looks at the file
   * @param pauses between looks at a lock that somebody has
   */
  static CompletionStage<LockFile> held(
      Options options, ProcessScope scope, RelayLog log, Executor blockingIo, Pauses pauses) {
    if (options.inOrder().isEmpty()) {
      return CompletableFuture.completedStage(NONE);
    }
    String orFail = options.find(DataTransferOptions.LOCKFILE).orElse(null);
    String orWait = options.find(DataTransferOptions.WAITLOCK).orElse(null);
    long count =
        options.inOrder().stream()
            .filter(
                o ->
                    o.option() == DataTransferOptions.LOCKFILE
                        || o.option() == DataTransferOptions.WAITLOCK)
            .count();
    if (count == 0) {
      return CompletableFuture.completedStage(NONE);
    }
    if (count > 1) {
      throw OpenFailure.lasting("only one use of options lockfile and waitlock allowed");
    }
    return orFail != null
        ? scope.supplyForLock(() -> take(orFail, log), blockingIo)
        : awaited(new Wait(Objects.requireNonNull(orWait), scope, log, blockingIo, pauses), 0);
  }

  /** A lock to wait for. */
  private record Wait(
      String path, ProcessScope scope, RelayLog log, Executor blockingIo, Pauses pauses) {}

  private static CompletionStage<LockFile> awaited(Wait wait, int looks) {
    return wait.scope()
        .supplyForLock(
            () -> Optional.ofNullable(tryTake(wait.path(), wait.log())), wait.blockingIo())
        .thenCompose(
            lock -> {
              if (lock.isPresent()) {
                return CompletableFuture.completedStage(lock.get());
              }
              logWaiting(wait.path(), wait.log(), looks);
              return wait.pauses()
                  .of(Duration.ofSeconds(RETRY_SECONDS))
                  .thenCompose(none -> awaited(wait, looks + 1));
            });
  }

  private static void logWaiting(String path, RelayLog log, int looks) {
    if (looks == 0) {
      log.notice("waiting for lock \"%s\"", path);
    } else {
      log.info("waiting for lock \"%s\"", path);
    }
  }

  /** Takes the lock, or fails with {@link OpenFailure} when somebody has it. */
  public static LockFile take(String path, RelayLog log) {
    LockFile lock = tryTake(path, log);
    if (lock == null) {
      throw OpenFailure.lasting("could not obtain lock \"" + path + "\"");
    }
    return lock;
  }

  /** Takes the lock, looking every second until it is free. Blocks. */
  public static LockFile waitFor(String path, RelayLog log) throws InterruptedException {
    LockFile lock = tryTake(path, log);
    for (int looks = 0; lock == null; looks++) {
      logWaiting(path, log, looks);
      TimeUnit.SECONDS.sleep(RETRY_SECONDS);
      lock = tryTake(path, log);
    }
    return lock;
  }

  private static @Nullable LockFile tryTake(String path, RelayLog log) {
    Undo removal = Undo.step(() -> make(path, log));
    if (removal == null) {
      return null;
    }
    log.info("obtained lock \"%s\"", path);
    return new LockFile(removal);
  }

  /** Makes the file; returns how it is removed, or null when it is there already. */
  private static @Nullable Undo make(String path, RelayLog log) {
    String draft = path + "." + randomSuffix();
    DirectoryEntry entry;
    Fd created = create(draft, path);
    try (Fd fd = created) {
      byte[] content =
          (ProcessCalls.getpid() + "\n").getBytes(java.nio.charset.StandardCharsets.US_ASCII);
      NativeBuffer buffer = NativeBuffer.of(content);
      LibC.check(
          LibC.write(fd.number(), buffer, 0, content.length), "write(" + fd + ", " + draft + ")");
      int linked = FileCalls.link(draft, path);
      if (linked == -Errno.EEXIST) {
        return null;
      }
      LibC.check(linked, "link(\"" + draft + "\", \"" + path + "\")");
      entry = DirectoryEntry.ofNew(path);
    } finally {
      FileCalls.unlink(draft);
    }
    return Undo.register(
        () -> {
          entry.remove();
          log.info("released lock \"%s\"", path);
        });
  }

  private static Fd create(String draft, String path) {
    try {
      Fd fd = FileCalls.open(draft, OpenFlags.WRONLY | OpenFlags.CREAT | OpenFlags.EXCL, 0644);
      FileCalls.fchmod(fd.number(), 0644);
      return fd;
    } catch (NativeError e) {
      throw new NativeError(
          "mkstemp(\"" + path + "." + draft.substring(path.length() + 1) + "\")", e.errno());
    }
  }

  private static String randomSuffix() {
    String letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    StringBuilder suffix = new StringBuilder();
    for (int i = 0; i < 6; i++) {
      suffix.append(letters.charAt(ThreadLocalRandom.current().nextInt(letters.length())));
    }
    return suffix.toString();
  }

  /** Removes the file, once. */
  public void release() {
    removal.run();
  }
}
