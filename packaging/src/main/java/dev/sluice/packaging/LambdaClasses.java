package dev.sluice.packaging;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
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
 * would; see {@link LambdaClass}. Those that code could tell from a class stay as they are ({@link
 * LambdaSite}).
 */
final class LambdaClasses {
  private static final String SUFFIX = ".class";

  private final Map<String, byte[]> made = new LinkedHashMap<>();
  private final Map<String, List<String>> nestMates = new LinkedHashMap<>();

  private LambdaClasses() {}

  /**
   * Changes the classes of a jar in place.
   *
   * @param files their contents, by name; those of lambdas are added at the end
   */
  static void change(Map<String, byte[]> files) {
    LambdaClasses classes = new LambdaClasses();
    files.replaceAll(
        (name, content) -> name.endsWith(SUFFIX) ? classes.withLambdaClasses(content) : content);
    classes.nestMates.forEach(
        (host, mates) ->
            files.computeIfPresent(host + SUFFIX, (name, content) -> withMates(content, mates)));
    classes.made.forEach((name, content) -> files.put(name + SUFFIX, content));
  }

  /** The class file with calls of classes; the same bytes when it has no lambda. */
  private byte[] withLambdaClasses(byte[] classFile) {
    int before = made.size();
    ClassReader reader = new ClassReader(classFile);
    byte[] changed = ClassFile.changed(classFile, next -> new Rewriter(reader, next));
    return made.size() > before ? changed : classFile;
  }

  private static byte[] withMates(byte[] host, List<String> mates) {
    return ClassFile.changed(
        host,
        next ->
            new ClassVisitor(Opcodes.ASM9, next) {
              @Override
              public void visitEnd() {
                mates.forEach(this::visitNestMember);
                super.visitEnd();
              }
            });
  }

  /** Puts calls of classes in place of a class's lambdas, and makes those classes. */
  private final class Rewriter extends ClassFile.CodeChange {
    private final String name;
    private final boolean nests;
    private final Map<String, Integer> ownMethods;
    private String nestHost;
    private int count;

    private Rewriter(ClassReader reader, ClassVisitor next) {
      super(next);
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
    MethodVisitor changed(MethodVisitor code) {
      return new MethodVisitor(Opcodes.ASM9, code) {
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
