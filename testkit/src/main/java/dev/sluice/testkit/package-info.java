/**
 * What tests of addresses and relays build on: {@link dev.sluice.testkit.EndpointContract} holds
 * for every address type, {@link dev.sluice.testkit.AddressFixture} sets the scene for one of them,
 * {@link dev.sluice.testkit.Peer} is the other end in the test's hand.
 */
@NullMarked
package dev.sluice.testkit;

import org.jspecify.annotations.NullMarked;
