package dev.sluice.option;

import org.jspecify.annotations.Nullable;

/**
 * An option with the value that an address was given.
 *
 * @param option the row
 * @param value what the type read; null only for types that have a null
 * @param text as typed, {@code name=value}
 */
public record OptionValue<T>(Option<T> option, @Nullable T value, String text) {}
