package dev.sluice.fleet.file;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import dev.sluice.fleet.model.Origin;
import dev.sluice.fleet.model.PoolDefinition;
import dev.sluice.fleet.model.PoolDefinition.Balance;
import dev.sluice.fleet.model.PoolDefinition.Check;
import dev.sluice.fleet.model.PoolDefinition.Member;
import dev.sluice.fleet.model.PoolDefinition.Passive;
import dev.sluice.fleet.model.Secrets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;

/** Reads the pools of a file. */
final class PoolReader {
  /** Members of one pool. */
  static final int MOST = 256;

  private static final Set<String> KEYS =
      Set.of("members", "balance", "sticky", "slow-start", "connect-timeout", "check", "passive");

  private static final Set<String> MEMBER =
      Set.of("address", "name", "weight", "backup", "each-address");

  private static final Set<String> CHECK =
      Set.of("every", "timeout", "fall", "rise", "address", "tls", "send", "expect");

  private static final int MOST_WEIGHT = 1000;
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

  private final RelayReader relays;
  private final Secrets secrets;
  private final ProblemList problems;

  PoolReader(RelayReader relays, Secrets secrets, ProblemList problems) {
    this.relays = relays;
    this.secrets = secrets;
    this.problems = problems;
  }

  /** The pool; null when something is wrong with it. */
  @Nullable PoolDefinition read(String name, Section section) {
    int before = problems.count();
    section.allow(KEYS);
    List<Origin> places = new ArrayList<>();
    PoolDefinition pool =
        new PoolDefinition(
            name,
            members(section, places),
            balance(section),
            section.duration("sticky"),
            section.duration("slow-start").orElse(Duration.ZERO),
            section.duration("connect-timeout").orElse(CONNECT_TIMEOUT),
            check(section),
            passive(section),
            section.origin());
    if (problems.count() > before) {
      return null;
    }
    for (int i = 0; i < pool.members().size(); i++) {
      checkAddresses(pool, pool.members().get(i), places.get(i), section.what());
    }
    return problems.count() > before ? null : pool;
  }

  private Balance balance(Section section) {
    String text = section.text("balance").orElse(Balance.ROUND_ROBIN.text());
    for (Balance one : Balance.values()) {
      if (one.text().equals(text)) {
        return one;
      }
    }
    problems.add(
        section.origin("balance"),
        section.what() + ": balance \"" + text + "\" is not round-robin, least-sessions or hash");
    return Balance.ROUND_ROBIN;
  }

  // --- members

  private List<Member> members(Section section, List<Origin> places) {
    List<Member> members = new ArrayList<>();
    ConfigValue value = section.object().get("members");
    if (!(value instanceof ConfigList list) || list.isEmpty()) {
      problems.add(
          section.origin("members"),
          section.what() + ": has no members",
          "members = [\"TCP:10.0.0.1:80\", \"TCP:10.0.0.2:80\"]");
      return members;
    }
    if (list.size() > MOST) {
      problems.add(
          section.origin("members"), section.what() + ": has more than " + MOST + " members");
      return members;
    }
    Set<String> names = new TreeSet<>();
    for (ConfigValue one : list) {
      Origin place = ProblemList.origin(one.origin());
      Member member = member(one, section.what(), place);
      if (member == null) {
        continue;
      }
      if (!names.add(member.name())) {
        problems.add(
            place,
            section.what() + ": member " + member.name() + " is there twice",
            "{ name = second, address = \"...\" }");
      }
      members.add(member);
      places.add(place);
    }
    return members;
  }

  private @Nullable Member member(ConfigValue value, String pool, Origin place) {
    if (value instanceof ConfigList) {
      problems.add(place, pool + ": a member is an address, or a section in braces");
      return null;
    }
    if (!(value instanceof ConfigObject object)) {
      String address = String.valueOf(value.unwrapped());
      return new Member(shortened(address), address, 1, false, false);
    }
    Section section = new Section(object, pool + ": member", problems);
    section.allow(MEMBER);
    Optional<String> address = section.text("address");
    if (address.isEmpty()) {
      problems.add(section.origin(), section.what() + ": has no address");
      return null;
    }
    String name = section.text("name").orElse(shortened(address.get()));
    if (section.has("name") && !FleetReader.NAME.matcher(name).matches()) {
      problems.add(
          section.origin("name"),
          section.what() + " \"" + name + "\" has a name that can't be used",
          "letters, digits, '.', '_', '@' and '-', at most 100");
    }
    int weight = section.count("weight").orElse(1);
    if (weight > MOST_WEIGHT) {
      problems.add(
          section.origin("weight"), section.what() + ": weight is more than " + MOST_WEIGHT);
    }
    return new Member(
        name,
        address.get(),
        weight,
        section.flag("backup").orElse(false),
        section.flag("each-address").orElse(false));
  }

  /** An address without its options. */
  private static String shortened(String address) {
    int comma = address.indexOf(',');
    return comma < 0 ? address : address.substring(0, comma);
  }

  private void checkAddresses(PoolDefinition pool, Member member, Origin place, String what) {
    Matcher use = Secrets.USE.matcher(member.address());
    while (use.find()) {
      if (!secrets.has(String.valueOf(use.group(1)))) {
        problems.add(place, what + ": there is no secret " + use.group(1));
      }
    }
    if (relays.member(pool, member, secrets, text -> problems.add(place, what + ": " + text))
        != null) {
      relays.check(
          pool,
          member,
          secrets,
          text -> problems.add(place, what + ": check of " + member.name() + ": " + text));
    }
  }

  // --- health

  private Optional<Check> check(Section section) {
    Section check = section.section("check", section.what() + ": check");
    if (check == null) {
      return Optional.empty();
    }
    check.allow(CHECK);
    Duration every = check.duration("every").orElse(Duration.ofSeconds(2));
    if (every.compareTo(Duration.ofMillis(100)) < 0) {
      problems.add(check.origin("every"), check.what() + ": every is less than 100ms");
    }
    Duration timeout = check.duration("timeout").orElse(Duration.ofSeconds(1));
    if (timeout.compareTo(Duration.ofMillis(10)) < 0) {
      problems.add(check.origin("timeout"), check.what() + ": timeout is less than 10ms");
    }
    return Optional.of(
        new Check(
            every,
            timeout,
            atLeastOne(check, "fall", 3),
            atLeastOne(check, "rise", 2),
            check.text("address"),
            check.flag("tls").orElse(false),
            check.text("send"),
            check.text("expect").filter(text -> !text.isEmpty())));
  }

  private int atLeastOne(Section section, String key, int usual) {
    int count = section.count(key).orElse(usual);
    if (count < 1) {
      problems.add(section.origin(key), section.what() + ": " + key + " is 0");
    }
    return count;
  }

  private static Passive passive(Section section) {
    Section passive = section.section("passive", section.what() + ": passive");
    if (passive == null) {
      return Passive.DEFAULT;
    }
    passive.allow(Set.of("fails", "retry-after"));
    return new Passive(
        passive.count("fails").orElse(Passive.DEFAULT.fails()),
        passive.duration("retry-after").orElse(Passive.DEFAULT.retryAfter()));
  }
}
