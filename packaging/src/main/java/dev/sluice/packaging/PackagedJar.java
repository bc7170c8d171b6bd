package dev.sluice.packaging;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Writes the jar that is run, when it is built: as the one that Maven shaded, with classes that a
 * start takes less time for. {@link LambdaClasses} does most.
 */
public final class PackagedJar {
  private PackagedJar() {}

  /**
   * Copies a jar.
   *
   * @param arguments the jar to read, the jar to write, the time of its entries
   */
  public static void main(String[] arguments) throws IOException {
    Map<String, byte[]> files = read(Path.of(arguments[0]));
    files.computeIfPresent("akka/util/Helpers$.class", (name, content) -> withoutTimeZone(content));
    LambdaClasses.change(files);
    JarWriter.write(Path.of(arguments[1]), files, arguments[2]);
  }

  private static Map<String, byte[]> read(Path jar) throws IOException {
    Map<String, byte[]> files = new LinkedHashMap<>();
    try (ZipFile in = new ZipFile(jar.toFile())) {
      for (Enumeration<? extends ZipEntry> all = in.entries(); all.hasMoreElements(); ) {
        ZipEntry entry = all.nextElement();
        try (InputStream content = in.getInputStream(entry)) {
          files.put(entry.getName(), content.readAllBytes());
        }
      }
    }
    return files;
  }

  /**
   * Akka asks for the time zone at each start, for log lines of its own that a relay never writes
   * (its {@code stdout-loglevel} is off). To find it Java reads the rules of all zones and looks
   * for more of them through the class path: 20 ms.
   */
  private static byte[] withoutTimeZone(byte[] helpers) {
    return ClassFile.changed(
        helpers,
        next ->
            new ClassFile.CodeChange(next) {
              @Override
              MethodVisitor changed(MethodVisitor code) {
                return new MethodVisitor(Opcodes.ASM9, code) {
                  @Override
                  public void visitMethodInsn(
                      int opcode, String owner, String method, String of, boolean isInterface) {
                    if (owner.equals("java/time/ZoneId") && method.equals("systemDefault")) {
                      visitFieldInsn(
                          Opcodes.GETSTATIC,
                          "java/time/ZoneOffset",
                          "UTC",
                          "Ljava/time/ZoneOffset;");
                    } else {
                      super.visitMethodInsn(opcode, owner, method, of, isInterface);
                    }
                  }
                };
              }
            });
  }
}
