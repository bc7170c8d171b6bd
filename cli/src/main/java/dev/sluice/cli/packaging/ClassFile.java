package dev.sluice.cli.packaging;

import java.util.function.UnaryOperator;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;

/** What changes of class files have in common. */
final class ClassFile {
  private ClassFile() {}

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
