/**
 * What connectors share: their actor system, the address beneath, and how messages become bytes.
 * Nothing here knows a protocol.
 */
@NullMarked
package dev.sluice.connector.kit;

import org.jspecify.annotations.NullMarked;
