package dev.sluice.bench;

import dev.sluice.endpoint.LineTerminator;
import dev.sluice.stream.Dump;
import dev.sluice.stream.LineConversion;
import java.time.LocalDateTime;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What the stages of the stream plan do with a block of 8 KiB. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class StageBenchmark {
  private static final LocalDateTime TIME = LocalDateTime.of(2026, 11, 23, 1, 2, 3);

  private final byte[] block = text();
  private final LineConversion toNetwork =
      new LineConversion(LineTerminator.RAW, LineTerminator.CRNL);
  private final LineConversion fromNetwork =
      new LineConversion(LineTerminator.CRNL, LineTerminator.RAW);

  private static byte[] text() {
    byte[] bytes = new byte[8192];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i % 64 == 63 ? '\n' : ' ' + i % 90);
    }
    return bytes;
  }

  @Benchmark
  public byte[] linesToNetwork() {
    return toNetwork.convert(block);
  }

  @Benchmark
  public byte[] linesFromNetwork() {
    return fromNetwork.convert(block);
  }

  @Benchmark
  public byte[] dumpAsText() {
    return new Dump('>', true, false).render(block, TIME);
  }

  @Benchmark
  public byte[] dumpAsHex() {
    return new Dump('>', false, true).render(block, TIME);
  }
}
