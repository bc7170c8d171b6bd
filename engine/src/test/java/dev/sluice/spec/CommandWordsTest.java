package dev.sluice.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.sluice.Samples;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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

  @Test
  void readsBackWordsInSingleQuotes() {
    Samples.tries()
        .forEach(
            random -> {
              List<String> words =
                  Stream.generate(() -> Samples.text(random, 1 + random.nextInt(20), '#', '&'))
                      .limit(1 + random.nextInt(5))
                      .toList();
              String text =
                  words.stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
              assertEquals(words, CommandWords.split(text));
            });
  }

  @Test
  void alwaysGivesAWord() {
    Samples.texts(' ', '~').forEach(text -> assertFalse(CommandWords.split(text).isEmpty()));
  }
}
