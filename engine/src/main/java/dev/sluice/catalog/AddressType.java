package dev.sluice.catalog;

import dev.sluice.endpoint.Opened;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * One keyword of the address language. Stateless.
 *
 * <p>Adding an address type is adding one class with {@code @AutoService(AddressTypes.class)}.
 */
public interface AddressType extends AddressTypes {
  /** This one. */
  @Override
  default List<AddressType> types() {
    return List.of(this);
  }

  /** What it is called, takes and can do. */
  AddressDescriptor descriptor();

  /**
   * Opens the address.
   *
   * <p>Must not block the caller: what can block goes through {@link OpenContext#blocking}. The
   * stage fails with {@link OpenFailure}, or with {@link dev.sluice.os.NativeError} for a system
   * call that failed. When it fails, nothing stays open.
   */
  CompletionStage<? extends Opened> open(OpenContext context);
}
