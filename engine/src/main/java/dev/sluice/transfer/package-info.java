/**
 * How bytes move between two endpoints: {@link dev.sluice.transfer.TransferPlan} picks a pump for
 * each direction.
 *
 * <p>A {@link dev.sluice.transfer.Pump} knows one step; who drives it knows how to wait: {@link
 * dev.sluice.transfer.PolledTransfer} on a poller, {@link dev.sluice.transfer.ThreadTransfer} on a
 * thread of its own. {@link dev.sluice.transfer.StreamPump} runs Akka Streams instead. All must
 * look the same from outside. Nothing here knows what the addresses are.
 */
@NullMarked
package dev.sluice.transfer;

import org.jspecify.annotations.NullMarked;
