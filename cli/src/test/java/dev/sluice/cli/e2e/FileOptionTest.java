package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each option of files, beside the peer: what it leaves in the file system, and what the kernel
 * tells of the open descriptor.
 */
class FileOptionTest {
  /** A file, an empty one, a FIFO's place, a link; as every scenario finds them. */
  private static void prepare(Path folder) throws IOException {
    Files.writeString(folder.resolve("f"), "0123456789abcdef");
    Files.writeString(folder.resolve("mine"), "mine");
    Files.createSymbolicLink(folder.resolve("link"), Path.of("f"));
    Files.createDirectory(folder.resolve("dir"));
  }

  /** Names, modes, owners, sizes, kinds, contents and attributes of all that is there. */
  private static String look(Path folder) {
    return shell(
        folder,
        "for n in $(ls -A); do stat -c '%n %a %U %G %s %F' $n;"
            + " [ -f $n ] && [ $(stat -c %s $n) -lt 100 ] && od -An -c $n;"
            + " [ -f $n ] && lsattr $n 2>/dev/null | cut -d' ' -f1; chattr -ia $n 2>/dev/null; done; true");
  }

  private static String shell(Path folder, String command) {
    try {
      Process process =
          new ProcessBuilder("sh", "-c", command)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .start();
      process.getOutputStream().close();
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "OPEN:f",
        "OPEN:f,append",
        "OPEN:f,append=0",
        "OPEN:f,trunc",
        "OPEN:f,o-trunc=1",
        "OPEN:new",
        "OPEN:new,creat",
        "OPEN:new,create,mode=0640",
        "OPEN:new,creat,perm=0604",
        "OPEN:new,creat,umask=027",
        "OPEN:new,creat,perm-late=0600",
        "OPEN:new,creat,umask=0,mode=0777",
        "OPEN:f,perm=0611",
        "OPEN:f,perm-early=0622",
        "OPEN:f,perm-late=0633",
        "OPEN:f,user=daemon",
        "OPEN:f,user=1",
        "OPEN:f,user-early=daemon",
        "OPEN:f,user-late=daemon",
        "OPEN:f,group=daemon",
        "OPEN:f,group-early=2",
        "OPEN:f,group-late=daemon,uid=3",
        "OPEN:new,creat,user=daemon,group=bin,perm=0640",
        "OPEN:new,creat,excl",
        "OPEN:f,creat,excl",
        "OPEN:link,nofollow",
        "OPEN:f,directory",
        "OPEN:dir",
        "OPEN:new,creat,unlink-early",
        "OPEN:f,creat,unlink-early",
        "OPEN:f,unlink-late",
        "OPEN:f,unlink",
        "OPEN:f,unlink-close",
        "CREATE:new",
        "CREATE:f",
        "CREATE:new,mode=0600",
        "CREATE:new,perm=0600,user=daemon",
        "CREATE:f,unlink-close",
        "CREATE:f,unlink-early",
        "GOPEN:f",
        "GOPEN:new",
        "GOPEN:f,trunc",
        "GOPEN:new,creat,perm=0600",
        "GOPEN:dir",
        "OPEN:f,seek=4",
        "OPEN:f,seek=0x4",
        "OPEN:f,seek-cur=3,seek-cur=3",
        "OPEN:f,seek-end=0",
        "OPEN:f,seek-end=-3",
        "OPEN:f,seek=30",
        "OPEN:f,lseek=2",
        "OPEN:f,lseek64=2",
        "OPEN:f,seek=-1",
        "OPEN:f,ftruncate=5",
        "OPEN:f,ftruncate64=5,seek=2",
        "OPEN:f,truncate=5",
        "OPEN:f,ftruncate=100",
        "OPEN:f,flock",
        "OPEN:f,flock-ex-nb",
        "OPEN:f,f-setlk",
        "OPEN:f,setlkw-wr",
        "OPEN:f,noatime",
        "OPEN:f,fs-nodump",
        "OPEN:f,fs-noatime,fs-sync",
        "OPEN:f,ext2-append",
        "OPEN:f,ext3-immutable",
        "OPEN:f,fs-nodump=0",
        "PIPE:p,perm=0600,unlink-close=0",
        "PIPE:p,mode=0644,user=daemon,unlink-close=0",
        "PIPE:p,unlink-close",
        "UNIX-LISTEN:s,perm=0600,unlink-close=0,accept-timeout=0.1",
        "UNIX-LISTEN:s,mode=0640,user=daemon,unlink-close=0,accept-timeout=0.1",
        "UNIX-LISTEN:s,user-early=daemon,group=bin,perm-early=0700,unlink-close=0,accept-timeout=0.1",
        "UNIX-LISTEN:s,umask=077,unlink-close=0,accept-timeout=0.1",
        "UNIX-LISTEN:f,unlink-early,unlink-close=0,accept-timeout=0.1",
        "UNIX-LISTEN:s,accept-timeout=0.1",
      })
  void leavesWhatThePeerLeaves(String address) {
    SideBySide.play(
            (tool, folder) -> {
              prepare(folder);
              String[] words =
                  address.startsWith("PIPE")
                      ? new String[] {"-", address + ",ignoreeof=0"}
                      : new String[] {"-u", "-", address};
              Outcome outcome = tool.command(words).in(folder).input("NEW").run();
              return outcome.observing(look(folder));
            })
        .onlyLines("^[EW] ")
        .same();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "OPEN:f",
        "OPEN:f,append",
        "OPEN:f,o-append",
        "OPEN:f,async",
        "OPEN:f,sync",
        "OPEN:f,dsync",
        "OPEN:f,rsync",
        "OPEN:f,noatime",
        "OPEN:f,nonblock",
        "OPEN:f,largefile",
        "OPEN:f,noctty",
        "OPEN:f,cloexec=0",
        "OPEN:f,cloexec",
        "OPEN:f,rdonly",
        "OPEN:f,wronly",
        "OPEN:f,rdwr",
        "OPEN:f,seek=7",
        "OPEN:f,f-setlk-wr",
        "OPEN:f,rdwr,f-setlkw-rd",
        "OPEN:f,flock-sh",
        "OPEN:f,flock-ex",
        "GOPEN:f",
        "GOPEN:f,nonblock",
        "CREATE:f,append",
      })
  void opensLikeThePeer(String address) {
    SideBySide.play(
            (tool, folder) -> {
              prepare(folder);
              try (Run run =
                  tool.command("-d", "-d", "-u", "-", address).in(folder).openInput().start()) {
                run.awaitLog("starting data transfer loop|exit");
                String seen = run.isAlive() ? descriptor(run.pid(), folder.resolve("f")) : "ended";
                run.endInput();
                return run.await().observing(seen);
              }
            })
        .onlyLines("^[EW] ")
        .same();
  }

  /**
   * Flags, position and locks of the descriptor that is open on a file. Our locks belong to the
   * open file (F_OFD_SETLK), since those of a process would not keep its sessions apart.
   */
  private static String descriptor(long pid, Path file) throws IOException {
    try (Stream<Path> all = Files.list(Path.of("/proc/" + pid + "/fd"))) {
      List<Path> found =
          all.filter(
                  link -> {
                    try {
                      return Files.readSymbolicLink(link).equals(file.toRealPath());
                    } catch (IOException e) {
                      return false;
                    }
                  })
              .toList();
      if (found.size() != 1) {
        return found.size() + " descriptors";
      }
      String number = found.get(0).getFileName().toString();
      return Files.readString(Path.of("/proc/" + pid + "/fdinfo/" + number))
          .lines()
          .filter(line -> line.matches("(pos|flags|lock):.*"))
          .map(line -> line.replaceAll("lock:.*?(FLOCK|POSIX) +(\\S+) +(\\S+).*", "lock $1 $3"))
          .map(line -> line.replaceAll("lock:.*?OFDLCK +(\\S+) +(\\S+).*", "lock POSIX $2"))
          .collect(Collectors.joining("\n"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "OPEN:f,f-setlk-wr",
        "OPEN:f,flock-ex-nb",
        "OPEN:f,flock-sh-nb",
      })
  void runsIntoTheLocksOfOthersLikeThePeer(String address) {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/flock")), "no flock");
    SideBySide.play(
            (tool, folder) -> {
              prepare(folder);
              try (Run holder =
                  tool.command("-d", "-d", "-u", "-", "OPEN:f,flock-ex,f-setlk-wr")
                      .in(folder)
                      .openInput()
                      .start()) {
                holder.awaitLog("starting data transfer loop");
                return tool.command("-u", "-", address).in(folder).input("x").run();
              }
            })
        .onlyLines("^[EW] ")
        .same();
  }
}
