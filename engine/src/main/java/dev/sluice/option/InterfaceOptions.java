package dev.sluice.option;

import static dev.sluice.option.Option.row;
import static dev.sluice.option.OptionGroup.INTERFACE;
import static dev.sluice.option.OptionType.BOOL;
import static dev.sluice.option.OptionType.CONST;
import static dev.sluice.option.OptionType.STRING;
import static dev.sluice.option.OptionType.UNSIGNED_INT;

import java.util.ArrayList;
import java.util.List;

/** Options of network interfaces, and of those that a TUN address makes. */
public final class InterfaceOptions {
  static final List<Option<?>> ROWS = new ArrayList<>();

  private static Option<Boolean> flag(String name, int mask) {
    return row(name, BOOL, Phase.OFFSET, INTERFACE)
        .does(new Effect.InterfaceFlag(mask))
        .from("netdevice(7)");
  }

  public static final Option<Boolean> IFF_UP =
      flag("iff-up", 0x1).aka("up").help("the interface is up").in(ROWS);
  public static final Option<Boolean> IFF_BROADCAST =
      flag("iff-broadcast", 0x2).help("the interface has a broadcast address").in(ROWS);
  public static final Option<Boolean> IFF_DEBUG =
      flag("iff-debug", 0x4).help("the driver tells what it does").in(ROWS);
  public static final Option<Boolean> IFF_LOOPBACK =
      flag("iff-loopback", 0x8).aka("loopback").help("the interface is a loopback").in(ROWS);
  public static final Option<Boolean> IFF_POINTOPOINT =
      flag("iff-pointopoint", 0x10)
          .aka("pointopoint")
          .help("the interface is a line to one peer")
          .in(ROWS);
  public static final Option<Boolean> IFF_NOTRAILERS =
      flag("iff-notrailers", 0x20).aka("notrailers").help("frames have no trailers").in(ROWS);
  public static final Option<Boolean> IFF_RUNNING =
      flag("iff-running", 0x40).aka("running").help("the interface has its resources").in(ROWS);
  public static final Option<Boolean> IFF_NOARP =
      flag("iff-noarp", 0x80).aka("noarp").help("no address resolution").in(ROWS);
  public static final Option<Boolean> IFF_PROMISC =
      flag("iff-promisc", 0x100).aka("promisc").help("takes frames to others too").in(ROWS);
  public static final Option<Boolean> IFF_ALLMULTI =
      flag("iff-allmulti", 0x200).aka("allmulti").help("takes all multicasts").in(ROWS);
  public static final Option<Boolean> IFF_MASTER =
      flag("iff-master", 0x400).aka("master").help("the interface leads a bundle").in(ROWS);
  public static final Option<Boolean> IFF_SLAVE =
      flag("iff-slave", 0x800).aka("slave").help("the interface is of a bundle").in(ROWS);
  public static final Option<Boolean> IFF_MULTICAST =
      flag("iff-multicast", 0x1000)
          .aka("multicast")
          .help("the interface can send multicasts")
          .in(ROWS);
  public static final Option<Boolean> IFF_PORTSEL =
      flag("iff-portsel", 0x2000).aka("portsel").help("the medium can be chosen").in(ROWS);
  public static final Option<Boolean> IFF_AUTOMEDIA =
      flag("iff-automedia", 0x4000).aka("automedia").help("the medium is found out").in(ROWS);
  public static final Option<Integer> INTERFACE_MTU =
      row("interface-mtu", UNSIGNED_INT, Phase.LATE, INTERFACE)
          .aka("if-mtu")
          .help("largest packet in bytes")
          .from("netdevice(7)")
          .in(ROWS);
  public static final Option<Boolean> RETRIEVE_VLAN =
      row("retrieve-vlan", CONST, Phase.LATE, INTERFACE)
          .help("frames come with the VLAN tag that the kernel takes off")
          .from("packet(7)")
          .in(ROWS);
  public static final Option<String> TUN_DEVICE =
      row("tun-device", STRING, Phase.OPEN, INTERFACE)
          .help("device to make interfaces with, in place of /dev/net/tun")
          .in(ROWS);
  public static final Option<String> TUN_NAME =
      row("tun-name", STRING, Phase.FD, INTERFACE)
          .help("name of the interface; %d in it is a free number")
          .in(ROWS);
  public static final Option<String> TUN_TYPE =
      row("tun-type", STRING, Phase.FD, INTERFACE)
          .help("tun for packets, tap for Ethernet frames")
          .in(ROWS);
  public static final Option<Boolean> IFF_NO_PI =
      row("iff-no-pi", BOOL, Phase.FD, INTERFACE)
          .aka("no-pi", "tun-no-pi")
          .help("packets without the four bytes that tell flags and protocol")
          .in(ROWS);

  private InterfaceOptions() {}
}
