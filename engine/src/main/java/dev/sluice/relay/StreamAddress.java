package dev.sluice.relay;

import dev.sluice.catalog.Address;
import dev.sluice.catalog.AddressDescriptor;
import dev.sluice.catalog.AddressPair;
import dev.sluice.catalog.AddressType;
import dev.sluice.catalog.OpenContext;
import dev.sluice.endpoint.Opened;
import dev.sluice.endpoint.StreamChannel;
import dev.sluice.option.Options;
import dev.sluice.spec.AddressSpec;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** An address that is a program's own streams; each session has its own channel of them. */
record StreamAddress(Supplier<StreamChannel> channel) implements AddressType {
  private static final AddressDescriptor DESCRIPTOR =
      AddressDescriptor.named("STREAM")
          .documented("streams", "Source, sink or flow of the program that runs the relay.", "");

  AddressPair asSide() {
    String keyword = DESCRIPTOR.keyword();
    AddressSpec spec = new AddressSpec(keyword, keyword, List.of(), List.of());
    return new AddressPair(new Address(this, spec, Options.none()), null);
  }

  @Override
  public AddressDescriptor descriptor() {
    return DESCRIPTOR;
  }

  @Override
  public CompletionStage<? extends Opened> open(OpenContext context) {
    return CompletableFuture.completedStage(channel.get());
  }
}
