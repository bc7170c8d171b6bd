package dev.sluice.cli;

import dev.sluice.catalog.Catalog;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the program would find out anew at each start, were it not looked up when the jar was built:
 * {@link PackagedWriter} writes a class that has it as constants. Reading it from files would take
 * longer than all that is done with it, since a look into a jar this large is 15 ms.
 */
public interface Packaged {
  /** The name of the class that is written. */
  String CLASS = "dev.sluice.cli.PackagedTables";

  /** Akka's configuration as far as a relay uses it; see {@link dev.sluice.relay.RelaySystem}. */
  Map<String, Object> configuration();

  /**
   * The class that brings each address type, and each option of a family; see {@link
   * dev.sluice.catalog.Catalog#providers}.
   */
  Map<String, Object> addressTypes();

  /** What {@code -V} prints; see {@link VersionText}. */
  String versionText();

  /** All addresses: as packaged, unless jars with more of them were given. */
  static Catalog catalog(@Nullable Packaged packaged) {
    return packaged == null || Boolean.getBoolean("sluice.extended")
        ? Catalog.load()
        : Catalog.lazy(packaged.addressTypes());
  }

  /** The tables, or null where classes run without a jar. */
  static @Nullable Packaged find() {
    try {
      return Class.forName(CLASS).asSubclass(Packaged.class).getDeclaredConstructor().newInstance();
    } catch (ClassNotFoundException e) {
      return null;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
