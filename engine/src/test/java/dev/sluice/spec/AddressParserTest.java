package dev.sluice.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.Samples;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressParserTest {
  private final Problems problems = new Problems();

  private static AddressSpec first(String text) {
    Problems none = new Problems();
    BiAddress parsed = AddressParser.parse(text, none);
    assertTrue(none.isEmpty(), none::toString);
    return Objects.requireNonNull(parsed).first();
  }

  private static String parameter(String text) {
    AddressSpec address = first("TEXT:" + text);
    assertEquals(1, address.parameters().size(), () -> address.parameters().toString());
    return address.parameters().get(0);
  }

  @Test
  void splitsKeywordParametersAndOptions() {
    AddressSpec address = first("TCP:host:80,bind=1.2.3.4:5,nodelay");
    assertEquals("TCP", address.keyword());
    assertEquals(List.of("host", "80"), address.parameters());
    assertEquals(
        List.of("bind=1.2.3.4:5", "nodelay"),
        address.options().stream().map(OptionSpec::text).toList());
    assertEquals("TCP:host:80", address.head());
  }

  @Test
  void keepsTheRestOfTheListWithEachOption() {
    assertEquals(
        List.of("perm,cr", "cr"),
        first("-,perm,cr").options().stream().map(OptionSpec::rest).toList());
  }

  @Test
  void joinsTwoAddresses() {
    BiAddress both =
        Objects.requireNonNull(AddressParser.parse("EXEC:echo x!!OPEN:log,creat", problems));
    assertEquals("EXEC:echo x", both.first().text());
    assertEquals("OPEN:log,creat", Objects.requireNonNull(both.second()).text());
  }

  @Test
  void ignoresWhatStandsBehindASecondJoin() {
    BiAddress both = Objects.requireNonNull(AddressParser.parse("STDIN!!STDOUT!!,=x'", problems));
    assertEquals("STDOUT", Objects.requireNonNull(both.second()).text());
    assertTrue(problems.isEmpty());
  }

  @Test
  void unquotesKeywords() {
    assertEquals("TEXT", first("T\"EX\"T:b").keyword());
    assertEquals(" TEXT", first(" TEXT:a").keyword());
  }

  @Test
  void skipsEmptyOptions() {
    assertEquals(List.of(), first("GOPEN:f,,,").options());
    assertEquals(" ", first("GOPEN:f, ").options().get(0).name());
  }

  @Test
  void endsTheOptionsAtAValueWithoutName() {
    assertEquals(
        List.of("a"), first("GOPEN:f,a,=1,b").options().stream().map(OptionSpec::name).toList());
  }

  @Test
  void tellsAnEmptyValueFromNone() {
    assertEquals("", first("-,reuseaddr=").options().get(0).value());
    assertNull(first("-,reuseaddr").options().get(0).value());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\u0001',
      value = {
        "a\\,b\\:c\\!d|a,b:c!d",
        "\\\"a\\\\|\"a\\",
        "\\x41|x41",
        "a\"b,c\"d|ab,cd",
        "\"a:b!!c\"|a:b!!c",
        "'a,\"b\\''|a,\"b'",
        "\"a'b,\"c'd\"|a'b,\"c'd",
        "(a,b)[c:d]{e!!f}|(a,b)[c:d]{e!!f}",
        "(a,[b:c)d])|(a,[b:c)d])",
        "a)b]c}|a)b]c}",
        "(a,b|(a,b",
        "a!b|a!b",
      })
  void unquotes(String written, String meant) {
    assertEquals(meant, parameter(written));
  }

  @Test
  void readsControlCharacters() {
    assertEquals("\0\007\b\f\n\r\t\013", parameter("\\0\\a\\b\\f\\n\\r\\t\\v"));
    assertEquals("\n", parameter("\"\\n\""));
    assertEquals("\n", parameter("'\\n'"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"TEXT:\"a", "TEXT:'a", "TEXT:a\\", "TEXT:\"a\\", "TEXT:'a\\"})
  void reportsWhatIsNotClosed(String text) {
    assertNull(AddressParser.parse(text, problems));
    assertEquals(List.of("unexpected end of address \"" + text + "\""), problems.messages());
  }

  @Test
  void limitsKeywordsAndParameters() {
    String most = "x".repeat(511);
    assertEquals(most, first(most + ":" + most).parameters().get(0));
    assertNull(AddressParser.parse(most + "x", problems));
    assertNull(AddressParser.parse("TEXT:" + most + "x", problems));
    assertEquals(
        List.of(
            "keyword too long, in address \"" + most + "x\"",
            "address \"TEXT:" + most + "x\" too long"),
        problems.messages());
  }

  @Test
  void limitsOptions() {
    String most = "x".repeat(2047);
    assertEquals(most, first("-,a=" + most).options().get(0).value());
    assertNull(AddressParser.parse("-,a=" + most + "x", problems));
    assertEquals(List.of("option too long: \"a=" + most + "x\""), problems.messages());
  }

  @Test
  void readsBackWhatWasEscaped() {
    Samples.texts(' ', '~').forEach(this::readsBackEscaped);
  }

  private void readsBackEscaped(String meant) {
    StringBuilder written = new StringBuilder();
    for (int i = 0; i < meant.length(); i++) {
      char c = meant.charAt(i);
      written.append("0abfnrtv".indexOf(c) < 0 ? "\\" : "").append(c);
    }
    assertEquals(meant, parameter(written.toString()));
  }

  @Test
  void eitherUnderstandsOrReports() {
    Samples.texts(' ', '~').forEach(AddressParserTest::understandsOrReports);
  }

  private static void understandsOrReports(String text) {
    Problems found = new Problems();
    if (AddressParser.parse(text, found) == null) {
      assertEquals(1, found.messages().size());
    } else {
      assertTrue(found.isEmpty());
    }
  }

  @Test
  void readsNothingAsAnEmptyKeyword() {
    assertNotNull(AddressParser.parse("", problems));
    assertEquals("", first("").keyword());
  }
}
