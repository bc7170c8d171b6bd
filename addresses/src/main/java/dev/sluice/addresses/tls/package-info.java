/**
 * TLS and DTLS over our own sockets: JSSE's engine does the records, Bouncy Castle reads PEM. Knows
 * no address type.
 */
@Internal
@NullMarked
package dev.sluice.addresses.tls;

import dev.sluice.Internal;
import org.jspecify.annotations.NullMarked;
