package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a name server is asked, and how, when options say so. */
class ResolverOptionsTest {

  /** The questions of one address to a name server of its own. */
  private static String asking(Tool tool, String host, String options) {
    try (NameServer server = new NameServer()) {
      String address = "UDP4-SENDTO:" + host + ":9,res-nsaddr=" + server.address() + "," + options;
      tool.command("-u", "-", address).env("LOCALDOMAIN", "one.test two.test").run();
      return String.join(", ", server.questions());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "known.test | res-recurse | udp known.test A recursive",
        "known.test | res-recurse=0 | udp known.test A",
        "known.test | res-usevc | tcp1 known.test A recursive",
        "long.test | res-igntc=0 | udp long.test A recursive, tcp1 long.test A recursive",
        "long.test | res-igntc | udp long.test A recursive",
        "printer | res-dnsrch | udp printer.one.test A recursive, udp printer.two.test A recursive, udp printer A recursive",
        "printer | res-dnsrch=0 | udp printer.one.test A recursive, udp printer A recursive",
        "printer | res-defnames=0 | udp printer A recursive",
        "printer | res-defnames=0,res-usevc,res-stayopen | tcp1 printer A recursive",
        "printer | res-usevc,res-stayopen=0 | tcp1 printer.one.test A recursive, tcp2 printer.two.test A recursive, tcp3 printer A recursive",
        "printer | res-usevc,res-stayopen | tcp1 printer.one.test A recursive, tcp1 printer.two.test A recursive, tcp1 printer A recursive",
        "silent.test. | res-retrans=1,res-retry=3 | udp silent.test A recursive, udp silent.test A recursive, udp silent.test A recursive",
        "silent.test. | res-retrans=1,res-retry=1 | udp silent.test A recursive"
      })
  void asksAsTheOptionsSay(String host, String options, String questions) {
    assertEquals(questions, asking(Tool.OURS, host, options));
    Tool.peer().ifPresent(peer -> assertBeginsWith(questions, asking(peer, host, options)));
  }

  /** The peer looks a name up once more when there was no answer. */
  private static void assertBeginsWith(String questions, String asked) {
    assertTrue(asked.startsWith(questions), asked);
  }
}
