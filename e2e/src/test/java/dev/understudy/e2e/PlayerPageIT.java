package dev.understudy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.ivsrealtime.model.Composition;

/** The player page in a real browser, with hls.js, on a recording that is still growing. */
@Timeout(180)
class PlayerPageIT {
    /** For people to look at. */
    private static final Path SCREENSHOT = Path.of("target", "player-page.png");

    /** More than lies there when the player begins: it must have read segments that were not there yet. */
    private static final double SECONDS_PLAYED = 8;

    @TempDir
    Path data;

    @Test
    void playsARecordingWhileItGrowsAndKnowsItsEnd() {
        try (Chromium chromium = Chromium.start();
                RecordedStage stage = new RecordedStage(data, "--serve-recordings");
                Program _ = stage.publisher("Ada")) {
            Page page = chromium.page();
            List<String> exceptions = new ArrayList<>();
            page.onPageError(exceptions::add);
            page.setDefaultTimeout(60_000);
            Composition composition = stage.record();

            page.navigate(stage.endpoint() + "/play/?recording=" + RecordedStage.name(composition));
            page.waitForFunction("() => video.currentTime > 0");
            double begun = number(page, "video.currentTime");
            page.waitForFunction("begun => video.currentTime > begun", begun + SECONDS_PLAYED);
            page.screenshot(new Page.ScreenshotOptions().setPath(SCREENSHOT));

            assertThat(page.locator("output").textContent()).startsWith("Live, ");
            assertThat(page.locator("output.bad").count()).isZero();
            assertThat(number(page, "video.videoWidth")).isEqualTo(1280);
            assertThat(number(page, "video.videoHeight")).isEqualTo(720);
            assertThat(number(page, "video.getVideoPlaybackQuality().totalVideoFrames"))
                    .isPositive();

            stage.stop(composition);
            page.waitForFunction("() => state.textContent.startsWith('Ended, ')");
            page.waitForFunction("() => video.ended");
            assertThat(page.locator("output.bad").count()).isZero();
            assertThat(exceptions).isEmpty();
        }
    }

    private static double number(Page page, String expression) {
        return ((Number) page.evaluate(expression)).doubleValue();
    }
}
