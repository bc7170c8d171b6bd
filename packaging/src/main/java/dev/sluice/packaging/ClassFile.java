package dev.sluice.packaging;

import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** What changes of class files have in common. */
final class ClassFile {
  private ClassFile() {}

  /** Changes the code of every method. */
  abstract static class CodeChange extends ClassVisitor {
    CodeChange(ClassVisitor next) {
      super(Opcodes.ASM9, next);
    }

    /** What a method is told, from what takes note of it. */
    abstract MethodVisitor changed(MethodVisitor next);

    @Override
    public final MethodVisitor visitMethod(
        int access,
        String name,
        String type,
        @Nullable String signature,
        String @Nullable [] exceptions) {
      return changed(super.visitMethod(access, name, type, signature, exceptions));
    }
  }

  /**
   * A class file as it is after a change.
   *
   * @param change what is told of the class, from what takes note of it
   */
  static byte[] changed(byte[] classFile, UnaryOperator<ClassVisitor> change) {
    ClassReader reader = new ClassReader(classFile);
    ClassWriter writer = new ClassWriter(reader, 0);
    reader.accept(change.apply(writer), 0);
    return writer.toByteArray();
  }
}
