package dev.sluice.option;

import dev.sluice.spec.AddressParser;
import dev.sluice.spec.AddressSpec;
import dev.sluice.spec.OptionSpec;
import dev.sluice.spec.Problems;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Options as a user writes them, for tests. */
public final class Given {
  private Given() {}

  /** Reads a list such as {@code append,perm=600}, whatever address it belongs to. */
  public static Options options(String list) {
    AddressSpec spec =
        Objects.requireNonNull(AddressParser.parse("-," + list, new Problems())).first();
    List<OptionValue<?>> values = new ArrayList<>();
    for (OptionSpec option : spec.options()) {
      values.add(
          value(Objects.requireNonNull(OptionTable.find(option.name()), option.name()), option));
    }
    return new Options(values);
  }

  private static <T> OptionValue<T> value(Option<T> option, OptionSpec spec) {
    return new OptionValue<>(option, option.type().read(option, spec), spec.text());
  }
}
