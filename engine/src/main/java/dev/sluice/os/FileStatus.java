package dev.sluice.os;

/**
 * What stat(2) tells of a file.
 *
 * @param mode type and permission bits
 * @param size length in bytes
 * @param device the file system that it is in
 * @param inode its number there
 */
public record FileStatus(int mode, long size, long device, long inode) {
  static final int SIZE = 144;

  static FileStatus of(NativeBuffer status) {
    return new FileStatus(
        status.getInt(Machine.IS_X86_64 ? 24 : 16),
        status.getLong(48),
        status.getLong(0),
        status.getLong(8));
  }

  /** Whether both describe the same file, which may have changed in between. */
  boolean isSameFile(FileStatus other) {
    return device == other.device && inode == other.inode && type() == other.type();
  }

  private int type() {
    return mode & 0170000;
  }

  public boolean isRegular() {
    return type() == 0100000;
  }

  public boolean isDirectory() {
    return type() == 0040000;
  }

  public boolean isSocket() {
    return type() == 0140000;
  }

  public boolean isFifo() {
    return type() == 0010000;
  }

  /** The kind in words, as log lines name it. */
  public String kind() {
    return switch (type()) {
      case 0100000 -> "regular file";
      case 0020000 -> "character device";
      case 0060000 -> "block device";
      case 0040000 -> "directory";
      case 0010000 -> "named pipe";
      case 0120000 -> "symbolic link";
      case 0140000 -> "socket";
      default -> "undef";
    };
  }
}
