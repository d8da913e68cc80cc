package org.eikonal.studio.view.page;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;

/**
 * A headless Chromium with its driver, both of the machine (Debian: chromium, chromium-driver). Where one is missing
 * the test is skipped, and fails in continuous integration ({@code -Deikonal.ci=true}).
 */
final class Chromium {
    private Chromium() {}

    /** @param downloads where files go that the page hands out */
    static ChromeDriver start(Path downloads) {
        File browser = tool("chromium");
        ChromeOptions options = new ChromeOptions();
        options.setBinary(browser);
        // As root, as in containers, Chromium starts without its sandbox alone.
        options.addArguments("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--window-size=900,640",
                "--enable-unsafe-swiftshader",
                // Half the pixels in each direction are rendered four times as fast.
                "--force-device-scale-factor=0.5", "--hide-scrollbars", "--no-proxy-server");
        options.setExperimentalOption("prefs", Map.of("download.default_directory", downloads.toString(),
                "download.prompt_for_download", false));
        ChromeDriver driver = new ChromeDriver(new ChromeDriverService.Builder()
                .usingDriverExecutable(tool("chromedriver")).usingAnyFreePort().build(), options);
        driver.manage().timeouts().scriptTimeout(Duration.ofSeconds(15));
        return driver;
    }

    private static File tool(String name) {
        List<String> folders = Arrays.asList(System.getenv("PATH").split(File.pathSeparator));
        Optional<Path> found = folders.stream().map(folder -> Path.of(folder, name)).filter(Files::isExecutable)
                .findFirst();
        if (found.isEmpty()) {
            assertTrue(!Boolean.getBoolean("eikonal.ci"), "missing: " + name);
            abort("missing: " + name);
        }
        return found.get().toFile();
    }
}
