package dev.sluice.os;

/** The flags of open(2) on Linux; three of them have other values on ARM than on x86. */
public final class OpenFlags {

  public static final int RDONLY = 0;
  public static final int WRONLY = 01;
  public static final int RDWR = 02;
  public static final int ACCMODE = 03;
  public static final int CREAT = 0100;
  public static final int EXCL = 0200;
  public static final int NOCTTY = 0400;
  public static final int TRUNC = 01000;
  public static final int APPEND = 02000;
  public static final int NONBLOCK = 04000;
  public static final int DSYNC = 010000;
  public static final int ASYNC = 020000;
  public static final int DIRECT = Machine.IS_ARM ? 0200000 : 040000;
  public static final int LARGEFILE = Machine.IS_ARM ? 0400000 : 0100000;
  public static final int DIRECTORY = Machine.IS_ARM ? 040000 : 0200000;
  public static final int NOFOLLOW = Machine.IS_ARM ? 0100000 : 0400000;
  public static final int NOATIME = 01000000;
  public static final int CLOEXEC = 02000000;
  public static final int PATH = 010000000;
  public static final int SYNC = 04010000;

  private OpenFlags() {}
}
