package dev.sluice.addresses;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.relay.RelayHandle;
import dev.sluice.testkit.RelayExtension;
import dev.sluice.testkit.TestClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Rights, folders and masks that options give to programs: seen by the programs of two relays of
 * one process at the same time, while the process keeps its own.
 */
class ProgramAttributesTest {
  @RegisterExtension final RelayExtension relays = new RelayExtension();
  @TempDir private Path folder;

  @BeforeEach
  void needsRoot() {
    assumeTrue("root".equals(System.getProperty("user.name")), "needs root");
  }

  /** What two programs say, each twenty times, at the same time. */
  private void assertBothSay(String left, String leftAnswer, String right, String rightAnswer) {
    String umask = ours("umask");
    String identity = ours("id");
    String namespace = ours("readlink /proc/self/ns/net");
    RelayHandle one = relays.start("TCP-LISTEN:0,bind=127.0.0.1,fork", left);
    RelayHandle other = relays.start("TCP-LISTEN:0,bind=127.0.0.1,fork", right);
    int onePort = relays.port(one);
    int otherPort = relays.port(other);
    List<String> answers =
        IntStream.range(0, 40)
            .parallel()
            .mapToObj(
                i -> {
                  try (TestClient client = TestClient.connect(i % 2 == 0 ? onePort : otherPort)) {
                    return client.receiveAll().strip();
                  }
                })
            .toList();
    for (int i = 0; i < answers.size(); i++) {
      assertEquals(i % 2 == 0 ? leftAnswer : rightAnswer, answers.get(i));
    }
    assertEquals(umask, ours("umask"));
    assertEquals(identity, ours("id"));
    assertEquals(namespace, ours("readlink /proc/self/ns/net"));
  }

  /** What a program of the JVM's own says. */
  private static String ours(String command) {
    try {
      Process process = new ProcessBuilder("sh", "-c", command).start();
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void usersByName() {
    assertBothSay("SYSTEM:id -un,su=nobody", "nobody", "SYSTEM:id -un,su=daemon", "daemon");
  }

  @Test
  void usersAndGroupsByNumber() {
    assertBothSay(
        "SYSTEM:id -u; id -g,setgid=33,setuid=65534",
        "65534\n33",
        "SYSTEM:id -u; id -g,setgid=2,setuid=1",
        "1\n2");
  }

  @Test
  void masks() {
    assertBothSay("SYSTEM:umask,umask=077", "0077", "SYSTEM:umask,umask=0137", "0137");
  }

  @Test
  void folders() throws IOException {
    Path a = Files.createDirectory(folder.resolve("a"));
    Path b = Files.createDirectory(folder.resolve("b"));
    assertBothSay("SYSTEM:pwd,chdir=" + a, a.toString(), "SYSTEM:pwd,cd=" + b, b.toString());
  }

  @Test
  void roots() throws IOException {
    for (String name : new String[] {"a", "b"}) {
      Path root = Files.createDirectory(folder.resolve(name));
      Files.writeString(root.resolve("name"), name);
      copy(Path.of("/bin/cat"), root);
      for (String library : ours("ldd /bin/cat | grep -o '/[^ ]*'").split("\n", -1)) {
        if (!library.isEmpty()) {
          copy(Path.of(library), root);
        }
      }
    }
    assertBothSay(
        "EXEC:/bin/cat /name,chroot=" + folder.resolve("a"),
        "a",
        "EXEC:/bin/cat /name,chroot=" + folder.resolve("b"),
        "b");
  }

  /** Puts a file where it is found under another root. */
  private static void copy(Path file, Path root) throws IOException {
    Path target = root.resolve(Path.of("/").relativize(file));
    Files.createDirectories(target.getParent());
    Files.copy(file.toRealPath(), target, StandardCopyOption.COPY_ATTRIBUTES);
  }

  @Test
  void aFailureToBecomeSomebodyIsTheSessionsOwn() {
    RelayHandle relay =
        relays.start("TCP-LISTEN:0,bind=127.0.0.1,fork", "SYSTEM:echo here,chdir=/no/such/folder");
    for (int i = 0; i < 2; i++) {
      try (TestClient client = relays.connect(relay)) {
        assertTrue(client.receiveAll().isEmpty());
      }
    }
  }
}
