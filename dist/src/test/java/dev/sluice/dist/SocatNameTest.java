package dev.sluice.dist;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The .deb beside Debian's socat: the name socat is theirs while it is installed, else ours. */
class SocatNameTest {
  private Machine machine;

  @BeforeEach
  void open() throws Exception {
    machine = Packages.machineWithDeb();
  }

  @AfterEach
  void close() {
    machine.close();
  }

  @Test
  void leavesTheNameToDebiansSocat() {
    machine.run("dpkg -i sluice.deb");
    assertTakesTurns("dpkg -i socat/*.deb", "1.7.4.4");
  }

  /** From Debian 13 on, /usr/bin/socat and the manual pages are links of the package. */
  @Test
  void leavesTheNameToASocatOfLinks() {
    machine.run(
        """
        mkdir -p links/DEBIAN links/usr/bin links/usr/share/man/man1
        printf 'echo theirs\\n' >links/usr/bin/socat1
        chmod +x links/usr/bin/socat1
        ln -s socat1 links/usr/bin/socat
        echo page >links/usr/share/man/man1/socat1.1.gz
        ln -s socat1.1.gz links/usr/share/man/man1/socat.1.gz
        ln -s socat.1.gz links/usr/share/man/man1/filan.1.gz
        printf '%s\\n' 'Package: socat' 'Version: 99' 'Architecture: all' 'Maintainer: x <x@x.x>' \
          'Description: links' >links/DEBIAN/control
        dpkg-deb -b links links.deb
        dpkg -i sluice.deb
        """);
    assertTakesTurns("dpkg -i links.deb", "theirs");
  }

  /** With Sluice installed: their socat comes, goes, comes again, and outlives Sluice. */
  private void assertTakesTurns(String install, String theirs) {
    String isTheirs = "; socat -V | grep -q " + theirs + "; dpkg --verify socat";
    machine.run(install + isTheirs + "; /usr/lib/sluice/bin/socat -V" + Packages.IS_SLUICE);
    machine.run("dpkg -r socat; socat -V" + Packages.IS_SLUICE);
    machine.run(install + isTheirs);
    machine.run("dpkg -i sluice.deb" + isTheirs);
    machine.run("dpkg -P sluice" + isTheirs);
    machine.run("dpkg -i sluice.deb" + isTheirs);
    machine.run("dpkg -P socat sluice; ! ls -d /usr/bin/socat /etc/alternatives/socat");
  }
}
