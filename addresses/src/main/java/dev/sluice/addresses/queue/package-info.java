/** What addresses of POSIX message queues share. */
@Internal
@NullMarked
package dev.sluice.addresses.queue;

import dev.sluice.Internal;
import org.jspecify.annotations.NullMarked;
