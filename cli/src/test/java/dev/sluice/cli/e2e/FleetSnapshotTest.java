package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a fleet knows after its process was killed, and what becomes of files that are bad. */
@Timeout(400)
class FleetSnapshotTest {
  @TempDir Path folder;

  private final Server server = Server.echo();
  private final int first = Server.freePort();
  private final int second = Server.freePort();
  private final List<Run> runs = new ArrayList<>();

  @AfterEach
  void end() {
    runs.forEach(Run::close);
    server.close();
  }

  private Command fleet(String... words) {
    List<String> all = new ArrayList<>(List.of("fleet"));
    all.addAll(List.of(words));
    return Tool.SLUICE
        .command(all.toArray(String[]::new))
        .in(folder)
        .env("SLUICE_FLEET_SOCKET", folder.resolve("s").toString());
  }

  private String told(String... words) {
    Outcome outcome = fleet(words).run();
    return outcome.stdout() + outcome.stderr();
  }

  private static String relay(String name, int port, String right) {
    return name
        + " { left = \"TCP-LISTEN:"
        + port
        + ",bind=127.0.0.1,reuseaddr,fork\", right = \""
        + right
        + "\" }\n";
  }

  private Path write(String snapshot, String relays) throws IOException {
    return Files.writeString(
        folder.resolve("fleet.conf"),
        "sluice {\n snapshot { file = \""
            + snapshot
            + "\", every = 1h }\n pools.p.members = [{ name = m, address = \""
            + server.address()
            + "\" }]\n relays {\n"
            + relays
            + "} }");
  }

  private Run start(Path file) {
    Run run = fleet("run", file.toString()).start();
    runs.add(run);
    Await.until(() -> told("status").contains("RELAY"), run::log);
    return run;
  }

  private static boolean echoes(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout((int) Await.LIMIT.toMillis());
      socket.getOutputStream().write('x');
      return socket.getInputStream().read() == 'x';
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void whatWasDoneByHandOutlivesKillNine() throws IOException {
    int own = Server.freePort();
    Path file = write("state", relay("a", first, "POOL:p") + relay("b", second, server.address()));
    Run run = start(file);
    Await.until(() -> echoes(first) && echoes(second), run::log);
    told("stop", "b");
    told("add", "mine", "--", "TCP-LISTEN:" + own + ",bind=127.0.0.1,reuseaddr,fork", "POOL:p");
    told("member", "p", "m", "--weight", "7");
    Await.until(() -> echoes(own), run::log);
    String before = told("status", "a");
    run.close();
    run = start(file);
    Run now = run;
    Await.until(() -> echoes(first) && echoes(own), now::log);
    String after = told("status");
    assertTrue(after.matches("(?s).*\nb +stopped.*"), after);
    assertFalse(echoes(second));
    assertTrue(told("pools").contains("weight 7"), () -> told("pools"));
    assertTrue(before.matches("(?s).* [1-9]\\d* +0\\s*$"), before); // sessions of before
    String plan = told("plan");
    assertTrue(plan.contains("by hand: relay mine: added\n"), plan);
    assertTrue(plan.contains("by hand: relay b: stopped\n"), plan);
    assertTrue(told("rm", "mine").contains("removed mine"));
    run.close();
    run = start(file);
    assertFalse(told("status").contains("mine"));
    assertTrue(told("start", "b").contains("start b"));
    assertEquals(0, run.stop("TERM").status());
  }

  @Test
  void killedAtAnyMomentOfAnApplyItRunsTheOldOrTheNewStateWithAllThatWasDoneByHand()
      throws Exception {
    String old = relay("a", first, server.address());
    String fresh = relay("a", first, "PIPE") + relay("b", second, server.address());
    Path file = write("state", old);
    Run run = start(file);
    told("member", "p", "m", "--weight", "7");
    int kills = Integer.getInteger("sluice.kills", 3);
    Random random = new Random(7);
    for (int i = 0; i < kills; i++) {
      write("state", i % 2 == 0 ? fresh : old);
      Run applying = fleet("apply", "--wait").start();
      runs.add(applying);
      long wait = random.nextInt(700); // from before the verb has asked until after the answer
      long end = System.nanoTime() + wait * 1_000_000;
      Await.until(() -> System.nanoTime() - end > 0, () -> "the moment");
      run.close();
      run = start(file);
      Run now = run;
      boolean isNew = i % 2 == 0;
      Await.until(() -> echoes(first) && echoes(second) == isNew, now::log);
      assertTrue(told("pools").contains("weight 7"), run.log());
      assertTrue(told("plan").contains(isNew ? "=2 " : "=1 "), run.log());
    }
  }

  @Test
  void aFleetWhoseFileBecameWrongComesBackAsItRanLast() throws IOException {
    Path file = write("state", relay("a", first, server.address()));
    Run run = start(file);
    write("state", relay("a", first, "PIPE") + relay("b", second, server.address()));
    assertTrue(told("apply", "--wait").contains("+1"), run.log());
    told("member", "p", "m", "--weight", "7");
    for (String wrong : List.of("sluice { relays {", "sluice.relays.a { left = \"TCQ:1\" }")) {
      Files.writeString(file, wrong);
      assertTrue(told("apply").contains("fleet.conf:1: "), run.log());
      run.close();
      run = start(file);
      Run now = run;
      now.awaitLog("fleet.conf:1: (?s:.*)what ran last is used, from .*fleet\\.conf\\.last");
      Await.until(() -> echoes(first) && echoes(second), now::log);
      assertTrue(told("pools").contains("weight 7"), now.log());
    }
    run.close();
    Files.delete(folder.resolve("fleet.conf.last"));
    assertEquals(1, fleet("run", file.toString()).run().status());
  }

  @Test
  void aBadSnapshotIsSaidOnceAndTheOneBeforeIsUsed() throws IOException {
    Path file = write("state", relay("a", first, server.address()));
    Run run = start(file);
    told("stop", "a");
    told("member", "p", "m", "--weight", "7");
    run.close();
    Path state = folder.resolve("state");
    Files.writeString(state, "{ \"format\": 1, \"relays\"");
    run = start(file);
    run.awaitLog("snapshot .*state: is damaged .*the one before it, .*state\\.old, is used");
    assertTrue(told("status").matches("(?s).*\na +stopped.*"), run.log());
    run.close();
    Files.writeString(state, "");
    Files.writeString(folder.resolve("state.old"), "");
    Outcome refused = fleet("run", file.toString()).run();
    assertEquals(1, refused.status());
    assertTrue(refused.stderr().contains("move it away to begin without it"), refused.stderr());
    assertEquals(1, refused.stderr().lines().count(), refused.stderr());
  }

  @Test
  void twoProcessesDontShareASnapshot() throws IOException {
    Path file = write("state", relay("a", first, server.address()));
    start(file);
    Outcome second =
        fleet("run", "--socket", folder.resolve("other").toString(), file.toString()).run();
    assertEquals(1, second.status());
    assertTrue(second.stderr().contains("another process uses it"), second.stderr());
    assertTrue(echoes(first));
  }

  @Test
  void aFullDiskIsSaidOnceAndTheLastSnapshotStays() throws Exception {
    assumeTrue(System.getProperty("user.name", "").equals("root"), "only root can mount");
    Path disk = Files.createDirectory(folder.resolve("disk"));
    assumeTrue(shell("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk.toString()) == 0);
    try {
      Path file = write("disk/state", relay("a", first, server.address()));
      Run run = start(file);
      told("member", "p", "m", "--weight", "7");
      shell("sh", "-c", "cat /dev/zero > " + disk.resolve("filler") + " 2>/dev/null");
      told("stop", "a");
      told("member", "p", "m", "--weight", "8");
      run.awaitLog("snapshot can't be written, the last one stays: .*No space left");
      assertEquals(1, run.log().lines().filter(line -> line.contains("can't be written")).count());
      Files.delete(disk.resolve("filler"));
      told("member", "p", "m", "--weight", "9");
      run.awaitLog("snapshot is written again");
      run.close();
      start(file);
      assertTrue(told("pools").contains("weight 9"));
    } finally {
      runs.forEach(Run::close);
      shell("umount", disk.toString());
    }
  }

  private static int shell(String... words) throws Exception {
    return new ProcessBuilder(words).redirectErrorStream(true).start().waitFor();
  }
}
