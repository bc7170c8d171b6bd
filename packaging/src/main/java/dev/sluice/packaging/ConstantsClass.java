package dev.sluice.packaging;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * Writes a class whose methods return constants. Java loads such a class from the class archive,
 * which takes less time than to read the same values from a file of the jar.
 */
public final class ConstantsClass {
  private static final String OBJECT = "java/lang/Object";

  private final ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);

  private ConstantsClass() {}

  /**
   * Writes the class.
   *
   * @param name its full name
   * @param type the interface that it implements
   * @param results what each method of the interface returns: text, or maps and lists of text down
   *     to any depth; numbers and truth values are written as their text
   * @return the class file
   */
  public static byte[] write(String name, Class<?> type, Map<String, Object> results) {
    return new ConstantsClass().written(name.replace('.', '/'), type, results);
  }

  private byte[] written(String name, Class<?> type, Map<String, Object> results) {
    writer.visit(
        Opcodes.V1_8,
        Opcodes.ACC_FINAL | Opcodes.ACC_SUPER | Opcodes.ACC_SYNTHETIC,
        name,
        null,
        OBJECT,
        new String[] {Type.getInternalName(type)});
    MethodVisitor constructor = writer.visitMethod(0, "<init>", "()V", null, null);
    constructor.visitCode();
    constructor.visitVarInsn(Opcodes.ALOAD, 0);
    constructor.visitMethodInsn(Opcodes.INVOKESPECIAL, OBJECT, "<init>", "()V", false);
    constructor.visitInsn(Opcodes.RETURN);
    constructor.visitMaxs(0, 0);
    constructor.visitEnd();
    new TreeMap<>(results).forEach(this::method);
    writer.visitEnd();
    return writer.toByteArray();
  }

  private void method(String name, Object result) {
    Class<?> type = result instanceof Map ? Map.class : String.class;
    MethodVisitor code =
        writer.visitMethod(
            Opcodes.ACC_PUBLIC, name, Type.getMethodDescriptor(Type.getType(type)), null, null);
    code.visitCode();
    value(code, result);
    code.visitInsn(Opcodes.ARETURN);
    code.visitMaxs(0, 0);
    code.visitEnd();
  }

  /** Code that leaves a value on the stack. */
  private static void value(MethodVisitor code, Object value) {
    if (value instanceof Map<?, ?> map) {
      make(code, "java/util/HashMap");
      for (Map.Entry<?, ?> entry : new TreeMap<>(map).entrySet()) {
        code.visitInsn(Opcodes.DUP);
        code.visitLdcInsn(entry.getKey());
        value(code, entry.getValue());
        String put = "(Ljava/lang/Object;Ljava/lang/Object;)Ljava/lang/Object;";
        code.visitMethodInsn(Opcodes.INVOKEVIRTUAL, "java/util/HashMap", "put", put, false);
        code.visitInsn(Opcodes.POP);
      }
    } else if (value instanceof List<?> list) {
      make(code, "java/util/ArrayList");
      for (Object element : list) {
        code.visitInsn(Opcodes.DUP);
        value(code, element);
        String add = "(Ljava/lang/Object;)Z";
        code.visitMethodInsn(Opcodes.INVOKEVIRTUAL, "java/util/ArrayList", "add", add, false);
        code.visitInsn(Opcodes.POP);
      }
    } else {
      code.visitLdcInsn(value.toString());
    }
  }

  private static void make(MethodVisitor code, String type) {
    code.visitTypeInsn(Opcodes.NEW, type);
    code.visitInsn(Opcodes.DUP);
    code.visitMethodInsn(Opcodes.INVOKESPECIAL, type, "<init>", "()V", false);
  }
}
