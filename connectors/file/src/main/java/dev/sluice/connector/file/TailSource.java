package dev.sluice.connector.file;

import akka.stream.Attributes;
import akka.stream.Outlet;
import akka.stream.SourceShape;
import akka.stream.stage.AbstractOutHandler;
import akka.stream.stage.GraphStage;
import akka.stream.stage.GraphStageLogic;
import akka.stream.stage.TimerGraphStageLogic;
import akka.util.ByteString;
import dev.sluice.log.RelayLog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The bytes that come to a file. At its end it looks, again and again, whether there is more,
 * whether the file was cut off, and whether another one has taken its name.
 *
 * <p>A file that is cut off and has grown beyond the old place between two looks is not noticed.
 */
final class TailSource extends GraphStage<SourceShape<ByteString>> {
  private static final int BLOCK = 65536;

  private final Outlet<ByteString> out = Outlet.create("TailSource.out");
  private final SourceShape<ByteString> shape = SourceShape.of(out);
  private final Path path;
  private final String from;
  private final Duration poll;
  private final RelayLog log;

  /**
   * A source for one run.
   *
   * @param from start, end, or a number of lines
   * @param poll between two looks
   */
  TailSource(Path path, String from, Duration poll, RelayLog log) {
    this.path = path;
    this.from = from;
    this.poll = poll;
    this.log = log;
  }

  @Override
  public SourceShape<ByteString> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes attributes) {
    return new Logic();
  }

  private final class Logic extends TimerGraphStageLogic {
    private final ByteBuffer block = ByteBuffer.allocate(BLOCK);
    private @Nullable FileChannel file;
    private @Nullable Object key;
    private long position;

    /** Nothing was there at the beginning: what comes is read from its start. */
    private boolean first = true;

    /** The file had another name when it was looked at before. */
    private boolean renamed;

    Logic() {
      super(shape);
      setHandler(
          out,
          new AbstractOutHandler() {
            @Override
            public void onPull() {
              look();
            }
          });
    }

    @Override
    public void preStart() {
      try {
        open();
      } catch (IOException e) {
        failStage(e);
      }
      if (file == null) {
        log.notice("%s is not there yet", path);
      }
      first = false;
    }

    @Override
    public void onTimer(Object timer) {
      look();
    }

    private void look() {
      try {
        if (file == null) {
          open();
        }
        if (file == null || !read(file)) {
          scheduleOnce("look", poll);
        }
      } catch (IOException e) {
        failStage(e);
      }
    }

    private boolean read(FileChannel open) throws IOException {
      block.clear();
      int n = open.read(block, position);
      if (n > 0) {
        position += n;
        renamed = false;
        push(out, ByteString.fromArray(block.array(), 0, n));
        return true;
      }
      if (open.size() < position) {
        log.notice("%s was cut off: reading from its start", path);
        position = 0;
        return read(open);
      }
      return hasSuccessor() && next();
    }

    /** Another file has the name, and a look ago it had as well: the old one is at its end. */
    private boolean hasSuccessor() throws IOException {
      try {
        Object now = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        boolean other = now != null && !now.equals(key);
        boolean before = renamed;
        renamed = other;
        return other && before;
      } catch (NoSuchFileException e) {
        return false;
      }
    }

    private boolean next() throws IOException {
      log.notice("%s is another file now", path);
      closeFile();
      open();
      return file != null && read(file);
    }

    private void open() throws IOException {
      try {
        FileChannel opened = FileChannel.open(path, StandardOpenOption.READ);
        file = opened;
        key = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        position = first ? begin(opened) : 0;
        renamed = false;
      } catch (NoSuchFileException e) {
        file = null;
      }
    }

    private long begin(FileChannel opened) throws IOException {
      return switch (from) {
        case "start" -> 0;
        case "end" -> opened.size();
        default -> lastLines(opened, Integer.parseInt(from));
      };
    }

    /** Where the last lines begin, sought from the end. */
    private long lastLines(FileChannel opened, int count) throws IOException {
      long end = opened.size();
      int found = 0;
      for (long start = end; start > 0; ) {
        int length = (int) Math.min(BLOCK, start);
        start -= length;
        ByteBuffer part = ByteBuffer.allocate(length);
        opened.read(part, start);
        for (int i = length - 1; i >= 0; i--) {
          boolean last = start + i == end - 1;
          if (part.get(i) == '\n' && !last && ++found >= count) {
            return start + i + 1;
          }
        }
      }
      return count == 0 ? end : 0;
    }

    private void closeFile() throws IOException {
      if (file != null) {
        file.close();
        file = null;
      }
    }

    @Override
    public void postStop() throws IOException {
      closeFile();
    }
  }
}
