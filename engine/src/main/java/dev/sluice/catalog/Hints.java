package dev.sluice.catalog;

import dev.sluice.option.Option;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** What is added to a message about a word that does not fit: what may have been meant. */
final class Hints {
  private static final int SHOWN = 4;

  private Hints() {}

  /** The keyword that an unknown one is likely to stand for; empty when none is near. */
  static String keyword(String unknown, Collection<String> known) {
    return nearest(unknown.toUpperCase(Locale.ROOT), known.stream());
  }

  /** The option of such an address that an unknown one is likely to stand for. */
  static String option(String unknown, AddressDescriptor descriptor, List<Option<?>> all) {
    return nearest(
        unknown.toLowerCase(Locale.ROOT),
        all.stream()
            .filter(option -> option.fits(descriptor.groups()))
            .flatMap(option -> Stream.concat(Stream.of(option.name()), option.aliases().stream())));
  }

  /** Which addresses take an option. */
  static String addresses(Option<?> option, List<AddressType> types) {
    List<String> takers =
        types.stream()
            .map(AddressType::descriptor)
            .filter(descriptor -> option.fits(descriptor.groups()))
            .map(AddressDescriptor::keyword)
            .toList();
    if (takers.isEmpty()) {
      return "";
    }
    int more = takers.size() - SHOWN;
    return "it is an option of "
        + String.join(", ", takers.subList(0, Math.min(SHOWN, takers.size())))
        + (more > 0 ? " and " + more + " more" : "");
  }

  private static String nearest(String word, Stream<String> known) {
    int limit = Math.min(3, word.length() / 3);
    String best = "";
    int least = limit + 1;
    for (String name : known.sorted().toList()) {
      int distance = distance(word, name);
      if (distance < least) {
        least = distance;
        best = name;
      }
    }
    return best.isEmpty() ? "" : "did you mean \"" + best + "\"?";
  }

  /** How many letters have to be put in, left out, replaced or swapped with their neighbour. */
  static int distance(String a, String b) {
    int[][] edits = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          edits[i][j] = i + j;
          continue;
        }
        int replaced = edits[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        edits[i][j] = Math.min(replaced, Math.min(edits[i - 1][j], edits[i][j - 1]) + 1);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          edits[i][j] = Math.min(edits[i][j], edits[i - 2][j - 2] + 1);
        }
      }
    }
    return edits[a.length()][b.length()];
  }
}
