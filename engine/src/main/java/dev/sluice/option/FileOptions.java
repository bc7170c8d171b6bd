package dev.sluice.option;

import static dev.sluice.option.Option.row;
import static dev.sluice.option.OptionGroup.BLK;
import static dev.sluice.option.OptionGroup.NAMED;
import static dev.sluice.option.OptionGroup.OPEN;
import static dev.sluice.option.OptionGroup.REG;
import static dev.sluice.option.OptionType.BOOL;
import static dev.sluice.option.OptionType.GID_T;
import static dev.sluice.option.OptionType.MODE_T;
import static dev.sluice.option.OptionType.OFF64_T;
import static dev.sluice.option.OptionType.OFF_T;
import static dev.sluice.option.OptionType.UID_T;

import dev.sluice.os.OpenFlags;
import java.util.ArrayList;
import java.util.List;

/** How files are opened, positioned, cut and removed, and their attributes. */
public final class FileOptions {
  static final List<Option<?>> ROWS = new ArrayList<>();

  public static final Option<Boolean> O_RDONLY =
      row("o-rdonly", BOOL, Phase.OPEN, OPEN)
          .aka("o_rdonly", "rdonly")
          .does(new Effect.AccessMode(OpenFlags.RDONLY))
          .help("opens for reading, whatever the direction")
          .from("open(2)")
          .in(ROWS);
  public static final Option<Boolean> O_WRONLY =
      row("o-wronly", BOOL, Phase.OPEN, OPEN)
          .aka("o_wronly", "wronly")
          .does(new Effect.AccessMode(OpenFlags.WRONLY))
          .help("opens for writing, whatever the direction")
          .from("open(2)")
          .in(ROWS);
  public static final Option<Boolean> O_RDWR =
      row("o-rdwr", BOOL, Phase.OPEN, OPEN)
          .aka("o_rdwr", "rdwr")
          .does(new Effect.AccessMode(OpenFlags.RDWR))
          .help("opens for reading and writing, whatever the direction")
          .from("open(2)")
          .in(ROWS);
  public static final Option<Boolean> O_CREAT =
      row("o-creat", BOOL, Phase.OPEN, OPEN)
          .aka("creat", "create", "o-create", "o_creat", "o_create")
          .does(new Effect.OpenFlag(OpenFlags.CREAT))
          .help("creates the file when it is missing")
          .from("open(2)")
          .in(ROWS);
  public static final Option<Boolean> O_EXCL =
      row("o-excl", BOOL, Phase.OPEN, OPEN)
          .aka("excl", "o_excl")
          .does(new Effect.OpenFlag(OpenFlags.EXCL))
          .help("with creat, fails when the file exists")
          .from("open(2)")
          .in(ROWS);
  public static final Option<Boolean> O_NOCTTY =
      row("o-noctty", BOOL, Phase.OPEN, OPEN)
          .aka("noctty", "o_noctty")
          .does(new Effect.OpenFlag(OpenFlags.NOCTTY))
          .help("a terminal does not become the controlling one")
          .from("open(2)")
          .in(ROWS);
  public static final Option<Boolean> O_NOFOLLOW =
      row("o-nofollow", BOOL, Phase.OPEN, OPEN)
          .aka("nofollow", "o_nofollow")
          .does(new Effect.OpenFlag(OpenFlags.NOFOLLOW))
          .help("fails on a symbolic link")
          .from("open(2)")
          .in(ROWS);
  public static final Option<Boolean> O_DIRECTORY =
      row("o-directory", BOOL, Phase.OPEN, OPEN)
          .aka("directory", "o_directory")
          .does(new Effect.OpenFlag(OpenFlags.DIRECTORY))
          .help("fails on anything but a directory")
          .from("open(2)")
          .in(ROWS);
  public static final Option<Boolean> O_SYNC =
      row("o-sync", BOOL, Phase.OPEN, OPEN)
          .aka("o_sync", "sync")
          .does(new Effect.OpenFlag(OpenFlags.SYNC))
          .help("a write ends when data and metadata are stored")
          .from("open(2)")
          .in(ROWS);
  public static final Option<Boolean> O_DSYNC =
      row("o-dsync", BOOL, Phase.OPEN, OPEN)
          .aka("dsync", "o_dsync")
          .does(new Effect.OpenFlag(OpenFlags.DSYNC))
          .help("a write ends when its data is stored")
          .from("open(2)")
          .in(ROWS);
  public static final Option<Boolean> O_RSYNC =
      row("o-rsync", BOOL, Phase.OPEN, OPEN)
          .aka("o_rsync", "rsync")
          .does(new Effect.OpenFlag(OpenFlags.SYNC))
          .help("on Linux the same as o-sync")
          .from("open(2)")
          .in(ROWS);
  public static final Option<Boolean> O_DIRECT =
      row("o-direct", BOOL, Phase.OPEN, OPEN)
          .aka("direct", "o_direct")
          .does(new Effect.OpenFlag(OpenFlags.DIRECT))
          .help("passes the page cache by")
          .from("open(2)")
          .in(ROWS);
  public static final Option<Boolean> O_LARGEFILE =
      row("o-largefile", BOOL, Phase.OPEN, OPEN)
          .aka("largefile", "o_largefile")
          .does(new Effect.OpenFlag(OpenFlags.LARGEFILE))
          .help("files beyond 2 GiB, always so here")
          .from("open(2)")
          .in(ROWS);
  public static final Option<Boolean> O_TRUNC =
      row("o-trunc", BOOL, Phase.LATE, OPEN)
          .aka("trunc")
          .does(new Effect.OpenFlag(OpenFlags.TRUNC))
          .help("empties the file")
          .from("open(2)")
          .in(ROWS);
  public static final Option<Boolean> UNLINK =
      row("unlink", BOOL, Phase.PREOPEN, NAMED)
          .aka("delete", "remove")
          .does(new Effect.Unlink())
          .help("removes the entry just before opening")
          .from("unlink(2)")
          .in(ROWS);
  public static final Option<Boolean> UNLINK_EARLY =
      row("unlink-early", BOOL, Phase.EARLY, NAMED)
          .aka("new")
          .does(new Effect.Unlink())
          .help("removes the entry before all else")
          .from("unlink(2)")
          .in(ROWS);
  public static final Option<Boolean> UNLINK_LATE =
      row("unlink-late", BOOL, Phase.PASTOPEN, NAMED)
          .does(new Effect.Unlink())
          .help("removes the entry just after opening")
          .from("unlink(2)")
          .in(ROWS);
  public static final Option<Boolean> UNLINK_CLOSE =
      row("unlink-close", BOOL, Phase.LATE, NAMED)
          .help("removes the entry at the end")
          .from("unlink(2)")
          .in(ROWS);
  public static final Option<Integer> PERM_EARLY =
      row("perm-early", MODE_T, Phase.PREOPEN, NAMED)
          .does(new FileEffects.PathMode())
          .help("permissions before opening, octal")
          .from("chmod(2)")
          .in(ROWS);
  public static final Option<String> USER_EARLY =
      row("user-early", UID_T, Phase.PREOPEN, NAMED)
          .aka("uid-e")
          .does(new FileEffects.PathOwner(false))
          .help("owner before opening")
          .from("chown(2)")
          .in(ROWS);
  public static final Option<String> GROUP_EARLY =
      row("group-early", GID_T, Phase.PREOPEN, NAMED)
          .aka("gid-e")
          .does(new FileEffects.PathOwner(true))
          .help("owning group before opening")
          .from("chown(2)")
          .in(ROWS);
  public static final Option<Long> LSEEK64_SET =
      row("lseek64-set", OFF64_T, Phase.LATE, BLK, REG)
          .aka("lseek", "lseek64", "seek", "seek-set")
          .does(new FileEffects.Seek(0))
          .help("starts at this byte")
          .from("lseek(2)")
          .in(ROWS);
  public static final Option<Long> LSEEK64_CUR =
      row("lseek64-cur", OFF64_T, Phase.LATE, BLK, REG)
          .aka("seek-cur")
          .does(new FileEffects.Seek(1))
          .help("moves on by this many bytes")
          .from("lseek(2)")
          .in(ROWS);
  public static final Option<Long> LSEEK64_END =
      row("lseek64-end", OFF64_T, Phase.LATE, BLK, REG)
          .aka("seek-end")
          .does(new FileEffects.Seek(2))
          .help("starts this many bytes behind the end")
          .from("lseek(2)")
          .in(ROWS);
  public static final Option<Long> LSEEK32_SET =
      row("lseek32-set", OFF_T, Phase.LATE, BLK, REG)
          .aka("lseek32")
          .does(new FileEffects.Seek(0))
          .help("starts at this byte, 32 bits")
          .from("lseek(2)")
          .in(ROWS);
  public static final Option<Long> LSEEK32_CUR =
      row("lseek32-cur", OFF_T, Phase.LATE, BLK, REG)
          .does(new FileEffects.Seek(1))
          .help("moves on by this many bytes, 32 bits")
          .from("lseek(2)")
          .in(ROWS);
  public static final Option<Long> LSEEK32_END =
      row("lseek32-end", OFF_T, Phase.LATE, BLK, REG)
          .does(new FileEffects.Seek(2))
          .help("starts this many bytes behind the end, 32 bits")
          .from("lseek(2)")
          .in(ROWS);
  public static final Option<Long> FTRUNCATE64 =
      row("ftruncate64", OFF64_T, Phase.LATE, REG)
          .aka("ftruncate", "truncate")
          .does(new FileEffects.Truncate())
          .help("length of the file in bytes")
          .from("ftruncate(2)")
          .in(ROWS);
  public static final Option<Long> FTRUNCATE32 =
      row("ftruncate32", OFF_T, Phase.LATE, REG)
          .does(new FileEffects.Truncate())
          .help("length of the file in bytes, 32 bits")
          .from("ftruncate(2)")
          .in(ROWS);
  public static final Option<Boolean> FS_SECRM =
      row("fs-secrm", BOOL, Phase.FD, REG)
          .aka("ext2-secrm", "ext3-secrm", "secrm")
          .does(new FileEffects.FileAttribute(0x1))
          .help("zeroes the blocks on removal")
          .from("ioctl_iflags(2)")
          .in(ROWS);
  public static final Option<Boolean> FS_UNRM =
      row("fs-unrm", BOOL, Phase.FD, REG)
          .aka("ext2-unrm", "ext3-unrm", "unrm")
          .does(new FileEffects.FileAttribute(0x2))
          .help("keeps the blocks on removal")
          .from("ioctl_iflags(2)")
          .in(ROWS);
  public static final Option<Boolean> FS_COMPR =
      row("fs-compr", BOOL, Phase.FD, REG)
          .aka("compr", "ext2-compr", "ext3-compr")
          .does(new FileEffects.FileAttribute(0x4))
          .help("stores compressed")
          .from("ioctl_iflags(2)")
          .in(ROWS);
  public static final Option<Boolean> FS_SYNC =
      row("fs-sync", BOOL, Phase.FD, REG)
          .aka("ext2-sync", "ext3-sync")
          .does(new FileEffects.FileAttribute(0x8))
          .help("stores synchronously")
          .from("ioctl_iflags(2)")
          .in(ROWS);
  public static final Option<Boolean> FS_IMMUTABLE =
      row("fs-immutable", BOOL, Phase.FD, REG)
          .aka("ext2-immutable", "ext3-immutable", "immutable")
          .does(new FileEffects.FileAttribute(0x10))
          .help("nothing can be changed")
          .from("ioctl_iflags(2)")
          .in(ROWS);
  public static final Option<Boolean> FS_APPEND =
      row("fs-append", BOOL, Phase.FD, REG)
          .aka("ext2-append", "ext3-append")
          .does(new FileEffects.FileAttribute(0x20))
          .help("can only grow")
          .from("ioctl_iflags(2)")
          .in(ROWS);
  public static final Option<Boolean> FS_NODUMP =
      row("fs-nodump", BOOL, Phase.FD, REG)
          .aka("ext2-nodump", "ext3-nodump", "nodump")
          .does(new FileEffects.FileAttribute(0x40))
          .help("backups leave it out")
          .from("ioctl_iflags(2)")
          .in(ROWS);
  public static final Option<Boolean> FS_NOATIME =
      row("fs-noatime", BOOL, Phase.FD, REG)
          .aka("ext2-noatime", "ext3-noatime")
          .does(new FileEffects.FileAttribute(0x80))
          .help("access times are not kept")
          .from("ioctl_iflags(2)")
          .in(ROWS);
  public static final Option<Boolean> FS_JOURNAL_DATA =
      row("fs-journal-data", BOOL, Phase.FD, REG)
          .aka("ext2-journal-data", "ext3-journal-data", "journal", "journal-data")
          .does(new FileEffects.FileAttribute(0x4000))
          .help("data goes through the journal")
          .from("ioctl_iflags(2)")
          .in(ROWS);
  public static final Option<Boolean> FS_NOTAIL =
      row("fs-notail", BOOL, Phase.FD, REG)
          .aka("ext2-notail", "ext3-notail", "notail")
          .does(new FileEffects.FileAttribute(0x8000))
          .help("the last block is not shared")
          .from("ioctl_iflags(2)")
          .in(ROWS);
  public static final Option<Boolean> FS_DIRSYNC =
      row("fs-dirsync", BOOL, Phase.FD, REG)
          .aka("dirsync", "ext2-dirsync", "ext3-dirsync")
          .does(new FileEffects.FileAttribute(0x10000))
          .help("directory changes are stored synchronously")
          .from("ioctl_iflags(2)")
          .in(ROWS);
  public static final Option<Boolean> FS_TOPDIR =
      row("fs-topdir", BOOL, Phase.FD, REG)
          .aka("ext2-topdir", "ext3-topdir", "topdir")
          .does(new FileEffects.FileAttribute(0x20000))
          .help("top of a directory hierarchy")
          .from("ioctl_iflags(2)")
          .in(ROWS);

  private FileOptions() {}
}
