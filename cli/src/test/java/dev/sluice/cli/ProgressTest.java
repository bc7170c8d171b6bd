package dev.sluice.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.OptionalLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The words of a line of {@code --progress}. */
class ProgressTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0 B",
    "999, 999 B",
    "1000, 1.00 kB",
    "12345, 12.3 kB",
    "999499, 999 kB",
    "999500, 1.00 MB",
    "5e15, 5.00 PB"
  })
  void amountsHaveThreeDigits(double bytes, String text) {
    assertEquals(text, Progress.amount(bytes));
  }

  @ParameterizedTest
  @CsvSource({"0, 0:00", "59, 0:59", "61, 1:01", "3723, 1:02:03"})
  void timesAreClocks(long seconds, String text) {
    assertEquals(text, Progress.clock(seconds));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1000 | -1   | 2 | 1.00 kB 500 B/s",
        "1000 | 4000 | 2 | 1.00 kB 25% 500 B/s, 0:06 left",
        "4000 | 4000 | 2 | 4.00 kB 100% 2.00 kB/s",
        "0    | 4000 | 2 | 0 B 0% 0 B/s",
        "0    | 0    | 2 | 0 B 100% 0 B/s",
        "5000 | 4000 | 2 | 5.00 kB 100% 2.50 kB/s",
      })
  void aDirectionTellsWhatIsKnown(long bytes, long size, double seconds, String text) {
    OptionalLong all = size < 0 ? OptionalLong.empty() : OptionalLong.of(size);
    assertEquals(text, Progress.part(bytes, all, seconds));
  }
}
