/**
 * What an open address is: an {@link dev.sluice.endpoint.Endpoint} with a reading and a writing
 * half, or a {@link dev.sluice.endpoint.Listener} that gives endpoints.
 *
 * <p>Nothing here knows who relays them.
 */
@NullMarked
package dev.sluice.endpoint;

import org.jspecify.annotations.NullMarked;
