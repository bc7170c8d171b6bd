package dev.sluice.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The .deb on a clean Debian: installed, run, upgraded, removed. */
class DebTest {
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
  void isInstalledAndRunsAndGoesWithoutRemains() throws Exception {
    List<String> before = machine.files();
    machine.run("dpkg -i sluice.deb");

    assertEquals(Packages.RELAYED, machine.run(Packages.RELAY));
    machine.run("socat -V" + Packages.IS_SLUICE);
    machine.run("filan -s && procan -V && /usr/lib/sluice/bin/socat -V");
    machine.run("zcat /usr/share/man/man1/{sluice,socat,filan,procan}.1.gz | grep -q SYNOPSIS");
    machine.run(
        "for kind in sluice sluice-fleet; do test -s /var/cache/sluice/$kind-[0-9]*.jsa; done");
    machine.run("bash -c '. /usr/share/bash-completion/completions/sluice; complete -p sluice'");
    // anybody may run it, with or without a home
    machine.run(
        "setpriv --reuid=65534 --regid=65534 --clear-groups env HOME=/nonexistent sluice -u"
            + " TEXT:fine STDOUT | grep -q fine");
    // an upgrade, here to the same version, trains anew
    machine.run("touch -d 2020-01-01 /var/cache/sluice/*; dpkg -i sluice.deb");
    machine.run("test /var/cache/sluice/sluice-[0-9]*.jsa -nt /usr/lib/sluice/sluice.jar");
    // what an administrator has done: a relay that starts at boot
    machine.run(
        "echo LEFT=PIPE >/etc/sluice/web.conf; mkdir -p /etc/systemd/system/multi-user.target.wants;"
            + " ln -s /usr/lib/systemd/system/sluice@.service"
            + " /etc/systemd/system/multi-user.target.wants/sluice@web.service");

    machine.run("dpkg -r sluice");
    machine.run("! test -e /usr/bin/socat && ! test -e /usr/lib/sluice");
    machine.run("dpkg -P sluice");
    machine.run("rm /etc/sluice/web.conf; rmdir /etc/sluice"); // was not ours
    assertEquals(before, machine.files());
  }

  @Test
  void asksForAJvm() {
    assertTrue(
        Shell.run("dpkg-deb", "-f", Packages.DEB.toString(), "Depends")
            .contains("java17-runtime-headless"));
  }
}
