/**
 * Akka Streams stages: descriptors as source and sink, and what can be done to data on its way.
 *
 * <p>Nothing here knows the actors of the relay.
 */
@Internal
@NullMarked
package dev.sluice.stream;

import dev.sluice.Internal;
import org.jspecify.annotations.NullMarked;
