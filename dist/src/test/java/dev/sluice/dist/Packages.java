package dev.sluice.dist;

import java.io.IOException;
import java.nio.file.Path;

/** The packages that this build has made. System properties name them, see the module's pom.xml. */
final class Packages {
  static final Path DEB = Path.of(System.getProperty("sluice.deb", ""));

  /** The tree with launcher and jar, and the one with a JVM too; each has its tar.gz beside it. */
  static final Path TREE = Path.of(System.getProperty("sluice.tree", ""));

  static final Path IMAGE = Path.of(System.getProperty("sluice.image", ""));

  /**
   * A server that answers in capital letters, a client of it, and the server's end; prints the
   * answer and the server's status.
   */
  static final String RELAY =
      """
      sluice -d0 TCP-LISTEN:7000,bind=127.0.0.1,reuseaddr,fork SYSTEM:'tr a-z A-Z' &
      echo hello | sluice - TCP:127.0.0.1:7000,retry=600,interval=0.1
      kill %1
      wait %1 || echo "status $?"
      """;

  static final String RELAYED = "HELLO\nstatus 143\n";

  /** Behind {@code socat -V}: whether it is this program. */
  static final String IS_SLUICE = " | grep -q 'by the Sluice contributors'";

  private Packages() {}

  /** A Debian with a JVM, and with the package in /root as sluice.deb, not yet installed. */
  static Machine machineWithDeb() throws IOException {
    Machine machine = Machine.withJava();
    machine.give(DEB);
    machine.run("mv sluice_*.deb sluice.deb");
    return machine;
  }

  static Path archive(Path tree) {
    return tree.resolveSibling(tree.getFileName() + ".tar.gz");
  }
}
