package dev.sluice.fleet.file;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import dev.sluice.fault.Fault;
import dev.sluice.fault.FaultText;
import dev.sluice.fleet.model.FleetSnapshot;
import dev.sluice.fleet.model.MemberEdit;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The file in which a fleet keeps a {@link FleetSnapshot} while it does not run. A new one is
 * written beside it, forced to the disk, and put in its place; the one before stays as {@code
 * FILE.old} until the next. One process at a time has it. All methods block.
 */
public final class SnapshotFile implements AutoCloseable {
  private static final int FORMAT = 1;

  private final Path file;
  private final FileChannel lock;
  private @Nullable String written;

  private SnapshotFile(Path file, FileChannel lock) {
    this.file = file;
    this.lock = lock;
  }

  /** A file that can't be used; the message is what the user reads. */
  public static final class Unusable extends Exception {
    private static final long serialVersionUID = 1L;

    Unusable(Path file, String text) {
      super("snapshot " + file + ": " + text);
    }
  }

  /** Takes the file for this process, whether or not it is there. */
  public static SnapshotFile open(Path file) throws Unusable {
    try {
      Path folder = file.toAbsolutePath().getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      FileChannel lock = openedForWriting(beside(file, ".lock"));
      if (!isLocked(lock)) {
        lock.close();
        throw new Unusable(file, "another process uses it");
      }
      return new SnapshotFile(file, lock);
    } catch (IOException e) {
      throw new Unusable(file, String.valueOf(e));
    }
  }

  private static boolean isLocked(FileChannel channel) throws IOException {
    try {
      FileLock held = channel.tryLock();
      return held != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  private static FileChannel openedForWriting(Path path) throws IOException {
    return FileChannel.open(
        path,
        Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
  }

  private static Path beside(Path file, String end) {
    return file.resolveSibling(file.getFileName() + end);
  }

  // --- reading

  /**
   * What was kept.
   *
   * @param snapshot empty when nothing was
   * @param warning that the last file was bad and the one before was taken; null otherwise
   */
  public record Kept(FleetSnapshot snapshot, @Nullable String warning) {}

  /** Reads the last snapshot, or the one before when that is bad or missing. */
  public Kept read() throws Unusable {
    Path old = beside(file, ".old");
    if (!Files.exists(file)) {
      return new Kept(Files.exists(old) ? read(old) : FleetSnapshot.EMPTY, null);
    }
    try {
      return new Kept(read(file), null);
    } catch (Unusable bad) {
      if (!Files.exists(old)) {
        throw bad;
      }
      return new Kept(read(old), bad.getMessage() + "; the one before it, " + old + ", is used");
    }
  }

  private static FleetSnapshot read(Path path) throws Unusable {
    try {
      String text = Files.readString(path);
      Config root =
          ConfigFactory.parseString(
              text, ConfigParseOptions.defaults().setSyntax(ConfigSyntax.JSON));
      if (root.getInt("format") != FORMAT) {
        throw new Unusable(path, "has format " + root.getInt("format") + ", of another version");
      }
      return snapshot(root);
    } catch (IOException | ConfigException | IllegalArgumentException e) {
      String why = e.getMessage() == null ? e.toString() : e.getMessage().replace('\n', ' ');
      throw new Unusable(path, "is damaged (" + why + "); move it away to begin without it");
    }
  }

  private static FleetSnapshot snapshot(Config root) {
    Map<String, FleetSnapshot.Relay> relays = new LinkedHashMap<>();
    sections(root, "relays")
        .forEach(
            (name, relay) ->
                relays.put(
                    name,
                    new FleetSnapshot.Relay(
                        relay.getBoolean("stopped"),
                        relay.hasPath("faults")
                            ? Optional.of(
                                relay.getStringList("faults").stream()
                                    .map(FaultText::parse)
                                    .toList())
                            : Optional.empty(),
                        relay.getLong("started"),
                        relay.getLong("failed"),
                        relay.getLong("connect_failures"),
                        relay.getLong("right"),
                        relay.getLong("left"),
                        relay.getLong("restarts"))));
    Map<String, FleetSnapshot.Pool> pools = new LinkedHashMap<>();
    sections(root, "pools").forEach((name, pool) -> pools.put(name, pool(pool)));
    Map<String, String> added = new LinkedHashMap<>();
    texts(root, "added").forEach(added::put);
    return new FleetSnapshot(relays, added, pools);
  }

  private static FleetSnapshot.Pool pool(Config pool) {
    Map<String, MemberEdit> edits = new LinkedHashMap<>();
    sections(pool, "edits")
        .forEach(
            (name, edit) ->
                edits.put(
                    name,
                    new MemberEdit(
                        edit.hasPath("weight")
                            ? OptionalInt.of(edit.getInt("weight"))
                            : OptionalInt.empty(),
                        MemberEdit.Mode.valueOf(edit.getString("mode").toUpperCase(Locale.ROOT)))));
    Map<String, FleetSnapshot.Counts> counts = new LinkedHashMap<>();
    sections(pool, "counts")
        .forEach(
            (name, some) ->
                counts.put(
                    name,
                    new FleetSnapshot.Counts(some.getLong("started"), some.getLong("failures"))));
    return new FleetSnapshot.Pool(edits, texts(pool, "down"), counts);
  }

  private static Map<String, Config> sections(Config of, String key) {
    Map<String, Config> all = new LinkedHashMap<>();
    ConfigObject object = of.getObject(key);
    object.forEach(
        (name, value) -> {
          if (!(value instanceof ConfigObject section)) {
            throw new IllegalArgumentException(key + ": " + name + " is not an object");
          }
          all.put(name, section.toConfig());
        });
    return all;
  }

  private static Map<String, String> texts(Config of, String key) {
    Map<String, String> all = new LinkedHashMap<>();
    of.getObject(key).forEach((name, value) -> all.put(name, String.valueOf(value.unwrapped())));
    return all;
  }

  // --- writing

  /** Replaces what was kept; when that fails, the last one stays. */
  public synchronized void write(FleetSnapshot snapshot) throws IOException {
    String text = Json.of(tree(snapshot)) + "\n";
    if (text.equals(written)) {
      return;
    }
    Path fresh = beside(file, ".new");
    try (FileChannel out = openedForWriting(fresh)) {
      out.truncate(0);
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
      out.force(true);
    } catch (IOException e) {
      Files.deleteIfExists(fresh); // its bytes are better free
      throw e;
    }
    if (Files.exists(file)) {
      Files.move(
          file,
          beside(file, ".old"),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    forceFolder();
    written = text;
  }

  /** The new name is on the disk once its folder is. */
  private void forceFolder() throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  private static Map<String, Object> tree(FleetSnapshot snapshot) {
    Map<String, Object> relays = new LinkedHashMap<>();
    snapshot.relays().forEach((name, relay) -> relays.put(name, tree(relay)));
    Map<String, Object> pools = new LinkedHashMap<>();
    snapshot.pools().forEach((name, pool) -> pools.put(name, tree(pool)));
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("format", FORMAT);
    root.put("added", snapshot.added());
    root.put("pools", pools);
    root.put("relays", relays);
    return root;
  }

  private static Map<String, Object> tree(FleetSnapshot.Relay relay) {
    Map<String, Object> one = new LinkedHashMap<>();
    one.put("stopped", relay.stopped());
    relay.faults().ifPresent(all -> one.put("faults", Fault.texts(all)));
    one.put("started", relay.started());
    one.put("failed", relay.failed());
    one.put("connect_failures", relay.connectFailures());
    one.put("right", relay.leftToRight());
    one.put("left", relay.rightToLeft());
    one.put("restarts", relay.restarts());
    return one;
  }

  private static Map<String, Object> tree(FleetSnapshot.Pool pool) {
    Map<String, Object> edits = new LinkedHashMap<>();
    pool.edits()
        .forEach(
            (name, edit) -> {
              Map<String, Object> one = new LinkedHashMap<>();
              edit.weight().ifPresent(weight -> one.put("weight", weight));
              one.put("mode", edit.mode().text());
              edits.put(name, one);
            });
    Map<String, Object> counts = new LinkedHashMap<>();
    pool.counts()
        .forEach(
            (name, some) ->
                counts.put(name, Map.of("started", some.started(), "failures", some.failures())));
    return Map.of("edits", edits, "down", pool.down(), "counts", counts);
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }
}
