package dev.sluice.option;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sluice.spec.OptionSpec;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each type takes, and what it says of the rest. */
class OptionTypeTest {
  private static Object read(String written) {
    return Objects.requireNonNull(readOrNull(written), "null");
  }

  private static @org.jspecify.annotations.Nullable Object readOrNull(String written) {
    int sign = written.indexOf('=');
    String name = sign < 0 ? written : written.substring(0, sign);
    Option<?> option = Objects.requireNonNull(OptionTable.find(name), name);
    return option
        .type()
        .read(option, new OptionSpec(name, sign < 0 ? null : written.substring(sign + 1), written));
  }

  @Test
  void switchesAreOnWithoutValue() {
    assertEquals(true, read("fork"));
    assertEquals(false, read("fork=0"));
    assertEquals(true, read("fork=7"));
  }

  @Test
  void numbersAreOneWithoutValue() {
    assertEquals(1, read("so-sndbuf"));
    assertEquals(1L, read("readbytes"));
    assertEquals(1L, read("seek"));
  }

  @Test
  void numbersFollowC() {
    assertEquals(31, read("so-sndbuf=0x1f"));
    assertEquals(-8, read("so-sndbuf=-010"));
    assertEquals(-5L, read("seek=-5"));
  }

  @Test
  void numbersAreCutToTheirSize() {
    assertEquals(4464, read("sourceport=70000"));
    assertEquals(0, read("so-sndbuf=0x100000000"));
    assertEquals(1L << 32, read("seek=0x100000000"));
    assertEquals(0L, read("lseek32=0x100000000"));
  }

  @Test
  void emptyNumberMayMeanNone() {
    assertNull(readOrNull("reuseaddr="));
    assertEquals(0, read("reuseaddr=0"));
    assertEquals(1, read("reuseaddr"));
  }

  @Test
  void modesAreOctal() {
    assertEquals(0644, read("perm=644"));
    assertEquals(0644, read("perm=0644"));
  }

  @Test
  void timesAreSecondsWithFraction() {
    assertEquals(Duration.ofMillis(250), read("interval=0.25"));
    assertEquals(Duration.ofMillis(10), read("so-rcvtimeo=1e-2"));
  }

  @Test
  void textMayBeEmpty() {
    assertEquals("", read("bind="));
  }

  @Test
  void compoundsAreSplitAtColons() {
    assertEquals(new OptionType.Numbered<>(0x1234, 5), read("ioctl-int=0x1234:5"));
    assertEquals(new OptionType.Numbered<>(1, "a:b"), read("ioctl-string=1:a:b"));
    assertEquals(new OptionType.Levelled<>(6, 18, 5000), read("setsockopt-int=6:18:5000"));
    assertEquals(new OptionType.Levelled<>(6, 13, "cubic"), read("setsockopt-string=6:13:cubic"));
    OptionType.Levelled<?> bytes = (OptionType.Levelled<?>) read("setsockopt=1:2:x0102");
    assertArrayEquals(new byte[] {1, 2}, (byte[]) bytes.value());
  }

  @Test
  void multicastFieldsAreKeptAsWritten() {
    assertEquals(new MulticastGroup.On4("224.1.0.1", "lo", null), read("membership=224.1.0.1:lo"));
    assertEquals(
        new MulticastGroup.On4("224.1.0.1", "10.0.0.1", "lo"),
        read("membership=224.1.0.1:10.0.0.1:lo"));
    assertEquals(new MulticastGroup.On6("[ff02::1]", "lo"), read("join-group=[ff02::1]:lo"));
    assertEquals(
        new MulticastGroup.FromSource6("[ff3e::1]", "lo", "[::1]"),
        read("join-source-group=[ff3e::1]:lo:[::1]"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "cr=1|no value permitted for option \"cr\"",
        "perm|option \"perm\": value required",
        "interval|option \"interval\": value required",
        "bind|option \"bind\": value required",
        "linger|option \"linger\": value required",
        "setuid|option \"setuid\": value required",
        "ioctl-int|option \"ioctl-int\": values required",
        "ignoreeof=x|parseopts(): missing numerical value of option \"ignoreeof=x\"",
        "ignoreeof=|parseopts(): missing numerical value of option \"ignoreeof=\"",
        "seek=5x|parseopts(): trailing garbage in numerical arg of option \"seek=5x\"",
        "perm=9|parseopts(): missing numerical value of option \"perm=9\"",
        "setsockopt-int=1:2|parseopts(): option \"setsockopt-int\": 3 arguments required",
        "ioctl-int=1|parseopts(): option \"ioctl-int\": 2 arguments required",
        "mcloop=300|parseopts(): option \"mcloop=300\": byte value exceeds limit (300 vs. 255), using max",
        "ip-options=zz|parseopts_table(): problem with \"zz\" data",
        "membership=224.1.0.1|syntax in option membership=224.1.0.1: missing ':'",
        "peercred=1|option \"so-peercred\" can only be read, not set",
      })
  void saysWhatIsWrong(String written, String message) {
    assertEquals(
        message, assertThrows(OptionType.BadValue.class, () -> read(written)).getMessage());
  }
}
