package dev.sluice.catalog;

import dev.sluice.endpoint.Opened;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * An address of a connector as the index describes it: help and references know it, and whoever
 * wants to open it is told what is missing.
 *
 * @param connector the connector's name, such as {@code kafka}
 * @param descriptor what the index says of the address
 * @param reason what is missing, and how to get it
 */
record MissingConnector(String connector, AddressDescriptor descriptor, String reason)
    implements AddressType {
  @Override
  public CompletionStage<Opened> open(OpenContext context) {
    return CompletableFuture.failedStage(OpenFailure.lasting(reason));
  }
}
