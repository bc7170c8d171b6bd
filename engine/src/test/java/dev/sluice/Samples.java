package dev.sluice;

import java.util.Random;
import java.util.stream.Stream;

/** Values at random, for what must hold of all; the same ones in every run. */
public final class Samples {
  private static final int COUNT = 1000;
  private static final int LONGEST = 100;

  private Samples() {}

  /** Generators of values, each for one try. */
  public static Stream<Random> tries() {
    return new Random(1).longs(COUNT).mapToObj(Random::new);
  }

  /** Texts of up to 100 characters, the empty one among them. */
  public static Stream<String> texts(char first, char last) {
    return tries().map(random -> text(random, random.nextInt(LONGEST + 1), first, last));
  }

  /** One text. */
  public static String text(Random random, int length, char first, char last) {
    StringBuilder text = new StringBuilder();
    random.ints(length, first, last + 1).forEach(text::appendCodePoint);
    return text.toString();
  }
}
