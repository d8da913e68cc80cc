package org.eikonal.studio.view.page;

import static org.eikonal.studio.view.page.Page.difference;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jcodec.api.FrameGrab;
import org.jcodec.api.JCodecException;
import org.jcodec.common.io.NIOUtils;
import org.jcodec.common.io.SeekableByteChannel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.interactions.Actions;

/** What a person does on the page with a run that is trained: in a real browser, with a real server. */
class PageTest {
    /** Mean difference of two pictures that are not the same, of 255. */
    private static final double CHANGED = 1;

    @TempDir
    static Path folder;

    private static ChromeDriver browser;
    private static ViewerProcess viewer;
    private static Page page;

    @BeforeAll
    static void look() throws IOException {
        browser = Chromium.start(folder);
        viewer = ViewerProcess.start("view", SmallRun.train(folder), "--device", "cpu", "--no-browser");
        page = new Page(browser).open(viewer.link());
    }

    @AfterAll
    static void end() {
        if (viewer != null) {
            viewer.close();
        }
        if (browser != null) {
            browser.quit();
        }
    }

    @BeforeEach
    void open() {
        page.open(viewer.link());
    }

    /** Does something, and waits until the picture in full resolution is another one. */
    private static double[] changed(String what, Runnable action) {
        double[] before = page.look();
        action.run();
        page.until("another picture: " + what, () -> page.isSettled() && difference(before, page.look()) > CHANGED);
        return page.look();
    }

    private static void same(double[] expected) {
        page.until("the picture from before", () -> difference(expected, page.look()) < CHANGED / 4);
    }

    @Test
    void theFirstPictureIsWhatTheFirstPhotoShows() {
        double[] look = page.look();
        double nearest = difference(look, page.photo(0));
        int views = page.scene().get("views").size();
        for (int other = 1; other < views; other++) {
            assertTrue(nearest < difference(look, page.photo(other)), "photo " + other + " is more alike");
        }
    }

    @Test
    void theMouseOrbitsAndGoesNearerAndHomeIsWhereItBegan() {
        double[] home = page.look();
        changed("orbit", () -> page.drag(90, 30));
        changed("sideways", () -> new Actions(browser).keyDown(Keys.SHIFT)
                .moveToElement(page.find("#overlay")).clickAndHold().moveByOffset(40, 20).release()
                .keyUp(Keys.SHIFT).perform());
        changed("nearer", () -> page.script("overlay.dispatchEvent(new WheelEvent('wheel',"
                + " {deltaY: -300, cancelable: true, bubbles: true}))"));
        page.type("h");
        same(home);
    }

    @Test
    void twoFingersPinch() {
        double[] far = page.look();
        page.script("""
                const at = (type, id, x) => overlay.dispatchEvent(new PointerEvent(type, {pointerId: id, clientX: x,
                    clientY: 150, pointerType: 'touch', isPrimary: id === 1, button: 0, buttons: 1, bubbles: true}));
                overlay.setPointerCapture = () => {};
                at('pointerdown', 1, 200); at('pointerdown', 2, 260);
                for (let i = 1; i <= 10; i++) { at('pointermove', 1, 200 - 6 * i); at('pointermove', 2, 260 + 6 * i); }
                at('pointerup', 1, 140); at('pointerup', 2, 320);""");
        page.until("nearer", () -> difference(far, page.look()) > CHANGED);
    }

    @Test
    void keysFly() {
        page.click("#modes label:nth-of-type(2)");
        for (String key : List.of("w", "d", "q")) {
            double[] before = page.look();
            new Actions(browser).keyDown(key).perform();
            page.until(key + " moves", () -> difference(before, page.look()) > CHANGED);
            new Actions(browser).keyUp(key).perform();
            page.settled();
        }
        changed("a turn on the spot", () -> page.drag(60, 0));
    }

    @Test
    void channelsAreOtherPictures() {
        page.panel("picture");
        for (String channel : List.of("depth", "normals", "opacity", "error")) {
            changed(channel, () -> page.click("#channels label:has([value=" + channel + "])"));
            assertEquals(channel, page.find("#picture").getDomAttribute("data-channel"));
        }
        assertTrue(page.find("#error-hint").isDisplayed());
        changed("color", () -> page.click("#channels label:has([value=color])"));
    }

    @Test
    void croppedAwayIsGone() {
        page.panel("crop");
        double[] whole = page.look();
        page.click("#crop-on");
        double[] cropped = changed("crop by slider",
                () -> page.find("[aria-label='z, to']").sendKeys(Keys.PAGE_DOWN, Keys.PAGE_DOWN, Keys.PAGE_DOWN,
                        Keys.PAGE_DOWN, Keys.PAGE_DOWN, Keys.PAGE_DOWN));
        page.click("#crop-reset");
        same(whole);
        Sighting.Handle handle = Sighting.first(page).handle(page.scene().get("box"));
        changed("crop by handle", () -> page.dragFrom(handle.from()[0], handle.from()[1],
                handle.to()[0] - handle.from()[0], handle.to()[1] - handle.from()[1]));
        String[] ends = page.text("[aria-label=" + handle.axis() + "] output").split(" to ");
        assertEquals(handle.value(), Double.parseDouble(ends[handle.isMax() ? 1 : 0]), 0.05);
        page.click("#crop-on");
        same(whole);
        assertTrue(difference(whole, cropped) > CHANGED);
    }

    @Test
    void aClickOnACameraFliesIntoItsPhoto() {
        JsonNode views = page.scene().get("views");
        Sighting eye = Sighting.first(page);
        int which = eye.visibleCamera(views);
        int[] at = eye.pixel(eye.inside(views.get(which)));
        changed("another place", () -> page.clickAt(at[0], at[1]));
        page.until("there", () -> page.find("#photo-bar").isDisplayed());
        String name = page.text("#photo-name");
        int entered = 0;
        while (!views.get(entered).get("name").asText().equals(name)
                || !page.find("#photo").getDomProperty("src").contains("/photo/" + entered + "?")) {
            entered++;
        }
        double[] look = page.settled().look();
        assertTrue(difference(look, page.photo(entered)) < difference(look, page.photo(0)));
        page.click("#photo-next");
        page.until("the next one", () -> page.find("#photo-bar").isDisplayed()
                && !page.text("#photo-name").equals(name));
        page.drag(20, 0);
        assertFalse(page.find("#photo-bar").isDisplayed());
    }

    @Test
    void aFilmIsLaidOutPreviewedSavedRenderedAndDownloaded() throws IOException, JCodecException {
        page.panel("film");
        page.type("k");
        changed("the next keyframe", () -> page.drag(120, 0));
        page.type("k");
        page.script("for (const [id, value] of [['film-seconds', 0.4], ['film-fps', 10], ['film-width', 64],"
                + " ['film-height', 48]]) { const field = document.getElementById(id); field.value = value;"
                + " field.dispatchEvent(new Event('change')); }");
        page.until("two keyframes", () -> page.count("#keyframes li") == 2);
        page.until("a preview", () -> page.find("#preview").isEnabled());
        changed("the preview's beginning", () -> page.script("const at = document.getElementById('preview-at');"
                + " at.value = 0; at.dispatchEvent(new Event('input'))"));
        changed("the preview's end", () -> page.click("#preview"));
        page.find("#film-name").sendKeys("short");
        page.click("#keep");
        page.until("it is in the list", () -> page.find("#kept-films").isEnabled());
        page.click("#start-render");
        page.until("the film is done", () -> page.count("#renders a[href*=file]") == 1);
        page.click("#renders a[href*=file]");
        page.until("the download", () -> film() != null);
        try (SeekableByteChannel in = NIOUtils.readableChannel(film().toFile())) {
            FrameGrab grab = FrameGrab.createFrameGrab(in);
            for (int i = 0; i < 4; i++) {
                org.jcodec.common.model.Picture frame = grab.getNativeFrame();
                assertNotNull(frame, "frame " + i);
                assertEquals(64, frame.getCroppedWidth());
                assertEquals(48, frame.getCroppedHeight());
            }
            assertEquals(null, grab.getNativeFrame());
        }
        page.open(viewer.link());
        page.panel("film");
        page.script("const list = document.getElementById('kept-films'); list.value = 'short';"
                + " list.dispatchEvent(new Event('change'))");
        page.until("the saved keyframes", () -> page.count("#keyframes li") == 2);
        assertEquals("0.4", page.find("#film-seconds").getDomProperty("value"));
    }

    private static Path film() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".mp4")).findFirst().orElse(null);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void twoTabsHaveAViewEach() {
        double[] first = page.look();
        String one = browser.getWindowHandle();
        browser.switchTo().newWindow(WindowType.TAB);
        try {
            page.open(viewer.link());
            page.until("both are counted", () -> page.text("#clients").contains("2"));
            changed("the second tab's own", () -> page.drag(120, 0));
        } finally {
            browser.close();
            browser.switchTo().window(one);
        }
        assertTrue(difference(first, page.settled().look()) < CHANGED / 4);
    }

    @Test
    void everyControlHasANameAndNothingIsLoadedFromElsewhere() {
        for (String panel : List.of("training", "picture", "crop", "film")) {
            page.panel(panel);
            assertEquals(List.of(), page.script("""
                    return [...document.querySelectorAll('button, a, input, select, [role=tab]')]
                        .filter((control) => control.checkVisibility())
                        .filter((control) => !(control.getAttribute('aria-label') || control.textContent.trim()
                            || control.labels?.length > 0)).map((control) => control.outerHTML)"""));
            assertEquals(true, page.script("const panel = document.querySelector('[role=tabpanel]:not([hidden])');"
                    + " return panel.scrollWidth <= panel.clientWidth"), panel);
        }
        assertEquals(List.of(), page.script("return performance.getEntriesByType('resource').map((one) => one.name)"
                + ".filter((name) => new URL(name).origin !== location.origin)"));
        page.type("?");
        assertTrue(page.find("#help").isDisplayed());
        page.type(Keys.ESCAPE);
        assertFalse(page.find("#help").isDisplayed());
    }
}
