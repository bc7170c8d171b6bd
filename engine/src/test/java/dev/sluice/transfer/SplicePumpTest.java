package dev.sluice.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.endpoint.FdReader;
import dev.sluice.endpoint.FdWriter;
import dev.sluice.os.Fd;
import dev.sluice.os.LibC;
import dev.sluice.os.NativeBuffer;
import dev.sluice.os.OpenFlags;
import dev.sluice.os.PipePool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When the kernel moves the bytes, and when an empty source is asked again. */
class SplicePumpTest {
  private static final int PIECE = 64 * 1024;
  private static final int BLOCK = 2 * PIECE;

  private final Fd[] source = LibC.pipe(OpenFlags.NONBLOCK);
  private final Fd[] target = LibC.pipe(OpenFlags.NONBLOCK);
  private final PipePool pipes = new PipePool(1 << 20, 1, 1 << 24);
  private final NativeBuffer bytes = NativeBuffer.allocate(PIECE);
  private final Block scratch = new Block(BLOCK);
  private final SplicePump pump =
      new SplicePump(FdReader.of(source[0]), FdWriter.of(target[1]), BLOCK, BLOCK, 0, pipes);

  @AfterEach
  void close() {
    pump.release();
    pipes.close();
    for (Fd fd : new Fd[] {source[0], source[1], target[0], target[1]}) {
      fd.close();
    }
  }

  private void move(int length) {
    assertEquals(length, LibC.write(source[1].number(), bytes, 0, length));
    Pump.Step step = pump.step(scratch);
    assertTrue(step == Pump.Step.MOVED || step == Pump.Step.MOVED_ALL, step.name());
    assertEquals(length, LibC.read(target[0].number(), bytes, 0, PIECE));
  }

  private void moveUntilSpliced() {
    for (int i = 0; i < 100 && !pump.plan().equals("splice"); i++) {
      assertFalse(pump.expectsMore());
      move(PIECE);
    }
    move(PIECE);
  }

  /** How often the source is asked while it has nothing. */
  private int looks() {
    int looks = 0;
    do {
      assertEquals(Pump.Step.WANTS_INPUT, pump.step(scratch));
      looks++;
    } while (pump.expectsMore());
    return looks;
  }

  @Test
  void largePiecesAreSplicedUntilTheyAreSmall() {
    moveUntilSpliced();
    assertEquals("splice", pump.plan());
    for (int i = 0; i < 100 && pump.plan().equals("splice"); i++) {
      move(1);
    }
    assertEquals("copy", pump.plan());
  }

  @Test
  void anEmptySourceIsAskedLessOftenTheLessItPays() {
    moveUntilSpliced();
    assertEquals(8, looks());
    move(PIECE);
    assertEquals(4, looks());
    move(PIECE);
    assertEquals(2, looks());
    move(PIECE);
    assertEquals(2, looks());

    move(PIECE);
    assertEquals(Pump.Step.WANTS_INPUT, pump.step(scratch));
    assertTrue(pump.expectsMore());
    move(PIECE); // by the second look
    assertEquals(8, looks());
  }
}
