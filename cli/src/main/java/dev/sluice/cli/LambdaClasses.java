package dev.sluice.cli;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Handle;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Gives each lambda of a jar a class of its own, when the jar is built.
 *
 * <p>The JVM makes the class of a lambda when it first comes to it, by method handles, mostly
 * interpreted: a tenth of a millisecond each even where a class archive holds the class. To start,
 * a relay needs some 300, most of them Akka's. Here a call of {@link
 * java.lang.invoke.LambdaMetafactory} becomes one of an ordinary class that does what the lambda
 * would; see {@link LambdaClass}. Those that cannot be told apart only by code of their own stay as
 * they are ({@link LambdaSite}).
 */
public final class LambdaClasses {
  private final Map<String, byte[]> made = new LinkedHashMap<>();
  private final Map<String, List<String>> nestMates = new LinkedHashMap<>();

  private LambdaClasses() {}

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
      new LambdaClasses().copy(in, out);
    }
    Files.move(fresh, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  private void copy(ZipFile in, ZipOutputStream out) throws IOException {
    Map<ZipEntry, byte[]> contents = new LinkedHashMap<>();
    for (Enumeration<? extends ZipEntry> all = in.entries(); all.hasMoreElements(); ) {
      ZipEntry entry = all.nextElement();
      try (InputStream content = in.getInputStream(entry)) {
        byte[] bytes = content.readAllBytes();
        contents.put(entry, entry.getName().endsWith(".class") ? withLambdaClasses(bytes) : bytes);
      }
    }
    long time = 0;
    for (Map.Entry<ZipEntry, byte[]> entry : contents.entrySet()) {
      String name = entry.getKey().getName();
      time = Math.max(time, entry.getKey().getTime());
      write(out, name, entry.getKey().getTime(), withNestMates(name, entry.getValue()));
    }
    for (Map.Entry<String, byte[]> entry : made.entrySet()) {
      write(out, entry.getKey() + ".class", time, entry.getValue());
    }
  }

  private static void write(ZipOutputStream out, String name, long time, byte[] content)
      throws IOException {
    ZipEntry entry = new ZipEntry(name);
    entry.setTime(time);
    out.putNextEntry(entry);
    out.write(content);
    out.closeEntry();
  }

  /**
   * The same for one class that is its own nest.
   *
   * @return all classes that it became, by their internal names, itself among them
   */
  static Map<String, byte[]> of(byte[] classFile) {
    LambdaClasses classes = new LambdaClasses();
    String name = new ClassReader(classFile).getClassName();
    byte[] changed = classes.withLambdaClasses(classFile);
    Map<String, byte[]> all = new LinkedHashMap<>(classes.made);
    all.put(name, classes.withNestMates(name + ".class", changed));
    return all;
  }

  /** The class file with calls of classes; the same bytes when it has no lambda. */
  private byte[] withLambdaClasses(byte[] classFile) {
    ClassReader reader = new ClassReader(classFile);
    ClassWriter writer = new ClassWriter(reader, 0);
    Rewriter rewriter = new Rewriter(reader, writer);
    reader.accept(rewriter, 0);
    return rewriter.count > 0 ? writer.toByteArray() : classFile;
  }

  private byte[] withNestMates(String fileName, byte[] content) {
    List<String> mates =
        fileName.endsWith(".class")
            ? nestMates.get(fileName.substring(0, fileName.length() - ".class".length()))
            : null;
    if (mates == null) {
      return content;
    }
    ClassReader reader = new ClassReader(content);
    ClassWriter writer = new ClassWriter(reader, 0);
    reader.accept(
        new ClassVisitor(Opcodes.ASM9, writer) {
          @Override
          public void visitEnd() {
            mates.forEach(this::visitNestMember);
            super.visitEnd();
          }
        },
        0);
    return writer.toByteArray();
  }

  /** Puts calls of classes in place of a class's lambdas, and makes those classes. */
  private final class Rewriter extends ClassVisitor {
    private final String name;
    private final boolean nests;
    private final Map<String, Integer> ownMethods;
    private String nestHost;
    private int count;

    private Rewriter(ClassReader reader, ClassWriter writer) {
      super(Opcodes.ASM9, writer);
      name = reader.getClassName();
      nestHost = name;
      nests = reader.readUnsignedShort(6) >= Opcodes.V11;
      ownMethods = accessOfMethods(reader);
    }

    @Override
    public void visitNestHost(String host) {
      nestHost = host;
      super.visitNestHost(host);
    }

    @Override
    public MethodVisitor visitMethod(
        int access,
        String method,
        String type,
        @Nullable String signature,
        String @Nullable [] exceptions) {
      return new MethodVisitor(
          Opcodes.ASM9, super.visitMethod(access, method, type, signature, exceptions)) {
        @Override
        public void visitInvokeDynamicInsn(
            String lambda, String site, Handle factory, Object... arguments) {
          LambdaSite found = LambdaSite.of(lambda, site, factory, arguments);
          if (found == null || !isReachable(found.body())) {
            super.visitInvokeDynamicInsn(lambda, site, factory, arguments);
            return;
          }
          String lambdaClass = make(found);
          if (found.captured().length == 0) {
            visitFieldInsn(
                Opcodes.GETSTATIC, lambdaClass, LambdaClass.ONLY, found.type().getDescriptor());
          } else {
            visitMethodInsn(Opcodes.INVOKESTATIC, lambdaClass, LambdaClass.MAKE, site, false);
          }
        }
      };
    }

    private String make(LambdaSite site) {
      String lambda = name + "$$Lambda$" + ++count;
      made.put(lambda, LambdaClass.of(lambda, nests ? nestHost : null, site));
      if (nests) {
        nestMates.computeIfAbsent(nestHost, key -> new ArrayList<>()).add(lambda);
      }
      return lambda;
    }

    /** What is private can be reached from within a nest only, which Java 8 has none of. */
    private boolean isReachable(Handle body) {
      if (nests || !body.getOwner().equals(name)) {
        return true;
      }
      Integer access = ownMethods.get(body.getName() + body.getDesc());
      return access == null || (access & Opcodes.ACC_PRIVATE) == 0;
    }
  }

  private static Map<String, Integer> accessOfMethods(ClassReader reader) {
    Map<String, Integer> found = new LinkedHashMap<>();
    reader.accept(
        new ClassVisitor(Opcodes.ASM9) {
          @Override
          public @Nullable MethodVisitor visitMethod(
              int access,
              String method,
              String type,
              @Nullable String signature,
              String @Nullable [] exceptions) {
            found.put(method + type, access);
            return null;
          }
        },
        ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
    return found;
  }
}
