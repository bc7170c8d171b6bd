package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** OPEN, CREATE, GOPEN, PIPE and inherited descriptors. */
class FileAddressTest {

  /** Writes "new" through an address into a folder where {@code f} holds "old content". */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "OPEN:f",
        "OPEN:f,append",
        "OPEN:f,trunc",
        "OPEN:f,creat",
        "OPEN:f,creat,excl",
        "OPEN:f,seek=4",
        "OPEN:f,seek-end=-3",
        "OPEN:f,seek=2,seek-cur=2",
        "OPEN:f,seek-end",
        "OPEN:f,seek=-5",
        "OPEN:f,ftruncate=3",
        "OPEN:f,unlink-late",
        "OPEN:f,unlink-close",
        "OPEN:f,wronly",
        "OPEN:f,o-append,o-trunc=0",
        "FILE:f,nofollow",
        "OPEN:link",
        "OPEN:link,nofollow",
        "OPEN:g",
        "OPEN:g,creat",
        "OPEN:g,creat,excl",
        "OPEN:g,creat,mode=0600",
        "OPEN:g,creat,perm=0400",
        "OPEN:g,creat,perm-late=0604",
        "OPEN:g,creat,umask=077",
        "OPEN:f/g,creat",
        "OPEN:.",
        "OPEN:d/new,creat",
        "OPEN:new,creat,chdir=d",
        "CREATE:f",
        "CREATE:g,mode=0640",
        "CREAT:g",
        "GOPEN:./f",
        "GOPEN:f,trunc",
        "GOPEN:g",
        "./f",
        "OPEN:f,flock",
        "OPEN:f,setlkw",
        "OPEN:g,creat,user=65534,group=65534",
        "OPEN:f,setlk",
        "OPEN:f,nonblock",
        "OPEN:f,rdonly",
        "OPEN:\"f\"",
        "OPEN:'f'",
        "OPEN:\\f",
        "OPEN:g\\,h,creat",
        "OPEN:(g,h),creat",
        "OPEN:\"g:h\",creat",
        "OPEN:g\\:h\\!\\!i,creat",
      })
  void writesLikeThePeer(String address) {
    SideBySide.play(
            (tool, folder) -> {
              Path f = folder.resolve("f");
              Files.writeString(f, "old content\n");
              Files.createSymbolicLink(folder.resolve("link"), Path.of("f"));
              Files.createDirectory(folder.resolve("d"));
              Outcome outcome =
                  tool.command("-d", "-d", "-u", "-", address).in(folder).input("new").run();
              return outcome.observing(listing(folder));
            })
        .same();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "OPEN:f",
        "OPEN:f,seek=4",
        "OPEN:f,seek-end=-4",
        "OPEN:f,readbytes=3",
        "OPEN:f,escape=0x6f",
        "OPEN:f,wronly",
        "OPEN:f,rdonly",
        "OPEN:f,lock",
        "GOPEN:f",
        "GOPEN:g",
        "OPEN:.",
        "OPEN:missing",
        "OPEN:f,cr",
        "OPEN:f,crnl",
        "PIPE:f",
      })
  void readsLikeThePeer(String address) {
    SideBySide.play(
            (tool, folder) -> {
              Files.writeString(folder.resolve("f"), "old\rcontent\r\nend\n");
              Outcome outcome = tool.command("-d", "-d", "-u", address, "-").in(folder).run();
              return outcome.observing(listing(folder));
            })
        .same();
  }

  @Test
  void createRefusesToBeRead(@TempDir Path folder) throws IOException {
    // 1.8.0 truncates the file, then fails to read it
    Files.writeString(folder.resolve("f"), "kept");
    Outcome outcome = Tool.OURS.command("-u", "CREATE:f", "-").in(folder).run();
    assertEquals(
        List.of(
            "W address is opened in read-only mode but only supports write-only",
            "E CREATE:\"f\": read-only mode, refusing to truncate or create file",
            ""),
        Normalise.log(outcome.stderr()));
    assertEquals(1, outcome.status());
    assertEquals("kept", Files.readString(folder.resolve("f")));
  }

  @Test
  void gopenOverwritesWithoutAppend(@TempDir Path folder) throws IOException {
    // 1.8.0 appends all the same
    Files.writeString(folder.resolve("f"), "old content");
    Tool.OURS.command("-u", "-", "GOPEN:f,append=0").in(folder).input("new").run();
    assertEquals("new content", Files.readString(folder.resolve("f")));
  }

  @Test
  void readsAndWritesThroughOneOffset() {
    SideBySide.play(
            (tool, folder) -> {
              Files.writeString(folder.resolve("f"), "0123456789");
              try (Run run =
                  tool.command("-d", "-d", "-t1", "-", "OPEN:f").in(folder).openInput().start()) {
                run.awaitOutput("9");
                run.send("abc");
                Await.until(() -> Files.size(folder.resolve("f")) == 13, () -> "the write");
                run.endInput();
                return run.await().observing(listing(folder));
              }
            })
        .ignoringLog()
        .same();
  }

  @Test
  void followsAGrowingFile() {
    SideBySide.play(
            (tool, folder) -> {
              Path f = folder.resolve("f");
              Files.writeString(f, "first\n");
              try (Run run =
                  tool.command("-d", "-d", "-u", "OPEN:f,ignoreeof", "-").in(folder).start()) {
                run.awaitOutput("first");
                Files.writeString(f, "second\n", StandardOpenOption.APPEND);
                run.awaitOutput("second");
                return run.stop("TERM");
              }
            })
        .ignoringLog()
        .same();
  }

  @Test
  void echoesThroughAnUnnamedPipe() {
    Outcome outcome =
        SideBySide.play(
                (tool, folder) -> tool.command("-d", "-d", "-", "PIPE").input("echo\n").run())
            .same();
    assertEquals("echo\n", outcome.stdout());
  }

  @Test
  void makesAndRemovesANamedPipe() {
    SideBySide.play(
            (tool, folder) -> {
              try (Run reader = tool.command("-d", "-d", "-u", "PIPE:p", "-").in(folder).start()) {
                reader.awaitLog("created named pipe");
                Outcome writer =
                    tool.command("-d", "-d", "-u", "-", "PIPE:p")
                        .in(folder)
                        .input("through\n")
                        .run();
                Outcome outcome = reader.await();
                return outcome.observing(writer.status() + " " + listing(folder));
              }
            })
        .same();
  }

  @Test
  void writesToADescriptorTheShellOpened() {
    SideBySide.play(
            (tool, folder) -> {
              Outcome outcome =
                  tool.command("-d", "-d", "-u", "-", "FD:3")
                      .in(folder)
                      .after("exec 3>out")
                      .input("by descriptor\n")
                      .run();
              return outcome.observing(listing(folder));
            })
        .same();
  }

  @Test
  void readsAndWritesADescriptorByItsBareNumber() {
    SideBySide.play(
            (tool, folder) -> {
              Files.writeString(folder.resolve("f"), "in the file\n");
              return tool.command("-d", "-d", "-u", "3", "1").in(folder).after("exec 3<f").run();
            })
        .same();
  }

  @Test
  void complainsOfADescriptorThatIsNotOpen() {
    SideBySide.play((tool, folder) -> tool.command("-u", "FD:33", "-").in(folder).run())
        .ignoringLog()
        .same();
  }

  @Test
  void complainsOfAClosedStandardInput() {
    // the peer takes the file it opens for its standard input, and copies it for ever
    Outcome outcome = Tool.OURS.command("-u", "-", "OPEN:/dev/null").after("exec <&-").run();
    assertEquals(1, outcome.status(), outcome.stderr());
    assertTrue(outcome.stderr().contains("Bad file descriptor"), outcome.stderr());
  }

  @Test
  void readsStandardInputAndWritesStandardErrorByName() {
    SideBySide.play(
            (tool, folder) -> tool.command("-u", "STDIN", "STDERR").input("to stderr\n").run())
        .same();
    SideBySide.play(
            (tool, folder) -> tool.command("-u", "STDIN", "STDOUT").input("to stdout\n").run())
        .same();
  }

  @Test
  void locksWithAFile() {
    SideBySide.play(
            (tool, folder) -> {
              Files.writeString(folder.resolve("taken"), "1\n");
              Outcome outcome =
                  tool.command("-L", "taken", "-", "PIPE").in(folder).input("x").run();
              Outcome free = tool.command("-L", "free", "-", "PIPE").in(folder).input("x").run();
              return outcome.observing(free.status() + free.stdout() + " " + listing(folder));
            })
        .same();
  }

  @Test
  void waitsForALockFile() {
    SideBySide.play(
            (tool, folder) -> {
              Path lock = folder.resolve("lock");
              Files.writeString(lock, "1\n");
              try (Run run =
                  tool.command("-d", "-d", "-W", "lock", "-", "PIPE")
                      .in(folder)
                      .input("x")
                      .start()) {
                run.awaitLog("waiting for lock \"lock\"");
                Files.delete(lock);
                return run.await();
              }
            })
        .same();
  }

  /** Name, mode and content of each file. */
  private static String listing(Path folder) throws IOException {
    StringBuilder text = new StringBuilder();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted().skip(1).toList()) {
        text.append(folder.relativize(file))
            .append(' ')
            .append(
                PosixFilePermissions.toString(
                    Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS)))
            .append(' ')
            .append(Files.getOwner(file, LinkOption.NOFOLLOW_LINKS).getName());
        if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
          text.append(": ").append(Files.readString(file));
        }
        text.append('\n');
      }
    }
    return text.toString();
  }
}
