package dev.fanfare.examples;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** The Chromium that is installed. */
final class ChromiumBrowser implements Browser {
    private static final String REMEMBER_VIOLATIONS = "window.violations = [];"
            + "document.addEventListener('securitypolicyviolation',"
            + " (event) => window.violations.push(event.violatedDirective + ' ' + event.blockedURI));";

    /** A strong reference: java.util.logging forgets the level of a logger that nobody holds. */
    private static final Logger SELENIUM = Logger.getLogger("org.openqa.selenium");

    private final ChromeDriver driver;

    static Optional<Path> chromium() {
        return installed("chromium", "chromium-browser", "google-chrome");
    }

    static Optional<Path> driver() {
        return installed("chromedriver");
    }

    private static Optional<Path> installed(String... names) {
        String path = System.getenv().getOrDefault("PATH", "") + ":/usr/bin";
        return Stream.of(names)
                .flatMap(name -> Stream.of(path.split(":")).map(directory -> Path.of(directory, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    ChromiumBrowser() {
        SELENIUM.setLevel(Level.SEVERE); // it warns of every Chromium that is newer than itself
        driver = new ChromeDriver(
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(driver().orElseThrow().toFile())
                        .build(),
                options());
        driver.executeCdpCommand("Page.addScriptToEvaluateOnNewDocument", Map.of("source", REMEMBER_VIOLATIONS));
    }

    private static ChromeOptions options() {
        ChromeOptions options = new ChromeOptions();
        options.setBinary(chromium().orElseThrow().toFile());
        options.addArguments("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run");
        options.addArguments("--disable-background-networking", "--disable-component-update", "--disable-sync");
        try {
            options.addArguments("--user-data-dir="
                    + Files.createTempDirectory(Path.of("target"), "chromium-").toAbsolutePath());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        LoggingPreferences everything = new LoggingPreferences();
        everything.enable(LogType.BROWSER, Level.ALL);
        options.setCapability(ChromeOptions.LOGGING_PREFS, everything);
        return options;
    }

    @Override
    public void open(String address) {
        driver.get(address);
    }

    @Override
    public void leave() {
        driver.get("about:blank");
    }

    @Override
    public void enter(String room) {
        WebElement field = driver.findElement(By.id("room"));
        field.clear();
        field.sendKeys(room, Keys.ENTER);
    }

    @Override
    public void type(String text) {
        field().sendKeys(text);
    }

    private WebElement field() {
        return driver.findElement(By.id("text"));
    }

    @Override
    public void submit() {
        field().sendKeys(Keys.ENTER);
    }

    @Override
    public String typed() {
        return String.valueOf(field().getDomProperty("value"));
    }

    @Override
    public String text(String id) {
        return driver.findElement(By.id(id)).getText();
    }

    @Override
    public List<String> texts(String selector) {
        // At one instant: the page may change between two questions.
        return strings(
                "return Array.from(document.querySelectorAll(arguments[0])).map((found) => found.textContent)",
                selector);
    }

    /** What a script of the page returns. */
    List<String> strings(String script, Object... arguments) {
        List<?> found = (List<?>) Objects.requireNonNull(driver.executeScript(script, arguments));
        return found.stream().map(String::valueOf).toList();
    }

    /** Presses Enter on the first element that matches, as somebody without a mouse does. */
    void pressEnterOn(String selector) {
        driver.findElement(By.cssSelector(selector)).sendKeys(Keys.ENTER);
    }

    /** Clicks the first element that matches. */
    void click(String selector) {
        driver.findElement(By.cssSelector(selector)).click();
    }

    /** Runs a script in the page. */
    void execute(String script) {
        driver.executeScript(script);
    }

    /** What the page's policy forbade since the page was opened. */
    List<String> violations() {
        return strings("return window.violations");
    }

    /** What stands on the browser's console since the last call. */
    List<String> console() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .map(LogEntry::getMessage)
                .toList();
    }

    @Override
    public void close() {
        driver.quit();
    }
}
