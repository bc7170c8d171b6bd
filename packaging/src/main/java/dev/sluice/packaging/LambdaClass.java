package dev.sluice.packaging;

import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Handle;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * Writes the class of one lambda: what it captured in fields, and a method that hands these and its
 * own arguments to the lambda's body. Types are converted as {@link
 * java.lang.invoke.LambdaMetafactory} says.
 */
final class LambdaClass {
  /** The field with the only object of a lambda that captures nothing. */
  static final String ONLY = "ONLY";

  /** The method that makes any other. */
  static final String MAKE = "make";

  private static final String OBJECT = "java/lang/Object";

  private final ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
  private final String name;
  private final LambdaSite site;

  private LambdaClass(String name, LambdaSite site) {
    this.name = name;
    this.site = site;
  }

  /**
   * The class file.
   *
   * @param name its internal name
   * @param nestHost the class whose nest it belongs to, if it may look at private methods
   */
  static byte[] of(String name, @Nullable String nestHost, LambdaSite site) {
    return new LambdaClass(name, site).write(nestHost);
  }

  private byte[] write(@Nullable String nestHost) {
    String[] interfaces = new String[1 + site.markers().size()];
    interfaces[0] = site.type().getInternalName();
    for (int i = 1; i < interfaces.length; i++) {
      interfaces[i] = site.markers().get(i - 1);
    }
    int access = Opcodes.ACC_FINAL | Opcodes.ACC_SUPER | Opcodes.ACC_SYNTHETIC;
    writer.visit(
        nestHost == null ? Opcodes.V1_8 : Opcodes.V11, access, name, null, OBJECT, interfaces);
    if (nestHost != null) {
      writer.visitNestHost(nestHost);
    }
    for (int i = 0; i < site.captured().length; i++) {
      writer
          .visitField(
              Opcodes.ACC_PRIVATE | Opcodes.ACC_FINAL,
              field(i),
              site.captured()[i].getDescriptor(),
              null,
              null)
          .visitEnd();
    }
    constructor();
    if (site.captured().length == 0) {
      only();
    } else {
      make();
    }
    site.erased().stream().distinct().forEach(this::method);
    writer.visitEnd();
    return writer.toByteArray();
  }

  private static String field(int index) {
    return "captured" + index;
  }

  private void constructor() {
    Type type = Type.getMethodType(Type.VOID_TYPE, site.captured());
    MethodVisitor code =
        writer.visitMethod(Opcodes.ACC_PRIVATE, "<init>", type.getDescriptor(), null, null);
    code.visitCode();
    code.visitVarInsn(Opcodes.ALOAD, 0);
    code.visitMethodInsn(Opcodes.INVOKESPECIAL, OBJECT, "<init>", "()V", false);
    int local = 1;
    for (int i = 0; i < site.captured().length; i++) {
      Type captured = site.captured()[i];
      code.visitVarInsn(Opcodes.ALOAD, 0);
      code.visitVarInsn(captured.getOpcode(Opcodes.ILOAD), local);
      code.visitFieldInsn(Opcodes.PUTFIELD, name, field(i), captured.getDescriptor());
      local += captured.getSize();
    }
    end(code, Type.VOID_TYPE);
  }

  private void only() {
    String type = site.type().getDescriptor();
    writer.visitField(Opcodes.ACC_STATIC | Opcodes.ACC_FINAL, ONLY, type, null, null).visitEnd();
    MethodVisitor code = writer.visitMethod(Opcodes.ACC_STATIC, "<clinit>", "()V", null, null);
    code.visitCode();
    code.visitTypeInsn(Opcodes.NEW, name);
    code.visitInsn(Opcodes.DUP);
    code.visitMethodInsn(Opcodes.INVOKESPECIAL, name, "<init>", "()V", false);
    code.visitFieldInsn(Opcodes.PUTSTATIC, name, ONLY, type);
    end(code, Type.VOID_TYPE);
  }

  private void make() {
    String type = Type.getMethodDescriptor(site.type(), site.captured());
    MethodVisitor code = writer.visitMethod(Opcodes.ACC_STATIC, MAKE, type, null, null);
    code.visitCode();
    code.visitTypeInsn(Opcodes.NEW, name);
    code.visitInsn(Opcodes.DUP);
    int local = 0;
    for (Type captured : site.captured()) {
      code.visitVarInsn(captured.getOpcode(Opcodes.ILOAD), local);
      local += captured.getSize();
    }
    String constructor = Type.getMethodDescriptor(Type.VOID_TYPE, site.captured());
    code.visitMethodInsn(Opcodes.INVOKESPECIAL, name, "<init>", constructor, false);
    end(code, site.type());
  }

  /** The interface's method, or a bridge to it, of type {@code erased}. */
  private void method(Type erased) {
    MethodVisitor code =
        writer.visitMethod(Opcodes.ACC_PUBLIC, site.method(), erased.getDescriptor(), null, null);
    code.visitCode();
    Handle body = site.body();
    if (body.getTag() == Opcodes.H_NEWINVOKESPECIAL) {
      code.visitTypeInsn(Opcodes.NEW, body.getOwner());
      code.visitInsn(Opcodes.DUP);
    }
    Type[] wanted = bodyArguments();
    int next = 0;
    for (int i = 0; i < site.captured().length; i++) {
      code.visitVarInsn(Opcodes.ALOAD, 0);
      code.visitFieldInsn(Opcodes.GETFIELD, name, field(i), site.captured()[i].getDescriptor());
      next++;
    }
    int local = 1;
    Type[] given = erased.getArgumentTypes();
    Type[] instantiated = site.instantiated().getArgumentTypes();
    for (int i = 0; i < given.length; i++) {
      code.visitVarInsn(given[i].getOpcode(Opcodes.ILOAD), local);
      local += given[i].getSize();
      new TypeConversion(code).convert(given[i], wanted[next++], instantiated[i]);
    }
    code.visitMethodInsn(
        opcode(body), body.getOwner(), body.getName(), body.getDesc(), body.isInterface());
    new TypeConversion(code).convert(bodyResult(), erased.getReturnType(), erased.getReturnType());
    end(code, erased.getReturnType());
  }

  /** The types that the body takes, the object that it is called on first. */
  private Type[] bodyArguments() {
    Type[] arguments = Type.getArgumentTypes(site.body().getDesc());
    int tag = site.body().getTag();
    if (tag == Opcodes.H_INVOKESTATIC || tag == Opcodes.H_NEWINVOKESPECIAL) {
      return arguments;
    }
    Type[] all = new Type[arguments.length + 1];
    all[0] = Type.getObjectType(site.body().getOwner());
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return all;
  }

  private Type bodyResult() {
    return site.body().getTag() == Opcodes.H_NEWINVOKESPECIAL
        ? Type.getObjectType(site.body().getOwner())
        : Type.getReturnType(site.body().getDesc());
  }

  private static int opcode(Handle body) {
    return switch (body.getTag()) {
      case Opcodes.H_INVOKESTATIC -> Opcodes.INVOKESTATIC;
      case Opcodes.H_NEWINVOKESPECIAL -> Opcodes.INVOKESPECIAL;
      case Opcodes.H_INVOKEINTERFACE -> Opcodes.INVOKEINTERFACE;
      default -> Opcodes.INVOKEVIRTUAL;
    };
  }

  private static void end(MethodVisitor code, Type result) {
    code.visitInsn(result.getOpcode(Opcodes.IRETURN));
    code.visitMaxs(0, 0);
    code.visitEnd();
  }
}
