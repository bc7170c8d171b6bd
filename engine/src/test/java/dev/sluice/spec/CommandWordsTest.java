package dev.sluice.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.NotEmpty;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class CommandWordsTest {
  @Test
  void countsSeveralBlanksAsOne() {
    assertEquals(List.of("./p", "a", "b"), CommandWords.split("  ./p a   b"));
  }

  @Test
  void endsWithAnEmptyWordAfterABlank() {
    assertEquals(List.of("./p", "a", ""), CommandWords.split("./p a  "));
  }

  @Test
  void splitsAtBlanksAlone() {
    assertEquals(List.of("a\tb\nc"), CommandWords.split("a\tb\nc"));
  }

  @Test
  void groupsByQuotes() {
    assertEquals(List.of("./p", "a b", "c"), CommandWords.split("./p \"a b\" c"));
    assertEquals(List.of("./p", "a b", "c"), CommandWords.split("./p 'a b' c"));
    assertEquals(List.of("./p", "", "x"), CommandWords.split("./p \"\" x"));
    assertEquals(
        List.of("sh", "-c", "echo hi there"), CommandWords.split("sh -c \"echo hi there\""));
  }

  @Test
  void takesWhatFollowsABackslash() {
    assertEquals(List.of("./p", "a b"), CommandWords.split("./p a\\ b"));
    assertEquals(List.of("./p", "it's"), CommandWords.split("./p it\\'s"));
    assertEquals(List.of("a\nb"), CommandWords.split("a\\nb"));
    assertEquals(List.of("a"), CommandWords.split("a\\"));
  }

  @Test
  void keepsBrackets() {
    assertEquals(
        List.of("./p", "(a b)", "[c d]", "{e f}"), CommandWords.split("./p (a b) [c d] {e f}"));
    assertEquals(List.of("(a b"), CommandWords.split("(a b"));
  }

  @Test
  void takesTheRestAfterAQuoteThatIsNotClosed() {
    assertEquals(List.of("a b"), CommandWords.split("\"a b"));
    assertEquals(List.of("a b"), CommandWords.split("'a b"));
  }

  @Property
  void readsBackWordsInSingleQuotes(
      @ForAll @Size(min = 1, max = 5)
          List<@NotEmpty @CharRange(from = '#', to = '&') String> words) {
    String text = words.stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
    assertEquals(words, CommandWords.split(text));
  }

  @Property
  void alwaysGivesAWord(@ForAll @CharRange(from = ' ', to = '~') String text) {
    assertFalse(CommandWords.split(text).isEmpty());
  }
}
