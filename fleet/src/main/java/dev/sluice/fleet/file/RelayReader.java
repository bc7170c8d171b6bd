package dev.sluice.fleet.file;

import dev.sluice.catalog.Address;
import dev.sluice.catalog.AddressPair;
import dev.sluice.catalog.Catalog;
import dev.sluice.fleet.model.PoolDefinition;
import dev.sluice.fleet.model.RelayDefinition;
import dev.sluice.fleet.model.Secrets;
import dev.sluice.fleet.pool.PoolAddress;
import dev.sluice.fleet.pool.Pools;
import dev.sluice.option.Option;
import dev.sluice.option.OptionGroup;
import dev.sluice.option.OptionTable;
import dev.sluice.option.OptionValue;
import dev.sluice.option.Options;
import dev.sluice.relay.RelaySettings;
import dev.sluice.spec.AddressSpec;
import dev.sluice.spec.OptionSpec;
import dev.sluice.spec.Problems;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Understands the addresses and options of a definition, as the command line would. Thread-safe.
 */
public final class RelayReader {
  /**
   * A connection that is idle is probed after a minute, and given up after the fourth probe without
   * an answer; data that nobody acknowledges end it after two minutes (TCP_USER_TIMEOUT in tcp(7)).
   */
  private static final List<OptionValue<?>> PROBES =
      List.of(
          value(row("keepalive"), null),
          value(row("tcp-keepidle"), "60"),
          value(row("tcp-keepintvl"), "15"),
          value(row("tcp-keepcnt"), "4"),
          value(row("setsockopt-socket"), "6:18:i120000"));

  private static final Option<?> CONNECT_TIMEOUT = row("connect-timeout");

  /** How an address names a socket of systemd. */
  private static final Pattern SOCKET = Pattern.compile("\\{socket:([^{}]*)\\}");

  /** What would keep a pool from trying the next member, or make one of several. */
  private static final List<Option<?>> NOT_IN_POOLS =
      List.of(row("fork"), row("retry"), row("forever"), row("interval"));

  private final Catalog catalog;
  private final RelayOptions options;

  private final Function<String, Optional<Integer>> sockets;
  private final Alike alike = new Alike();

  /** What most relays say: no options. */
  private volatile RelayOptions.@Nullable Said nothingSaid;

  /** Where sessions of relays with {@code place = via} go; set once the fleet is in a cluster. */
  private volatile BiFunction<RelayDefinition, Address, Address> via = (relay, right) -> right;

  private RelayReader(
      Catalog catalog, RelayOptions options, Function<String, Optional<Integer>> sockets) {
    this.catalog = catalog;
    this.options = options;
    this.sockets = sockets;
  }

  /**
   * Makes a reader.
   *
   * @param catalog the address types there are besides {@code POOL}
   * @param pools where {@code POOL} addresses that it has read find their pools
   */
  public static RelayReader of(Catalog catalog, RelayOptions options, Pools pools) {
    return new RelayReader(catalog.with(new PoolAddress(pools)), options, any -> Optional.of(3));
  }

  /** The same where {@code {socket:NAME}} in an address is a descriptor that the process has. */
  public RelayReader withSockets(Function<String, Optional<Integer>> known) {
    return new RelayReader(catalog, options, known);
  }

  /** Says where sessions of relays with {@code place = via} go from now on. */
  public void route(BiFunction<RelayDefinition, Address, Address> to) {
    via = to;
  }

  /** A relay that was understood. */
  public record Understood(AddressPair left, AddressPair right, RelaySettings settings) {}

  /**
   * Understands a definition; null when something is wrong with it.
   *
   * @param problem told each thing that is wrong, without any secret's value
   */
  public @Nullable Understood read(
      RelayDefinition definition, Secrets secrets, Consumer<String> problem) {
    Consumer<String> hidden = text -> problem.accept(secrets.hide(text));
    RelayOptions.Said said = said(definition.options(), hidden);
    boolean checkGroups = said == null || said.checkGroups();
    AddressPair left = address(definition.left(), secrets, checkGroups, "left", hidden);
    AddressPair right = address(definition.right(), secrets, checkGroups, "right", hidden);
    if (left == null || right == null || said == null) {
      return null;
    }
    Problems together = new Problems();
    if (!left.goesWith(right, together) || !left.fits(right, definition.faults(), together)) {
      together.messages().forEach(hidden);
      return null;
    }
    boolean isVia = definition.placement().isVia();
    if (isVia && right.second() != null) {
      hidden.accept("right \"" + definition.right() + "\": place = via is for one address");
      return null;
    }
    AddressPair target = withDefaults(right, definition, true);
    return new Understood(
        withDefaults(left, definition, false),
        isVia ? new AddressPair(via.apply(definition, target.first()), null) : target,
        said.settings());
  }

  private RelayOptions.@Nullable Said said(List<String> words, Consumer<String> problem) {
    if (!words.isEmpty()) {
      return options.read(words, problem);
    }
    RelayOptions.Said known = nothingSaid;
    if (known == null) {
      known = options.read(words, problem);
      nothingSaid = known;
    }
    return known;
  }

  private @Nullable AddressPair address(
      String text, Secrets secrets, boolean checkGroups, String side, Consumer<String> problem) {
    Problems problems = new Problems();
    AddressPair read =
        catalog.read(secrets.reveal(withSockets(text, problems)), checkGroups, problems);
    if (!problems.messages().isEmpty()) {
      read = null;
    }
    problems.messages().forEach(message -> problem.accept(side + " \"" + text + "\": " + message));
    return read;
  }

  /** The address with the numbers of descriptors that systemd has handed over. */
  private String withSockets(String text, Problems problems) {
    return text.indexOf('{') < 0
        ? text
        : SOCKET
            .matcher(text)
            .replaceAll(
                use -> {
                  Optional<Integer> number = sockets.apply(use.group(1));
                  if (number.isEmpty()) {
                    problems.add("systemd has handed over no socket " + use.group(1));
                  }
                  return String.valueOf(number.orElse(3));
                });
  }

  /**
   * Reads one address alone; throws an {@link IllegalArgumentException} that says what is wrong.
   */
  public Address address(String text) {
    List<String> problems = new ArrayList<>();
    AddressPair pair = address(text, Secrets.NONE, true, "address", problems::add);
    if (pair == null || pair.second() != null) {
      throw new IllegalArgumentException(String.join("; ", problems));
    }
    return pair.first();
  }

  /** Says what is wrong with an address that is to take many clients. */
  void checkListener(String text, Secrets secrets, Consumer<String> problem) {
    AddressPair pair = address(text, secrets, true, "address", problem);
    if (pair != null
        && !(pair.second() == null
            && pair.first().options().isOn(dev.sluice.option.RelayOptions.FORK))) {
      problem.accept("\"" + text + "\" is not an address that listens with option fork");
    }
  }

  // --- pools

  /** The pools that a relay's addresses name. */
  public static List<String> poolsOf(Understood relay) {
    List<String> names = new ArrayList<>();
    for (AddressPair pair : List.of(relay.left(), relay.right())) {
      for (Address address : new @Nullable Address[] {pair.first(), pair.second()}) {
        if (address != null && isPool(address)) {
          names.add(address.parameter(0));
        }
      }
    }
    return names;
  }

  private static boolean isPool(Address address) {
    return address.type().descriptor().keyword().equals(PoolAddress.KEYWORD);
  }

  /** Understands the address of a pool's member; null when something is wrong with it. */
  public @Nullable Address member(
      PoolDefinition pool,
      PoolDefinition.Member member,
      Secrets secrets,
      Consumer<String> problem) {
    Address address = alone(member.address(), pool, secrets, problem);
    if (address != null && member.each() && !hasHost(address)) {
      problem.accept("each-address is for TCP addresses with a host");
      return null;
    }
    return address;
  }

  /** Understands what a check of a member opens; null when something is wrong with it. */
  public @Nullable Address check(
      PoolDefinition pool,
      PoolDefinition.Member member,
      Secrets secrets,
      Consumer<String> problem) {
    Address own = member(pool, member, secrets, problem);
    return own == null ? null : check(pool, own, secrets, problem);
  }

  /** Understands what a check opens of a member whose address is that. */
  public @Nullable Address check(
      PoolDefinition pool, Address own, Secrets secrets, Consumer<String> problem) {
    PoolDefinition.Check check = pool.check().orElse(null);
    if (check == null || (check.address().isEmpty() && !check.tls())) {
      return own;
    }
    if (check.address().isEmpty() && !hasHost(own)) {
      problem.accept("tls is for members that are TCP addresses");
      return null;
    }
    String text = check.address().orElse("OPENSSL:{host}:{port},verify=0");
    if (!hasHost(own) && (text.contains("{host}") || text.contains("{port}"))) {
      problem.accept("{host} and {port} are those of a TCP address, and the member is none");
      return null;
    }
    if (hasHost(own)) {
      text = text.replace("{host}", own.parameter(0)).replace("{port}", own.parameter(1));
    }
    return alone(text, pool, secrets, problem);
  }

  /** The same address of another host. */
  public static Address ofHost(Address address, String host) {
    List<String> parameters = new ArrayList<>(address.spec().parameters());
    parameters.set(0, host);
    AddressSpec spec = address.spec();
    return new Address(
        address.type(),
        new AddressSpec(spec.text(), spec.keyword(), parameters, spec.options()),
        address.options());
  }

  private static boolean hasHost(Address address) {
    return address.type().descriptor().keyword().startsWith("TCP")
        && address.spec().parameters().size() == 2;
  }

  private @Nullable Address alone(
      String text, PoolDefinition pool, Secrets secrets, Consumer<String> problem) {
    Problems problems = new Problems();
    AddressPair pair = catalog.read(secrets.reveal(text), true, problems);
    if (pair != null && pair.standsAlone(problems)) {
      Address address = pair.first();
      if (pair.second() != null) {
        problems.add("two addresses can't be a member");
      } else if (isPool(address)) {
        problems.add("a pool can't be a member of a pool");
      }
      for (Option<?> option : NOT_IN_POOLS) {
        if (address.options().has(option)) {
          problems.add("option " + option.name() + " is not for members of a pool");
        }
      }
      if (problems.messages().isEmpty()) {
        return withDefaults(address, true, Optional.of(pool.connectTimeout()));
      }
    }
    problems
        .messages()
        .forEach(message -> problem.accept(secrets.hide("\"" + text + "\": " + message)));
    return null;
  }

  // --- what a fleet adds

  /** What a fleet adds to addresses over TCP that don't say otherwise. */
  private AddressPair withDefaults(AddressPair pair, RelayDefinition definition, boolean connects) {
    Optional<Duration> timeout = connects ? definition.connectTimeout() : Optional.empty();
    String text = connects ? definition.right() : definition.left();
    UnaryOperator<Address> kept =
        Secrets.USE.matcher(text).find() ? UnaryOperator.identity() : alike::shared;
    Address second = pair.second();
    return new AddressPair(
        kept.apply(withDefaults(pair.first(), definition.keepalive(), timeout)),
        second == null ? null : kept.apply(withDefaults(second, definition.keepalive(), timeout)));
  }

  private static Address withDefaults(
      Address address, boolean keepalive, Optional<Duration> connectTimeout) {
    if (!address.type().descriptor().groups().contains(OptionGroup.TCP)) {
      return address;
    }
    List<OptionValue<?>> values = new ArrayList<>(address.options().inOrder());
    if (keepalive) {
      for (OptionValue<?> one : PROBES) {
        if (!address.options().has(one.option())) {
          values.add(one);
        }
      }
    }
    if (connectTimeout.isPresent()) {
      add(values, address, CONNECT_TIMEOUT, seconds(connectTimeout.get()));
    }
    return values.size() == address.options().inOrder().size()
        ? address
        : new Address(address.type(), address.spec(), new Options(values));
  }

  private static String seconds(Duration time) {
    return time.toSeconds() + "." + String.format("%09d", time.toNanosPart());
  }

  private static void add(
      List<OptionValue<?>> values, Address address, Option<?> option, @Nullable String value) {
    if (!address.options().has(option)) {
      values.add(value(option, value));
    }
  }

  private static <T> OptionValue<T> value(Option<T> option, @Nullable String value) {
    OptionSpec spec = new OptionSpec(option.name(), value, "");
    return new OptionValue<>(option, option.type().read(option, spec), spec.text());
  }

  private static Option<?> row(String name) {
    return Objects.requireNonNull(OptionTable.find(name), name);
  }
}
