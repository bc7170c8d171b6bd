package dev.sluice.connector.web;

import akka.http.scaladsl.model.ws.PeerClosedConnectionException;
import akka.stream.Attributes;
import akka.stream.BidiShape;
import akka.stream.Inlet;
import akka.stream.Outlet;
import akka.stream.stage.AbstractInHandler;
import akka.stream.stage.AbstractOutHandler;
import akka.stream.stage.GraphStage;
import akka.stream.stage.GraphStageLogic;
import akka.stream.stage.TimerGraphStageLogic;
import akka.util.ByteString;
import dev.sluice.connector.web.Frame.Violation;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket connection after its handshake: blocks to send and messages that have come on the one
 * side, the bytes of the connection on the other. Each block is a message. The end of blocks sends
 * a close frame and waits for that of the peer. See RFC 6455.
 */
final class Frames extends GraphStage<BidiShape<ByteString, ByteString, ByteString, Received>> {
  /** How long a peer that has been told of the end may say nothing. */
  private static final Duration CLOSING = Duration.ofSeconds(3);

  private static final String PING = "ping";
  private static final String SILENT = "silent";

  private final Inlet<ByteString> blocks = Inlet.create("Frames.blocks");
  private final Outlet<ByteString> bytesOut = Outlet.create("Frames.bytesOut");
  private final Inlet<ByteString> bytesIn = Inlet.create("Frames.bytesIn");
  private final Outlet<Received> messages = Outlet.create("Frames.messages");
  private final BidiShape<ByteString, ByteString, ByteString, Received> shape =
      new BidiShape<>(blocks, bytesOut, bytesIn, messages);

  private final boolean isClient;
  private final int opcode;
  private final Optional<Duration> ping;

  /**
   * The stage of one connection.
   *
   * @param isClient whether this side asked for the connection
   * @param text whether blocks are sent as text
   * @param ping how often to look whether the peer is alive
   */
  Frames(boolean isClient, boolean text, Optional<Duration> ping) {
    this.isClient = isClient;
    this.opcode = text ? Frame.TEXT : Frame.BINARY;
    this.ping = ping;
  }

  @Override
  public BidiShape<ByteString, ByteString, ByteString, Received> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes attributes) {
    return new Logic();
  }

  private final class Logic extends TimerGraphStageLogic implements FrameReader.Control {
    private final FrameReader reader = new FrameReader(!isClient, this);
    private final FrameWriter writer = new FrameWriter(isClient);

    /** The newest answer to a ping, or a ping: older ones need not be sent. */
    private @Nullable ByteString control;

    private @Nullable ByteString block;
    private @Nullable ByteString farewell;
    private boolean saidFarewell;
    private boolean heardFarewell;

    /** What the peer said was wrong when it closed. */
    private @Nullable RuntimeException ending;

    /** Something came since the last look. */
    private boolean isLively;

    Logic() {
      super(shape);
      setHandler(blocks, fromUser());
      setHandler(bytesOut, toPeer());
      setHandler(bytesIn, fromPeer());
      setHandler(messages, toUser());
    }

    @Override
    public void preStart() {
      ping.ifPresent(period -> scheduleWithFixedDelay(PING, period, period));
    }

    @Override
    public void onTimer(Object timer) {
      if (timer.equals(PING)) {
        control = writer.frame(Frame.PING, ByteString.emptyByteString());
        send();
      } else if (!isLively && (heardFarewell || isClosed(bytesIn) || hasBeenPulled(bytesIn))) {
        completeStage();
      } else {
        isLively = false;
      }
    }

    private AbstractInHandler fromUser() {
      return new AbstractInHandler() {
        @Override
        public void onPush() {
          block = grab(blocks);
          send();
        }

        @Override
        public void onUpstreamFinish() {
          part(Frame.NORMAL);
        }

        @Override
        public void onUpstreamFailure(Throwable failure) {
          part(Frame.FAILED);
        }
      };
    }

    private AbstractOutHandler toPeer() {
      return new AbstractOutHandler() {
        @Override
        public void onPull() {
          send();
        }

        @Override
        public void onDownstreamFinish(Throwable cause) {
          saidFarewell = true; // what has come is still read
          cancel(blocks);
          if (heardFarewell) {
            completeStage();
          }
        }
      };
    }

    private AbstractInHandler fromPeer() {
      return new AbstractInHandler() {
        @Override
        public void onPush() {
          isLively = true;
          Received received = read(grab(bytesIn));
          if (!received.isEmpty() && isAvailable(messages)) {
            push(messages, received);
          } else if (!heardFarewell) {
            pull(bytesIn);
          }
          end();
        }

        @Override
        public void onUpstreamFinish() {
          if (!heardFarewell && reader.isWithinMessage()) {
            fail(messages, new IllegalStateException("the connection ended within a message"));
          }
          completeStage();
        }
      };
    }

    private AbstractOutHandler toUser() {
      return new AbstractOutHandler() {
        @Override
        public void onPull() {
          readOn();
        }

        @Override
        public void onDownstreamFinish(Throwable cause) {
          readOn();
        }
      };
    }

    private void readOn() {
      if (!heardFarewell && !isClosed(bytesIn) && !hasBeenPulled(bytesIn)) {
        pull(bytesIn);
      }
    }

    private Received read(ByteString bytes) {
      try {
        return reader.read(bytes);
      } catch (Violation violation) {
        heardFarewell = true;
        fail(messages, violation);
        part(violation.code());
        return new Received(ByteString.emptyByteString(), new int[0]);
      }
    }

    @Override
    public void ping(byte[] payload) {
      control = writer.frame(Frame.PONG, ByteString.fromArrayUnsafe(payload));
      send();
    }

    @Override
    public void close(int code, String reason) {
      heardFarewell = true;
      boolean isFine = code == Frame.NORMAL || code == Frame.GOING_AWAY || code == Frame.NO_CODE;
      ending = isFine ? null : new PeerClosedConnectionException(code, reason);
      part(isFine ? Frame.NORMAL : code);
    }

    /** What came before the close frame has been pushed. */
    private void end() {
      if (heardFarewell && !isClosed(messages)) {
        if (ending == null) {
          complete(messages);
        } else {
          fail(messages, ending);
        }
      }
      if (heardFarewell && saidFarewell) {
        completeStage();
      }
    }

    private void part(int code) {
      if (farewell == null) {
        farewell = writer.close(code, "");
        isLively = true;
        scheduleWithFixedDelay(SILENT, CLOSING, CLOSING);
        send();
      }
    }

    /** Sends what is most urgent, or asks for more. */
    private void send() {
      if (!isAvailable(bytesOut) || saidFarewell) {
        return;
      }
      ByteString urgent = control;
      ByteString next = block;
      if (urgent != null) {
        control = null;
        push(bytesOut, urgent);
      } else if (next != null) {
        block = null;
        push(bytesOut, writer.frame(opcode, next));
      } else if (farewell != null) {
        push(bytesOut, farewell);
        saidFarewell = true;
        if (heardFarewell && isClosed(messages)) {
          completeStage();
        }
      } else if (!isClosed(blocks) && !hasBeenPulled(blocks)) {
        pull(blocks);
      }
    }
  }
}
