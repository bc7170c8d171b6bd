/**
 * What is said to proxies, and by them: HTTP CONNECT, SOCKS 4, 4a and 5, the PROXY protocol. Knows
 * no address type.
 */
@Internal
@NullMarked
package dev.sluice.addresses.proxy;

import dev.sluice.Internal;
import org.jspecify.annotations.NullMarked;
