package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever language the user speaks, scripts find the same words, digits and keywords. */
class OddLocaleTest {
  private static final String GERMAN = "export LC_ALL=C.UTF-8 LANGUAGE=de";

  @Test
  void errorsOfTheSystemAreInEnglish() throws Exception {
    Process list = new ProcessBuilder("bash", "-c", GERMAN + "; ls /no/such 2>&1 || :").start();
    String told = new String(list.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assumeFalse(told.contains("No such file"), "no German is installed here");
    Outcome refused = Tool.OURS.command("-", "TCP:127.0.0.1:1").after(GERMAN).input("").run();
    assertTrue(refused.stderr().contains("Connection refused"), refused.stderr());
    Outcome missing = Tool.OURS.command("-u", "OPEN:/no/such", "-").after(GERMAN).run();
    assertTrue(missing.stderr().contains("No such file or directory"), missing.stderr());
  }

  @ParameterizedTest
  @ValueSource(strings = {"ar EG", "fa IR", "ne NP", "tr TR", "de DE"})
  void digitsAndKeywordsAreThoseOfSocat(String locale) {
    String[] parts = locale.split(" ", -1);
    String options = "-Duser.language=" + parts[0] + " -Duser.country=" + parts[1];
    Outcome ended =
        Tool.OURS
            .command("-d", "-d", "-v", "stdin!!stdout", "pipe")
            .env("SLUICE_JAVA_OPTS", options)
            .input("123")
            .run();
    assertEquals(0, ended.status());
    assertEquals("123", ended.stdout());
    assertTrue(ended.stderr().contains("length=3 from=0 to=2"), ended.stderr());
    assertFalse(ended.stderr().contains("?"), ended.stderr());
    assertTrue(ended.stderr().chars().allMatch(c -> c < 0x80), ended.stderr());
  }
}
