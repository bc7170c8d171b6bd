package dev.sluice.endpoint;

import dev.sluice.fault.Fault;
import java.util.List;
import java.util.stream.Stream;

/**
 * What is done to the data of an address of any type.
 *
 * @param ignoreEof end of data is not the end: reading is tried again every second
 * @param nullEof an empty datagram is the end of data
 * @param coolWrite a peer that went away while it was written to is no error
 * @param readBytes end of data after that many bytes; 0 for no limit
 * @param escape value of the byte that ends the input; −1 for none
 * @param linesIn how lines that are read end there
 * @param linesOut how lines that are written end there
 * @param faults what its data suffer on purpose, both ways
 */
public record DataOptions(
    boolean ignoreEof,
    boolean nullEof,
    boolean coolWrite,
    long readBytes,
    int escape,
    LineTerminator linesIn,
    LineTerminator linesOut,
    List<Fault> faults) {
  public static final DataOptions NONE =
      new DataOptions(
          false, false, false, 0, -1, LineTerminator.RAW, LineTerminator.RAW, List.of());

  /** Whether the data may be taken to end while the peer still has some. */
  public boolean mayEndEarly() {
    return readBytes > 0 || escape >= 0 || nullEof || !faults.isEmpty();
  }

  static DataOptions joined(DataOptions read, DataOptions write) {
    return new DataOptions(
        read.ignoreEof,
        read.nullEof,
        write.coolWrite,
        read.readBytes,
        read.escape,
        read.linesIn,
        write.linesOut,
        Stream.concat(read.faults.stream(), write.faults.stream()).toList());
  }
}
