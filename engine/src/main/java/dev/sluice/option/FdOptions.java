package dev.sluice.option;

import static dev.sluice.option.Option.row;
import static dev.sluice.option.OptionGroup.FD;
import static dev.sluice.option.OptionGroup.FIFO;
import static dev.sluice.option.OptionGroup.NAMED;
import static dev.sluice.option.OptionGroup.OPEN;
import static dev.sluice.option.OptionType.BOOL;
import static dev.sluice.option.OptionType.GID_T;
import static dev.sluice.option.OptionType.INT;
import static dev.sluice.option.OptionType.INT_BIN;
import static dev.sluice.option.OptionType.INT_INT;
import static dev.sluice.option.OptionType.INT_INTP;
import static dev.sluice.option.OptionType.INT_STRING;
import static dev.sluice.option.OptionType.MODE_T;
import static dev.sluice.option.OptionType.UID_T;

import dev.sluice.os.LibC;
import dev.sluice.os.OpenFlags;
import java.util.ArrayList;
import java.util.List;

/** What can be done to any open descriptor: locks, modes and owners, status flags, ioctl(2). */
public final class FdOptions {
  static final List<Option<?>> ROWS = new ArrayList<>();

  public static final Option<Boolean> F_SETLK_RD =
      row("f-setlk-rd", BOOL, Phase.FD, FD)
          .aka("setlk-rd")
          .does(new FileEffects.RecordLock(false, false))
          .help("read lock on the whole file, or fail")
          .from("fcntl(2)")
          .in(ROWS);
  public static final Option<Boolean> F_SETLK_WR =
      row("f-setlk-wr", BOOL, Phase.FD, FD)
          .aka("f-setlk", "setlk", "setlk-wr")
          .does(new FileEffects.RecordLock(true, false))
          .help("write lock on the whole file, or fail")
          .from("fcntl(2)")
          .in(ROWS);
  public static final Option<Boolean> F_SETLKW_RD =
      row("f-setlkw-rd", BOOL, Phase.FD, FD)
          .aka("setlkw-rd")
          .does(new FileEffects.RecordLock(false, true))
          .help("waits for a read lock on the whole file")
          .from("fcntl(2)")
          .in(ROWS);
  public static final Option<Boolean> F_SETLKW_WR =
      row("f-setlkw-wr", BOOL, Phase.FD, FD)
          .aka("f-setlkw", "lock", "lockw", "setlkw", "setlkw-wr")
          .does(new FileEffects.RecordLock(true, true))
          .help("waits for a write lock on the whole file")
          .from("fcntl(2)")
          .in(ROWS);
  public static final Option<Boolean> FLOCK_SH =
      row("flock-sh", BOOL, Phase.FD, FD)
          .does(new FileEffects.FileLock(1))
          .help("waits for a shared lock")
          .from("flock(2)")
          .in(ROWS);
  public static final Option<Boolean> FLOCK_SH_NB =
      row("flock-sh-nb", BOOL, Phase.FD, FD)
          .does(new FileEffects.FileLock(5))
          .help("shared lock, or fail")
          .from("flock(2)")
          .in(ROWS);
  public static final Option<Boolean> FLOCK_EX =
      row("flock-ex", BOOL, Phase.FD, FD)
          .aka("flock")
          .does(new FileEffects.FileLock(2))
          .help("waits for an exclusive lock")
          .from("flock(2)")
          .in(ROWS);
  public static final Option<Boolean> FLOCK_EX_NB =
      row("flock-ex-nb", BOOL, Phase.FD, FD)
          .aka("flock-nb")
          .does(new FileEffects.FileLock(6))
          .help("exclusive lock, or fail")
          .from("flock(2)")
          .in(ROWS);
  public static final Option<Boolean> CLOEXEC =
      row("cloexec", BOOL, Phase.LATE, FD)
          .does(new FileEffects.Fcntl(LibC.F_SETFD))
          .help("programs do not inherit the descriptor")
          .from("fcntl(2)")
          .in(ROWS);
  public static final Option<Integer> PERM =
      row("perm", MODE_T, Phase.FD, FD, NAMED)
          .aka("mode")
          .does(new FileEffects.ChangeMode())
          .help("permissions, octal")
          .from("chmod(2)")
          .in(ROWS);
  public static final Option<Integer> PERM_LATE =
      row("perm-late", MODE_T, Phase.LATE, FD)
          .does(new FileEffects.ChangeMode())
          .help("permissions once opened, octal")
          .from("chmod(2)")
          .in(ROWS);
  public static final Option<String> USER =
      row("user", UID_T, Phase.FD, FD, NAMED)
          .aka("owner", "uid")
          .does(new FileEffects.ChangeOwner(false))
          .help("owner")
          .from("chown(2)")
          .in(ROWS);
  public static final Option<String> USER_LATE =
      row("user-late", UID_T, Phase.LATE, FD)
          .aka("uid-l")
          .does(new FileEffects.ChangeOwner(false))
          .help("owner once opened")
          .from("chown(2)")
          .in(ROWS);
  public static final Option<String> GROUP =
      row("group", GID_T, Phase.FD, FD, NAMED)
          .aka("gid")
          .does(new FileEffects.ChangeOwner(true))
          .help("owning group")
          .from("chown(2)")
          .in(ROWS);
  public static final Option<String> GROUP_LATE =
      row("group-late", GID_T, Phase.LATE, FD)
          .aka("gid-l")
          .does(new FileEffects.ChangeOwner(true))
          .help("owning group once opened")
          .from("chown(2)")
          .in(ROWS);
  public static final Option<Boolean> APPEND =
      row("append", BOOL, Phase.LATE, FD, OPEN)
          .aka("o-append")
          .does(new FileEffects.StatusFlag(OpenFlags.APPEND))
          .help("each write goes to the end of the file")
          .from("open(2)")
          .in(ROWS);
  public static final Option<Boolean> ASYNC =
      row("async", BOOL, Phase.LATE, FD, OPEN)
          .aka("o-async")
          .does(new FileEffects.StatusFlag(OpenFlags.ASYNC))
          .help("the kernel signals readiness")
          .from("open(2)")
          .in(ROWS);
  public static final Option<Boolean> O_NONBLOCK =
      row("o-nonblock", BOOL, Phase.FD, FD, OPEN)
          .aka("ndelay", "nonblock", "o-ndelay", "o_ndelay")
          .does(new FileEffects.StatusFlag(OpenFlags.NONBLOCK))
          .help("opening, reading and writing do not wait")
          .from("open(2)")
          .in(ROWS);
  public static final Option<Boolean> O_NOATIME =
      row("o-noatime", BOOL, Phase.FD, FD, OPEN)
          .aka("noatime")
          .does(new FileEffects.StatusFlag(OpenFlags.NOATIME))
          .help("reading leaves the access time as it is")
          .from("open(2)")
          .in(ROWS);
  public static final Option<Integer> IOCTL_VOID =
      row("ioctl-void", INT, Phase.FD, FD)
          .aka("ioctl")
          .does(new FileEffects.Ioctl())
          .help("request without argument")
          .from("ioctl(2)")
          .in(ROWS);
  public static final Option<OptionType.Numbered<Integer>> IOCTL_INT =
      row("ioctl-int", INT_INT, Phase.FD, FD)
          .does(new FileEffects.Ioctl())
          .help("request and integer argument")
          .from("ioctl(2)")
          .in(ROWS);
  public static final Option<OptionType.Numbered<Integer>> IOCTL_INTP =
      row("ioctl-intp", INT_INTP, Phase.FD, FD)
          .does(new FileEffects.Ioctl())
          .help("request and pointer to an integer")
          .from("ioctl(2)")
          .in(ROWS);
  public static final Option<OptionType.Numbered<byte[]>> IOCTL_BIN =
      row("ioctl-bin", INT_BIN, Phase.FD, FD)
          .does(new FileEffects.Ioctl())
          .help("request and pointer to bytes")
          .from("ioctl(2)")
          .in(ROWS);
  public static final Option<OptionType.Numbered<String>> IOCTL_STRING =
      row("ioctl-string", INT_STRING, Phase.FD, FD)
          .does(new FileEffects.Ioctl())
          .help("request and pointer to a text")
          .from("ioctl(2)")
          .in(ROWS);
  public static final Option<Integer> F_SETPIPE_SZ =
      row("f-setpipe-sz", INT, Phase.FD, FIFO)
          .aka("pipesz")
          .does(new FileEffects.Fcntl(LibC.F_SETPIPE_SZ))
          .help("capacity of a pipe in bytes")
          .from("fcntl(2)")
          .in(ROWS);

  private FdOptions() {}
}
