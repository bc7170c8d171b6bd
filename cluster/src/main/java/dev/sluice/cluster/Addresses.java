package dev.sluice.cluster;

import dev.sluice.log.RelayLog;
import dev.sluice.log.Severity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The IP addresses that come with relays: the owner puts them on the interface that is in their
 * network, by ip(8), and announces them. All is done in turn, on a thread of its own.
 */
final class Addresses {
  private static final int PATIENCE_SECONDS = 5;

  /** One of them: {@code 10.0.0.9/24}. */
  private record Prefixed(InetAddress address, int prefix) {
    static Prefixed of(String text) throws IOException {
      int slash = text.indexOf('/');
      return new Prefixed(
          InetAddress.getAllByName(text.substring(0, slash))[0],
          Integer.parseInt(text.substring(slash + 1)));
    }

    boolean isInNetworkOf(InetAddress other) {
      byte[] own = address.getAddress();
      byte[] its = other.getAddress();
      if (own.length != its.length) {
        return false;
      }
      for (int bit = 0; bit < prefix; bit++) {
        int mask = 0x80 >>> (bit % 8);
        if ((own[bit / 8] & mask) != (its[bit / 8] & mask)) {
          return false;
        }
      }
      return true;
    }
  }

  private final ExecutorService inTurn =
      Executors.newSingleThreadExecutor(
          work -> {
            Thread thread = new Thread(work, "cluster-addresses");
            thread.setDaemon(true);
            return thread;
          });

  /** Takes these addresses, and then does that. */
  void take(Collection<String> addresses, Runnable then) {
    if (addresses.isEmpty()) {
      inTurn.execute(then);
      return;
    }
    inTurn.execute(
        () -> {
          addresses.forEach(this::take);
          then.run();
        });
  }

  /** Gives these addresses back, whether or not they were taken in this run, and then does that. */
  void give(Collection<String> addresses, Runnable then) {
    inTurn.execute(
        () -> {
          addresses.forEach(this::give);
          then.run();
        });
  }

  private void take(String text) {
    try {
      Prefixed one = Prefixed.of(text);
      NetworkInterface device = device(one);
      if (device == null) {
        RelayLog.ofProcess().error("cluster: no interface is in the network of " + text);
        return;
      }
      if (holder(one) == null) {
        boolean isSix = one.address.getAddress().length == 16;
        List<String> words =
            new ArrayList<>(List.of("ip", "addr", "add", text, "dev", device.getName()));
        if (isSix) {
          words.add("nodad");
        }
        run(words);
      }
      Announcement.send(device, one.address);
      RelayLog.ofProcess()
          .always(Severity.NOTICE, "cluster: takes address " + text + " on " + device.getName());
    } catch (IOException e) {
      RelayLog.ofProcess().error("cluster: can't take address " + text + ": " + e.getMessage());
    }
  }

  private void give(String text) {
    try {
      NetworkInterface device = holder(Prefixed.of(text));
      if (device != null) {
        run(List.of("ip", "addr", "del", text, "dev", device.getName()));
        RelayLog.ofProcess().always(Severity.NOTICE, "cluster: gives address " + text + " back");
      }
    } catch (IOException e) {
      RelayLog.ofProcess().error("cluster: can't give back " + text + ": " + e.getMessage());
    }
  }

  /** The interface that has the address; null when none has. */
  private static @Nullable NetworkInterface holder(Prefixed one) throws IOException {
    return NetworkInterface.getByInetAddress(one.address);
  }

  /** The interface with another address of the same network; null when there is none. */
  private static @Nullable NetworkInterface device(Prefixed one) throws IOException {
    for (NetworkInterface device : Collections.list(NetworkInterface.getNetworkInterfaces())) {
      for (InterfaceAddress own : device.getInterfaceAddresses()) {
        if (one.isInNetworkOf(own.getAddress()) && !own.getAddress().equals(one.address)) {
          return device;
        }
      }
    }
    return null;
  }

  private static void run(List<String> words) throws IOException {
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    process.getOutputStream().close();
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException(String.join(" ", words) + " takes too long");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
    if (process.exitValue() != 0) {
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      throw new IOException(String.join(" ", words) + ": " + said.strip());
    }
  }
}
