package dev.sluice.cli.model;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.function.Supplier;

/**
 * Plays a script on both sides of a relay, and holds what comes out against the model: every byte
 * that is sent arrives once and in order, and an end after the bytes before it.
 *
 * <p>After each step that has an effect on the other side, the effect is waited for, so that the
 * order of ends is the script's; nothing is waited for on a side that is stalled. After a reset
 * only what had been read by the relay must have arrived.
 */
public final class Play {
  private final Script script;
  private final Party left;
  private final Party right;
  private final StringBuilder story = new StringBuilder();
  private final boolean[] ended = new boolean[2];
  private boolean reset;
  private boolean undecided;

  private Play(Script script, Party left, Party right) {
    this.script = script;
    this.left = left;
    this.right = right;
  }

  /** A relay between two addresses that is being started, and its exit status. */
  @FunctionalInterface
  public interface Relaying {
    /** Starts it; what is returned waits for the exit status. */
    Supplier<Integer> start(String leftAddress, String rightAddress);
  }

  /**
   * Plays a script.
   *
   * @return what was seen: who got how much, in which order the ends came, the exit status
   */
  public static String of(Script script, Relaying relaying) {
    try (ServerSocket leftServer = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        ServerSocket rightServer = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Supplier<Integer> status = relaying.start(address(leftServer), address(rightServer));
      try (Party left = new Party(leftServer.accept(), 1, 2);
          Party right = new Party(rightServer.accept(), 2, 1)) {
        Play play = new Play(script, left, right);
        try {
          script.steps().forEach(play::step);
          int exit = status.get();
          play.story.append("exit ").append(play.undecided ? "0 or 1" : exit);
        } catch (AssertionError e) {
          throw new AssertionError(script + "\nso far: " + play.story, e);
        }
        return play.verdict();
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String address(ServerSocket server) {
    return "TCP:127.0.0.1:" + server.getLocalPort();
  }

  private Party party(Script.Side side) {
    return side == Script.Side.LEFT ? left : right;
  }

  private void step(Script.Step step) {
    Script.Side side = step.side();
    Party party = party(side);
    if (step instanceof Script.Step.Send send) {
      party.send(send.bytes());
      settle(side);
    } else if (step instanceof Script.Step.End) {
      party.endOutput();
      ended[side.ordinal()] = true;
      settle(side);
    } else if (step instanceof Script.Step.Stall) {
      party.stall(true);
    } else if (step instanceof Script.Step.Resume) {
      party.stall(false);
      settle(side.other());
    } else {
      reset(side);
    }
  }

  /** Waits until what a side has done has arrived on the other, if that reads. */
  private void settle(Script.Side side) {
    Party other = party(side.other());
    if (reset || other.isStalled()) {
      return;
    }
    other.awaitReceived(party(side).sent());
    if (ended[side.ordinal()]) {
      other.awaitEnd();
      if (story.indexOf(side + " ended") < 0) {
        story.append(side).append(" ended; ");
      }
    }
  }

  private void reset(Script.Side side) {
    party(side).awaitSent();
    undecided = party(side.other()).isStalled();
    reset = true;
    party(side).reset();
    story.append(side).append(" reset; ");
  }

  private String verdict() {
    for (Script.Side side : Script.Side.values()) {
      Party to = party(side);
      long sent = party(side.other()).sent();
      if (to.firstWrong() >= 0 || to.received() > sent || (!reset && to.received() != sent)) {
        throw new AssertionError(
            script
                + ": "
                + side
                + " got "
                + to.received()
                + " bytes of "
                + sent
                + ", wrong from "
                + to.firstWrong());
      }
      if (!reset) {
        story.append("; ").append(side).append(" got ").append(to.received());
      }
    }
    return story.toString();
  }
}
