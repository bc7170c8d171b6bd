package dev.sluice.addresses;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Input for fuzzers: seeds from {@code fuzz/NAME} of the test resources, a line each, with Java's
 * escapes, and what chance makes of them.
 */
public final class Corpus {
  /** How many inputs each try of a fuzzer takes; {@code bench/fuzz} wants more. */
  public static final int ROUNDS = Integer.getInteger("sluice.fuzz.rounds", 1);

  private static final int[] REMARKABLE = {
    0, 1, 4, 5, 0x0a, 0x0d, 0x20, 0x22, 0x27, 0x5c, 0x7f, 0x80, 0xff
  };

  private final List<byte[]> seeds = new ArrayList<>();

  public Corpus(String name) {
    try (InputStream in = Corpus.class.getResourceAsStream("/fuzz/" + name)) {
      if (in == null) {
        throw new IllegalArgumentException("no corpus " + name);
      }
      new String(in.readAllBytes(), ISO_8859_1)
          .lines()
          .filter(line -> !line.isEmpty())
          .forEach(line -> seeds.add(line.translateEscapes().getBytes(ISO_8859_1)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A seed of the corpus, changed in one to six places; the same for the same number. */
  public byte[] input(long number) {
    Random random = new Random(number);
    byte[] bytes = seed(random);
    for (int i = random.nextInt(7); i > 0; i--) {
      bytes = changed(bytes, random);
    }
    return bytes;
  }

  private byte[] seed(Random random) {
    return seeds.get(random.nextInt(seeds.size())).clone();
  }

  private byte[] changed(byte[] bytes, Random random) {
    int at = random.nextInt(bytes.length + 1);
    int to = Math.min(bytes.length, at + random.nextInt(9));
    return switch (random.nextInt(7)) {
      case 0 -> joined(bytes, at, new byte[] {(byte) random.nextInt(256)}, to);
      case 1 -> joined(bytes, at, new byte[] {remarkable(random)}, at);
      case 2 -> joined(bytes, at, new byte[0], to);
      case 3 -> joined(bytes, at, Arrays.copyOfRange(bytes, at, to), at); // twice
      case 4 -> joined(bytes, at, repeated(remarkable(random), random.nextInt(600)), at);
      case 5 -> {
        byte[] other = seed(random);
        yield joined(
            bytes,
            at,
            Arrays.copyOfRange(other, random.nextInt(other.length + 1), other.length),
            to);
      }
      default -> Arrays.copyOf(bytes, at);
    };
  }

  private static byte remarkable(Random random) {
    return (byte) REMARKABLE[random.nextInt(REMARKABLE.length)];
  }

  private static byte[] repeated(byte value, int count) {
    byte[] all = new byte[count];
    Arrays.fill(all, value);
    return all;
  }

  private static byte[] joined(byte[] bytes, int until, byte[] between, int from) {
    byte[] all = Arrays.copyOf(bytes, until + between.length + bytes.length - from);
    System.arraycopy(between, 0, all, until, between.length);
    System.arraycopy(bytes, from, all, until + between.length, bytes.length - from);
    return all;
  }

  /** An input as a line of the corpus. */
  public static String line(byte[] input) {
    StringBuilder line = new StringBuilder();
    for (byte b : input) {
      int c = b & 0xff;
      line.append(
          c >= 0x20 && c < 0x7f && c != '\\'
              ? "" + (char) c
              : "\\" + Integer.toString(c | 01000, 8).substring(1));
    }
    return line.toString();
  }
}
