package dev.sluice.addresses.socket;

import dev.sluice.catalog.OpenContext;
import dev.sluice.catalog.OpenFailure;
import dev.sluice.option.FdOptions;
import dev.sluice.option.FileOptions;
import dev.sluice.option.Option;
import dev.sluice.option.OptionValue;
import dev.sluice.option.SocketOptions;
import dev.sluice.option.UnixOptions;
import dev.sluice.os.Errno;
import dev.sluice.os.Fd;
import dev.sluice.os.NativeError;
import dev.sluice.os.SocketAddressBytes;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Gives our own end of a UNIX socket a name, so that the peer can tell who we are and answer:
 * options {@code bind} and {@code bind-tempname}.
 */
final class UnixBinding implements LocalBinding {
  private static final String DEFAULT_PATTERN = "/tmp/socat-bind.XXXXXX";
  private static final String PLACE = "XXXXXX";
  private static final String LETTERS =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final int ATTEMPTS = 1000;
  private static final List<Option<?>> OF_ENTRIES =
      List.of(
          FdOptions.PERM,
          FdOptions.USER,
          FdOptions.GROUP,
          FileOptions.PERM_EARLY,
          FileOptions.USER_EARLY,
          FileOptions.GROUP_EARLY);

  private final OpenContext context;
  private final boolean isAbstract;
  private final @Nullable String name;
  private final @Nullable OptionValue<@Nullable String> temporary;
  private final boolean removes;
  private @Nullable UnixEntry entry;

  /**
   * The binding that an address's options ask for; fails when they contradict each other.
   *
   * @param removes whether the name goes away with the endpoint unless options say otherwise
   */
  UnixBinding(OpenContext context, boolean isAbstract, boolean removes) {
    this.removes = removes;
    this.context = context;
    this.isAbstract = isAbstract;
    this.name = context.options().find(SocketOptions.BIND).orElse(null);
    this.temporary = context.options().occurrence(UnixOptions.UNIX_BIND_TEMPNAME);
    if (name != null && temporary != null) {
      throw OpenFailure.lasting("do not use both options bind and bind-tempnam");
    }
    if (name == null && temporary == null) {
      for (Option<?> option : OF_ENTRIES) {
        if (context.options().has(option)) {
          throw OpenFailure.lasting("Option \"" + option + "\" only with bind option");
        }
      }
    }
  }

  @Override
  public void bind(Fd fd, SocketAddressBytes remote) {
    if (name != null) {
      bind(fd, name);
    } else if (temporary != null) {
      String pattern = temporary.value() == null ? DEFAULT_PATTERN : temporary.value();
      bindTemporarily(fd, pattern);
    }
  }

  private void bind(Fd fd, String path) {
    UnixEntry made = new UnixEntry(context, path, isAbstract, removes);
    made.prepare();
    entry = made;
    made.bind(fd);
  }

  private void bindTemporarily(Fd fd, String pattern) {
    if (!pattern.contains(PLACE)) {
      context.log().warning("xio_tempnam(\"" + pattern + "\"): path pattern is not valid");
      throw new NativeError("tempnam(\"" + pattern + "\")", Errno.EINVAL);
    }
    for (int i = 1; ; i++) {
      try {
        bind(fd, pattern.replaceFirst(PLACE, randomLetters()));
        return;
      } catch (NativeError e) {
        if (e.errno() != Errno.EADDRINUSE || i == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private static String randomLetters() {
    return ThreadLocalRandom.current()
        .ints(PLACE.length(), 0, LETTERS.length())
        .collect(StringBuilder::new, (t, i) -> t.append(LETTERS.charAt(i)), StringBuilder::append)
        .toString();
  }

  /** Removes the name even if it were to stay: the next attempt binds it again. */
  void undoAll() {
    if (entry != null) {
      entry.removeAnyway();
      entry = null;
    }
  }

  @Override
  public void undo() {
    if (entry != null) {
      entry.remove();
      entry = null;
    }
  }
}
