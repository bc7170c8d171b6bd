package dev.sluice.cli.packaging;

import dev.sluice.catalog.Catalog;
import dev.sluice.catalog.ConnectorIndex;
import dev.sluice.cli.Packaged;
import dev.sluice.cli.VersionText;
import dev.sluice.relay.RelaySystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/** Writes the class behind {@link Packaged}, when the jar is built. */
public final class PackagedWriter {
  private static final String NAME = Packaged.CLASS.replace('.', '/');
  private static final String OBJECT = "java/lang/Object";

  private final ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);

  private PackagedWriter() {}

  /**
   * Writes the class.
   *
   * @param arguments the folder that the jar's classes are in
   */
  public static void main(String[] arguments) throws IOException {
    Path classes = Path.of(arguments[0]);
    Files.write(classes.resolve(NAME + ".class"), write());
    Path index = classes.resolve(ConnectorIndex.RESOURCE);
    Files.createDirectories(Objects.requireNonNull(index.getParent()));
    Files.writeString(
        index,
        ConnectorIndex.write(
            Catalog.load().types().stream().filter(ConnectorIndex::belongs).toList()));
  }

  static byte[] write() {
    Catalog catalog = Catalog.load();
    return new PackagedWriter()
        .write(
            RelaySystem.usedConfig(),
            new HashMap<>(catalog.providers()),
            VersionText.template(catalog, VersionText.now()));
  }

  private byte[] write(Map<String, Object> configuration, Map<String, Object> types, String text) {
    writer.visit(
        Opcodes.V1_8,
        Opcodes.ACC_FINAL | Opcodes.ACC_SUPER | Opcodes.ACC_SYNTHETIC,
        NAME,
        null,
        OBJECT,
        new String[] {Type.getInternalName(Packaged.class)});
    MethodVisitor constructor = writer.visitMethod(0, "<init>", "()V", null, null);
    constructor.visitCode();
    constructor.visitVarInsn(Opcodes.ALOAD, 0);
    constructor.visitMethodInsn(Opcodes.INVOKESPECIAL, OBJECT, "<init>", "()V", false);
    constructor.visitInsn(Opcodes.RETURN);
    constructor.visitMaxs(0, 0);
    constructor.visitEnd();
    method("configuration", Map.class, configuration);
    method("addressTypes", Map.class, types);
    method("versionText", String.class, text);
    writer.visitEnd();
    return writer.toByteArray();
  }

  private void method(String name, Class<?> type, Object result) {
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
      // numbers and truth values too: whoever reads a configuration takes their text as well
      code.visitLdcInsn(value.toString());
    }
  }

  private static void make(MethodVisitor code, String type) {
    code.visitTypeInsn(Opcodes.NEW, type);
    code.visitInsn(Opcodes.DUP);
    code.visitMethodInsn(Opcodes.INVOKESPECIAL, type, "<init>", "()V", false);
  }
}
