package dev.understudy.e2e;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Headless Chromium as it is installed here, with a camera that shows a moving figure and a clock, and a microphone that
 * beeps.
 *
 * <p>Where there is none, the test that wants it is skipped, or fails where {@value #REQUIRED} is true: on a machine that
 * is to run all tests, a browser that went missing must not pass unnoticed. Confined to the test's thread.
 */
final class Chromium implements AutoCloseable {
    private static final String REQUIRED = "understudy.test.requireBrowser";
    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome");
    private static final List<String> ARGUMENTS = List.of(
            "--no-sandbox",
            "--use-fake-device-for-media-stream=fps=30",
            "--use-fake-ui-for-media-stream",
            "--autoplay-policy=no-user-gesture-required");

    private final Playwright playwright;
    private final Browser browser;

    private Chromium(Playwright playwright, Browser browser) {
        this.playwright = playwright;
        this.browser = browser;
    }

    /** Starts it; skips the test, or fails, where that cannot be. */
    static Chromium start() {
        Path executable = executable().orElseGet(Chromium::missing);
        Playwright playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        return new Chromium(
                playwright,
                playwright
                        .chromium()
                        .launch(new BrowserType.LaunchOptions()
                                .setExecutablePath(executable)
                                .setArgs(ARGUMENTS)));
    }

    private static Optional<Path> executable() {
        return Pattern.compile(File.pathSeparator)
                .splitAsStream(System.getenv("PATH"))
                .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static Path missing() {
        String missing = "none of " + NAMES + " is on the PATH";
        return Boolean.getBoolean(REQUIRED) ? fail(missing + ", and " + REQUIRED + " is true") : abort(missing);
    }

    Page page() {
        return browser.newPage();
    }

    @Override
    public void close() {
        playwright.close();
    }
}
