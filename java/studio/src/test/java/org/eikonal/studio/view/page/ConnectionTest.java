package org.eikonal.studio.view.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.chrome.ChromeDriver;

/** The page and a server that trains, goes away, comes back, and does not know one. */
class ConnectionTest {
    @TempDir
    static Path folder;

    private static ChromeDriver browser;
    private static Page page;

    @BeforeAll
    static void look() {
        browser = Chromium.start(folder);
        page = new Page(browser);
    }

    @AfterAll
    static void end() {
        if (browser != null) {
            browser.quit();
        }
    }

    private static ViewerProcess view(Object... arguments) {
        return ViewerProcess.start("view", "--device", "cpu", "--no-browser", List.of(arguments));
    }

    private static long step() {
        return Long.parseLong(page.text("#figure-step").replace(",", ""));
    }

    private static void untilTrainingIs(String word) {
        page.until(word, () -> page.text("#training-word").equals(word));
    }

    @Test
    void trainingIsSeenPausedResumedSavedAndStopped() throws IOException {
        Path run = folder.resolve("trained");
        try (ViewerProcess viewer = ViewerProcess.start("train", SmallRun.scene(folder.resolve("a")), "--run", run,
                "--steps", 1_000_000, "--device", "cpu", SmallRun.SMALL, "--view")) {
            browser.get(viewer.link());
            page.until("a first picture", () -> page.find("#picture").getDomAttribute("data-sequence") != null);
            untilTrainingIs("Training");
            page.until("steps", () -> step() > 0);
            page.until("the loss", () -> page.text("#figure-loss").matches("[\\d.e-]+"));
            page.click("#train-pause");
            untilTrainingIs("Paused");
            page.until("its state", () -> page.scene().at("/state/step").asLong() == step());
            long paused = step();
            double[] before = page.settled().look();
            page.drag(90, 20);
            page.until("pictures go on", () -> Page.difference(before, page.look()) > 1);
            assertEquals(paused, page.scene().at("/state/step").asLong());
            page.script("share.value = 80; share.dispatchEvent(new Event('input'));"
                    + " share.dispatchEvent(new Event('change'))");
            page.until("the share", () -> page.scene().at("/state/share").asDouble() == 0.8);
            Files.deleteIfExists(run.resolve("checkpoint.eik"));
            page.click("#train-save");
            page.until("a checkpoint", () -> Files.exists(run.resolve("checkpoint.eik")));
            page.click("#train-resume");
            untilTrainingIs("Training");
            page.until("more steps", () -> step() > paused);
            page.click("#train-stop");
            untilTrainingIs("Stopped");
            assertFalse(page.find("#train-pause").isDisplayed());
            assertEquals("Train on", page.text("#train-resume"));
            page.click("#train-resume");
            untilTrainingIs("Training");
        }
    }

    @Test
    void itComesBackByItselfUntilItIsNoLongerWanted() throws IOException {
        Path run = SmallRun.train(folder.resolve("b"));
        int port;
        try (ViewerProcess viewer = view(run)) {
            port = viewer.port();
            page.open(viewer.link());
        }
        page.until("a word", () -> page.find("#connection").isDisplayed());
        assertEquals("Connection lost", page.text("#connection-title"));
        double[] held = page.look();
        assertTrue(page.find("#picture").isDisplayed());
        try (ViewerProcess viewer = view(run, "--port", port)) {
            assertEquals(port, viewer.port());
            page.until("it is live again", () -> "live".equals(page.connection()));
            assertFalse(page.find("#connection").isDisplayed());
            page.drag(90, 20);
            page.until("new pictures", () -> Page.difference(held, page.look()) > 1);
        }
        page.until("a word", () -> page.find("#connection").isDisplayed());
        try (ViewerProcess viewer = view(run, "--port", port, "--host", "127.0.0.1")) {
            page.until("refused", () -> "refused".equals(page.connection()));
            assertEquals("This link is no longer good", page.text("#connection-title"));
            browser.get(viewer.link().replaceFirst("token=.*", "token=wrong"));
            assertTrue(browser.findElement(By.tagName("body")).getText().contains("token"));
            page.open(viewer.link());
        }
    }
}
