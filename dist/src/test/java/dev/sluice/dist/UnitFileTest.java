package dev.sluice.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** sluice@.service and sluice-fleet.service as systemd reads them. */
class UnitFileTest {
  @Test
  void hasNothingThatSystemdObjectsTo(@TempDir Path root) {
    assumeTrue(Files.exists(Path.of("/usr/bin/systemd-analyze")), "no systemd-analyze here");
    Shell.run("mkdir", "-p", root + "/usr/lib/systemd");
    Shell.run("cp", "-r", "/lib/systemd/system", root + "/usr/lib/systemd/system");
    Shell.run("find", root.toString(), "-lname", "/*", "-delete"); // units that are switched off
    Shell.run("dpkg-deb", "-x", Packages.DEB.toString(), root.toString());
    assertEquals(
        "",
        Shell.run("systemd-analyze", "verify", "--man=no", "--root=" + root, "sluice@web.service"));
    assertEquals(
        "",
        Shell.run(
            "systemd-analyze", "verify", "--man=no", "--root=" + root, "sluice-fleet.service"));
    for (String unit : new String[] {"sluice@web.service", "sluice-fleet.service"}) {
      Shell.run(
          "systemd-analyze",
          "security",
          "--offline=true",
          "--threshold=25",
          "--no-pager",
          "--root=" + root,
          unit);
    }
  }
}
