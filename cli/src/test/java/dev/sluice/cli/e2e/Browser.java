package dev.sluice.cli.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.logging.Level;
import org.jspecify.annotations.Nullable;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** Debian's Chromium without a screen. Waits for what a page shows, never for time. */
final class Browser implements AutoCloseable {
  private static final String AXE = "/META-INF/resources/webjars/axe-core/4.6.3/axe.min.js";

  private final ChromeDriver driver;

  Browser(Path profile) {
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    ChromeOptions options = new ChromeOptions();
    options.setBinary("/usr/bin/chromium");
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--user-data-dir=" + profile);
    options.setCapability("goog:loggingPrefs", logs);
    ChromeDriverService service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(Path.of("/usr/bin/chromedriver").toFile())
            .withSilent(true)
            .build();
    driver = new ChromeDriver(service, options);
    driver.manage().window().setSize(new Dimension(1440, 900));
  }

  void open(String url) {
    driver.get(url);
  }

  String url() {
    return String.valueOf(driver.getCurrentUrl());
  }

  void width(int pixels) {
    size(pixels, 900);
  }

  void size(int width, int height) {
    driver.manage().window().setSize(new Dimension(width, height));
  }

  /** A picture of what is shown, as PNG. */
  void save(Path picture) throws IOException {
    Files.write(picture, driver.getScreenshotAs(OutputType.BYTES));
  }

  WebElement find(String css) {
    return driver.findElement(By.cssSelector(css));
  }

  /** The text of all elements together; empty where there are none. */
  String text(String css) {
    Object text =
        run(
            "return [...document.querySelectorAll(arguments[0])].map(e => e.innerText).join('\\n')",
            css);
    return Objects.toString(text, "");
  }

  /** Clicks; an element that is replaced while it is looked for is looked for again. */
  void click(String css) {
    Await.until(
        () -> {
          try {
            find(css).click();
            return true;
          } catch (StaleElementReferenceException replaced) {
            return false;
          }
        },
        () -> css + " stays long enough to be clicked");
  }

  void type(String css, String text) {
    find(css).clear();
    find(css).sendKeys(text);
  }

  /** Waits until the elements have that text somewhere. */
  void await(String css, String text) {
    Await.until(
        () -> text(css).contains(text),
        () -> "\"" + text + "\" in " + css + ", which says: " + text(css) + "\n" + log());
  }

  /** Waits until they do not. */
  void awaitNo(String css, String text) {
    Await.until(
        () -> !text(css).contains(text),
        () -> "no \"" + text + "\" in " + css + ", which says: " + text(css) + "\n" + log());
  }

  @Nullable Object run(String script, Object... arguments) {
    return driver.executeScript(script, arguments);
  }

  /** What the page has logged since the last call: errors of scripts, refusals of the policy. */
  List<String> log() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .map(entry -> entry.getLevel() + " " + entry.getMessage())
        .toList();
  }

  /** axe-core finds nothing, and nothing is wider than the page. */
  void check(String what) throws IOException {
    try (var in = Objects.requireNonNull(Browser.class.getResourceAsStream(AXE))) {
      run(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
    Object found =
        driver.executeAsyncScript(
            "const done = arguments[0]; axe.run().then(r => done(r.violations.map(v => v.id + ': '"
                + " + v.nodes.map(n => n.html + ' ' + n.failureSummary).join(' | '))))");
    assertEquals(List.of(), found, what);
    assertEquals(
        true,
        run("return document.documentElement.scrollWidth <= innerWidth"),
        what + " is wider than the page");
  }

  /** Bytes that the page's files took on their way. */
  long transferred() {
    Object sum =
        run(
            "return performance.getEntriesByType('resource').concat("
                + "performance.getEntriesByType('navigation'))"
                + ".filter(e => !e.name.includes('/v1/'))"
                + ".reduce((sum, e) => sum + e.encodedBodySize, 0)");
    return ((Number) Objects.requireNonNull(sum)).longValue();
  }

  Map<String, Object> emulate(String command, Map<String, Object> parameters) {
    return driver.executeCdpCommand(command, parameters);
  }

  @Override
  public void close() {
    driver.quit();
  }
}
