package dev.sluice.option;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All rows of all families, by name. */
public final class OptionTable {
  private static final Map<String, Option<?>> BY_NAME = new HashMap<>();
  private static final List<Option<?>> ALL = new ArrayList<>();

  static {
    enter(DataTransferOptions.ROWS);
    enter(RelayOptions.ROWS);
    enter(ProcessOptions.ROWS);
    enter(FdOptions.ROWS);
    enter(FileOptions.ROWS);
    enter(SocketOptions.ROWS);
    enter(IpOptions.ROWS);
    enter(TcpOptions.ROWS);
    enter(DatagramProtocolOptions.ROWS);
    enter(UnixOptions.ROWS);
    enter(ResolverOptions.ROWS);
    enter(AccessOptions.ROWS);
    enter(InterfaceOptions.ROWS);
    enter(MessageQueueOptions.ROWS);
    enter(ProgramOptions.ROWS);
    enter(PtyOptions.ROWS);
    enter(TermiosOptions.ROWS);
  }

  private OptionTable() {}

  private static void enter(Collection<Option<?>> rows) {
    for (Option<?> row : rows) {
      ALL.add(row);
      enter(row.name(), row);
      row.aliases().forEach(alias -> enter(alias, row));
    }
  }

  private static void enter(String name, Option<?> row) {
    if (BY_NAME.put(name, row) != null) {
      throw new IllegalStateException("two options are called " + name);
    }
  }

  /** The row of that name or alias, in any case; null when there is none. */
  public static @Nullable Option<?> find(String name) {
    return BY_NAME.get(name.toLowerCase(Locale.ROOT));
  }

  /**
   * Why an option that exists on other systems is not there on this one; null when it is unknown
   * everywhere.
   */
  public static @Nullable String missingBecause(String name) {
    return ForeignOptions.missingBecause(name.toLowerCase(Locale.ROOT));
  }

  /** Every row. */
  public static List<Option<?>> all() {
    return Collections.unmodifiableList(ALL);
  }
}
