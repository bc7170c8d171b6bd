package dev.sluice.transfer;

import akka.stream.Materializer;
import dev.sluice.Internal;
import dev.sluice.os.PipePool;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * What transfers run on.
 *
 * @param poller the session's poller
 * @param secondPoller another one, where two threads move more; the same where there is but one.
 *     Asked for only when one is needed
 * @param blockingIo threads that may block for as long as a session lasts
 * @param pipes pipes for splicing
 * @param materializer runs streams; asked for only when one is needed
 */
@Internal
public record TransferRuntime(
    PollerMemory poller,
    Supplier<PollerMemory> secondPoller,
    Executor blockingIo,
    PipePool pipes,
    Supplier<Materializer> materializer) {}
