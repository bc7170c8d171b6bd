package dev.sluice.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ErrnoTest {
  @Test
  void textsAreTheLibrarys() {
    assertEquals("No such file or directory", Errno.text(Errno.ENOENT));
    assertEquals("Connection refused", Errno.text(Errno.ECONNREFUSED));
    assertEquals(
        "connect(5): Connection refused",
        new NativeError("connect(5)", Errno.ECONNREFUSED).getMessage());
  }

  @Test
  void knowsKinds() {
    assertTrue(Errno.isDescriptorLimit(Errno.EMFILE));
    assertFalse(Errno.isDescriptorLimit(Errno.EPIPE));
    assertTrue(Errno.isPeerGone(Errno.ECONNRESET));
    assertFalse(Errno.isPeerGone(Errno.EAGAIN));
  }
}
