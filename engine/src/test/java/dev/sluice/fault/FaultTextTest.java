package dev.sluice.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FaultTextTest {
  @Test
  void readsLatencyWithJitterDirectionShareAndSeed() {
    Fault fault = FaultText.parse("latency:50ms~1.5ms:up:p=10%:seed=7");
    assertEquals(Fault.Kind.LATENCY, fault.kind());
    assertEquals(Duration.ofMillis(50), fault.time());
    assertEquals(Duration.ofNanos(1_500_000), fault.jitter());
    assertTrue(fault.isFor(true));
    assertFalse(fault.isFor(false));
    assertEquals(0.1, fault.probability());
    assertEquals(7, fault.seed().orElseThrow());
  }

  @ParameterizedTest
  @CsvSource({
    "rate:64KiB, 65536",
    "rate:64K, 65536",
    "rate:100, 100",
    "rate:100B, 100",
    "rate:1.5M, 1572864",
    "slice:100~20@5ms, 100",
  })
  void readsSizes(String text, long bytes) {
    assertEquals(bytes, FaultText.parse(text).bytes());
  }

  @Test
  void readsPartsOfSlices() {
    Fault fault = FaultText.parse("slice:100~20@5ms");
    assertEquals(20, fault.spread());
    assertEquals(Duration.ofMillis(5), fault.time());
  }

  @Test
  void readsWhenItBegins() {
    assertEquals(Fault.Begin.AT_ONCE, FaultText.parse("stall").after());
    assertEquals(Duration.ofSeconds(10), FaultText.parse("reset@10s").after().time());
    assertEquals(1 << 20, FaultText.parse("cut@1MiB:down").after().bytes());
  }

  @Test
  void readsSharesOfDatagrams() {
    assertEquals(0.01, FaultText.parse("loss:1%").share());
    assertEquals(0.5, FaultText.parse("reorder:0.5").share());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "lag:5ms",
        "latency",
        "latency:",
        "latency:50",
        "latency:10ms~20ms",
        "latency:25h",
        "latency:5ms:sideways",
        "latency:5ms:up:down",
        "latency:5ms:p=0",
        "latency:5ms:p=101%",
        "rate:0",
        "rate:fast",
        "slice:10~10",
        "slice:10@x",
        "cut",
        "cut:5",
        "reset@",
        "refuse@5s",
        "slow-close:5",
        "loss:0%",
        "loss:200%",
        "stall:5s",
        "loss:1%:seed=x",
        "latency@5s:5ms",
      })
  void saysWhatIsWrong(String text) {
    String message =
        String.valueOf(
            assertThrows(IllegalArgumentException.class, () -> FaultText.parse(text)).getMessage());
    assertTrue(message.startsWith("fault \"" + text + "\": "), message);
  }
}
