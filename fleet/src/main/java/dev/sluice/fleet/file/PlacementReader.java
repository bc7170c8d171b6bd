package dev.sluice.fleet.file;

import dev.sluice.fleet.model.Placement;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Reads where in a cluster a relay is to run. */
final class PlacementReader {
  private static final Pattern ADDRESS =
      Pattern.compile("(\\d{1,3}(?:\\.\\d{1,3}){3}/(?:\\d|[12]\\d|3[0-2])|[0-9A-Fa-f:]+/\\d{1,3})");

  private PlacementReader() {}

  /** What the keys {@code place}, {@code where}, {@code address} and {@code spread} say. */
  static Placement read(Section section) {
    Optional<Placement.Kind> kind = section.text("place").map(text -> kind(section, text));
    SortedMap<String, String> where = new TreeMap<>();
    Section some = section.section("where", section.what() + ": where");
    if (some != null) {
      some.names().forEach(name -> some.text(name).ifPresent(text -> where.put(name, text)));
    }
    Optional<String> address = section.text("address");
    if (address.isPresent() && !ADDRESS.matcher(address.get()).matches()) {
      section
          .problems()
          .add(
              section.origin("address"),
              section.what() + ": address \"" + address.get() + "\" is not ADDRESS/PREFIX",
              "address = \"10.0.0.9/24\"");
    }
    Placement placement =
        new Placement(
            kind.orElse(Placement.Kind.EVERYWHERE), where, address, section.text("spread"));
    if (address.isPresent() && placement.kind() != Placement.Kind.ONE) {
      section
          .problems()
          .add(section.origin("address"), section.what() + ": address is for place = one");
    }
    return placement;
  }

  private static Placement.Kind kind(Section section, String text) {
    for (Placement.Kind kind : Placement.Kind.values()) {
      if (kind.text().equals(text.toLowerCase(Locale.ROOT))) {
        return kind;
      }
    }
    section
        .problems()
        .add(
            section.origin("place"),
            section.what() + ": place \"" + text + "\" is not everywhere, one or via");
    return Placement.Kind.EVERYWHERE;
  }
}
