package dev.sluice.fleet.model;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Several addresses that do the same, as they were asked for. Immutable.
 *
 * @param name what {@code POOL:NAME} calls it
 * @param members in the order of the file
 * @param balance who gets the next session
 * @param sticky how long a client keeps its member after its last session began
 * @param slowStart how long a member that has come back takes to have its full share again
 * @param connectTimeout time for a member to connect; options of its address go before it
 * @param check how members are asked whether they are well; empty when they are not
 * @param passive what failures of sessions mean
 * @param origin where it was written
 */
public record PoolDefinition(
    String name,
    List<Member> members,
    Balance balance,
    Optional<Duration> sticky,
    Duration slowStart,
    Duration connectTimeout,
    Optional<Check> check,
    Passive passive,
    Origin origin) {
  private static final String KEYWORD = "POOL:";

  private static final Pattern USE = Pattern.compile("(?i)(?:^|!!)POOL:([A-Za-z0-9_.@-]+)");

  /** The pools that the addresses of a relay name. */
  public static List<String> usedBy(RelayDefinition relay) {
    if (!mayUse(relay.left()) && !mayUse(relay.right())) {
      return List.of();
    }
    return Stream.of(relay.left(), relay.right())
        .flatMap(address -> USE.matcher(address).results())
        .map(use -> use.group(1))
        .toList();
  }

  /** Whether an address may name a pool; a look at each relay of thousands is to cost little. */
  private static boolean mayUse(String address) {
    return address.regionMatches(true, 0, KEYWORD, 0, KEYWORD.length()) || address.contains("!!");
  }

  /** Who gets the next session. */
  public enum Balance {
    /** Each in turn, as often as its weight says. */
    ROUND_ROBIN,
    /** Who has the fewest sessions for its weight. */
    LEAST_SESSIONS,
    /** A client gets the same member each time, as long as that is well. */
    HASH;

    /** In the words of a file. */
    public String text() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /**
   * One address of a pool.
   *
   * @param name what it is called; its state hangs on it
   * @param weight its share; 0 for no session
   * @param backup whether it gets sessions only when none of the others is up
   * @param each whether each address that its host's name has counts as a member
   */
  public record Member(String name, String address, int weight, boolean backup, boolean each) {}

  /**
   * How members are asked whether they are well.
   *
   * @param every time between two checks of a member
   * @param timeout what takes longer has failed
   * @param fall failures in a row that take a member down
   * @param rise successes in a row that bring it back
   * @param address what is opened; {@code {host}} and {@code {port}} are those of the member; empty
   *     for the member's own address
   * @param tls whether a TLS handshake follows the connection
   * @param send what is sent once it is open
   * @param expect what must come then
   */
  public record Check(
      Duration every,
      Duration timeout,
      int fall,
      int rise,
      Optional<String> address,
      boolean tls,
      Optional<String> send,
      Optional<String> expect) {}

  /**
   * What failures of sessions to connect mean.
   *
   * @param fails as many in a row take a member down; 0 for never
   * @param retryAfter how long it stays down then, where no check brings it back
   */
  public record Passive(int fails, Duration retryAfter) {
    public static final Passive DEFAULT = new Passive(3, Duration.ofSeconds(10));
  }

  /** The same, as if it had been written there. */
  public PoolDefinition at(Origin place) {
    return new PoolDefinition(
        name, members, balance, sticky, slowStart, connectTimeout, check, passive, place);
  }

  /** Whether both say the same, wherever it was written. */
  public boolean saysAs(PoolDefinition other) {
    return equals(other.at(origin));
  }
}
