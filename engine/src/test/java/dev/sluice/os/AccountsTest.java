package dev.sluice.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class AccountsTest {
  @Test
  void numbersAreNotCut() {
    for (String number : new String[] {"4294967296", "4294967297", "0x100000000", "-1"}) {
      assertThrows(Accounts.Unknown.class, () -> Accounts.uid(number));
      assertThrows(Accounts.Unknown.class, () -> Accounts.gid(number));
      assertThrows(Accounts.Unknown.class, () -> Accounts.user(number));
    }
  }

  @Test
  void numbersStandForThemselves() {
    assertEquals(65534, Accounts.uid("65534"));
    assertEquals(8, Accounts.gid("010"));
    assertEquals(-1, Accounts.uid("4294967295"));
  }

  @Test
  void looksNamesUp() {
    assertEquals(0, Accounts.uid("root"));
    assertEquals(0, Accounts.gid("root"));
    Accounts.User root = Accounts.user("root");
    assertEquals(new Accounts.User("root", 0, 0, "/root", root.shell()), root);
    assertEquals(root, Accounts.user("0"));
    assertTrue(Arrays.stream(Accounts.groups(root)).anyMatch(gid -> gid == 0));
  }

  @Test
  void namesWhatIsMissing() {
    assertEquals("getpwnam(\"nosuch\"): no such user", message(() -> Accounts.uid("nosuch")));
    assertEquals("getgrnam(\"nosuch\"): no such group", message(() -> Accounts.gid("nosuch")));
    assertEquals("getpwuid(4711): no such user", message(() -> Accounts.user("4711")));
  }

  private static String message(Runnable lookUp) {
    return String.valueOf(assertThrows(Accounts.Unknown.class, lookUp::run).getMessage());
  }
}
