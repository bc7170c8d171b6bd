package dev.sluice.addresses.socket;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.sluice.addresses.Corpus;
import dev.sluice.log.RelayLog;
import dev.sluice.os.SocketAddressBytes;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** A rule that can't be read refuses; it throws nothing. */
class HostsAccessFuzzTest {
  private static final Corpus RULES = new Corpus("hosts-access");
  private static Path folder = Path.of(".");

  @BeforeContainer
  static void makeFolder() throws IOException {
    folder = Files.createTempDirectory("hosts-access");
  }

  @AfterContainer
  static void removeFolder() throws IOException {
    for (String name : new String[] {"allow", "deny", ""}) {
      Files.deleteIfExists(folder.resolve(name));
    }
  }

  @Property(tries = 1500, shrinking = ShrinkingMode.OFF)
  void rules(@ForAll long seed) throws IOException {
    for (int i = 0; i < Corpus.ROUNDS; i++) {
      byte[] allow = RULES.input(seed + i);
      byte[] deny = RULES.input(~(seed + i));
      Files.write(folder.resolve("allow"), allow);
      Files.write(folder.resolve("deny"), deny);
      HostsAccess access =
          new HostsAccess(
              "socat",
              folder + "/allow",
              folder + "/deny",
              RelayLog.ofProcess(),
              address -> "host.example.org");
      try {
        for (String peer : new String[] {"127.0.0.1", "10.1.2.3", "::1", "fe80::1"}) {
          SocketAddressBytes address = SocketAddressBytes.of(InetAddress.getByName(peer), 1);
          access.permits(address, address);
        }
      } catch (Throwable e) {
        throw new AssertionError(Corpus.line(allow) + " and " + new String(deny, ISO_8859_1), e);
      }
    }
  }
}
