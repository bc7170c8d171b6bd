package dev.sluice.fleet.file;

import dev.sluice.fleet.model.ClusterSettings;
import dev.sluice.fleet.model.ClusterSettings.Profile;
import dev.sluice.fleet.model.ClusterSettings.Tls;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the section {@code cluster} of a file. */
final class ClusterReader {
  private static final Set<String> KEYS =
      Set.of(
          "name",
          "bind",
          "seeds",
          "discover",
          "members",
          "tls",
          "labels",
          "weight",
          "profile",
          "keep");

  /** What Akka allows an actor system to be called. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,49}");

  /** A host name, an IPv4 address, or an IPv6 address in brackets, and a port. */
  private static final Pattern NODE =
      Pattern.compile("([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+\\]):(\\d{1,5})");

  private static final int MOST_WEIGHT = 1000;
  private static final String SEEDS = "seeds = [\"10.0.0.1:7355\", \"10.0.0.2:7355\"]";

  private final ProblemList problems;
  private final String keep;

  /**
   * Makes a reader.
   *
   * @param keep where the last applied fleet is kept unless the section says otherwise
   */
  ClusterReader(ProblemList problems, String keep) {
    this.problems = problems;
    this.keep = keep;
  }

  /** What the section says; null when something is wrong with it. */
  @Nullable ClusterSettings read(Section section) {
    int before = problems.count();
    section.allow(KEYS);
    String name = name(section);
    String bind = required(section, "bind", "bind = \"10.0.0.1:7355\"");
    Matcher node = NODE.matcher(bind);
    boolean isNode = node.matches() && isPort(node.group(2));
    if (!bind.isEmpty() && !isNode) {
      problems.add(
          section.origin("bind"),
          "cluster: bind \"" + bind + "\" is not HOST:PORT",
          "bind = \"10.0.0.1:7355\"");
    }
    List<String> seeds = seeds(section);
    Optional<String> discover = discover(section);
    if (seeds.isEmpty() == discover.isEmpty() && problems.count() == before) {
      problems.add(section.origin(), "cluster: needs either seeds or discover", SEEDS);
    }
    int members = members(section, seeds.size(), problems.count() == before);
    Optional<Tls> tls = tls(section);
    int weight = weight(section);
    Profile profile = profile(section);
    if (problems.count() > before || !isNode) {
      return null;
    }
    return new ClusterSettings(
        name,
        String.valueOf(node.group(1)),
        Integer.parseInt(String.valueOf(node.group(2))),
        seeds,
        discover,
        members,
        tls,
        labels(section),
        weight,
        profile,
        section.text("keep").orElse(keep));
  }

  private String name(Section section) {
    String name = required(section, "name", "name = \"edge\"");
    if (!name.isEmpty() && !NAME.matcher(name).matches()) {
      problems.add(
          section.origin("name"),
          "cluster: name \"" + name + "\" can't be used",
          "letters, digits, '_' and '-', at most 50");
    }
    return name;
  }

  /** How many nodes there are to be; that none is said is a problem only where nothing else is. */
  private int members(Section section, int seeds, boolean isFineSoFar) {
    int members = section.count("members").orElse(seeds);
    if (members < 1 && isFineSoFar) {
      problems.add(
          section.origin("members"),
          "cluster: needs members, the number of nodes, with discover",
          "members = 3");
    }
    return members;
  }

  private int weight(Section section) {
    int weight = section.count("weight").orElse(100);
    if (weight > MOST_WEIGHT) {
      problems.add(section.origin("weight"), "cluster: weight is more than " + MOST_WEIGHT);
    }
    return weight;
  }

  private String required(Section section, String key, String example) {
    Optional<String> text = section.text(key);
    if (text.isEmpty()) {
      problems.add(section.origin(), "cluster: has no " + key, example);
    }
    return text.orElse("");
  }

  private static boolean isPort(@Nullable String digits) {
    int port = digits == null ? 0 : Integer.parseInt(digits);
    return port > 0 && port <= 65535;
  }

  private List<String> seeds(Section section) {
    List<String> seeds = section.words("seeds").orElse(List.of());
    for (String seed : seeds) {
      Matcher node = NODE.matcher(seed);
      if (!node.matches() || !isPort(node.group(2))) {
        problems.add(section.origin("seeds"), "cluster: seed \"" + seed + "\" is not HOST:PORT");
      }
    }
    return seeds;
  }

  private Optional<String> discover(Section section) {
    Optional<String> text = section.text("discover");
    if (text.isPresent() && !text.get().matches("dns:[A-Za-z0-9._-]+")) {
      problems.add(
          section.origin("discover"),
          "cluster: discover \"" + text.get() + "\" is not dns:NAME",
          "discover = \"dns:sluice.default.svc\"");
    }
    return text.map(some -> some.replaceFirst("^dns:", ""));
  }

  /** Certificates of both sides, unless the file says that there are none. */
  private Optional<Tls> tls(Section section) {
    if (section.isText("tls")) {
      if (!section.flag("tls").orElse(false)) {
        return Optional.empty();
      }
      problems.add(section.origin("tls"), "cluster: tls is a section, or off");
      return Optional.empty();
    }
    Section tls = section.section("tls", "cluster: tls");
    if (tls == null) {
      problems.add(
          section.origin(),
          "cluster: has no tls, and nodes must know each other by certificates",
          "tls { cert = \"node.crt\", key = \"node.key\", ca = \"ca.crt\" }, or tls = off");
      return Optional.empty();
    }
    tls.allow(Set.of("cert", "key", "ca"));
    for (String key : new String[] {"cert", "key", "ca"}) {
      Optional<String> path = tls.text(key);
      if (path.isEmpty()) {
        problems.add(tls.origin(), tls.what() + ": has no " + key);
      } else if (!Files.isReadable(Path.of(path.get()))) {
        problems.add(tls.origin(key), tls.what() + ": can't read " + key + " " + path.get());
      }
    }
    return Optional.of(
        new Tls(
            tls.text("cert").orElse(""), tls.text("key").orElse(""), tls.text("ca").orElse("")));
  }

  private Profile profile(Section section) {
    String text = section.text("profile").orElse("fast");
    if (!text.equals("fast") && !text.equals("safe")) {
      problems.add(
          section.origin("profile"), "cluster: profile \"" + text + "\" is not fast or safe");
    }
    return text.equals("safe") ? Profile.SAFE : Profile.FAST;
  }

  private static SortedMap<String, String> labels(Section section) {
    SortedMap<String, String> labels = new TreeMap<>();
    Section some = section.section("labels", "cluster: labels");
    if (some != null) {
      some.names().forEach(name -> some.text(name).ifPresent(text -> labels.put(name, text)));
    }
    return labels;
  }
}
