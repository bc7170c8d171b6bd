package dev.sluice.catalog;

import dev.sluice.endpoint.Boundary;
import dev.sluice.option.Option;
import dev.sluice.option.OptionGroup;
import dev.sluice.option.OptionValue;
import dev.sluice.option.Options;
import dev.sluice.option.Phase;
import dev.sluice.option.ProcessOptions;
import dev.sluice.option.RelayOptions;
import dev.sluice.option.SocketOptions;
import dev.sluice.option.TcpOptions;
import dev.sluice.os.Accounts;
import dev.sluice.os.NativeError;
import dev.sluice.os.ProcessRights;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * User and groups that all sessions of a relay have, for the whole process: {@code su=nobody} on a
 * listening address with fork. With them, what strangers send is parsed without the rights of root.
 *
 * <p>The process may need its own rights later: to apply options to each connection, to read access
 * files, to remove what it has made, or because programs run under the same user, which could then
 * signal the process. In these cases there are no shared rights, and each session's threads take on
 * its rights by themselves (see {@link ProcessScope}).
 */
public final class SharedRights {
  /** Phases of options that are applied to each connection, or asked for each. */
  private static final Set<Phase> OF_CONNECTIONS =
      Set.of(Phase.FD, Phase.ACCEPT, Phase.CONNECTED, Phase.LATE);

  /** Options of those phases that anybody may set. */
  private static final Set<Option<?>> FOR_EVERYBODY =
      Set.of(
          SocketOptions.SO_KEEPALIVE,
          TcpOptions.TCP_NODELAY,
          TcpOptions.TCP_KEEPIDLE,
          TcpOptions.TCP_KEEPINTVL,
          TcpOptions.TCP_KEEPCNT);

  private static final List<Option<?>> SURROUNDINGS =
      List.of(
          ProcessOptions.NETNS,
          ProcessOptions.CHROOT,
          ProcessOptions.CHROOT_EARLY,
          ProcessOptions.SUBSTUSER_DELAYED);

  private static final List<OptionGroup> PROGRAMS =
      List.of(OptionGroup.FORK, OptionGroup.EXEC, OptionGroup.SHELL);

  private final List<Runnable> steps;

  private SharedRights(List<Runnable> steps) {
    this.steps = steps;
  }

  /**
   * What all sessions of a relay have; empty where they have what the process has, or where the
   * process needs more. Blocks while names are looked up.
   */
  public static Optional<SharedRights> of(AddressPair left, AddressPair right) {
    if (!isShared(left) || !needsNoMore(right)) {
      return Optional.empty();
    }
    try {
      List<Runnable> steps = new ArrayList<>();
      Options options = left.first().options();
      options.of(Phase.EARLY).forEach(given -> addStep(steps, given));
      options.of(Phase.LATE2).forEach(given -> addStep(steps, given));
      return steps.isEmpty() ? Optional.empty() : Optional.of(new SharedRights(steps));
    } catch (Accounts.Unknown e) {
      return Optional.empty(); // each session says so
    }
  }

  private static boolean isShared(AddressPair left) {
    AddressDescriptor type = left.first().type().descriptor();
    Options options = left.first().options();
    return left.second() == null
        && type.groups().contains(OptionGroup.LISTEN)
        && !type.groups().contains(OptionGroup.UNIX)
        && type.boundary() == Boundary.STREAM
        && options.isOn(RelayOptions.FORK)
        && SURROUNDINGS.stream().noneMatch(options::has)
        && options.inOrder().stream().allMatch(SharedRights::needsNoRoot);
  }

  private static boolean needsNoRoot(OptionValue<?> given) {
    return !OF_CONNECTIONS.contains(given.option().phase())
        || FOR_EVERYBODY.contains(given.option());
  }

  private static boolean needsNoMore(AddressPair right) {
    return right.second() == null
        && right.first().type().descriptor().groups().stream().noneMatch(PROGRAMS::contains)
        && right.first().options().inOrder().stream()
            .noneMatch(given -> given.option().groups().contains(OptionGroup.PROCESS));
  }

  private static void addStep(List<Runnable> steps, OptionValue<?> given) {
    Option<?> option = given.option();
    if (!(given.value() instanceof String value)) {
      return;
    }
    if (option == ProcessOptions.SETGID || option == ProcessOptions.SETGID_EARLY) {
      int gid = Accounts.gid(value);
      steps.add(() -> ProcessRights.setGroup(gid));
    } else if (option == ProcessOptions.SETUID || option == ProcessOptions.SETUID_EARLY) {
      int uid = Accounts.uid(value);
      steps.add(() -> ProcessRights.setUser(uid));
    } else if (option == ProcessOptions.SUBSTUSER || option == ProcessOptions.SUBSTUSER_EARLY) {
      Accounts.User user = Accounts.user(value);
      int[] groups = Accounts.groups(user);
      steps.add(
          () -> {
            ProcessRights.setGroups(groups);
            ProcessRights.setGroup(user.gid());
            ProcessRights.setUser(user.uid());
          });
    }
  }

  /**
   * Gives them to all threads of the process, for good.
   *
   * @throws NativeError if the process may not take them; it may then have a part of them
   */
  public void take() {
    ProcessRights.awaitEqualThreads();
    steps.forEach(Runnable::run);
  }
}
