package org.eikonal.studio.view.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.support.ui.WebDriverWait;

/** The viewer's page in a browser, as a person uses it: clicks, drags, keys, and what is seen then. */
record Page(ChromeDriver browser) {
    private static final Duration LONGEST = Duration.ofSeconds(20);
    /** Pixels of a look: enough to tell pictures apart, few enough not to see noise. */
    private static final int GRID = 12;

    /** Waits for a condition, and fails after a while with what was waited for. */
    void until(String what, BooleanSupplier condition) {
        new WebDriverWait(browser, LONGEST, Duration.ofMillis(40)).withMessage(what)
                .until(driver -> condition.getAsBoolean());
    }

    Object script(String text, Object... arguments) {
        return browser.executeScript(text, arguments);
    }

    WebElement find(String css) {
        return browser.findElement(By.cssSelector(css));
    }

    int count(String css) {
        return browser.findElements(By.cssSelector(css)).size();
    }

    String text(String css) {
        return find(css).getText();
    }

    void click(String css) {
        find(css).click();
    }

    /** Opens a link and waits for a picture in full resolution. */
    Page open(String link) {
        browser.get(link);
        until("the page is live", () -> "live".equals(connection()));
        return settled();
    }

    /** Brings up a panel: training, picture, crop or film. */
    void panel(String name) {
        if (!find("#panel-" + name).isDisplayed()) {
            click("#tab-" + name);
        }
    }

    String connection() {
        return (String) script("return document.body.dataset.connection");
    }

    /** Drags on the scene, from its middle. */
    void drag(int dx, int dy) {
        dragFrom(((Number) script("return stage.clientWidth / 2")).intValue(),
                ((Number) script("return stage.clientHeight / 2")).intValue(), dx, dy);
    }

    /** Drags on the scene, from a point in its pixels. */
    void dragFrom(int x, int y, int dx, int dy) {
        new Actions(browser, Duration.ofMillis(30)).moveToLocation(x, y).clickAndHold().moveByOffset(dx / 2, dy / 2)
                .moveByOffset(dx - dx / 2, dy - dy / 2).release().perform();
    }

    void clickAt(int x, int y) {
        new Actions(browser, Duration.ofMillis(10)).moveToLocation(x, y).click().perform();
    }

    void type(CharSequence keys) {
        new Actions(browser).sendKeys(keys).perform();
    }

    /** Waits for the picture in full resolution of what is asked for now. */
    Page settled() {
        until("a picture in full resolution", this::isSettled);
        return this;
    }

    /** Whether the picture is whole: of the present camera and channel, in full resolution. */
    boolean isSettled() {
        return find("#stage").getDomAttribute("data-busy") == null;
    }

    /** What the middle square of the picture looks like, smoothed: red, green, blue of 0 to 255 for each place. */
    double[] look() {
        return numbers(script("""
                const side = Math.min(picture.width, picture.height);
                const small = new OffscreenCanvas(arguments[0], arguments[0]).getContext('2d');
                small.imageSmoothingQuality = 'high';
                small.drawImage(picture, (picture.width - side) / 2, (picture.height - side) / 2, side, side,
                    0, 0, arguments[0], arguments[0]);
                return [...small.getImageData(0, 0, arguments[0], arguments[0]).data];""", GRID));
    }

    /** The same of a photo. */
    double[] photo(int index) {
        return numbers(browser.executeAsyncScript("""
                const done = arguments[2];
                const photo = new Image();
                photo.src = '/api/photo/' + arguments[1] + '?width=64';
                photo.decode().then(() => {
                    const small = new OffscreenCanvas(arguments[0], arguments[0]).getContext('2d');
                    small.imageSmoothingQuality = 'high';
                    small.drawImage(photo, 0, 0, arguments[0], arguments[0]);
                    done([...small.getImageData(0, 0, arguments[0], arguments[0]).data]);
                });""", GRID, index));
    }

    private static double[] numbers(Object list) {
        return ((List<?>) list).stream().mapToDouble(value -> ((Number) value).doubleValue()).toArray();
    }

    /** Mean difference of two looks, 0 to 255. */
    static double difference(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += Math.abs(a[i] - b[i]);
        }
        return sum / (a.length / 4 * 3);
    }

    /** What the server says of the scene. */
    JsonNode scene() {
        String text = (String) browser.executeAsyncScript(
                "const done = arguments[0]; fetch('/api/scene').then((answer) => answer.text()).then(done)");
        try {
            return new ObjectMapper().readTree(text);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new AssertionError(text, e);
        }
    }
}
