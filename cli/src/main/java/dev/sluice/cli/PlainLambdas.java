package dev.sluice.cli;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Enumeration;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Handle;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * Makes the lambdas of a jar such that a class archive can hold them, when the jar is built.
 *
 * <p>Scala compiles each of its functions to a serializable lambda. The class data sharing of JDK
 * 17 archives plain lambdas only, so at every start each of them would be made anew: the 150 that
 * Akka needs to start are 50 ms. Nobody here serializes one. A call of {@link
 * java.lang.invoke.LambdaMetafactory#altMetafactory} becomes one of {@code metafactory} where that
 * gives the same object apart from its being {@link java.io.Serializable}; any other stays.
 */
public final class PlainLambdas {
  private static final String FACTORY = "java/lang/invoke/LambdaMetafactory";
  private static final String PLAIN =
      "(Ljava/lang/invoke/MethodHandles$Lookup;Ljava/lang/String;Ljava/lang/invoke/MethodType;"
          + "Ljava/lang/invoke/MethodType;Ljava/lang/invoke/MethodHandle;Ljava/lang/invoke/MethodType;)"
          + "Ljava/lang/invoke/CallSite;";
  private static final int SERIALIZABLE = 1;
  private static final int MARKERS = 2;
  private static final int BRIDGES = 4;

  /** What is marked as serializable and no more. */
  private static final Set<String> HARMLESS = Set.of("java/io/Serializable", "scala/Serializable");

  private PlainLambdas() {}

  /**
   * Copies a jar.
   *
   * @param arguments the jar to read, and the one to write, which appears when it is whole
   */
  public static void main(String[] arguments) throws IOException {
    Path target = Path.of(arguments[1]);
    Path fresh = target.resolveSibling(target.getFileName() + ".fresh");
    try (ZipFile in = new ZipFile(arguments[0]);
        ZipOutputStream out =
            new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(fresh)))) {
      for (Enumeration<? extends ZipEntry> all = in.entries(); all.hasMoreElements(); ) {
        copy(in, all.nextElement(), out);
      }
    }
    Files.move(fresh, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  private static void copy(ZipFile in, ZipEntry entry, ZipOutputStream out) throws IOException {
    ZipEntry copy = new ZipEntry(entry.getName());
    copy.setTime(entry.getTime());
    out.putNextEntry(copy);
    try (InputStream content = in.getInputStream(entry)) {
      if (entry.getName().endsWith(".class")) {
        out.write(withPlainLambdas(content.readAllBytes()));
      } else {
        content.transferTo(out);
      }
    }
    out.closeEntry();
  }

  /** The class file with plain lambdas; the same bytes when it has no other. */
  static byte[] withPlainLambdas(byte[] classFile) {
    ClassReader reader = new ClassReader(classFile);
    ClassWriter writer = new ClassWriter(reader, 0);
    boolean[] changed = {false};
    reader.accept(
        new ClassVisitor(Opcodes.ASM9, writer) {
          @Override
          public MethodVisitor visitMethod(
              int access, String name, String type, String signature, String[] exceptions) {
            return new MethodVisitor(
                Opcodes.ASM9, super.visitMethod(access, name, type, signature, exceptions)) {
              @Override
              public void visitInvokeDynamicInsn(
                  String method, String site, Handle factory, Object... arguments) {
                if (isNeedlesslyAlternative(site, factory, arguments)) {
                  changed[0] = true;
                  Handle plain =
                      new Handle(Opcodes.H_INVOKESTATIC, FACTORY, "metafactory", PLAIN, false);
                  super.visitInvokeDynamicInsn(
                      method, site, plain, arguments[0], arguments[1], arguments[2]);
                } else {
                  super.visitInvokeDynamicInsn(method, site, factory, arguments);
                }
              }
            };
          }
        },
        0);
    return changed[0] ? writer.toByteArray() : classFile;
  }

  /** The arguments from the fourth on are flags, and what they announce, each after its count. */
  private static boolean isNeedlesslyAlternative(String site, Handle factory, Object... arguments) {
    if (!factory.getOwner().equals(FACTORY) || !factory.getName().equals("altMetafactory")) {
      return false;
    }
    int flags = (Integer) arguments[3];
    if ((flags & SERIALIZABLE) == 0) {
      return false;
    }
    int next = 4;
    if ((flags & MARKERS) != 0) {
      for (int left = (Integer) arguments[next++]; left > 0; left--) {
        if (!HARMLESS.contains(((Type) arguments[next++]).getInternalName())) {
          return false;
        }
      }
    }
    String type = Type.getReturnType(site).getInternalName();
    boolean bridged = (flags & BRIDGES) != 0 && (Integer) arguments[next] > 0;
    return isScalaFunction(type) || (type.startsWith("akka/japi/function/") && !bridged);
  }

  /**
   * Scala's own function types erase all that a function can be written with, so that the bridges
   * which scalac makes for it serve nobody. Where javac makes a lambda serializable, it also casts
   * it to that, so most others stay as they are; Akka's for Java are serializable by their type.
   */
  private static boolean isScalaFunction(String type) {
    return type.startsWith("scala/Function") || type.startsWith("scala/runtime/java8/JFunction");
  }
}
