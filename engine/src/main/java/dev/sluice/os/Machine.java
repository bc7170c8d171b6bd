package dev.sluice.os;

/**
 * The processor that this JVM runs on. Numbers and layouts of the kernel differ between them; the
 * classes that know a difference ask here.
 */
public final class Machine {
  private static final String NAME = System.getProperty("os.arch", "");

  /** Whether it is x86-64. */
  public static final boolean IS_X86_64 = NAME.equals("amd64") || NAME.equals("x86_64");

  /** Whether it is an ARM, of 32 or 64 bits. */
  public static final boolean IS_ARM = NAME.equals("aarch64") || NAME.startsWith("arm");

  private Machine() {}

  /** Its name as uname(1) prints it. */
  public static String text() {
    return IS_X86_64 ? "x86_64" : NAME;
  }
}
