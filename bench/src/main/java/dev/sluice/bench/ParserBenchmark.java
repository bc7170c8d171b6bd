package dev.sluice.bench;

import dev.sluice.catalog.AddressPair;
import dev.sluice.catalog.Catalog;
import dev.sluice.spec.Problems;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Reading an address: words, keyword, options with their types. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class ParserBenchmark {
  private static final Catalog CATALOG = Catalog.load();

  @Param({
    "-",
    "TCP:localhost:80",
    "TCP-LISTEN:8080,bind=127.0.0.1,reuseaddr,fork,max-children=50,keepalive,range=127.0.0.0/8",
    "SYSTEM:'echo \"a, b\" | tr a-z A-Z',pipes,stderr"
  })
  private String address = "";

  @Benchmark
  public @Nullable AddressPair read() {
    return CATALOG.read(address, true, new Problems());
  }
}
